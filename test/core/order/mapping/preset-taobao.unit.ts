import assert from 'node:assert/strict';
import { taobaoMapping } from '../../../../core/order/mapping/presets/taobao.ts';
import { sampleBytes, sampleRow, sampleRows } from '../samples.ts';
import { problemOf } from './a-mapping.ts';
import { page, paidTwoLines, presaleDepositPaid } from './expected/taobao.ts';
import { assertTextKept, presetOf } from './preset-cases.ts';

const preset = presetOf(taobaoMapping);
const paidFile = 'taobao/trade_fullinfo_get.paid_two_lines.json';
const presaleFile = 'taobao/trade_fullinfo_get.presale_deposit_paid.json';
const inside = ['trade_fullinfo_get_response', 'trade'] as const;
const paid = sampleRow(paidFile, inside);
const presale = sampleRow(presaleFile, inside);
const [tea, cup] = sampleRows(paidFile, ...inside, 'orders', 'order');

/** The paid trade with changes of its two lines. */
const withLines = (first: object, second: object = {}) => ({
  orders: {
    order: [
      { ...tea, ...first },
      { ...cup, ...second },
    ],
  },
});

describe('Taobao preset', () => {
  it('maps the paid trade, bare and in the envelope of its detail', () => {
    assert.deepEqual(preset.mapped(paid), paidTwoLines);
    assert.deepEqual(preset.mapped(sampleBytes(paidFile)), paidTwoLines);
  });

  it('maps the presale of which the deposit is paid', () => {
    assert.deepEqual(preset.mapped(presale), presaleDepositPaid);
  });

  it('maps every trade of a page', () => {
    const rows = sampleRows(
      'taobao/trades_sold_increment_get.page2_has_next.json',
      'trades_sold_increment_get_response',
      'trades',
      'trade',
    );
    assert.deepEqual(rows.map(preset.mapped), page);
  });

  it('knows each status of a trade', () => {
    preset.standings(paid, [
      [{ status: 'TRADE_NO_CREATE_PAY' }, 'created', 'none'],
      [{ status: 'WAIT_BUYER_PAY' }, 'created', 'none'],
      [{ status: 'PAY_PENDING' }, 'paid', 'none', 'PAY_PENDING'],
      [{ status: 'WAIT_PRE_AUTH_CONFIRM' }, 'paid', 'none', 'WAIT_PRE_AUTH_CONFIRM'],
      [{ status: 'PAID_FORBID_CONSIGN' }, 'paid', 'none', 'PAID_FORBID_CONSIGN'],
      [{ status: 'WAIT_SELLER_SEND_GOODS' }, 'paid', 'none'],
      [{ status: 'SELLER_CONSIGNED_PART' }, 'part-shipped', 'none'],
      [{ status: 'WAIT_BUYER_CONFIRM_GOODS' }, 'shipped', 'none'],
      [{ status: 'TRADE_BUYER_SIGNED' }, 'shipped', 'none'],
      [{ status: 'TRADE_FINISHED' }, 'completed', 'none'],
      [{ status: 'TRADE_CLOSED' }, 'cancelled', 'full'],
      [{ status: 'TRADE_CLOSED_BY_TAOBAO' }, 'cancelled', 'none'],
    ]);
  });

  it('knows each stage of a presale, and takes none for paid before the trade is', () => {
    const stage = (step_trade_status: string, status = 'WAIT_BUYER_PAY') => ({ step_trade_status, status });
    preset.standings(presale, [
      [stage('FRONT_NOPAID_FINAL_NOPAID'), 'created', 'none'],
      [stage('FRONT_PAID_FINAL_NOPAID'), 'deposit-paid', 'none'],
      [stage('FRONT_PAID_FINAL_PAID'), 'deposit-paid', 'none'],
      [stage('FRONT_PAID_FINAL_PAID', 'WAIT_SELLER_SEND_GOODS'), 'paid', 'none'],
      [stage('FRONT_PAID_FRONT_FORFEITED'), 'cancelled', 'none'],
      [stage('FRONT_PAID_FRONT_FORFEITED', 'TRADE_CLOSED_BY_TAOBAO'), 'cancelled', 'none'],
    ]);
    const done = preset.mapped({ ...presale, ...stage('FRONT_PAID_FINAL_PAID', 'WAIT_SELLER_SEND_GOODS') });
    // What was paid so far is no longer the deposit, nor is the time of payment its.
    assert.deepEqual(
      [done.presale, done.times.paid?.text, done.times.deposit, done.lines[0]?.paid],
      [undefined, '2026-09-01 09:05:00', undefined, 19900],
    );
    assert.equal(done.scenario, 'presale');
  });

  it('never owes less than nothing', () => {
    const overpaid = preset.mapped({ ...presale, step_paid_fee: '200.00' });
    assert.deepEqual(overpaid.presale, { depositPaid: 20000 });
  });

  it('tells what is paid back line by line', () => {
    const cases: [first: object, second: object, order: string, lines: string[], wanted: number[]][] = [
      [{ refund_status: 'WAIT_SELLER_AGREE' }, {}, 'requested', ['requested', 'none'], [2, 1]],
      [{ refund_status: 'WAIT_BUYER_RETURN_GOODS' }, {}, 'requested', ['requested', 'none'], [2, 1]],
      [{ refund_status: 'WAIT_SELLER_CONFIRM_GOODS' }, {}, 'requested', ['requested', 'none'], [2, 1]],
      [{ refund_status: 'SELLER_REFUSE_BUYER' }, {}, 'requested', ['requested', 'none'], [2, 1]],
      [{ refund_status: 'CLOSED' }, {}, 'none', ['none', 'none'], [2, 1]],
      [{ refund_status: 'SUCCESS', status: 'TRADE_CLOSED' }, {}, 'partial', ['full', 'none'], [0, 1]],
      [
        { refund_status: 'SUCCESS', status: 'TRADE_CLOSED' },
        { refund_status: 'SUCCESS', status: 'TRADE_CLOSED' },
        'full',
        ['full', 'full'],
        [0, 0],
      ],
      // A part of the price was given back after it was sent: it stays sold.
      [
        { refund_status: 'SUCCESS', status: 'WAIT_BUYER_CONFIRM_GOODS' },
        {},
        'partial',
        ['partial', 'none'],
        [2, 1],
      ],
      [
        { refund_status: 'SUCCESS', status: 'TRADE_FINISHED' },
        { refund_status: 'SUCCESS', status: 'TRADE_FINISHED' },
        'partial',
        ['partial', 'partial'],
        [2, 1],
      ],
    ];
    for (const [first, second, refund, lines, wanted] of cases) {
      const order = preset.mapped({ ...paid, ...withLines(first, second) });
      const what = JSON.stringify([first, second]);
      assert.equal(order.refundStatus, refund, what);
      assert.deepEqual(
        order.lines.map((line) => line.refundStatus),
        lines,
        what,
      );
      assert.deepEqual(
        order.lines.map(({ quantity }) => quantity),
        wanted,
        what,
      );
    }
  });

  it('counts a line as shipped that was sent, and still as ordered when it came back', () => {
    const sent = { consign_time: '2026-09-02 10:00:00' };
    const shipped = (first: object, second: object = {}) =>
      preset
        .mapped({ ...paid, status: 'SELLER_CONSIGNED_PART', ...withLines(first, second) })
        .lines.map(({ quantity, shippedQuantity }) => [quantity, shippedQuantity]);
    assert.deepEqual(shipped({ ...sent, status: 'WAIT_BUYER_CONFIRM_GOODS' }), [
      [2, 2],
      [1, undefined],
    ]);
    assert.deepEqual(shipped({ ...sent, status: 'TRADE_CLOSED', refund_status: 'SUCCESS' }), [
      [2, 2],
      [1, undefined],
    ]);
  });

  it('finds a SKU and a listing where the seller gave no code', () => {
    const named = (fields: object) => {
      const [line] = preset.mapped({ ...paid, ...withLines(fields) }).lines;
      return [line?.sku, line?.channelSkuId];
    };
    assert.deepEqual(named({ outer_sku_id: '' }), [
      'taobao-600000000001-5000000000001',
      '600000000001/5000000000001',
    ]);
    assert.deepEqual(named({ outer_sku_id: undefined, sku_id: undefined }), ['SPU-TEA-01', '600000000001']);
    assert.deepEqual(named({ outer_sku_id: null, sku_id: '0', outer_iid: '' }), [
      'taobao-600000000001',
      '600000000001',
    ]);
  });

  it('takes the district for the city where there is none above it', () => {
    assert.equal(preset.mapped({ ...paid, receiver_city: '' }).receiver?.city, '余杭区');
  });

  it('keeps ids beyond 2^53, as number or text', () => {
    const { tid_str: _tid, ...byNumber } = paid;
    assert.equal(preset.mapped(byNumber).channelOrderId, '4100000000000000123');
    const rounded = { ...byNumber, tid: Number('4100000000000000123') };
    assert.equal(problemOf(preset.result(rounded)).code, 'map.digits-lost');
  });

  it('never takes for paid what it does not know', () => {
    preset.unknown(paid, [
      [{ status: 'WAIT_MOON' }, /status = WAIT_MOON/],
      [{ status: 'wait_seller_send_goods' }, /status = wait_seller_send_goods/],
      [{ status: '' }, /type = fixed/],
      [withLines({ refund_status: 'HALF' }), /refund_status = HALF/],
    ]);
  });

  it('is of no use for a message or an empty list, and says so', () => {
    for (const record of [
      { tid: '4100000000000000123', status: 'TRADE_CLOSED', type: 'fixed' },
      sampleBytes('taobao/trades_sold_increment_get.empty.json'),
    ])
      assert.equal(problemOf(preset.result(record)).code, 'map.not-an-order');
  });

  it('keeps every text', () => {
    assertTextKept(
      preset,
      (text) => ({ ...paid, buyer_message: text, seller_memo: text, ...withLines({ title: text }) }),
      ({ buyer, sellerNote, lines }) => [buyer?.note, sellerNote, lines[0]?.title],
    );
  });
});
