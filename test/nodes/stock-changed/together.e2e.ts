import assert from 'node:assert/strict';
import type { Hub } from '../../../core/hub.ts';
import { newRow } from '../../../nodes/stock-changed/share-fields.ts';
import type { FlowNode } from '../../support/embedded-runtime.ts';
import { eventually } from '../channel-webhook/support/eventually.ts';
import { type Recorded, recorderOf } from '../channel-webhook/support/recorder.ts';
import { type SourceRuntime, startSources } from '../channel-webhook/support/source-runtime.ts';

const tab = { id: 'f0b4000000000001', type: 'tab', label: 'shares' };
const store = { id: 'f0b4000000000002', type: 'hub-store', path: '', version: 1 };
const place = { z: tab.id, x: 100, y: 100 };
const sinks = ['f0b4000000000021', 'f0b4000000000022', 'f0b4000000000023'];
const web = { ...newRow(), channel: 'web' };
const pos = { ...newRow(), channel: 'pos' };
const changed: FlowNode = {
  ...place,
  id: 'f0b4000000000011',
  type: 'stock-changed',
  store: store.id,
  pools: 'main',
  buffer: '0',
  closeBelow: '1',
  debounceSeconds: '0',
  listingsPerMessage: '3',
  channels: [web, pos],
  wires: sinks.map((id) => [id]),
  version: 1,
};
const flowsWith = (node: FlowNode): FlowNode[] => [
  tab,
  store,
  node,
  ...sinks.map((id) => ({ ...place, id, type: 'test-recorder', wires: [[]] })),
];

interface Told {
  shop: string;
  channel: string;
  listing: string;
  sellable: number;
  open: boolean;
  why: { code: string };
}
const told = ({ payload }: Recorded) => payload as Told[];
const names = (message: Recorded) => told(message).map(({ listing }) => listing);

describe('several listings in one message of stock-changed', function () {
  this.timeout(60_000);
  let runtime: SourceRuntime;
  let hub: Hub;
  const states = recorderOf(sinks[0]!);
  const answers = recorderOf(sinks[1]!);
  const receive = (opKey: string, skus: readonly string[]) =>
    hub.stock.receive({ opKey, actor: 'test', lines: skus.map((sku) => ({ sku, quantity: 5 })) });
  /** Messages until they hold so many states. */
  const holding = (count: number) =>
    eventually(async () => {
      const all = states.messages.flatMap(told);
      return all.length >= count ? [...states.messages] : undefined;
    });
  const backlog = async () => (await hub.deliveries.counts(`stock:${changed.id}`)).backlog;

  before(async () => {
    runtime = await startSources(['hub-store', 'stock-changed'], flowsWith(changed));
    hub = await runtime.hub(store.id);
    await eventually(async () => ((await hub.subscribers.list()).length > 0 ? true : undefined));
  });
  after(() => runtime.stop());
  afterEach(() => {
    states.clear();
    answers.clear();
  });

  it('go by shop, as many at once as were set, and every one of them once', async () => {
    const skus = ['A', 'B', 'C', 'D', 'E'];
    await receive('in 1', skus);
    const messages = await holding(10);
    for (const message of messages) {
      const list = told(message);
      assert.ok(list.length >= 1 && list.length <= 3, `${list.length} listings in one message`);
      for (const { channel, shop } of list) assert.equal(message.topic, `${channel}/${shop}`);
    }
    assert.ok(messages.length < 10, 'nothing went together');
    for (const topic of ['web/main', 'pos/main'])
      assert.deepEqual(
        messages
          .filter((one) => one.topic === topic)
          .flatMap(names)
          .sort(),
        skus,
      );
    await eventually(async () => ((await backlog()) === 0 ? true : undefined));
  });

  it('are tried again one by one, so that one which the channel never takes holds up no other', async () => {
    const tries: string[] = [];
    states.behaviour = (message) => {
      tries.push(names(message).join());
      if (names(message).includes('B')) throw new Error('the channel does not take B');
    };
    await receive('in 2', ['A', 'B', 'C']);
    // Whatever went with it at first goes through, while B is refused alone.
    await eventually(async () => (['A', 'B', 'C'].every((name) => tries.includes(name)) ? true : undefined));
    assert.ok(
      tries.some((list) => list.includes('B') && list.length > 1),
      'it went with others at first',
    );
    states.behaviour = () => undefined;
    await eventually(async () => ((await backlog()) === 0 ? true : undefined));
  });

  it('stay as they are at a shop that is taken out, which is told and can be closed', async () => {
    await runtime.setFlows(flowsWith({ ...changed, channels: [web], name: 'without pos' }));
    hub = await runtime.hub(store.id);
    const left = await eventually(async () => {
      const shops = await hub.shares.leftBehind(changed.id);
      return shops.length > 0 ? shops : undefined;
    });
    assert.deepEqual(left, [{ share: changed.id, channel: 'pos', shop: 'main', listings: 5 }]);
    await eventually(async () =>
      (await hub.subscribers.list()).some(({ label }) => label === 'without pos') ? true : undefined,
    );
    states.clear();
    runtime.receive(changed.id, { topic: 'close-removed', payload: 'mine' });
    const [answer] = await answers.count(1);
    assert.deepEqual([answer!.stock, answer!.payload], [{ closed: 5 }, 'mine']);
    const closed = (await holding(5)).flatMap(told);
    assert.deepEqual(
      closed.map(({ channel, sellable, open, why }) => [channel, sellable, open, why.code]),
      Array.from({ length: 5 }, () => ['pos', 0, false, 'shares.why-removed']),
    );
    assert.deepEqual(await hub.shares.leftBehind(changed.id), []);
  });
});
