import assert from 'node:assert/strict';
import type { Hub } from '../../../core/hub.ts';
import type { FlowNode } from '../../support/embedded-runtime.ts';
import { eventually } from '../channel-webhook/support/eventually.ts';
import { recorderOf } from '../channel-webhook/support/recorder.ts';
import { type SourceRuntime, startSources } from '../channel-webhook/support/source-runtime.ts';
import { order, save } from '../order-event/orders.ts';

const tab = { id: 'f0a3000000000001', type: 'tab', label: 'audit' };
const store = { id: 'f0a3000000000002', type: 'hub-store', path: '', version: 1 };
const place = { z: tab.id, x: 100, y: 100 };
const sinks = ['f0a3000000000021', 'f0a3000000000022', 'f0a3000000000023'];
const audit: FlowNode = {
  ...place,
  id: 'f0a3000000000011',
  type: 'stock-audit',
  store: store.id,
  hints: false,
  statuses: ['paid'],
  graceMinutes: '0',
  unknownHours: '24',
  secondPersonAbove: '100',
  wires: sinks.map((id) => [id]),
  version: 1,
};
const flows: FlowNode[] = [
  tab,
  store,
  audit,
  ...sinks.map((id) => ({ ...place, id, type: 'test-recorder', wires: [[]] })),
];

describe('stock-audit', function () {
  this.timeout(30_000);
  let runtime: SourceRuntime;
  let hub: Hub;
  const [opened, cleared, sheet] = sinks.map(recorderOf);

  before(async () => {
    runtime = await startSources(['hub-store', 'stock-audit'], flows);
    hub = await runtime.hub(store.id);
    await eventually(async () => ((await hub.subscribers.list()).length > 0 ? true : undefined));
  });
  after(() => runtime.stop());

  it('tells of a finding, of its end, and answers a message with the sheet', async () => {
    await hub.stock.receive({ opKey: 'in', actor: 'test', lines: [{ sku: 'TEA-250', quantity: 9 }] });
    const lines = [{ lineId: '1', sku: 'TEA-250', quantity: 2 }];
    await save(hub, order('A-1', { status: 'paid', lines }));

    runtime.receive(audit.id, { payload: 'now', topic: 'mine' });
    const [answer] = await sheet!.count(1);
    const stock = answer!.stock as {
      round: { opened: number };
      findings: { code: string; sentence: string }[];
    };
    assert.deepEqual([answer!.payload, answer!.topic, stock.round.opened], ['now', 'mine', 1]);
    assert.deepEqual(
      stock.findings.map(({ code }) => code),
      ['audit.uncovered'],
    );

    const [found] = await opened!.count(1);
    const payload = found!.payload as {
      sentence: string;
      state: string;
      repair: { act: string; sentence: string };
    };
    assert.deepEqual(
      [found!.topic, found!.order, payload.state, payload.repair.act],
      ['audit.uncovered', { key: 'web/main/A-1' }, 'opened', 'lock'],
    );
    assert.match(payload.sentence, /web\/main\/A-1, line 1 \(TEA-250\) is paid but not covered: 2 ordered/);
    assert.match(payload.repair.sentence, /2 units/);

    await hub.stock.lock({ opKey: 'l', actor: 'test', orderKey: 'web/main/A-1', lines });
    await hub.audit.run();
    const [gone] = await cleared!.count(1);
    assert.equal((gone!.payload as { state: string }).state, 'cleared');
    assert.equal(opened!.messages.length, 1);
  });
});
