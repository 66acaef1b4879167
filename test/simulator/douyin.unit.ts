import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { at } from './clients/client.ts';
import { doudian } from './clients/douyin.ts';
import { VirtualClock } from './clock.ts';
import { eventSign } from './platforms/douyin/sign.ts';
import { type SimulatedShop, type Simulator, startSimulator } from './simulator.ts';

describe('the simulated Douyin shop', () => {
  const clock = new VirtualClock(Date.UTC(2026, 8, 1, 8));
  let simulator: Simulator;
  let shop: SimulatedShop;
  beforeEach(async () => {
    simulator = await startSimulator({ seed: 6, platforms: { douyin: { orders: 120 } }, clock });
    shop = simulator.shop('douyin');
  });
  afterEach(() => simulator.close());

  const call = (method: string, input: Readonly<Record<string, unknown>>, now = clock.now()) =>
    doudian(shop, method, input, now);
  const search = (input: Readonly<Record<string, unknown>>) =>
    call('order.searchList', {
      page: 0,
      size: 100,
      update_time_start: Math.floor(clock.now() / 1_000) - 3 * 86_400,
      update_time_end: Math.floor(clock.now() / 1_000),
      order_by: 'update_time',
      ...input,
    });

  it('refuses a wrong clock and token, one end of the time only, pages too deep, and milliseconds find nothing', async () => {
    await assert.rejects(call('sku.stockNum', {}, clock.now() - 11 * 60_000), /isv.timestamp-invalid/);
    await assert.rejects(doudian(shop, 'sku.stockNum', {}, clock.now(), 'x'), /isv.access-token-no-existed/);
    await assert.rejects(search({ update_time_end: undefined }), /update_time_end/);
    await assert.rejects(search({ page: 100 }), /查询深度/);
    await assert.rejects(search({ size: 101 }), /size/);
    const none = await search({ update_time_start: clock.now() - 1_000, update_time_end: clock.now() });
    assert.equal(at(none, 'total'), 0);
  });

  it('finds states by a comma list inside one object', async () => {
    const found = at<{ order_status: number }[]>(
      await search({ combine_status: [{ order_status: '2,3' }] }),
      'shop_order_list',
    );
    assert.deepEqual([...new Set(found.map(({ order_status: status }) => status))].sort(), [2, 3]);
  });

  it('makes tokens for its own shop, which end after seven days', async () => {
    const made = await call('token.create', { grant_type: 'authorization_self', shop_id: '1000001' });
    const token = at<string>(made, 'access_token');
    const { id } = shop.shop.orders()[0]!;
    await doudian(shop, 'order.orderDetail', { shop_order_id: id }, clock.now(), token);
    clock.advance(8 * 86_400_000);
    await assert.rejects(
      doudian(shop, 'order.orderDetail', { shop_order_id: id }, clock.now(), token),
      /isv.access-token-expired/,
    );
  });

  it('takes stock row by row, and a change once', async () => {
    const [one, two] = shop.shop.listings;
    const row = (listing: typeof one, stock: number) => ({
      product_id: listing!.productId,
      sku_id: listing!.variantId,
      stock_num: stock,
      uniq_id: listing!.sku,
    });
    const batch = (idempotentId: string, items: object[], more: object = {}) =>
      call('sku.syncStockBatchMultiProducts', {
        idempotent_id: idempotentId,
        incremental: false,
        items,
        ...more,
      });
    await batch('a', [row(one, 5), row(two, 6)]);
    await assert.rejects(batch('a', [row(one, 5), row(two, 6)]), /已被使用/);
    const unknown = { ...row(one, 8), sku_id: '1' };
    await assert.rejects(batch('b', [unknown, row(two, 7)]), /"code":50002.*2010001/);
    assert.deepEqual([one!.available, two!.available], [5, 6]);
    await assert.rejects(
      batch('b', [unknown, row(two, 7)], { allow_partial_success: true }),
      /"code":10001.*"status_code":2010001.*"status_code":0/,
    );
    assert.deepEqual([one!.available, two!.available], [5, 7]);
    const delta = { sku_id: one!.variantId, stock_num: -2, incremental: true };
    await assert.rejects(call('sku.syncStock', delta), /idempotent_id/);
    await call('sku.syncStock', { ...delta, idempotent_id: 'c' });
    await call('sku.syncStock', { ...delta, idempotent_id: 'c' });
    assert.equal(at(await call('sku.stockNum', { sku_id: one!.variantId }), 'stock_num'), 3);
  });

  it('ships units of lines in several parcels, once for one request', async () => {
    const order = shop.shop
      .orders()
      .find(({ stage, held, lines }) => stage === 'paid' && !held && lines.length > 1)!;
    const pack = (index: number) => ({
      company_code: 'shunfeng',
      logistics_code: `TEST${index}`,
      shipped_order_info: [
        { shipped_order_id: order.lines[index]!.id, shipped_num: order.lines[index]!.quantity },
      ],
    });
    const input = { order_id: order.id, request_id: 'r1', pack_list: [pack(0), pack(1)] };
    await call('order.logisticsAddMultiPack', input);
    await call('order.logisticsAddMultiPack', input);
    assert.equal(shop.journal.shipments.length, 2);
    assert.equal(shop.shop.order(order.id)?.parcels.length, 2);
    const again = { order_id: order.id, company_code: 'shunfeng', logistics_code: 'T' };
    if (order.lines.length === 2) await assert.rejects(call('order.logisticsAdd', again), /不允许发货/);
  });

  it('pushes in both envelopes, again when the answer is not the one it wants', async () => {
    const got: Record<string, unknown>[] = [];
    let answers = 0;
    const hub = createServer((request, response) => {
      let body = '';
      request.setEncoding('utf8');
      request.on('data', (part: string) => {
        body += part;
      });
      request.on('end', () => {
        const { appKey, appSecret } = shop.access;
        assert.equal(request.headers['event-sign'], eventSign(appKey, body, appSecret));
        got.push(...(JSON.parse(body) as Record<string, unknown>[]));
        answers += 1;
        response.end(answers === 1 ? 'ok' : '{"code":0,"msg":"success"}');
      });
    });
    hub.listen(0, '127.0.0.1');
    await once(hub, 'listening');
    try {
      shop.pushTo(`http://127.0.0.1:${(hub.address() as AddressInfo).port}/`);
      shop.shop.place();
      await shop.pushed();
      shop.shop.place();
      await shop.pushed();
      assert.deepEqual(
        got.map((message) => [message.tag, typeof message.data, 'msg_id' in message]),
        [
          ['100', 'string', true],
          ['100', 'string', true],
          [100, 'object', false],
        ],
      );
      assert.equal(got[0]!.msg_id, got[1]!.msg_id, 'the same message, sent again');
    } finally {
      hub.closeAllConnections();
      hub.close();
    }
  });
});
