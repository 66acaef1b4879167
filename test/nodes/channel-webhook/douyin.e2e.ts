import assert from 'node:assert/strict';
import { parseJson } from '../../../core/json.ts';
import type { ShopAccess } from '../../simulator/platforms/platform.ts';
import { type SimulatedShop, type Simulator, startSimulator } from '../../simulator/simulator.ts';
import type { FlowNode } from '../../support/embedded-runtime.ts';
import { eventually } from './support/eventually.ts';
import { recorderOf } from './support/recorder.ts';
import { type SourceRuntime, startSources } from './support/source-runtime.ts';

const tab = { id: 'd0e1000000000001', type: 'tab', label: 'douyin' };
const store = { id: 'd0e1000000000002', type: 'hub-store', path: '', version: 1 };
const accountId = 'd0e1000000000003';
const sink = { id: 'd0e1000000000005', type: 'test-recorder', z: tab.id, x: 100, y: 100, wires: [[]] };

describe('channel-webhook with a Douyin shop', function () {
  this.timeout(60_000);
  let simulator: Simulator;
  let shop: SimulatedShop;
  let runtime: SourceRuntime;
  const received = recorderOf(sink.id);

  function flows(credentials: object): FlowNode[] {
    return [
      tab,
      store,
      {
        id: accountId,
        type: 'channel-account',
        platform: 'douyin',
        path: 'douyin-main',
        shop: 'main',
        currency: 'CNY',
        zone: 'Asia/Shanghai',
        address: shop.address,
        shopId: shop.access.shopId,
        version: 2,
        credentials,
      },
      {
        id: 'd0e1000000000004',
        type: 'channel-webhook',
        z: tab.id,
        x: 100,
        y: 100,
        store: store.id,
        account: accountId,
        wires: [[sink.id]],
        version: 1,
      },
      sink,
    ];
  }

  /** @param entered what of the shop's access is entered in the account */
  async function begin(entered: (access: ShopAccess) => object): Promise<void> {
    received.clear();
    simulator = await startSimulator({ seed: 7, platforms: { douyin: { limit: null } } });
    shop = simulator.shop('douyin');
    runtime = await startSources(
      ['hub-store', 'channel-account', 'channel-webhook'],
      flows(entered(shop.access)),
    );
    await runtime.hub(store.id);
    shop.pushTo(`${runtime.url}/order-hub/hook/douyin-main`);
  }
  afterEach(async () => {
    await runtime?.stop();
    await simulator?.close();
  });

  /** The order's state when it was handed over last. */
  const last = (id: string): Record<string, unknown> | undefined =>
    received.messages
      .map(({ payload }) => parseJson(String(payload)) as Record<string, unknown>)
      .findLast((order) => order.order_id === id);

  it('reads the order again that a message hints at, and hands it over in its last state', async () => {
    await begin(({ appKey, appSecret }) => ({ appKey, appSecret }));
    shop.faults({ rate: 0.3, kinds: ['push-duplicated', 'push-disordered'] });
    const { id } = shop.shop.place();
    shop.shop.change(id, 'pay');
    shop.shop.change(id, 'ship');
    await shop.pushed();
    assert.equal(shop.pushesAreOff, false, 'each answer was the one that the platform wants');
    const order = await eventually(async () => {
      const found = last(id);
      return found?.order_status === 3 ? found : undefined;
    });
    assert.deepEqual(order, parseJson(JSON.stringify(shop.record(id))));
    const texts = received.messages.map(({ payload }) => String(payload));
    assert.equal(new Set(texts).size, texts.length, 'no state twice');
    assert.ok(!texts.some((text) => text.includes('"p_id"')), 'hints are not handed over');
  });

  it('hands messages over as they are where the account cannot be called', async () => {
    await begin(({ appSecret }) => ({ secret: appSecret }));
    const { id } = shop.shop.place();
    await shop.pushed();
    const [message] = await received.count(1);
    const { data, tag } = parseJson(String(message!.payload)) as { data: unknown; tag: unknown };
    assert.equal(String(tag), '100');
    assert.ok(JSON.stringify(data).includes(id));
    assert.equal(message!.topic, '100');
  });
});
