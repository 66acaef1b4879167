import assert from 'node:assert/strict';
import { VirtualClock } from '../../../simulator/clock.ts';
import { requestFaults } from '../../../simulator/faults.ts';
import { Chance } from '../../../support/seeded.ts';
import { faultOf, idle } from '../answering-channel.ts';
import { assertAllThere, follow } from '../simulated-channel.ts';
import { SimulatedShops } from '../simulated-shops.ts';

const hour = 3_600_000;
const start = Date.UTC(2026, 8, 3, 8);
const orderCount = Number(process.env.ORDER_HUB_ORDERS ?? 1_000);

describe('a simulated shop of Pinduoduo', function () {
  this.timeout(600_000);
  const shops = new SimulatedShops('pinduoduo');
  afterEach(() => shops.close());

  const shopOf = (orders: number, seed = 5) => shops.open(start, seed, { orders, spanMs: 2 * hour });

  it('is read whole while its orders change and everything goes wrong now and then', async () => {
    const { seed } = new Chance();
    const { clock, shop, connection } = await shopOf(orderCount, seed);
    shop.changesPerPage = 5;
    shop.faults({ rate: 0.2, kinds: [...requestFaults, 'index-delay'] });
    const read = await follow(shop, connection.orders!, clock, {
      from: start - 2 * hour,
      rounds: 8,
      stepMs: 2 * 60_000,
    });
    assertAllThere(shop, read);
    assert.ok(shop.faultCounts.size > 0, `ORDER_HUB_SEED=${seed}: hardly anything went wrong`);
  });

  it('takes its account, and says what is wrong with another', async () => {
    const { connection, kindWith } = await shopOf(0);
    assert.ok(await connection.check(idle));
    assert.equal(await kindWith({ appKey: 'unknown' }), 'credentials');
    assert.equal(await kindWith({ appSecret: 'wrong' }), 'credentials');
    assert.equal(await kindWith({ accessToken: 'expired' }), 'credentials');
    assert.equal(await kindWith({}, new VirtualClock(start + 11 * 60_000)), 'clock');
  });

  it('sends messages that hint at its orders until each is acknowledged, whatever is cut', async () => {
    const { shop, connection } = await shopOf(20);
    shop.faults({ rate: 0.2, kinds: ['push-duplicated', 'push-disordered'] });
    shop.shop.live(30);
    const stop = new AbortController();
    const hinted = new Set<string>();
    const ids = new Set<string>();
    let opened = 0;
    const states: string[] = [];
    await connection.messages!.listen(
      {
        async onMessages(messages) {
          for (const { id, channelOrderId } of messages) {
            ids.add(id);
            if (channelOrderId) hinted.add(channelOrderId);
          }
          if (opened === 1) {
            shop.disconnect();
            shop.shop.live(30);
          } else stop.abort();
        },
        onState({ kind }) {
          states.push(kind);
          if (kind === 'open') opened += 1;
        },
      },
      stop.signal,
    );
    assert.deepEqual(states, ['connecting', 'open', 'waiting', 'connecting', 'open']);
    assert.ok(hinted.size > 5);
    for (const id of ids) assert.match(id, /^73000000000000\d{5}$/);
    for (const id of hinted) assert.ok(await connection.orders!.order(id, idle), `${id} is not there`);
    while (shop.journal.pushes.accepted < ids.size) await new Promise(setImmediate);
  });

  it('takes stock, and goods off the shelf and back', async () => {
    const { shop, connection } = await shopOf(0);
    const [first] = shop.shop.listings;
    const listing = `${first!.productId}/${first!.variantId}`;
    const number = { listing, sellable: 37, version: 1, key: 'k' };
    assert.deepEqual(await connection.stock!.set([number], idle), [{ listing }]);
    assert.equal(first!.available, 37);
    await connection.stock!.sale!.set(listing, false, idle);
    assert.equal(first!.onSale, false);
    await connection.stock!.sale!.set(listing, true, idle);
    assert.equal(first!.onSale, true);
    const [gone] = await connection.stock!.set([{ ...number, listing: '1/1' }], idle);
    assert.match(gone!.fault!.message, /商品不存在/);
  });

  it('takes a parcel once, by one of its carriers', async () => {
    const { shop, connection } = await shopOf(200);
    const order = shop.shop.orders().find(({ stage, held }) => stage === 'paid' && !held);
    assert.ok(order, 'no order is to be shipped');
    const carriers = await connection.shipments!.carriers!(idle);
    assert.ok(!carriers.some(({ code }) => code === '999'), 'one that cannot be used');
    const shipment = {
      channelOrderId: order.id,
      carrier: carriers[0]!.code,
      tracking: 'SF100',
      lines: null,
      key: 'k',
    };
    assert.equal((await connection.shipments!.ship(shipment, idle)).kind, 'shipped');
    assert.equal((await connection.shipments!.ship(shipment, idle)).kind, 'already');
    const other = connection.shipments!.ship({ ...shipment, tracking: 'SF101' }, idle);
    assert.equal((await faultOf(other)).code, 'pinduoduo.shipped-otherwise');
    assert.equal(shop.journal.shipments.length, 1);
    const held = shop.shop.orders().find((one) => one.stage === 'paid' && one.held);
    assert.ok(held, 'no order is under review');
    const refused = connection.shipments!.ship({ ...shipment, channelOrderId: held.id }, idle);
    assert.match((await faultOf(refused)).message, /不允许发货/);
  });
});
