import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import type { Hub } from '../../core/hub.ts';
import type { Order } from '../../core/order/schema.ts';
import type { ChannelAccountConfig } from '../../nodes/channel-account/account-settings.ts';
import { testAccount } from '../../nodes/channel-account/test-route.ts';
import { eventually } from '../nodes/channel-webhook/support/eventually.ts';
import { recorderOf } from '../nodes/channel-webhook/support/recorder.ts';
import { type SourceRuntime, startSources } from '../nodes/channel-webhook/support/source-runtime.ts';
import type { FlowNode } from '../support/embedded-runtime.ts';
import { type MedusaServer, startMedusa } from './medusa-server.ts';
import { MedusaShop } from './medusa-shop.ts';

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
];
const limitMs = 60_000;

interface ExampleNode extends FlowNode {
  name?: string;
  custom?: string;
  complete?: string;
}

describe('a Medusa shop, by the example custom-medusa', () => {
  let server: MedusaServer;
  let shop: MedusaShop;
  let example: ExampleNode[];
  let runtime: SourceRuntime;
  let hub: Hub;

  const named = (ending: string): ExampleNode => {
    const node = example.find(({ name }) => name?.endsWith(ending));
    assert.ok(node, `no node is called ${ending}`);
    return node;
  };

  /** The account with what its first comment says that an integrator fills in. */
  const account = () => {
    const node = named('Medusa') as ExampleNode & ChannelAccountConfig;
    const custom = node.custom!.replaceAll('sloc_YOUR_LOCATION', shop.location);
    return { ...node, custom, address: server.address, credentials: { accessToken: server.key } };
  };

  before(async () => {
    server = await startMedusa();
    shop = await MedusaShop.open(server, ['TEA-1', 'TEA-2']);
    example = JSON.parse(
      readFileSync(new URL('../../examples/custom-medusa.json', import.meta.url), 'utf8'),
    ) as ExampleNode[];
    runtime = await startSources(
      types,
      example.map((node) => {
        if (node.type === 'debug') return { ...node, type: 'test-recorder', wires: [[]] };
        return node.type === 'channel-account' ? account() : node;
      }),
    );
    hub = await runtime.hub(example.find(({ type }) => type === 'hub-store')!.id);
    runtime.receive(named('receive').id, {
      payload: [
        { sku: 'TEA-1', quantity: 100 },
        { sku: 'TEA-2', quantity: 100 },
      ],
    });
  });
  after(async () => {
    await runtime?.stop();
    await server?.stop();
  });

  /** Reads until an order is as it should be, and its stock, too. */
  async function stored(id: string, status: Order['status'], allocation: string): Promise<Order> {
    const sheets = recorderOf(named('sheets').id);
    let seen = -1;
    return eventually(async () => {
      const row = await hub.store.read
        .selectFrom('orders')
        .select(['document', 'allocation'])
        .where('channel_order_id', '=', id)
        .executeTakeFirst();
      const order = row && (JSON.parse(row.document) as Order);
      if (order?.status === status && row?.allocation === allocation) return order;
      if (sheets.messages.length > seen) {
        seen = sheets.messages.length;
        runtime.receive(named('read orders').id, { topic: 'poll' });
      }
      return undefined;
    }, limitMs).catch((error: Error) => {
      const told = ['sheets', 'parked', 'refused'].map((name) => recorderOf(named(name).id).messages.at(-1));
      throw new Error(`${id} ${status} ${allocation}: ${error.message} ${JSON.stringify(told)}`);
    });
  }

  const shows = (sku: string, quantity: number) =>
    eventually(async () => ((await shop.stocked(sku)) === quantity ? true : undefined), limitMs).catch(
      async (error: Error) => {
        const refused = recorderOf(named('渠道拒绝 refused').id).messages;
        const shown = `it shows ${await shop.stocked(sku)} of ${sku}, not ${quantity}`;
        throw new Error(`${shown}: ${error.message} ${JSON.stringify(refused)}`);
      },
    );

  it('answers the Test button of the account', async () => {
    const { works, sentence, notes } = await testAccount(account(), account().credentials, 'en-US');
    assert.ok(works, [sentence, ...notes].join('\n'));
    assert.ok(!notes.join('\n').includes(server.key), 'without the key');
  });

  it('has its orders here from the first moment, with all that was bought', async () => {
    const id = await shop.order('TEA-1', 2);
    const order = await stored(id, 'created', 'none');
    assert.equal(order.currency, 'EUR');
    assert.equal(order.money?.total, 2_500);
    assert.equal(order.receiver?.name, 'Test 买家 ®™ 🍵');
    const [line] = order.lines;
    assert.deepEqual(
      [line!.sku, line!.quantity, line!.unitPrice, line!.channelSkuId],
      ['TEA-1', 2, 1_250, shop.goods.find(({ sku }) => sku === 'TEA-1')!.inventoryItem],
    );
  });

  it('locks stock once an order is paid, which Medusa gives no time for, and shows what is left', async () => {
    const id = await shop.order('TEA-1', 3);
    await stored(id, 'created', 'none');
    await shop.pay(id);
    await stored(id, 'paid', 'allocated');
    await shows('TEA-1', 97);
    const [told] = await recorderOf(named('told').id).count(1);
    assert.ok(told);
  });

  it('frees the stock of a cancelled order, and shows that, too', async () => {
    const id = await shop.order('TEA-2', 5);
    await shop.pay(id);
    await stored(id, 'paid', 'allocated');
    await shows('TEA-2', 95);
    await shop.cancel(id);
    await stored(id, 'cancelled', 'released');
    await shows('TEA-2', 100);
  });

  it('is counted: every order of Medusa is here', async () => {
    const sheets = recorderOf(named('sheets').id);
    let seen = -1;
    // What is counted ends some seconds before now.
    const census = await eventually(async () => {
      const last = sheets.messages.findLast(({ topic }) => topic === 'census')?.payload as
        | { listed: number; had: number; fetched: number; fault: unknown }
        | undefined;
      if (last?.had === 3) return last;
      if (sheets.messages.length > seen) {
        seen = sheets.messages.length;
        for (const topic of ['poll', 'census']) runtime.receive(named('read orders').id, { topic });
      }
      return undefined;
    }, limitMs);
    assert.deepEqual([census.fault, census.fetched, census.listed], [null, 0, 3]);
    assert.equal(recorderOf(named('parked').id).messages.length, 0);
  });
});
