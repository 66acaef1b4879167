import type { Mapping, MatchCase, Rule } from '../types.ts';
import {
  absent,
  accountRules,
  accountScenario,
  beijingTime,
  cipherHandle,
  constant,
  firstMatch,
  fromPath,
  is,
  isNot,
  money,
  moneyByCase,
  present,
  required,
  text,
  timeByCase,
  unitsByCase,
} from './rules.ts';

/*
 * An order of JD as jingdong.pop.order.enSearch and enGet have it: amounts in yuan, times in Beijing time, the
 * receiver encrypted but for province, city and county. Its lines have no ids, and refunds are told by calls of their
 * own: an order that is being paid back is LOCKED here.
 */

/** Not to be shipped until it is let go. */
const heldStates = ['LOCKED', 'PAUSE', 'POP_ORDER_PAUSE'];
const cancelledStates = ['TRADE_CANCELED', 'PARENT_TRADE_CANCELED'];

/**
 * An order that is split by warehouse ends as PARENT_TRADE_CANCELED, and its parts come as orders of their own: its
 * units are let go with it, so that they are not counted twice.
 */
const status: MatchCase[] = [
  // One that left and is locked for a return stays where it was.
  { when: [is('orderState', ...heldStates), present('waybill')], value: 'shipped' },
  { when: [is('orderState', 'WAIT_SELLER_STOCK_OUT', 'WAIT_SELLER_DELIVERY', ...heldStates)], value: 'paid' },
  { when: [is('orderState', 'WAIT_GOODS_RECEIVE_CONFIRM')], value: 'shipped' },
  { when: [is('orderState', 'FINISHED_L')], value: 'completed' },
  { when: [is('orderState', ...cancelledStates)], value: 'cancelled' },
];

const shippedQuantity: MatchCase[] = [
  { when: [is('$root.orderState', ...heldStates), present('$root.waybill')], path: 'itemTotal' },
  { when: [is('$root.orderState', 'WAIT_GOODS_RECEIVE_CONFIRM', 'FINISHED_L')], path: 'itemTotal' },
];

/** The order it was split from; "0" stands for none. */
function splitFrom(target: string, field: string): Rule {
  return firstMatch(target, [{ when: [present(field), isNot(field, '0')], path: field }], null);
}

/** JD, as `channel-poll` and the details of its open platform give orders. */
export const jdMapping: Mapping = {
  name: 'JD',
  version: 1,
  platform: 'jd',
  envelopes: [
    'jingdong_pop_order_enGet_responce.orderDetailInfo.orderInfo',
    'jingdong_pop_order_get_responce.orderDetailInfo.orderInfo',
    'orderDetailInfo.orderInfo',
    'orderInfo',
  ],
  guards: [{ when: [absent('orderState'), absent('itemInfoList')], code: 'map.not-an-order', id: 'orderId' }],
  rules: [
    ...accountRules,
    text('channelOrderId', 'orderId', true),
    accountScenario,
    required(firstMatch('status', status)),
    constant('refundStatus', 'none'),
    firstMatch('hold.reason', [{ when: [is('orderState', ...heldStates)], path: 'orderState' }], null),
    constant('currency', 'CNY'),
    fromPath('times.created', 'orderStartTime', beijingTime, true),
    fromPath('times.paid', 'paymentConfirmTime', beijingTime),
    fromPath('times.modified', 'modified', beijingTime, true),
    timeByCase('times.completed', beijingTime, [
      { when: [is('orderState', 'FINISHED_L')], path: 'orderEndTime' },
    ]),
    timeByCase('times.cancelled', beijingTime, [
      { when: [is('orderState', ...cancelledStates)], path: 'orderEndTime' },
    ]),
    // orderPayment is no longer kept up, and actualPay may come late.
    required(
      moneyByCase('money.total', [
        { when: [present('shouldPay')], path: 'shouldPay' },
        { when: [], path: 'orderSellerPrice' },
      ]),
    ),
    money('money.goods', 'orderTotalPrice'),
    money('money.discount', 'sellerDiscount'),
    money('money.shipping', 'freightPrice'),
    text('receiver.region', 'consigneeInfo.province'),
    text('receiver.city', 'consigneeInfo.city'),
    text('receiver.district', 'consigneeInfo.county'),
    cipherHandle({
      name: 'consigneeInfo.fullname',
      phone: 'consigneeInfo.mobile',
      address: 'consigneeInfo.fullAddress',
    }),
    firstMatch('buyer.key', [
      { when: [present('open_id_buyer')], path: 'open_id_buyer' },
      { when: [], path: 'pin' },
    ]),
    text('buyer.note', 'orderRemark'),
    text('sellerNote', 'venderRemark'),
    splitFrom('extra.parentOrderId', 'parentOrderId'),
    splitFrom('extra.directParentOrderId', 'directParentOrderId'),
  ],
  lines: {
    source: 'itemInfoList',
    repeated: 'number',
    rules: [
      text('lineId', 'skuId', true),
      required(
        firstMatch(
          'sku',
          [
            { when: [present('outerSkuId')], path: 'outerSkuId' },
            { when: [present('skuId')], template: 'jd-{skuId}' },
          ],
          null,
        ),
      ),
      text('channelSkuId', 'skuId'),
      text('title', 'skuName'),
      fromPath('quantity', 'itemTotal', { kind: 'integer' }, true),
      unitsByCase('shippedQuantity', shippedQuantity),
      // The list price: what is off it stands in couponDetailList.
      money('unitPrice', 'jdPrice'),
    ],
  },
};
