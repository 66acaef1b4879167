import assert from 'node:assert/strict';
import { douyinMapping } from '../../../../core/order/mapping/presets/douyin.ts';
import { sampleBytes, sampleRow, sampleRows } from '../samples.ts';
import { problemOf } from './a-mapping.ts';
import { page, paidTwoLines } from './expected/douyin.ts';
import { assertTextKept, presetOf } from './preset-cases.ts';

const preset = presetOf(douyinMapping);
const file = 'douyin/order_orderDetail.paid_two_lines.json';
const inside = ['data', 'shop_order_detail'] as const;
const order = sampleRow(file, inside);
const [tea, cup] = sampleRows(file, ...inside, 'sku_order_list');

const withLines = (first: object, second: object = {}) => ({
  sku_order_list: [
    { ...tea, ...first },
    { ...cup, ...second },
  ],
});
const sale = (after_sale_status: number, refund_status: number) => ({
  after_sale_info: { after_sale_status, after_sale_type: 2, refund_status },
});

/** A deposit of 30.00 and a balance of 70.00 with 5.00 off it. */
const phases = (balancePaid: boolean) => [
  {
    phase_order_id: '4800000000000000901',
    total_phase: 2,
    current_phase: 1,
    pay_success: true,
    phase_pay_time: 1788224435,
    phase_order_amount: 3000,
    phase_pay_amount: 3000,
    phase_promotion_amount: 0,
  },
  {
    phase_order_id: '4800000000000000902',
    total_phase: 2,
    current_phase: 2,
    pay_success: balancePaid,
    phase_pay_time: balancePaid ? 1788397235 : 0,
    phase_order_amount: 7000,
    phase_pay_amount: balancePaid ? 6500 : 0,
    phase_promotion_amount: 500,
  },
];
const deposit = { order_status: 1, main_status: 103, order_phase_list: phases(false) };

describe('Douyin preset', () => {
  it('maps the paid order, bare and in the envelope of its detail', () => {
    assert.deepEqual(preset.mapped(order), paidTwoLines);
    assert.deepEqual(preset.mapped(sampleBytes(file)), paidTwoLines);
  });

  it('maps every order of a page', () => {
    const rows = sampleRows('douyin/order_searchList.page0.json', 'data', 'shop_order_list');
    assert.deepEqual(rows.map(preset.mapped), page);
  });

  it('knows each status', () => {
    preset.standings(order, [
      [{ order_status: 1, main_status: 1 }, 'created', 'none'],
      [{ order_status: 105, main_status: 105 }, 'paid', 'none', 'order_status=105'],
      [{ order_status: 2, main_status: 2 }, 'paid', 'none'],
      [{ order_status: 101, main_status: 101 }, 'part-shipped', 'none'],
      [{ order_status: 3, main_status: 3 }, 'shipped', 'none'],
      [{ order_status: 5, main_status: 5 }, 'completed', 'none'],
      [{ order_status: 4, main_status: 4 }, 'cancelled', 'none'],
      [{ order_status: 4, main_status: 21 }, 'cancelled', 'full'],
      [{ order_status: 4, main_status: 22 }, 'cancelled', 'full'],
      // Paid back after it was received: completed stays completed.
      [{ order_status: 4, main_status: 39 }, 'completed', 'full'],
      [{ order_status: 1, main_status: 103 }, 'paid', 'none', 'main_status=103'],
      [deposit, 'deposit-paid', 'none'],
    ]);
  });

  it('tells deposit and balance of a presale', () => {
    const first = preset.mapped({ ...order, ...deposit });
    assert.deepEqual(
      [first.scenario, first.presale, first.times.deposit?.at, first.times.balance, first.times.paid],
      ['presale', { depositPaid: 3000, balanceDue: 6500 }, '2026-09-01T01:00:35.000Z', undefined, undefined],
    );
    assert.deepEqual(
      first.lines.map(({ paid }) => paid),
      [undefined, undefined],
    );
    const both = preset.mapped({ ...order, order_phase_list: phases(true).reverse() });
    assert.deepEqual(
      [both.scenario, both.status, both.presale, both.times.deposit?.at, both.times.balance?.at],
      ['presale', 'paid', { depositPaid: 3000 }, '2026-09-01T01:00:35.000Z', '2026-09-03T01:00:35.000Z'],
    );
    // Sold now and sent later is no deposit.
    assert.equal(preset.mapped({ ...order, ...withLines({ pre_sale_type: 1 }) }).scenario, 'normal');
  });

  it('tells what is paid back line by line', () => {
    const cases: [first: object, second: object, order: string, lines: string[], wanted: number[]][] = [
      [sale(6, 0), {}, 'requested', ['requested', 'none'], [1, 2]],
      [sale(27, 0), {}, 'requested', ['requested', 'none'], [1, 2]],
      [sale(11, 1), {}, 'requested', ['requested', 'none'], [1, 2]],
      [sale(11, 2), {}, 'requested', ['requested', 'none'], [1, 2]],
      [sale(28, 4), {}, 'none', ['none', 'none'], [1, 2]],
      [sale(12, 3), {}, 'partial', ['full', 'none'], [0, 2]],
      [{ ...sale(12, 3), order_status: 4, main_status: 21 }, {}, 'partial', ['full', 'none'], [0, 2]],
      [sale(12, 3), sale(12, 3), 'full', ['full', 'full'], [0, 0]],
    ];
    for (const [first, second, refund, lines, wanted] of cases) {
      const mapped = preset.mapped({ ...order, ...withLines(first, second) });
      const told = [
        mapped.refundStatus,
        mapped.lines.map(({ refundStatus }) => refundStatus),
        mapped.lines.map(({ quantity }) => quantity),
      ];
      assert.deepEqual(told, [refund, lines, wanted], JSON.stringify([first, second]));
    }
  });

  it('counts what left, also of a line that left in part, and keeps it as ordered when it came back', () => {
    const units = (fields: object) =>
      preset
        .mapped({ ...order, ...fields })
        .lines.map(({ quantity, shippedQuantity }) => [quantity, shippedQuantity]);
    const logistics_info = [
      { product_info: [{ sku_order_id: '4800000000000000103', product_count: 1 }] },
      { product_info: [{ sku_order_id: '4800000000000000999', product_count: 5 }] },
    ];
    const part = { order_status: 101, main_status: 101 };
    assert.deepEqual(units({ ...part, logistics_info, ...withLines({}, part) }), [
      [1, undefined],
      [2, 1],
    ]);
    const back = { ...sale(12, 3), order_status: 4, main_status: 22, ship_time: 1788230000 };
    assert.deepEqual(units({ ...part, ...withLines(back) }), [
      [1, 1],
      [2, undefined],
    ]);
  });

  it('keeps numbers beyond 2^53, as number or text', () => {
    const { product_id_str: _text, ...byNumber } = tea!;
    const [line] = preset.mapped({ ...order, sku_order_list: [byNumber] }).lines;
    assert.equal(line?.channelSkuId, '3500000000000000101/1750000000000001');
  });

  it('finds a SKU where the seller gave no code', () => {
    const sku = (fields: object) => preset.mapped({ ...order, ...withLines(fields) }).lines[0]?.sku;
    assert.equal(sku({ code: '', out_sku_id: 'OUT-1' }), 'OUT-1');
    assert.equal(sku({ code: '' }), 'douyin-1750000000000001');
  });

  it('never takes for paid what it does not know', () => {
    preset.unknown(order, [
      [{ order_status: 6 }, /order_status = 6/],
      [{ order_status: null }, /main_status/],
    ]);
    const page = sampleBytes('douyin/order_searchList.page0.json');
    assert.equal(problemOf(preset.result(page)).code, 'map.not-an-order');
  });

  it('keeps every text', () => {
    assertTextKept(
      preset,
      (text) => ({ ...order, buyer_words: text, seller_words: text, ...withLines({ product_name: text }) }),
      ({ buyer, sellerNote, lines }) => [buyer?.note, sellerNote, lines[0]?.title],
    );
  });
});
