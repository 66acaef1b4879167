import assert from 'node:assert/strict';
import { VirtualClock } from '../../../simulator/clock.ts';
import type { FaultKind } from '../../../simulator/faults.ts';
import { Chance } from '../../../support/seeded.ts';
import { idle } from '../answering-channel.ts';
import { assertAllThere, follow } from '../simulated-channel.ts';
import { SimulatedShops } from '../simulated-shops.ts';

const hour = 3_600_000;
const start = Date.UTC(2026, 8, 3, 8);
/** Three of four are read one by one, for their notes: ORDER_HUB_ORDERS=10000 takes minutes. */
const orderCount = Number(process.env.ORDER_HUB_ORDERS ?? 1_000);

describe('a simulated shop of Taobao', function () {
  this.timeout(600_000);
  const shops = new SimulatedShops('taobao');
  afterEach(() => shops.close());

  const shopOf = (orders: number, seed = 5) => shops.open(start, seed, { orders });

  it('is read whole while its orders change and everything goes wrong now and then', async () => {
    const { seed } = new Chance();
    const { clock, shop, connection } = await shopOf(orderCount, seed);
    shop.changesPerPage = 5;
    const kinds: FaultKind[] = [
      'throttle',
      'server-error',
      'timeout',
      'half-open',
      'cut',
      'truncated-json',
      'html-page',
      'duplicate-rows',
      'page-repeats',
      'revoked-token',
      'clock-off',
      'index-delay',
    ];
    shop.faults({ rate: orderCount > 5_000 ? 0.003 : 0.015, kinds });
    const read = await follow(shop, connection.orders!, clock, {
      from: start - 60 * hour,
      rounds: 3,
      stepMs: 2 * 60_000,
    });
    assertAllThere(shop, read);
    assert.ok(shop.faultCounts.size > 3, `ORDER_HUB_SEED=${seed}: hardly anything went wrong`);
  });

  it('is counted as it is', async () => {
    const { shop, connection } = await shopOf(300);
    const found = new Set<string>();
    let counted = 0;
    for (let from = start - 60 * hour; from < start; from += 20 * hour) {
      let total: number | null = null;
      for await (const page of connection.orders!.stamps({ from, until: from + 20 * hour }, idle)) {
        total = page.total;
        for (const { channelOrderId } of page.stamps) found.add(channelOrderId);
      }
      counted += total ?? 0;
    }
    assert.equal(found.size, shop.shop.listedOrders().length);
    assert.ok(counted >= found.size);
  });

  it('takes its account, and says what is wrong with another', async () => {
    const { connection, kindWith } = await shopOf(0);
    assert.ok(await connection.check(idle));
    assert.equal(await kindWith({ appSecret: 'wrong' }), 'credentials');
    assert.equal(await kindWith({ accessToken: 'expired' }), 'credentials');
    assert.equal(await kindWith({}, new VirtualClock(start + 11 * 60_000)), 'clock');
  });

  it('sends messages that hint at its orders, each confirmed once it is kept', async () => {
    const { shop, connection } = await shopOf(20);
    shop.shop.live(30);
    const stop = new AbortController();
    const hinted = new Set<string>();
    const listening = connection.messages!.listen(
      {
        async onMessages(messages) {
          for (const { channelOrderId } of messages) if (channelOrderId) hinted.add(channelOrderId);
        },
        onState: ({ kind }) => {
          assert.notEqual(kind, 'waiting');
        },
      },
      stop.signal,
    );
    const confirmed = () => (shop.journal.requests.get('taobao.tmc.messages.confirm') ?? 0) > 0;
    while (!confirmed()) await Promise.race([listening, new Promise(setImmediate)]);
    stop.abort();
    await listening;
    assert.ok(hinted.size > 5);
    for (const id of hinted) assert.ok(await connection.orders!.order(id, idle), `${id} is not there`);
  });

  it('takes stock, shows it, and goes off the shelf and back', async () => {
    const { shop, connection } = await shopOf(0);
    const { stock } = connection;
    const [first] = shop.shop.listings;
    const listing = first!.variantId ? `${first!.productId}/${first!.variantId}` : first!.productId;
    const results = await stock!.set([{ listing, sellable: 37, version: 1, key: 'k' }], idle);
    assert.deepEqual(results, [{ listing }]);
    assert.deepEqual((await stock!.read!([listing], idle)).get(listing), { sellable: 37, open: true });
    await stock!.sale!.set(listing, false, idle);
    assert.equal((await stock!.read!([listing], idle)).get(listing)!.open, false);
    await stock!.sale!.set(listing, true, idle);
    assert.equal((await stock!.read!([listing], idle)).get(listing)!.open, true);
  });

  it('takes a parcel once', async () => {
    const { shop, connection } = await shopOf(200);
    const order = shop.shop.orders().find(({ stage, held }) => stage === 'paid' && !held);
    assert.ok(order, 'no order is to be shipped');
    const shipment = { channelOrderId: order.id, carrier: 'SF', tracking: 'SF100', lines: null, key: 'k' };
    assert.equal((await connection.shipments!.ship(shipment, idle)).kind, 'shipped');
    assert.equal((await connection.shipments!.ship(shipment, idle)).kind, 'already');
    assert.equal(shop.journal.shipments.length, 1);
  });
});
