import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import type { Hub } from '../../core/hub.ts';
import { parseJson } from '../../core/json.ts';
import { compileMapping } from '../../core/order/mapping/compile.ts';
import type { Mapping } from '../../core/order/mapping/types.ts';
import type { Order } from '../../core/order/schema.ts';
import { stockLevels } from '../../core/store/queries/stock.ts';
import { canonicalOrder } from '../core/channel/simulated/canonical-order.ts';
import type { PlatformName } from '../simulator/platforms/index.ts';
import { type SimulatedShop, type Simulator, startSimulator } from '../simulator/simulator.ts';
import type { FlowNode } from '../support/embedded-runtime.ts';
import { eventually } from './channel-webhook/support/eventually.ts';
import { recorderOf } from './channel-webhook/support/recorder.ts';
import { type SourceRuntime, startSources } from './channel-webhook/support/source-runtime.ts';

const types = [
  'hub-store',
  'channel-account',
  'channel-poll',
  'order-map',
  'order-save',
  'order-event',
  'stock-policy',
  'stock-adjust',
  'stock-apply',
  'stock-changed',
  'channel-stock',
  'channel-ship',
];
const codes = ['SKU-001', 'SKU-002', 'SKU-003'];
const limitMs = 60_000;

interface ExampleNode extends FlowNode {
  name?: string;
  mapping?: Mapping;
  wires?: string[][];
}

const fileOf = (platform: string): URL => new URL(`../../examples/${platform}-shop.json`, import.meta.url);

/** What an integrator enters in the account: where the shop is, and what proves who asks. */
function filledIn(node: ExampleNode, { address, access }: SimulatedShop): FlowNode {
  const { appKey, appSecret, accessToken, shopId } = access;
  return { ...node, address, shopId, credentials: { appKey, appSecret, accessToken } };
}

for (const platform of ['taobao', 'jd', 'pinduoduo', 'douyin', 'shopify', 'woocommerce', 'custom'] as const) {
  describe(`the example of a ${platform} shop`, function () {
    this.timeout(120_000);
    let example: ExampleNode[];
    let simulator: Simulator;
    let shop: SimulatedShop;
    let runtime: SourceRuntime;
    let hub: Hub;

    const named = (ending: string): ExampleNode => {
      const node = example.find(({ name }) => name?.endsWith(ending));
      assert.ok(node, `no node is called ${ending}`);
      return node;
    };
    const press = (ending: string): void => runtime.receive(named(ending).id, {});

    before(async () => {
      example = JSON.parse(readFileSync(fileOf(platform), 'utf8')) as ExampleNode[];
      simulator = await startSimulator({ seed: 11, platforms: { [platform]: { codes, limit: null } } });
      shop = simulator.shop(platform as PlatformName);
      // An inject node that is pressed in the editor sends what it holds.
      const flow = example.map((node) => {
        if (node.type === 'debug') return { ...node, type: 'test-recorder', wires: [[]] };
        return node.type === 'channel-account' ? filledIn(node, shop) : node;
      });
      runtime = await startSources(types, flow);
      hub = await runtime.hub(example.find(({ type }) => type === 'hub-store')!.id);
    });
    after(async () => {
      await runtime?.stop();
      await simulator?.close();
    });

    /** Every order as the hub has it, by the channel's number. */
    async function stored(): Promise<Map<string, { order: Order; allocation: string }>> {
      const rows = await hub.store.read
        .selectFrom('orders')
        .select(['channel_order_id', 'document', 'allocation'])
        .execute();
      return new Map(
        rows.map(({ channel_order_id: id, document, allocation }) => [
          id,
          { order: JSON.parse(document) as Order, allocation },
        ]),
      );
    }

    /** An order as the platform's preset has it; a shop of one's own has only the rules of its example. */
    async function wanted(id: string): Promise<Order> {
      const record = parseJson(JSON.stringify(shop.record(id)));
      if (platform !== 'custom') return canonicalOrder(platform, record);
      const account = { channel: platform, shop: 'main', currency: 'CNY', zone: 'Asia/Shanghai' };
      const mapped = await compileMapping(named('map').mapping!).map(record, { account });
      assert.ok(mapped.ok, JSON.stringify(mapped));
      return mapped.order;
    }

    /** Reads until something holds; platforms show a change once its second is over. */
    async function readUntil<T>(what: string, look: () => Promise<T | undefined>): Promise<T> {
      const sheets = recorderOf(named('sheets').id);
      let seen = -1;
      return eventually(async () => {
        const found = await look();
        if (found === undefined && sheets.messages.length > seen) {
          seen = sheets.messages.length;
          press('read now');
        }
        return found;
      }, limitMs).catch(async (error: Error) => {
        const told = JSON.stringify([sheets.messages.at(-1), [...(await stored())].slice(0, 2)]);
        throw new Error(`${what}: ${error.message} ${told.slice(0, 1_500)}`);
      });
    }

    const lastStates = () =>
      readUntil('the orders in their last state', async () => {
        const ours = await stored();
        for (const { id } of shop.shop.listedOrders()) {
          const found = ours.get(id);
          const { status, refundStatus } = await wanted(id);
          if (found?.order.status !== status || found.order.refundStatus !== refundStatus) return undefined;
        }
        return ours;
      });

    /** The listings of what was ordered show what the pool has. */
    const shownAlike = () =>
      eventually(async () => {
        const levels = await stockLevels(hub.store.read, { limit: 10, now: hub.store.now() });
        const available = new Map(levels.map((level) => [level.sku, level.available]));
        const listed = new Set(
          shop.shop.orders().flatMap(({ lines }) => lines.map(({ listing }) => listing)),
        );
        return [...listed].every((listing) => listing.available === available.get(listing.sku))
          ? [...listed]
          : undefined;
      }, limitMs).catch((error: Error) => {
        const shown = shop.shop.listings.map(({ sku, available }) => `${sku} ${available}`);
        const refused = JSON.stringify(recorderOf(named('写回库存 push').wires!.flat()[1]!).messages);
        throw new Error(`${error.message} shown: ${shown}; refused: ${refused}`);
      });

    it('brings orders in, in their last state, and keeps their stock', async () => {
      press('goods come in');
      const ids = Array.from({ length: 4 }, () => shop.shop.place().id);
      for (const id of ids) {
        if (shop.shop.order(id)!.deposit !== null) shop.shop.change(id, 'pay-deposit');
        shop.shop.change(id, 'pay');
      }
      await lastStates();
      shop.shop.change(ids[1]!, 'cancel');
      const ours = await lastStates();
      assert.equal(ours.get(ids[1]!)!.order.status, 'cancelled');
      await eventually(async () => {
        const now = await stored();
        return ids.every((id, place) => now.get(id)!.allocation === (place === 1 ? 'released' : 'allocated'))
          ? true
          : undefined;
      }, limitMs);
      assert.equal(recorderOf(named('parked').id).messages.length, 0);
    });

    it('has the channel show what is left', async () => {
      const shown = await shownAlike();
      assert.ok(shown.length > 0);
      assert.ok(
        shown.some(({ available }) => available < 100),
        'what was sold is gone from the number shown',
      );
    });

    it('uploads a parcel, and deducts what left', async () => {
      const { id } = shop.shop.orders().find(({ stage }) => stage === 'paid')!;
      const parcel = { carrier: '顺丰', tracking: 'SF1000000001' };
      runtime.receive(named('上传发货 ship').id, {
        payload: parcel,
        order: { key: `${platform}/main/${id}` },
      });
      const [told] = await Promise.race([
        recorderOf(named('uploaded').id).count(1),
        recorderOf(named('上传发货 ship').wires!.flat()[1]!)
          .count(1)
          .then(([refusal]) => Promise.reject(new Error(JSON.stringify(refusal!.shipment)))),
      ]);
      assert.equal((told!.shipment as { state?: string }).state, 'shipped');
      const [shipment] = shop.journal.shipments;
      assert.deepEqual([shipment?.orderId, shipment?.tracking], [id, parcel.tracking]);
      await lastStates();
      await eventually(
        async () => ((await stored()).get(id)!.allocation === 'shipped' ? true : undefined),
        limitMs,
      );
      await shownAlike();
    });
  });
}
