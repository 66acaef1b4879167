import assert from 'node:assert/strict';
import { at } from './clients/client.ts';
import { jos } from './clients/jd.ts';
import { VirtualClock } from './clock.ts';
import { type SimulatedShop, type Simulator, startSimulator } from './simulator.ts';

describe('the simulated JD shop', () => {
  const clock = new VirtualClock(Date.UTC(2026, 8, 1, 8));
  let simulator: Simulator;
  let shop: SimulatedShop;
  beforeEach(async () => {
    simulator = await startSimulator({ seed: 10, platforms: { jd: { orders: 120 } }, clock });
    shop = simulator.shop('jd');
  });
  afterEach(() => simulator.close());

  const call = (method: string, input: Readonly<Record<string, unknown>>, now = clock.now()) =>
    jos(shop, `jingdong.${method}`, input, now);
  const search = (input: Readonly<Record<string, unknown>> = {}) =>
    call('pop.order.enSearch', {
      start_date: '2026-08-30 00:00:00',
      end_date: '2026-09-01 16:00:00',
      order_state: 'ALL',
      optional_fields: 'orderId,orderState,modified',
      page: '1',
      page_size: '20',
      ...input,
    });
  type Row = { orderId: string; orderState: string; modified: string };
  const rowsOf = (answer: unknown) => at<Row[]>(answer, 'searchorderinfo_result.orderInfoList');

  it('refuses a clock that is six minutes off, a span over a month, and missing fields', async () => {
    await assert.rejects(call('pop.order.enGet', {}, clock.now() - 361_000), /"code":"8"/);
    await assert.rejects(search({ start_date: '2026-07-01 00:00:00' }), /时间跨度/);
    await assert.rejects(search({ optional_fields: '' }), /optional_fields/);
    await assert.rejects(search({ page_size: '101' }), /page_size/);
    simulator.faults({ rate: 1, kinds: ['revoked-token'] });
    await assert.rejects(search(), /"code":"19"/);
  });

  it('lists paid orders either way round, by state, and nothing behind page 100', async () => {
    const { id } = shop.shop.place();
    const rising = rowsOf(await search()).map(({ modified }) => modified);
    assert.deepEqual(rising, rising.toSorted());
    const falling = rowsOf(await search({ sortType: '1' })).map(({ modified }) => modified);
    assert.deepEqual(falling, falling.toSorted().reverse());
    const shipped = rowsOf(await search({ order_state: 'WAIT_GOODS_RECEIVE_CONFIRM,FINISHED_L' }));
    assert.ok(shipped.length > 0 && shipped.every(({ orderState: state }) => /RECEIVE|FINISHED/.test(state)));
    assert.deepEqual(rowsOf(await search({ page: '101', page_size: '1' })), []);
    const unpaid = await call('pop.order.enGet', { order_id: id, optional_fields: 'orderState' });
    assert.equal(at(unpaid, 'orderDetailInfo.apiResult.success'), 'false');
  });

  it('answers row by row for stock, once for one stockRfId, and shows it', async () => {
    const [one] = shop.shop.listings;
    const write = (stockNum: number) =>
      call('ware.stock.sku.set', {
        req: {
          updateModel: 'fullStockIn',
          stockRfId: 'k1',
          skuStocks: [
            { skuId: Number(one!.variantId), stockNum },
            { skuId: 1, stockNum },
          ],
        },
      });
    const rows = at<{ success: boolean }[]>(await write(8), 'returnType.obj.updateStockResult');
    assert.deepEqual(
      rows.map(({ success }) => success),
      [true, false],
    );
    await write(9);
    assert.equal(one!.available, 8, 'the key was used');
    const shown = await call('ware.stock.sku.query', { skuId: one!.variantId });
    assert.equal(at<{ stockNum: number }[]>(shown, 'returnType.obj.skuStockInfos')[0]?.stockNum, 8);
    await call('ware.write.upOrDown', { wareId: one!.productId, opType: 2 });
    assert.equal(one!.onSale, false);
  });

  it('ships whole orders in several parcels, once', async () => {
    const order = shop.shop
      .orders()
      .find(
        ({ stage, held, lines }) =>
          stage === 'paid' && !held && lines.every(({ refund }) => refund === 'none'),
      )!;
    const ship = async () => {
      const answer = await call('pop.order.shipment', {
        orderId: order.id,
        logiCoprId: '467|467',
        logiNo: 'TEST1|TEST2',
      });
      return at<boolean>(answer, 'sopjosshipment_result.success');
    };
    assert.deepEqual([await ship(), await ship()], [true, false]);
    assert.deepEqual(
      shop.journal.shipments.map(({ tracking }) => tracking),
      ['TEST1|TEST2'],
    );
  });
});
