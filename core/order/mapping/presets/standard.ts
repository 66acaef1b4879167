import type { Mapping } from '../types.ts';
import { absent, accountRules, firstMatch, fromPath, is, money, present, required, text } from './rules.ts';

/*
 * An order in the hub's own words, in the body of a Standard Webhooks message: {type, timestamp, data}. For
 * shops, tills and scripts of one's own. Names are in snake_case as in most JSON of shops; amounts are in major
 * units, times in ISO 8601.
 */

const time = { kind: 'time', format: 'iso', zone: 'account' } as const;

/** When the order last changed; the message's own time where the order does not say. */
const modified = [
  { when: [present('data.updated_at')], path: 'data.updated_at' },
  { when: [], path: 'timestamp' },
];

/** Any system that sends orders in the hub's own words by Standard Webhooks. */
export const standardMapping: Mapping = {
  name: 'Standard Webhooks',
  version: 1,
  platform: 'standard-webhooks',
  guards: [
    { when: [is('type', 'order.deleted'), absent('data.lines')], code: 'map.order-deleted', id: 'data.id' },
    { when: [absent('data.lines'), absent('data.status')], code: 'map.not-an-order', id: 'data.id' },
  ],
  rules: [
    ...accountRules,
    text('channelOrderId', 'data.id', true),
    { ...text('scenario', 'data.scenario', true), default: 'normal' },
    text('status', 'data.status', true),
    { ...text('refundStatus', 'data.refund_status', true), default: 'none' },
    text('hold.reason', 'data.hold'),
    text('currency', 'data.currency', true),
    fromPath('times.created', 'data.created_at', time, true),
    fromPath('times.paid', 'data.paid_at', time),
    fromPath('times.deposit', 'data.deposit_paid_at', time),
    fromPath('times.balance', 'data.balance_paid_at', time),
    { ...required(firstMatch('times.modified', modified)), transform: time },
    fromPath('times.shipBy', 'data.ship_by', time),
    fromPath('times.shipped', 'data.shipped_at', time),
    fromPath('times.completed', 'data.completed_at', time),
    fromPath('times.cancelled', 'data.cancelled_at', time),
    money('money.total', 'data.total', true),
    money('money.discount', 'data.discount'),
    money('money.shipping', 'data.shipping'),
    money('money.tax', 'data.tax'),
    money('money.refunded', 'data.refunded'),
    money('presale.depositPaid', 'data.deposit'),
    money('presale.balanceDue', 'data.balance_due'),
    text('receiver.name', 'data.receiver.name'),
    text('receiver.phone', 'data.receiver.phone'),
    text('receiver.country', 'data.receiver.country'),
    text('receiver.region', 'data.receiver.region'),
    text('receiver.city', 'data.receiver.city'),
    text('receiver.district', 'data.receiver.district'),
    text('receiver.address', 'data.receiver.address'),
    text('receiver.postcode', 'data.receiver.postcode'),
    text('receiver.handle', 'data.receiver.handle'),
    text('buyer.key', 'data.buyer.id'),
    text('buyer.name', 'data.buyer.name'),
    text('buyer.note', 'data.buyer.note'),
    text('sellerNote', 'data.seller_note'),
    text('extra.orderNumber', 'data.number'),
  ],
  lines: {
    source: 'data.lines',
    rules: [
      text('lineId', 'id', true),
      text('sku', 'sku', true),
      text('channelSkuId', 'variant_id'),
      text('title', 'title'),
      fromPath('quantity', 'quantity', { kind: 'integer' }, true),
      fromPath('orderedQuantity', 'ordered_quantity', { kind: 'integer' }),
      fromPath('shippedQuantity', 'shipped_quantity', { kind: 'integer' }),
      money('unitPrice', 'unit_price'),
      money('paid', 'paid'),
      text('refundStatus', 'refund_status'),
      fromPath('weightGrams', 'grams', { kind: 'weight', unit: 'g' }),
    ],
  },
};
