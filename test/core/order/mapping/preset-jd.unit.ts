import assert from 'node:assert/strict';
import { jdMapping } from '../../../../core/order/mapping/presets/jd.ts';
import { sampleBytes, sampleRow, sampleRows } from '../samples.ts';
import { problemOf } from './a-mapping.ts';
import { page, toShip } from './expected/jd.ts';
import { assertTextKept, presetOf } from './preset-cases.ts';

const preset = presetOf(jdMapping);
const file = 'jd/pop_order_enGet.paid.json';
const inside = ['jingdong_pop_order_enGet_responce', 'orderDetailInfo', 'orderInfo'] as const;
const order = sampleRow(file, inside);
const [tea, cup] = sampleRows(file, ...inside, 'itemInfoList');

describe('JD preset', () => {
  it('maps an order to ship, bare and in the envelope of its detail', () => {
    assert.deepEqual(preset.mapped(order), toShip);
    assert.deepEqual(preset.mapped(sampleBytes(file)), toShip);
  });

  it('maps every order of a page', () => {
    const rows = sampleRows(
      'jd/pop_order_enSearch.page1.json',
      'jingdong_pop_order_enSearch_responce',
      'searchorderinfo_result',
      'orderInfoList',
    );
    assert.deepEqual(rows.map(preset.mapped), page);
  });

  it('knows each state, and holds what must not be shipped', () => {
    preset.standings(order, [
      [{ orderState: 'WAIT_SELLER_STOCK_OUT' }, 'paid', 'none'],
      [{ orderState: 'WAIT_SELLER_DELIVERY' }, 'paid', 'none'],
      [{ orderState: 'LOCKED' }, 'paid', 'none', 'LOCKED'],
      [{ orderState: 'PAUSE' }, 'paid', 'none', 'PAUSE'],
      [{ orderState: 'POP_ORDER_PAUSE' }, 'paid', 'none', 'POP_ORDER_PAUSE'],
      [{ orderState: 'LOCKED', waybill: 'TEST0000000001' }, 'shipped', 'none', 'LOCKED'],
      [{ orderState: 'WAIT_GOODS_RECEIVE_CONFIRM' }, 'shipped', 'none'],
      [{ orderState: 'FINISHED_L' }, 'completed', 'none'],
      [{ orderState: 'TRADE_CANCELED' }, 'cancelled', 'none'],
      [{ orderState: 'PARENT_TRADE_CANCELED' }, 'cancelled', 'none'],
    ]);
  });

  it('counts an order that was split once: in its parts, which know where they are from', () => {
    const parent = preset.mapped({ ...order, orderState: 'PARENT_TRADE_CANCELED' });
    const parts = [tea, cup].map((item, index) =>
      preset.mapped({
        ...order,
        orderId: `30000000000${index + 4}`,
        parentOrderId: '300000000001',
        directParentOrderId: '300000000001',
        itemInfoList: [item],
      }),
    );
    const units = [parent, ...parts]
      .filter(({ status }) => status !== 'cancelled')
      .flatMap(({ lines }) => lines.map(({ sku, quantity }) => [sku, quantity]));
    assert.deepEqual(units, [
      ['SKU-TEA-RED-250', 1],
      ['SKU-CUP-WHITE', 2],
    ]);
    assert.equal(parts[0]?.extra?.parentOrderId, '300000000001');
    assert.equal(parts[0]?.extra?.directParentOrderId, '300000000001');
    assert.equal(parent.extra?.parentOrderId, undefined);
  });

  it('takes the first years for no time', () => {
    const { times } = preset.mapped({
      ...order,
      orderState: 'FINISHED_L',
      paymentConfirmTime: '1970-01-01 08:00:00',
      orderEndTime: '0001-01-01 00:00:00',
    });
    assert.deepEqual([times.paid, times.completed], [undefined, undefined]);
  });

  it('tells lines of one SKU apart, whichever comes first', () => {
    const gift = { ...tea, jdPrice: '0.00' };
    const ids = (...itemInfoList: unknown[]) =>
      preset.mapped({ ...order, itemInfoList }).lines.map(({ lineId }) => lineId);
    assert.deepEqual(ids(tea, cup, gift), ['100000000001', '100000000002', '100000000001-2']);
    assert.deepEqual(ids(gift, tea, cup), ['100000000001', '100000000001-2', '100000000002']);
  });

  it('finds a SKU where the seller gave no code', () => {
    const [line] = preset.mapped({ ...order, itemInfoList: [{ ...tea, outerSkuId: '' }] }).lines;
    assert.deepEqual([line?.sku, line?.channelSkuId], ['jd-100000000001', '100000000001']);
  });

  it('never takes for paid what it does not know', () => {
    preset.unknown(order, [
      // Vouchers to be sent by code; nothing a warehouse could ship.
      [{ orderState: 'WAIT_SEND_CODE' }, /orderState = WAIT_SEND_CODE/],
      [{ orderState: 'DONE' }, /orderState = DONE/],
    ]);
    const page = sampleBytes('jd/pop_order_enSearch.page1.json');
    assert.equal(problemOf(preset.result(page)).code, 'map.not-an-order');
  });

  it('keeps every text', () => {
    assertTextKept(
      preset,
      (text) => ({
        ...order,
        orderRemark: text,
        venderRemark: text,
        itemInfoList: [{ ...tea, skuName: text }],
      }),
      ({ buyer, sellerNote, lines }) => [buyer?.note, sellerNote, lines[0]?.title],
    );
  });
});
