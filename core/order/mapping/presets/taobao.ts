import type { Condition, Mapping, MatchCase } from '../types.ts';
import {
  absent,
  accountRules,
  beijingTime,
  constant,
  firstMatch,
  fromPath,
  is,
  isNoneOf,
  money,
  moneyByCase,
  present,
  required,
  scenarioOf,
  text,
  timeByCase,
  unitsByCase,
} from './rules.ts';

/*
 * A trade of Taobao or Tmall as the Taobao open platform has it. Fields: taobao.trade.fullinfo.get. Amounts are in
 * yuan, times in Beijing time without saying so, numbers of trades and lines beyond 2^53.
 */

const isStep = is('type', 'step');
/** Paid for, but the platform does not let it be shipped, or the payment is still being confirmed. */
const heldStatuses = ['PAID_FORBID_CONSIGN', 'PAY_PENDING', 'WAIT_PRE_AUTH_CONFIRM'];
const unpaidStatuses = ['TRADE_NO_CREATE_PAY', 'WAIT_BUYER_PAY', 'TRADE_CLOSED_BY_TAOBAO'];
/** Of a line: goods that left and did not come back. */
const keptStatuses = ['WAIT_BUYER_CONFIRM_GOODS', 'TRADE_BUYER_SIGNED', 'TRADE_FINISHED'];
const closedStatuses = ['TRADE_CLOSED', 'TRADE_CLOSED_BY_TAOBAO'];

/** While only the deposit of a presale is paid, the trade itself still waits for the buyer to pay. */
const status: MatchCase[] = [
  { when: [is('status', ...closedStatuses)], value: 'cancelled' },
  { when: [is('step_trade_status', 'FRONT_PAID_FRONT_FORFEITED')], value: 'cancelled' },
  {
    when: [
      is('status', 'WAIT_BUYER_PAY'),
      isStep,
      is('step_trade_status', 'FRONT_PAID_FINAL_NOPAID', 'FRONT_PAID_FINAL_PAID'),
    ],
    value: 'deposit-paid',
  },
  { when: [is('status', 'TRADE_NO_CREATE_PAY', 'WAIT_BUYER_PAY')], value: 'created' },
  { when: [is('status', 'WAIT_SELLER_SEND_GOODS', ...heldStatuses)], value: 'paid' },
  { when: [is('status', 'SELLER_CONSIGNED_PART')], value: 'part-shipped' },
  { when: [is('status', 'WAIT_BUYER_CONFIRM_GOODS', 'TRADE_BUYER_SIGNED')], value: 'shipped' },
  { when: [is('status', 'TRADE_FINISHED')], value: 'completed' },
];

const asked = [
  'WAIT_SELLER_AGREE',
  'WAIT_BUYER_RETURN_GOODS',
  'WAIT_SELLER_CONFIRM_GOODS',
  'SELLER_REFUSE_BUYER',
];

/** A trade is closed after a full refund, and closed by Taobao when it was never paid. */
const refundStatus: MatchCase[] = [
  { when: [is('status', 'TRADE_CLOSED')], value: 'full' },
  {
    when: [
      present('orders.order[*].refund_status'),
      absent('orders.order[refund_status!=SUCCESS]'),
      isNoneOf('orders.order[*].status', ...keptStatuses),
    ],
    value: 'full',
  },
  { when: [is('orders.order[*].refund_status', 'SUCCESS')], value: 'partial' },
  { when: [is('orders.order[*].refund_status', ...asked)], value: 'requested' },
];

/** A line that goes on after it was paid back got a part of its price back. */
const lineRefund: MatchCase[] = [
  { when: [is('refund_status', 'SUCCESS'), is('status', ...keptStatuses)], value: 'partial' },
  { when: [is('refund_status', 'SUCCESS')], value: 'full' },
  { when: [is('refund_status', ...asked)], value: 'requested' },
  { when: [is('refund_status', 'NO_REFUND', 'CLOSED')], value: 'none' },
  { when: [absent('refund_status')], value: 'none' },
];

/** A line that was closed, or paid back, before it was sent is no longer wanted. */
const quantity: MatchCase[] = [
  { when: [present('consign_time')], path: 'num' },
  { when: [is('status', ...closedStatuses)], value: '0' },
  { when: [is('refund_status', 'SUCCESS'), isNoneOf('status', ...keptStatuses)], value: '0' },
  { when: [], path: 'num' },
];

const shippedQuantity: MatchCase[] = [
  { when: [is('status', ...keptStatuses)], path: 'num' },
  { when: [present('consign_time')], path: 'num' },
];

const hasSku: Condition[] = [present('sku_id'), isNoneOf('sku_id', '0')];

/** The seller's code of the SKU, or of an item without SKUs; else the platform's numbers, marked as such. */
const sku: MatchCase[] = [
  { when: [present('outer_sku_id')], path: 'outer_sku_id' },
  { when: hasSku, template: 'taobao-{num_iid}-{sku_id}' },
  { when: [present('outer_iid')], path: 'outer_iid' },
  { when: [present('num_iid')], template: 'taobao-{num_iid}' },
];

/** The deposit is paid, the balance is not: only so far is what was paid the deposit, and then was it paid. */
const isDepositOnly: Condition[] = [
  isStep,
  is('step_trade_status', 'FRONT_PAID_FINAL_NOPAID', 'FRONT_PAID_FRONT_FORFEITED'),
];
const awaitsBalance: Condition[] = [
  isStep,
  is('status', 'WAIT_BUYER_PAY'),
  is('step_trade_status', 'FRONT_PAID_FINAL_NOPAID'),
];

/** Taobao and Tmall, as `channel-poll` and the details of the open platform give their trades. */
export const taobaoMapping: Mapping = {
  name: 'Taobao / Tmall',
  version: 1,
  platform: 'taobao',
  envelopes: ['trade_fullinfo_get_response.trade', 'trade'],
  // Messages tell of a trade by number and status only.
  guards: [{ when: [absent('orders'), absent('created')], code: 'map.not-an-order', id: 'tid' }],
  rules: [
    ...accountRules,
    required(
      firstMatch('channelOrderId', [
        { when: [present('tid_str')], path: 'tid_str' },
        { when: [], path: 'tid' },
      ]),
    ),
    scenarioOf([isStep]),
    required(firstMatch('status', status)),
    required(firstMatch('refundStatus', refundStatus, 'none')),
    firstMatch('hold.reason', [{ when: [is('status', ...heldStatuses)], path: 'status' }], null),
    constant('currency', 'CNY'),
    fromPath('times.created', 'created', beijingTime, true),
    // Of a presale it is the time of the deposit until the balance is paid.
    timeByCase('times.paid', beijingTime, [
      { when: [isNoneOf('status', ...unpaidStatuses)], path: 'pay_time' },
    ]),
    timeByCase('times.deposit', beijingTime, [{ when: isDepositOnly, path: 'pay_time' }]),
    fromPath('times.modified', 'modified', beijingTime, true),
    fromPath('times.shipped', 'consign_time', beijingTime),
    timeByCase('times.completed', beijingTime, [
      { when: [is('status', 'TRADE_FINISHED')], path: 'end_time' },
    ]),
    timeByCase('times.cancelled', beijingTime, [
      { when: [is('status', ...closedStatuses)], path: 'end_time' },
    ]),
    money('money.total', 'payment', true),
    money('money.goods', 'total_fee'),
    // That of the trade and those of its lines; a line's share of the trade's is part_mjz_discount.
    moneyByCase('money.discount', [{ when: [], sum: 'discount_fee + orders.order[*].discount_fee' }]),
    money('money.shipping', 'post_fee'),
    moneyByCase('presale.depositPaid', [{ when: isDepositOnly, path: 'step_paid_fee' }]),
    moneyByCase('presale.balanceDue', [{ when: awaitsBalance, sum: 'payment - step_paid_fee' }]),
    // Name, phone and address come masked; `oaid` is what they are asked for with.
    text('receiver.name', 'receiver_name'),
    firstMatch('receiver.phone', [
      { when: [present('receiver_mobile')], path: 'receiver_mobile' },
      { when: [], path: 'receiver_phone' },
    ]),
    text('receiver.region', 'receiver_state'),
    // Cities of county level have no city above them.
    firstMatch('receiver.city', [
      { when: [present('receiver_city')], path: 'receiver_city' },
      { when: [], path: 'receiver_district' },
    ]),
    text('receiver.district', 'receiver_district'),
    firstMatch('receiver.address', [{ when: [], template: '{receiver_town} {receiver_address}' }]),
    text('receiver.postcode', 'receiver_zip'),
    text('receiver.handle', 'oaid'),
    text('buyer.key', 'buyer_open_uid'),
    text('buyer.name', 'buyer_nick'),
    text('buyer.note', 'buyer_message'),
    text('sellerNote', 'seller_memo'),
  ],
  lines: {
    source: 'orders.order',
    rules: [
      required(
        firstMatch('lineId', [
          { when: [present('oid_str')], path: 'oid_str' },
          { when: [], path: 'oid' },
        ]),
      ),
      required(firstMatch('sku', sku, null)),
      firstMatch('channelSkuId', [
        { when: [...hasSku, present('num_iid')], template: '{num_iid}/{sku_id}' },
        { when: [], path: 'num_iid' },
      ]),
      text('title', 'title'),
      required(unitsByCase('quantity', quantity)),
      fromPath('orderedQuantity', 'num', { kind: 'integer' }),
      unitsByCase('shippedQuantity', shippedQuantity),
      money('unitPrice', 'price'),
      // After the line's share of what is off the whole trade.
      moneyByCase('paid', [
        {
          when: [isNoneOf('$root.status', ...unpaidStatuses), present('divide_order_fee')],
          path: 'divide_order_fee',
        },
        { when: [isNoneOf('$root.status', ...unpaidStatuses)], path: 'payment' },
      ]),
      required(firstMatch('refundStatus', lineRefund)),
    ],
  },
};
