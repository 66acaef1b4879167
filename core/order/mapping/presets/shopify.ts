import type { Mapping, MatchCase } from '../types.ts';
import {
  absent,
  accountRules,
  accountScenario,
  firstMatch,
  fromPath,
  is,
  money,
  present,
  required,
  text,
} from './rules.ts';

/*
 * Shopify's order as its webhooks and REST API send it. Fields: shopify.dev, resource Order. There is no time of
 * payment in it. Several fields together say where an order stands, so status is a table of first matches.
 */

const isoTime = { kind: 'time', format: 'iso', zone: 'account' } as const;
const partlyPaid = is('financial_status', 'partially_paid');

const status: MatchCase[] = [
  { when: [present('cancelled_at')], value: 'cancelled' },
  { when: [present('closed_at')], value: 'completed' },
  { when: [is('fulfillment_status', 'fulfilled')], value: 'shipped' },
  { when: [is('fulfillment_status', 'partial')], value: 'part-shipped' },
  { when: [is('financial_status', 'paid', 'partially_refunded', 'refunded')], value: 'paid' },
  // With payment terms the first part is a deposit; without them an order was edited after it had been paid.
  { when: [partlyPaid, present('payment_terms')], value: 'deposit-paid' },
  { when: [partlyPaid], value: 'paid' },
  { when: [is('financial_status', 'pending', 'authorized', 'expired', 'voided')], value: 'created' },
];

const refundStatus: MatchCase[] = [
  { when: [is('financial_status', 'refunded')], value: 'full' },
  { when: [is('financial_status', 'partially_refunded')], value: 'partial' },
];

/** Paid but for a part that came later: not to be shipped until somebody has looked. */
const hold: MatchCase[] = [
  {
    when: [partlyPaid, absent('payment_terms'), absent('cancelled_at'), absent('closed_at')],
    value: 'partially_paid',
  },
];

/** What is left of a line after removals and refunds; older API versions tell the ordered quantity only. */
const quantity: MatchCase[] = [
  { when: [present('current_quantity')], path: 'current_quantity' },
  { when: [], path: 'quantity' },
];

/**
 * The units of its fulfilments that went through; one may still be under way, and a cancelled one stays in the list. A
 * record without any fulfilment tells of a whole line only. What is left to fulfil says nothing: it falls with units
 * that are cancelled too.
 */
const shippedQuantity: MatchCase[] = [
  {
    when: [present('$root.fulfillments')],
    path: '$root.fulfillments[status=success].line_items[id=$here.id].quantity',
  },
  ...quantity.map((row) => ({ ...row, when: [is('fulfillment_status', 'fulfilled'), ...row.when] })),
];

/** Shopify, as its order webhooks and REST order lists send orders. */
export const shopifyMapping: Mapping = {
  name: 'Shopify',
  version: 2,
  platform: 'shopify',
  guards: [
    // orders/delete sends the id alone.
    {
      when: [absent('line_items'), absent('created_at'), present('id')],
      code: 'map.order-deleted',
      id: 'id',
    },
    { when: [absent('line_items'), absent('financial_status')], code: 'map.not-an-order', id: 'id' },
  ],
  rules: [
    ...accountRules,
    text('channelOrderId', 'id', true),
    accountScenario,
    required(firstMatch('status', status)),
    required(firstMatch('refundStatus', refundStatus, 'none')),
    firstMatch('hold.reason', hold, null),
    text('currency', 'currency', true),
    fromPath('times.created', 'created_at', isoTime, true),
    fromPath('times.modified', 'updated_at', isoTime, true),
    {
      ...firstMatch(
        'times.shipped',
        [{ when: [is('fulfillment_status', 'fulfilled')], path: 'fulfillments[-1].created_at' }],
        null,
      ),
      transform: isoTime,
    },
    fromPath('times.completed', 'closed_at', isoTime),
    fromPath('times.cancelled', 'cancelled_at', isoTime),
    money('money.total', 'total_price', true),
    money('money.goods', 'subtotal_price'),
    money('money.discount', 'total_discounts'),
    money('money.shipping', 'total_shipping_price_set.shop_money.amount'),
    money('money.tax', 'total_tax'),
    text('receiver.name', 'shipping_address.name'),
    text('receiver.phone', 'shipping_address.phone'),
    text('receiver.email', 'email'),
    text('receiver.country', 'shipping_address.country_code'),
    text('receiver.region', 'shipping_address.province'),
    text('receiver.city', 'shipping_address.city'),
    {
      target: 'receiver.address',
      source: { kind: 'template', value: '{shipping_address.address1} {shipping_address.address2}' },
      transform: { kind: 'text' },
      required: false,
    },
    text('receiver.postcode', 'shipping_address.zip'),
    text('buyer.key', 'customer.id'),
    text('buyer.note', 'note'),
    text('extra.orderNumber', 'name'),
  ],
  lines: {
    source: 'line_items',
    rules: [
      text('lineId', 'id', true),
      text('sku', 'sku', true),
      text('channelSkuId', 'variant_id'),
      text('title', 'name'),
      { ...required(firstMatch('quantity', quantity)), transform: { kind: 'integer' } },
      fromPath('orderedQuantity', 'quantity', { kind: 'integer' }),
      { ...firstMatch('shippedQuantity', shippedQuantity, null), transform: { kind: 'integer' } },
      money('unitPrice', 'price'),
      fromPath('weightGrams', 'grams', { kind: 'weight', unit: 'g' }),
    ],
  },
};
