import type { Condition, Mapping, MatchCase } from '../types.ts';
import {
  absent,
  accountRules,
  beijingTime,
  cipherHandle,
  constant,
  firstMatch,
  fromPath,
  is,
  isNoneOf,
  isNot,
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
 * An order of Pinduoduo as pdd.order.information.get and the lists have it: amounts in yuan, times in Beijing time and
 * empty when there is none. Where it stands, what is paid back, whether the group is complete and whether the platform
 * still looks into it are told apart.
 */

const isDeposit = is('trade_type', '1');
const step = 'step_order_info.step_trade_status';
const isDepositOnly: Condition[] = [isDeposit, is(step, '1')];
const isCancelled = is('confirm_status', '2');
/** Either tells that all of it was paid back. */
const paidBack = [is('refund_status', '4'), is('after_sales_status', '10')];

const status: MatchCase[] = [
  { when: [isCancelled], value: 'cancelled' },
  { when: [is('order_status', '3'), is('confirm_status', '1')], value: 'completed' },
  { when: [is('order_status', '2'), is('confirm_status', '1')], value: 'shipped' },
  ...paidBack.map((paid) => ({ when: [is('order_status', '1'), paid], value: 'cancelled' })),
  { when: [isDeposit, is(step, '0')], value: 'created' },
  { when: isDepositOnly, value: 'deposit-paid' },
  { when: [is('confirm_status', '0')], value: 'created' },
  { when: [is('order_status', '1'), is('confirm_status', '1')], value: 'paid' },
];

const refundStatus: MatchCase[] = [
  ...paidBack.map((paid) => ({ when: [paid], value: 'full' })),
  { when: [is('refund_status', '2', '3')], value: 'requested' },
  { when: [is('refund_status', '1')], value: 'none' },
  { when: [absent('refund_status')], value: 'none' },
];

const toShip: Condition[] = [is('order_status', '1'), isNoneOf('confirm_status', '2')];

/** Nothing that is under review, or whose group is not complete, may be shipped. */
const hold: MatchCase[] = [
  {
    when: [...toShip, present('risk_control_status'), isNot('risk_control_status', '0')],
    template: 'risk_control_status={risk_control_status}',
  },
  {
    when: [...toShip, present('group_status'), isNot('group_status', '1')],
    template: 'group_status={group_status}',
  },
];

const shippedQuantity: MatchCase[] = [{ when: [is('$root.order_status', '2', '3')], path: 'goods_count' }];

/** Pinduoduo, as `channel-poll` and the details of its open platform give orders. */
export const pinduoduoMapping: Mapping = {
  name: 'Pinduoduo',
  version: 1,
  platform: 'pinduoduo',
  envelopes: ['order_info_get_response.order_info', 'order_info'],
  guards: [{ when: [absent('order_status'), absent('item_list')], code: 'map.not-an-order', id: 'order_sn' }],
  rules: [
    ...accountRules,
    text('channelOrderId', 'order_sn', true),
    scenarioOf([isDeposit]),
    required(firstMatch('status', status)),
    required(firstMatch('refundStatus', refundStatus)),
    firstMatch('hold.reason', hold, null),
    constant('currency', 'CNY'),
    fromPath('times.created', 'created_time', beijingTime, true),
    timeByCase('times.paid', beijingTime, [
      { when: [isNot('trade_type', '1')], path: 'pay_time' },
      { when: [is(step, '2')], path: 'pay_time' },
    ]),
    timeByCase('times.deposit', beijingTime, [{ when: isDepositOnly, path: 'pay_time' }]),
    fromPath('times.modified', 'updated_at', beijingTime, true),
    fromPath('times.shipBy', 'last_ship_time', beijingTime),
    fromPath('times.shipped', 'shipping_time', beijingTime),
    fromPath('times.completed', 'receive_time', beijingTime),
    money('money.total', 'pay_amount', true),
    money('money.goods', 'goods_amount'),
    money('money.discount', 'discount_amount'),
    money('money.shipping', 'postage'),
    moneyByCase('presale.depositPaid', [
      { when: [isDeposit, is(step, '1', '2')], path: 'step_order_info.advanced_paid_fee' },
    ]),
    moneyByCase('presale.balanceDue', [
      { when: isDepositOnly, sum: 'pay_amount - step_order_info.advanced_paid_fee' },
    ]),
    // To read and compare; what is encrypted comes only while the order is to be shipped and not under review.
    text('receiver.name', 'receiver_name_mask'),
    text('receiver.phone', 'receiver_phone_mask'),
    text('receiver.region', 'province'),
    text('receiver.city', 'city'),
    text('receiver.district', 'town'),
    text('receiver.address', 'receiver_address_mask'),
    cipherHandle({ name: 'receiver_name', phone: 'receiver_phone', address: 'receiver_address' }),
    text('buyer.note', 'buyer_memo'),
    text('sellerNote', 'remark'),
  ],
  lines: {
    // Gifts are shipped with what was bought, and may be of the same SKU.
    source: 'item_list + gift_list',
    repeated: 'number',
    rules: [
      required(
        firstMatch('lineId', [
          { when: [present('sku_id'), isNot('sku_id', '0')], path: 'sku_id' },
          { when: [], path: 'goods_id' },
        ]),
      ),
      required(
        firstMatch(
          'sku',
          [
            { when: [present('outer_id')], path: 'outer_id' },
            { when: [present('sku_id'), isNot('sku_id', '0')], template: 'pdd-{sku_id}' },
            { when: [present('outer_goods_id')], path: 'outer_goods_id' },
            { when: [present('goods_id')], template: 'pdd-{goods_id}' },
          ],
          null,
        ),
      ),
      firstMatch('channelSkuId', [
        {
          when: [present('goods_id'), present('sku_id'), isNot('sku_id', '0')],
          template: '{goods_id}/{sku_id}',
        },
        { when: [], path: 'goods_id' },
      ]),
      firstMatch('title', [{ when: [], template: '{goods_name} {goods_spec}' }]),
      fromPath('quantity', 'goods_count', { kind: 'integer' }, true),
      unitsByCase('shippedQuantity', shippedQuantity),
      money('unitPrice', 'goods_price'),
      // An order is of one SKU, so what is paid back of it is paid back of its line.
      required(
        firstMatch(
          'refundStatus',
          refundStatus.map((row) => ({
            ...row,
            when: row.when.map((condition) => ({ ...condition, path: `$root.${condition.path}` })),
          })),
        ),
      ),
    ],
  },
};
