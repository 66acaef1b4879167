import assert from 'node:assert/strict';
import type { Hub } from '../../../core/hub.ts';
import { newRow } from '../../../nodes/stock-changed/share-fields.ts';
import type { FlowNode } from '../../support/embedded-runtime.ts';
import { eventually } from '../channel-webhook/support/eventually.ts';
import { type Recorded, recorderOf } from '../channel-webhook/support/recorder.ts';
import { type SourceRuntime, startSources } from '../channel-webhook/support/source-runtime.ts';

const tab = { id: 'f0b3000000000001', type: 'tab', label: 'shares' };
const store = { id: 'f0b3000000000002', type: 'hub-store', path: '', version: 1 };
const place = { z: tab.id, x: 100, y: 100 };
const sinks = ['f0b3000000000021', 'f0b3000000000022', 'f0b3000000000023'];
const changed: FlowNode = {
  ...place,
  id: 'f0b3000000000011',
  type: 'stock-changed',
  store: store.id,
  pools: 'main',
  buffer: '1',
  closeBelow: '2',
  reopenAt: '4',
  lastUnits: '',
  debounceSeconds: '0',
  channels: [
    { ...newRow(), channel: 'web' },
    { ...newRow(), channel: 'pos', cap: '5' },
  ],
  wires: sinks.map((id) => [id]),
  version: 1,
};
const flows: FlowNode[] = [
  tab,
  store,
  changed,
  ...sinks.map((id) => ({ ...place, id, type: 'test-recorder', wires: [[]] })),
];

interface Told {
  channel: string;
  listing: string;
  sku: string;
  sellable: number;
  open: boolean;
  version: number;
  why: { sentence: string };
}
const told = (message: Recorded) => message.payload as Told;

describe('stock-changed', function () {
  this.timeout(60_000);
  let runtime: SourceRuntime;
  let hub: Hub;
  let acts = 0;
  const [states, answers, refused] = sinks.map((id) => recorderOf(id));
  const receive = (quantity: number) => {
    acts += 1;
    return hub.stock.receive({ opKey: `in ${acts}`, actor: 'test', lines: [{ sku: 'TEA', quantity }] });
  };
  /** The states told from now on, until each of both channels has one. */
  const both = async () => {
    const messages = await states!.count(2);
    states!.clear();
    return messages
      .map((message) => told(message))
      .map(({ channel, sellable, open, version }) => `${channel} ${sellable} ${open} v${version}`)
      .sort();
  };

  before(async () => {
    runtime = await startSources(['hub-store', 'stock-changed'], flows);
    hub = await runtime.hub(store.id);
    await eventually(async () => ((await hub.subscribers.list()).length > 0 ? true : undefined));
  });
  after(() => runtime.stop());

  it('tells each channel what it may show, and why', async () => {
    await receive(9);
    const messages = await states!.count(2);
    const web = messages.map(told).find(({ channel }) => channel === 'web')!;
    assert.deepEqual([web.sku, web.listing], ['TEA', 'TEA']);
    assert.match(web.why.sentence, /9 units are available, less a buffer of 1: web\/main shows 8/);
    assert.deepEqual(await both(), ['pos 5 true v1', 'web 8 true v1']);
  });

  it('closes below the line and opens again at the other', async () => {
    const lines = [{ lineId: '1', sku: 'TEA', quantity: 7 }];
    await hub.stock.lock({ opKey: 'l', actor: 'test', orderKey: 'web/main/1', lines });
    assert.deepEqual(await both(), ['pos 0 false v2', 'web 0 false v2']);
    await receive(3);
    assert.deepEqual(await both(), ['pos 4 true v3', 'web 4 true v3']);
  });

  it('sends all again with the same versions when it is asked', async () => {
    runtime.receive(changed.id, { topic: 'send-all', payload: 'mine' });
    const [answer] = await answers!.count(1);
    assert.deepEqual([answer!.payload, answer!.stock], ['mine', { sent: 2 }]);
    assert.deepEqual(await both(), ['pos 4 true v3', 'web 4 true v3']);
  });

  it('takes listings from a message, and refuses what is none', async () => {
    answers!.clear();
    runtime.receive(changed.id, {
      payload: [{ channel: 'web', shop: 'main', listing: 'w-1', sku: 'TEA' }, { channel: 'web' }],
    });
    const [saved] = await answers!.count(1);
    assert.deepEqual(saved!.stock, { saved: 1 });
    const [no] = await refused!.count(1);
    const { refusals } = no!.stock as { refusals: { row: number; sentence: string }[] };
    assert.deepEqual([refusals[0]!.row, refusals.length], [2, 1]);
    assert.match(refusals[0]!.sentence, /Entry 2 .* needs channel, shop and listing/);
    const messages = await states!.count(2);
    states!.clear();
    assert.deepEqual(
      messages
        .map(told)
        .map(({ listing, sellable, open }) => [listing, sellable, open])
        .sort(),
      [
        ['TEA', 0, false],
        ['w-1', 4, true],
      ],
    );
  });

  it('keeps versions over a deploy and tells nothing twice', async () => {
    const renamed = flows.map((one) => (one.id === changed.id ? { ...changed, name: 'renamed' } : one));
    await runtime.setFlows(renamed);
    hub = await runtime.hub(store.id);
    await eventually(async () =>
      (await hub.subscribers.list()).some(({ label }) => label === 'renamed') ? true : undefined,
    );
    await receive(1);
    const messages = await states!.count(2);
    assert.deepEqual(
      messages
        .map(told)
        .map(({ channel, listing, version }) => `${channel} ${listing} v${version}`)
        .sort(),
      ['pos TEA v4', 'web w-1 v2'],
    );
  });
});
