import assert from 'node:assert/strict';
import { at } from './clients/client.ts';
import { top } from './clients/taobao.ts';
import { VirtualClock } from './clock.ts';
import { type SimulatedShop, type Simulator, startSimulator } from './simulator.ts';

describe('the simulated Taobao', () => {
  const clock = new VirtualClock(Date.UTC(2026, 8, 1, 8));
  let simulator: Simulator;
  let shop: SimulatedShop;
  beforeEach(async () => {
    simulator = await startSimulator({ seed: 8, platforms: { taobao: { orders: 200 } }, clock });
    shop = simulator.shop('taobao');
  });
  afterEach(() => simulator.close());

  const call = (method: string, params: Readonly<Record<string, string>> = {}, now = clock.now()) =>
    top(shop, `taobao.${method}`, params, now);
  const increment = (params: Readonly<Record<string, string>>) =>
    call('trades.sold.increment.get', {
      fields: 'tid_str,modified',
      start_modified: '2026-09-01 00:00:00',
      end_modified: '2026-09-01 16:00:00',
      ...params,
    });

  it('refuses a wrong clock, session, signature, span, page size, and a missing field', async () => {
    await assert.rejects(call('time.get', {}, clock.now() - 11 * 60_000), /"code":31/);
    await assert.rejects(call('time.get', { session: 'other' }), /"code":27.*invalid-sessionkey/);
    await assert.rejects(call('time.get', { sign_method: 'hmac' }), /"code":25/);
    await assert.rejects(increment({ start_modified: '2026-08-30 00:00:00' }), /end_modified/);
    await assert.rejects(increment({ page_size: '101' }), /page_size/);
    await assert.rejects(increment({ fields: '' }), /isv.missing-parameter:fields/);
  });

  it('lists the newest first, with the total or with whether there is more', async () => {
    type Trades = { trade: { tid_str: string; modified: string }[] };
    const first = await increment({ page_size: '20' });
    const times = at<Trades>(first, 'trades').trade.map(({ modified }) => modified);
    assert.deepEqual(times, times.toSorted().reverse());
    const total = at<number>(first, 'total_results');
    const last = String(Math.ceil(total / 20));
    const end = await increment({ page_size: '20', use_has_next: 'true', page_no: last });
    assert.equal(at(end, 'has_next'), false);
    assert.equal(at(end, 'total_results'), undefined);
    assert.equal(at<Trades>(end, 'trades').trade.length, total % 20 || 20);
    const empty = await increment({ page_no: '99' });
    assert.equal(at(empty, 'trades'), undefined, 'where nothing matches there is no list');
  });

  it('gives the whole id as text, only the fields asked for, and the oaid with its five companions', async () => {
    const { id } = shop.shop.orders()[0]!;
    const some = at<Record<string, unknown>>(
      await call('trade.fullinfo.get', { tid: id, fields: 'tid,tid_str,oaid,orders.oid_str' }),
      'trade',
    );
    assert.deepEqual(Object.keys(some), ['tid', 'tid_str', 'orders']);
    assert.equal(some.tid_str, id);
    assert.notEqual(String(some.tid), id, 'the number has lost digits on the way through a parser');
    const names = 'receiver_name,receiver_address,created,receiver_mobile,receiver_phone,oaid';
    const whole = await call('trade.fullinfo.get', { tid: id, fields: names });
    assert.match(at(whole, 'trade.oaid'), /^1FakeOaid/);
  });

  it('sends messages again until they are confirmed', async () => {
    const order = shop.shop.place();
    shop.shop.change(order.id, order.deposit === null ? 'pay' : 'pay-deposit');
    const consume = async (): Promise<{ topic: string; content: string }[]> =>
      at<{ tmc_message: { topic: string; content: string }[] } | undefined>(
        await call('tmc.messages.consume', { quantity: '10' }),
        'messages',
      )?.tmc_message ?? [];
    const [created, paid] = await consume();
    assert.equal(created?.topic, 'taobao_trade_TradeCreate');
    assert.match(paid?.content ?? '', new RegExp(`"tid":${order.id}[,}]`), 'all digits of the id');
    assert.deepEqual(await consume(), [], 'they wait for their confirmation');
    clock.advance(6 * 60_000);
    assert.equal((await consume()).length, 2);
    await call('tmc.messages.confirm', { s_message_ids: '7100000000000000001,7100000000000000002' });
    clock.advance(6 * 60_000);
    assert.deepEqual(await consume(), []);
  });

  it('takes stock, absolute and as a change, each method with its own floor', async () => {
    const listing = shop.shop.listings[0]!;
    const item = { num_iid: listing.productId };
    const sku = { ...item, sku_id: listing.variantId! };
    await call('item.quantity.update', { ...sku, quantity: '7', type: '1' });
    await assert.rejects(
      call('item.quantity.update', { ...sku, quantity: '-8', type: '2' }),
      /库存不能小于0/,
    );
    assert.equal(listing.available, 7);
    await call('skus.quantity.update', { ...item, skuid_quantities: `${listing.variantId}:-8`, type: '2' });
    assert.equal(listing.available, 0);
    assert.deepEqual(
      shop.journal.stockWrites(listing.sku).map(({ mode, quantity }) => [mode, quantity]),
      [
        ['absolute', 7],
        ['delta', -8],
      ],
    );
    await call('item.update.delisting', item);
    assert.equal(listing.onSale, false);
    await assert.rejects(call('item.update.delisting', item), /ITEM_STATUS/);
  });

  it('ships whole lines, and nothing twice', async () => {
    const order = shop.shop
      .orders()
      .find(({ stage, held, lines }) => stage === 'paid' && !held && lines.length > 1)!;
    const part = {
      tid: order.id,
      out_sid: 'TEST1',
      company_code: 'SF',
      sub_tid: order.lines[0]!.id,
      is_split: '1',
    };
    await call('logistics.online.send', part);
    assert.equal(shop.shop.order(order.id)?.stage, 'part-shipped');
    await assert.rejects(call('logistics.online.send', part), /isv\./);
    assert.equal(shop.journal.shipments.length, 1);
  });

  it('bans for the seconds it names', async () => {
    simulator.faults({ rate: 1, kinds: ['throttle'] });
    await assert.rejects(call('time.get'), /"code":7.*This ban will last for 1 more seconds/);
  });
});
