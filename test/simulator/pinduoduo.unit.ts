import assert from 'node:assert/strict';
import { once } from 'node:events';
import { setImmediate as turn } from 'node:timers/promises';
import { at } from './clients/client.ts';
import { pdd } from './clients/pinduoduo.ts';
import { VirtualClock } from './clock.ts';
import { pmcDigest } from './platforms/pinduoduo/messages.ts';
import { type SimulatedShop, type Simulator, startSimulator } from './simulator.ts';

describe('the simulated Pinduoduo', () => {
  const clock = new VirtualClock(Date.UTC(2026, 8, 1, 8));
  let simulator: Simulator;
  let shop: SimulatedShop;
  beforeEach(async () => {
    const settings = { orders: 150, spanMs: 20 * 60_000 };
    simulator = await startSimulator({ seed: 9, platforms: { pinduoduo: settings }, clock });
    shop = simulator.shop('pinduoduo');
  });
  afterEach(() => simulator.close());

  const call = (method: string, params: Readonly<Record<string, string>> = {}, now = clock.now()) =>
    pdd(shop, `pdd.${method}`, params, now);
  const seconds = (time: number) => String(Math.floor(time / 1_000));
  const increment = (params: Readonly<Record<string, string>>) =>
    call('order.number.list.increment.get', {
      start_updated_at: seconds(clock.now() - 30 * 60_000),
      end_updated_at: seconds(clock.now()),
      order_status: '5',
      refund_status: '5',
      is_lucky_flag: '0',
      ...params,
    });

  it('refuses a wrong clock, token and sign, a span over 30 minutes, and a filter left out', async () => {
    await assert.rejects(increment({ timestamp: seconds(clock.now() - 601_000) }), /timestamp/);
    await assert.rejects(increment({ access_token: 'old' }), /10019/);
    const other = { ...shop, address: shop.address, access: { ...shop.access, appSecret: 'x' } };
    await assert.rejects(pdd(other as SimulatedShop, 'pdd.time.get', {}, clock.now()), /20004/);
    await assert.rejects(increment({ start_updated_at: seconds(clock.now() - 1_801_000) }), /30 分钟/);
    await assert.rejects(increment({ refund_status: '' }), /refund_status/);
    await assert.rejects(increment({ page_size: '101' }), /page_size/);
  });

  it('lists no unpaid order, and hides receivers when nothing is to be shipped', async () => {
    const unpaid = shop.shop.place();
    type Row = { order_sn: string; order_status: number; risk_control_status: number; receiver_name: string };
    const rows = at<Row[]>(await increment({}), 'order_sn_list');
    assert.ok(!rows.some(({ order_sn: id }) => id === unpaid.id));
    for (const row of rows)
      if (row.order_status > 1 || row.risk_control_status === 1) assert.equal(row.receiver_name, '');
    assert.ok(rows.some(({ receiver_name: name }) => name !== ''));
    const waiting = at<Row[]>(await increment({ order_status: '1' }), 'order_sn_list');
    assert.ok(waiting.length > 0 && waiting.every(({ order_status: status }) => status === 1));
  });

  it('gives messages over the websocket again until they are acknowledged', async () => {
    const ms = String(clock.now());
    const base = simulator.address.replace('http', 'ws');
    const { appKey, appSecret } = shop.access;
    const connect = async (secret: string): Promise<{ socket: WebSocket; next(): Promise<string> }> => {
      const digest = encodeURIComponent(pmcDigest(appKey, ms, secret));
      const socket = new WebSocket(`${base}/pinduoduo/message/${appKey}/${ms}/${digest}`);
      const frames: string[] = [];
      socket.addEventListener('message', ({ data }) => frames.push(String(data)));
      await new Promise((resolve, reject) => {
        socket.addEventListener('open', resolve);
        socket.addEventListener('error', () => reject(new Error('refused')));
      });
      const next = async (): Promise<string> => {
        if (frames.length === 0) await once(socket, 'message');
        return frames.shift()!;
      };
      return { socket, next };
    };
    await assert.rejects(connect('wrong'), /refused/);
    const first = await connect(appSecret);
    const order = shop.shop.place();
    shop.shop.change(order.id, order.deposit === null ? 'pay' : 'pay-deposit');
    const frame = await first.next();
    assert.match(frame, /"id":7300000000000000001,/, 'all digits');
    assert.match(frame, /pdd_trade_TradeConfirmed/);
    const cut = once(first.socket, 'close');
    shop.disconnect();
    await cut;
    const { socket, next } = await connect(appSecret);
    assert.match(await next(), /"id":7300000000000000001,/, 'what was not acknowledged comes again');
    socket.send('{"commandType":"Ack","id":7300000000000000001,"type":"pdd_trade_TradeConfirmed"}');
    while (shop.journal.pushes.accepted === 0) await turn();
    shop.shop.change(order.id, order.deposit === null ? 'hold' : 'pay');
    assert.match(await next(), /"id":7300000000000000002,/);
    socket.close();
  });

  it('takes stock and shelves, and ships once', async () => {
    const listing = shop.shop.listings[0]!;
    const goods = { goods_id: listing.productId };
    await call('goods.quantity.update', { ...goods, sku_id: listing.variantId!, quantity: '4' });
    await assert.rejects(
      call('goods.quantity.update', { ...goods, outer_id: listing.sku, quantity: '-5', update_type: '2' }),
      /库存不足/,
    );
    assert.equal(listing.available, 4);
    await call('goods.sale.status.set', { ...goods, is_onsale: '0' });
    assert.equal(listing.onSale, false);
    const order = shop.shop.orders().find(({ stage, held }) => stage === 'paid' && !held)!;
    const parcel = { order_sn: order.id, logistics_id: '44', tracking_number: 'TEST5' };
    await call('logistics.online.send', parcel);
    await assert.rejects(call('logistics.online.send', parcel), /不允许发货/);
    const shown = at<{ order_status: number; tracking_number: string }>(
      await call('order.information.get', { order_sn: order.id }),
      'order_info',
    );
    assert.deepEqual([shown.order_status, shown.tracking_number], [2, 'TEST5']);
  });
});
