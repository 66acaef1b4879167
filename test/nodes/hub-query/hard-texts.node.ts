import assert from 'node:assert/strict';
import { platformNames } from '../../../core/channel/platform.ts';
import { windowsOf } from '../../../core/channel/polling/windows.ts';
import { askOrder } from '../../../core/insight/query/orders.ts';
import { parseJson } from '../../../core/json.ts';
import { compileMapping } from '../../../core/order/mapping/compile.ts';
import { presets } from '../../../core/order/mapping/presets/presets.ts';
import {
  accountRules,
  accountScenario,
  constant,
  fromPath,
  money,
  text,
} from '../../../core/order/mapping/presets/rules.ts';
import type { Order } from '../../../core/order/schema.ts';
import hubQuery from '../../../nodes/hub-query/hub-query.ts';
import { canonicalOrder } from '../../core/channel/simulated/canonical-order.ts';
import { openSimulated, readWindow } from '../../core/channel/simulated-channel.ts';
import { type PlatformName, platforms } from '../../simulator/platforms/index.ts';
import type { ShopSettings } from '../../simulator/simulator.ts';
import { startSimulator } from '../../simulator/simulator.ts';
import { hardTexts } from '../../support/hard-texts.ts';
import { Chance } from '../../support/seeded.ts';
import { helper } from '../shared/helper.ts';
import { type HubCase, startHubCase } from '../shared/hub-case.ts';

const hour = 3_600_000;

/** The shop of one's own, as a person would set it up. */
const ownShop = {
  authentication: { kind: 'bearer' },
  orders: {
    request: {
      path: '/orders',
      query: { updated_from: '{from}', updated_until: '{until}', page: '{page}', limit: '{size}' },
    },
    records: 'orders',
    id: 'id',
    modified: 'updatedAt',
    total: 'total',
    paging: { kind: 'page' },
    sorted: 'modified',
  },
};
const ownMapping = compileMapping({
  name: 'own shop',
  version: 1,
  platform: 'custom',
  guards: [],
  rules: [
    ...accountRules,
    accountScenario,
    text('channelOrderId', 'id', true),
    constant('status', 'created'),
    constant('refundStatus', 'none'),
    text('currency', 'currency', true),
    fromPath('times.created', 'createdAt', { kind: 'time', format: 'iso', zone: 'account' }, true),
    fromPath('times.modified', 'updatedAt', { kind: 'time', format: 'iso', zone: 'account' }, true),
    money('money.total', 'total', true),
    text('receiver.name', 'customer.name'),
    text('buyer.note', 'note'),
  ],
  lines: {
    source: 'lines',
    rules: [
      text('lineId', 'id', true),
      text('sku', 'sku', true),
      text('title', 'title'),
      fromPath('quantity', 'quantity', { kind: 'integer' }, true),
    ],
  },
});

async function orderOf(platform: PlatformName, record: unknown): Promise<Order> {
  if (platform !== 'custom') return canonicalOrder(platform, record);
  const account = {
    channel: platform,
    shop: 'main',
    currency: 'CNY',
    zone: 'Asia/Shanghai',
    scenario: 'normal',
  };
  const mapped = await ownMapping.map(record, { account });
  assert.ok(mapped.ok, JSON.stringify(mapped));
  return mapped.order;
}

/** Platforms whose receivers come in clear, with a name. */
const namesBuyers: ReadonlySet<PlatformName> = new Set(['woocommerce', 'shopify', 'custom']);
/** Platforms whose order numbers a JavaScript number does not hold. */
const longIds: ReadonlySet<PlatformName> = new Set(['taobao', 'douyin', 'custom']);

const readable = (Object.keys(platforms) as PlatformName[]).filter(
  (name) =>
    platformNames.some((one) => one === name) &&
    (name === 'custom' || presets.some(({ platform }) => platform === name)),
);

/** How answers may be written. No platform's documentation names another charset than UTF-8, so only one's own shop has. */
const forms: readonly { how: string; only?: PlatformName; settings: Partial<ShopSettings> }[] = [
  { how: 'escaped JSON', settings: { json: 'escaped' } },
  { how: 'plain JSON', settings: { json: 'plain' } },
  { how: 'GBK', only: 'custom', settings: { charset: 'gbk' } },
];

function assertSameBytes(found: string | undefined, wanted: string, where: string): void {
  assert.deepEqual(Buffer.from(found ?? ''), Buffer.from(wanted), `${where}: ${JSON.stringify(wanted)}`);
}

describe('texts of a shop, through adapter, mapping, store and hub-query', function () {
  this.timeout(60_000);
  let hub: HubCase;

  before(() => helper.startServer());
  after(() => helper.stopServer());
  beforeEach(async () => {
    hub = await startHubCase(hubQuery, { type: 'hub-query', ports: 2, question: 'order', fields: {} });
  });
  afterEach(() => hub.stop());

  for (const platform of readable)
    for (const { how, only, settings } of forms) {
      if (only !== undefined && only !== platform) continue;
      it(`come out of ${platform} in ${how} byte for byte`, async () => {
        const chance = new Chance();
        const codes = hardTexts.map((title, index) => ({ sku: `SKU-${index + 1}`, title }));
        const simulator = await startSimulator({
          seed: chance.seed,
          platforms: {
            [platform]: {
              orders: 150,
              spanMs: hour,
              limit: null,
              goods: codes,
              remarks: hardTexts,
              buyers: hardTexts,
              ...settings,
            },
          },
        });
        const shop = simulator.shop(platform);
        const clock = { now: () => Date.now() };
        const { connection, close } = openSimulated(shop, clock, { custom: JSON.stringify(ownShop) });
        const opened = await hub.hub();
        const where = `seed ${chance.seed}`;
        const seen = { notes: new Set<string>(), titles: new Set<string>() };
        try {
          const bodies = new Map<string, string>();
          const source = connection.orders!;
          const span = { from: Date.now() - 2 * hour, until: Date.now() };
          for (const window of windowsOf(span, source.window))
            await readWindow(source, window, ({ channelOrderId, body }) => bodies.set(channelOrderId, body));
          const listed = shop.shop.listedOrders();
          assert.deepEqual([...bodies.keys()].sort(), listed.map(({ id }) => id).sort(), where);
          assert.equal(
            listed.some(({ id }) => !Number.isSafeInteger(Number(id)) && /^\d+$/.test(id)),
            longIds.has(platform),
            'ids beyond 2^53 are not what was expected here',
          );
          const kept = await Promise.all(
            listed.map(async (order) => {
              const body = bodies.get(order.id)!;
              const { id: inboxId } = await opened.inbox.receive({
                account: 'simulated',
                topic: 'order',
                deliveryKey: order.id,
                contentKey: null,
                headers: {},
                body: Buffer.from(body),
                receivedAt: Date.now(),
                subscriber: 'test',
              });
              const canonical = await orderOf(platform, parseJson(body));
              await opened.orders.save({ order: canonical, inboxId, arrivedAt: Date.now() });
              return { order, body, inboxId };
            }),
          );
          for (const { order, body, inboxId } of kept) {
            const key = `${platform}/main/${order.id}`;
            const raw = await opened.store.read
              .selectFrom('inbox')
              .select('body')
              .where('id', '=', inboxId)
              .executeTakeFirstOrThrow();
            assertSameBytes(Buffer.from(raw.body).toString(), body, `the raw record, ${where}`);

            const { port, message } = await hub.send({ order: { key } });
            assert.equal(port, 0, where);
            const { channelOrderId, lines } = (message.payload as { order: Order }).order;
            assert.equal(channelOrderId, order.id, where);
            for (const { listing } of order.lines) {
              const { title = '' } = lines.find(({ sku }) => sku === listing.sku) ?? {};
              const suffix = ['', ` ${listing.spec}`, ` - ${listing.spec}`].find(
                (one) => title === `${listing.title}${one}`,
              );
              assertSameBytes(title, `${listing.title}${suffix ?? ''}`, `the title by hub-query, ${where}`);
              seen.titles.add(listing.title);
            }

            // Without the right to it, hub-query masks what buyers write; who has it sees this.
            const asking = { hub: opened, language: 'en-US', personal: true } as const;
            const told = (await askOrder({ key }, asking)) as unknown as { order: Order };
            assertSameBytes(told.order.buyer?.note ?? '', order.buyerNote, `the remark, ${where}`);
            if (namesBuyers.has(platform))
              assert.ok(
                Buffer.from(told.order.receiver?.name ?? '').includes(Buffer.from(order.buyerName)),
                `the buyer's name, ${where}: ${JSON.stringify([told.order.receiver?.name, order.buyerName])}`,
              );
            seen.notes.add(order.buyerNote);
          }
          for (const [what, { size }] of Object.entries(seen))
            assert.ok(
              size > hardTexts.length * 0.8,
              `only ${size} of the texts came up as ${what}, ${where}`,
            );
        } finally {
          close();
          await simulator.close();
        }
      });
    }
});
