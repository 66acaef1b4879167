import assert from 'node:assert/strict';
import { pinduoduoMapping } from '../../../../core/order/mapping/presets/pinduoduo.ts';
import { sampleBytes, sampleRow, sampleRows } from '../samples.ts';
import { problemOf } from './a-mapping.ts';
import { detail, page } from './expected/pinduoduo.ts';
import { assertTextKept, presetOf } from './preset-cases.ts';

const preset = presetOf(pinduoduoMapping);
const file = 'pdd/order_information_get.paid.json';
const inside = ['order_info_get_response', 'order_info'] as const;
const order = sampleRow(file, inside);
const [tea] = sampleRows(file, ...inside, 'item_list');

const stage = (step_trade_status: number, changes: object = {}) => ({
  trade_type: 1,
  step_order_info: {
    step_trade_status,
    advanced_paid_fee: step_trade_status === 0 ? '0.00' : '10.00',
    step_paid_fee: '10.00',
    step_discount_amount: '5.00',
  },
  ...changes,
});

describe('Pinduoduo preset', () => {
  it('maps an order to ship, bare and in the envelope of its detail', () => {
    assert.deepEqual(preset.mapped(order), detail);
    assert.deepEqual(preset.mapped(sampleBytes(file)), detail);
  });

  it('maps every order of a page', () => {
    const rows = sampleRows(
      'pdd/order_number_list_increment_get.last_page.json',
      'order_sn_increment_get_response',
      'order_sn_list',
    );
    assert.deepEqual(rows.map(preset.mapped), page);
  });

  it('tells where an order stands and what is paid back of it apart', () => {
    preset.standings(order, [
      [{ confirm_status: 0 }, 'created', 'none'],
      [{ confirm_status: 2 }, 'cancelled', 'none'],
      [{ confirm_status: 2, refund_status: 4 }, 'cancelled', 'full'],
      [{}, 'paid', 'none'],
      [{ refund_status: 2 }, 'paid', 'requested'],
      [{ refund_status: 3 }, 'paid', 'requested'],
      [{ refund_status: 4 }, 'cancelled', 'full'],
      [{ after_sales_status: 10 }, 'cancelled', 'full'],
      [{ order_status: 2 }, 'shipped', 'none'],
      [{ order_status: 2, refund_status: 2 }, 'shipped', 'requested'],
      [{ order_status: 2, refund_status: 4 }, 'shipped', 'full'],
      [{ order_status: 3 }, 'completed', 'none'],
      [{ order_status: 3, refund_status: 4, after_sales_status: 10 }, 'completed', 'full'],
    ]);
  });

  it('holds what is under review and what waits for its group', () => {
    preset.standings(order, [
      [{ risk_control_status: 1 }, 'paid', 'none', 'risk_control_status=1'],
      [{ group_status: 0 }, 'paid', 'none', 'group_status=0'],
      [{ group_status: 0, confirm_status: 0 }, 'created', 'none', 'group_status=0'],
      [{ group_status: 2 }, 'paid', 'none', 'group_status=2'],
      [{ risk_control_status: 1, order_status: 2 }, 'shipped', 'none'],
      [{ risk_control_status: 1, confirm_status: 2 }, 'cancelled', 'none'],
    ]);
  });

  it('knows each stage of a presale', () => {
    preset.standings(order, [
      [stage(0), 'created', 'none'],
      [stage(1), 'deposit-paid', 'none'],
      [stage(2), 'paid', 'none'],
      [stage(1, { confirm_status: 2 }), 'cancelled', 'none'],
    ]);
    const deposit = preset.mapped({ ...order, ...stage(1) });
    assert.deepEqual(
      [deposit.scenario, deposit.presale, deposit.times.deposit?.text, deposit.times.paid],
      ['presale', { depositPaid: 1000, balanceDue: 4180 }, '2026-09-01 09:00:29', undefined],
    );
    const both = preset.mapped({ ...order, ...stage(2) });
    assert.deepEqual(
      [both.presale, both.times.deposit, both.times.paid?.text],
      [{ depositPaid: 1000 }, undefined, '2026-09-01 09:00:29'],
    );
    // Sold now and sent later is no deposit.
    assert.equal(preset.mapped({ ...order, is_pre_sale: 1 }).scenario, 'normal');
  });

  it('ships gifts with what was bought, of the same SKU too', () => {
    const gift = { ...tea, goods_count: 1, goods_price: '0.00' };
    const other = { ...gift, sku_id: 1500000000009, outer_id: 'SKU-SPOON' };
    const { lines } = preset.mapped({ ...order, gift_list: [gift, other] });
    assert.deepEqual(
      lines.map(({ lineId, sku, quantity }) => [lineId, sku, quantity]),
      [
        ['1500000000001', 'SKU-TEA-RED-250', 2],
        ['1500000000001-2', 'SKU-TEA-RED-250', 1],
        ['1500000000009', 'SKU-SPOON', 1],
      ],
    );
    for (const gift_list of [null, undefined, []])
      assert.equal(preset.mapped({ ...order, gift_list }).lines.length, 1);
  });

  it('tells of a refund on the line too', () => {
    const refunds = (fields: object) =>
      preset.mapped({ ...order, ...fields }).lines.map(({ refundStatus }) => refundStatus);
    assert.deepEqual(refunds({ refund_status: 2 }), ['requested']);
    assert.deepEqual(refunds({ refund_status: 4 }), ['full']);
    assert.deepEqual(refunds({}), ['none']);
  });

  it('finds a SKU and a listing where the seller gave no code', () => {
    const named = (fields: object) => {
      const [line] = preset.mapped({ ...order, item_list: [{ ...tea, ...fields }] }).lines;
      return [line?.sku, line?.channelSkuId];
    };
    assert.deepEqual(named({ outer_id: '' }), ['pdd-1500000000001', '600000000001/1500000000001']);
    assert.deepEqual(named({ outer_id: '', sku_id: 0 }), ['SPU-TEA-01', '600000000001']);
  });

  it('never takes for paid what it does not know', () => {
    preset.unknown(order, [
      [{ order_status: 4 }, /order_status = 4/],
      [{ confirm_status: 7 }, /confirm_status = 7/],
      [stage(9, { confirm_status: 9 }), /step_trade_status = 9/],
    ]);
    assert.equal(
      preset.result({ ...order, refund_status: 9 }).ok,
      false,
      'a refund status that is not known makes no order',
    );
    const page = sampleBytes('pdd/order_number_list_increment_get.last_page.json');
    assert.equal(problemOf(preset.result(page)).code, 'map.not-an-order');
  });

  it('keeps every text', () => {
    assertTextKept(
      preset,
      (text) => ({ ...order, buyer_memo: text, remark: text }),
      ({ buyer, sellerNote }) => [buyer?.note, sellerNote],
    );
  });
});
