import type { Condition, Mapping, MatchCase } from '../types.ts';
import {
  absent,
  accountRules,
  cipherHandle,
  constant,
  firstMatch,
  fromPath,
  is,
  isNot,
  moneyByCase,
  present,
  required,
  scenarioOf,
  text,
  timeByCase,
  unitsByCase,
} from './rules.ts';

/*
 * An order of a Douyin shop as order.orderDetail and order.searchList have it: amounts in fen, times in seconds with 0
 * for none, numbers of products beyond 2^53. The receiver comes masked and encrypted.
 */

const unixTime = { kind: 'time', format: 'unix-seconds', sentinels: true } as const;
const fen = { kind: 'money', unit: 'minor' } as const;

const phase = (number: 1 | 2): string => `order_phase_list[current_phase=${number}]`;
/** Sold by deposit and balance; pre_sale_type is another thing: goods that are sent later. */
const isDeposit = present('order_phase_list');
const isPartPaid = is('main_status', '103');
const isPaidBack = is('main_status', '21', '22', '39');

const status: MatchCase[] = [
  // Paid back after it had been received: it stays completed, which is where an order ends.
  { when: [is('order_status', '4'), is('main_status', '39')], value: 'completed' },
  { when: [is('order_status', '4')], value: 'cancelled' },
  { when: [isPartPaid, isDeposit], value: 'deposit-paid' },
  { when: [is('order_status', '1'), isNot('main_status', '103')], value: 'created' },
  // 105 is paid and looked into by the platform; part paid without a deposit waits for somebody, too.
  { when: [is('order_status', '2', '105')], value: 'paid' },
  { when: [is('order_status', '1', '103'), isPartPaid], value: 'paid' },
  { when: [is('order_status', '101')], value: 'part-shipped' },
  { when: [is('order_status', '3')], value: 'shipped' },
  { when: [is('order_status', '5')], value: 'completed' },
];

const hold: MatchCase[] = [
  { when: [is('order_status', '105'), isNot('main_status', '103')], template: 'order_status={order_status}' },
  { when: [isPartPaid, absent('order_phase_list')], template: 'main_status={main_status}' },
];

/** When a phase was paid. There is one for each line and number; those of a number are paid together. */
function phaseTime(number: '1' | '2'): MatchCase[] {
  return [0, 1, -1].map((place) => ({
    when: [is(`order_phase_list[${place}].current_phase`, number)],
    path: `order_phase_list[${place}].phase_pay_time`,
  }));
}

const lines = 'sku_order_list';
const afterSale = 'after_sale_info';
/** Asked for, refused with the buyer free to go on, or on its way; exchanges stand under other numbers. */
const askedSales = ['6', '7', '11', '27', '29'];

const refundStatus: MatchCase[] = [
  { when: [isPaidBack], value: 'full' },
  {
    when: [present(`${lines}[*].order_id`), absent(`${lines}[${afterSale}.refund_status!=3]`)],
    value: 'full',
  },
  { when: [is(`${lines}[*].${afterSale}.refund_status`, '3')], value: 'partial' },
  { when: [is(`${lines}[*].${afterSale}.refund_status`, '1', '2')], value: 'requested' },
  { when: [is(`${lines}[*].${afterSale}.after_sale_status`, ...askedSales)], value: 'requested' },
];

const lineRefund: MatchCase[] = [
  { when: [isPaidBack], value: 'full' },
  { when: [is(`${afterSale}.refund_status`, '3')], value: 'full' },
  { when: [is(`${afterSale}.refund_status`, '1', '2')], value: 'requested' },
  { when: [is(`${afterSale}.after_sale_status`, ...askedSales)], value: 'requested' },
];

const wasSent: Condition[] = [present('ship_time'), isNot('ship_time', '0')];

/** A line that was cancelled, or paid back, before it was sent is no longer wanted. */
const quantity: MatchCase[] = [
  { when: wasSent, path: 'item_num' },
  { when: [is('main_status', '22', '39')], path: 'item_num' },
  { when: [is('order_status', '4')], value: '0' },
  { when: [is(`${afterSale}.refund_status`, '3'), is('order_status', '1', '2', '105')], value: '0' },
  { when: [], path: 'item_num' },
];

const shippedQuantity: MatchCase[] = [
  { when: [is('order_status', '3', '5')], path: 'item_num' },
  { when: [is('main_status', '22', '39')], path: 'item_num' },
  // A part of a line may have left: 101 does not say how much, the parcels do.
  {
    when: [
      is('order_status', '101'),
      present('$root.logistics_info[*].product_info[sku_order_id=$here.order_id]'),
    ],
    path: '$root.logistics_info[*].product_info[sku_order_id=$here.order_id].product_count',
  },
  { when: [is('order_status', '4'), ...wasSent], path: 'item_num' },
];

const productId: MatchCase[] = [
  { when: [present('product_id_str')], template: '{product_id_str}/{sku_id}' },
  { when: [], template: '{product_id}/{sku_id}' },
];

const isPaid: Condition[] = [
  present('$root.pay_time'),
  isNot('$root.pay_time', '0'),
  isNot('$root.main_status', '103'),
];

/** Douyin shops, as `channel-poll` and the details of their open platform give orders. */
export const douyinMapping: Mapping = {
  name: 'Douyin shop',
  version: 1,
  platform: 'douyin',
  envelopes: ['data.shop_order_detail', 'shop_order_detail'],
  guards: [{ when: [absent('order_status'), absent(lines)], code: 'map.not-an-order', id: 'order_id' }],
  rules: [
    ...accountRules,
    text('channelOrderId', 'order_id', true),
    scenarioOf([isDeposit]),
    required(firstMatch('status', status)),
    required(firstMatch('refundStatus', refundStatus, 'none')),
    firstMatch('hold.reason', hold, null),
    constant('currency', 'CNY'),
    fromPath('times.created', 'create_time', unixTime, true),
    timeByCase('times.paid', unixTime, [{ when: [isNot('main_status', '103')], path: 'pay_time' }]),
    timeByCase('times.deposit', unixTime, phaseTime('1')),
    timeByCase('times.balance', unixTime, phaseTime('2')),
    fromPath('times.modified', 'update_time', unixTime, true),
    fromPath('times.shipBy', 'exp_ship_time', unixTime),
    fromPath('times.shipped', 'ship_time', unixTime),
    timeByCase('times.completed', unixTime, [
      { when: [is('order_status', '5')], path: 'finish_time' },
      { when: [is('main_status', '39')], path: 'finish_time' },
    ]),
    fromPath('money.total', 'pay_amount', fen, true),
    fromPath('money.goods', `${lines}[*].sum_amount`, fen),
    fromPath('money.discount', 'promotion_amount', fen),
    fromPath('money.shipping', 'post_amount', fen),
    fromPath('money.tax', 'tax_amount', fen),
    moneyByCase(
      'presale.depositPaid',
      [{ when: [is(`${phase(1)}.pay_success`, 'true')], path: `${phase(1)}.phase_pay_amount` }],
      'minor',
    ),
    // What a phase costs less what is off it: that much is to be paid.
    moneyByCase(
      'presale.balanceDue',
      [
        {
          when: [isPartPaid, present(phase(2))],
          sum: `${phase(2)}.phase_order_amount - ${phase(2)}.phase_promotion_amount`,
        },
      ],
      'minor',
    ),
    text('receiver.name', 'mask_post_receiver'),
    text('receiver.phone', 'mask_post_tel'),
    text('receiver.region', 'post_addr.province.name'),
    text('receiver.city', 'post_addr.city.name'),
    text('receiver.district', 'post_addr.town.name'),
    firstMatch('receiver.address', [
      { when: [], template: '{post_addr.street.name} {mask_post_addr.detail}' },
    ]),
    cipherHandle({
      name: 'encrypt_post_receiver',
      phone: 'encrypt_post_tel',
      address: 'post_addr.encrypt_detail',
    }),
    text('buyer.key', 'doudian_open_id'),
    text('buyer.note', 'buyer_words'),
    text('sellerNote', 'seller_words'),
  ],
  lines: {
    source: lines,
    rules: [
      text('lineId', 'order_id', true),
      required(
        firstMatch(
          'sku',
          [
            { when: [present('code')], path: 'code' },
            { when: [present('out_sku_id')], path: 'out_sku_id' },
            { when: [present('sku_id')], template: 'douyin-{sku_id}' },
          ],
          null,
        ),
      ),
      firstMatch('channelSkuId', productId),
      text('title', 'product_name'),
      required(unitsByCase('quantity', quantity)),
      fromPath('orderedQuantity', 'item_num', { kind: 'integer' }),
      unitsByCase('shippedQuantity', shippedQuantity),
      fromPath('unitPrice', 'origin_amount', fen),
      moneyByCase('paid', [{ when: isPaid, path: 'pay_amount' }], 'minor'),
      required(firstMatch('refundStatus', lineRefund, 'none')),
    ],
  },
};
