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
import { standingOf } from './shopify-standing.ts';

/*
 * Shopify's order as its webhooks and REST API send it. Fields: shopify.dev, resource Order. There is no time of
 * payment in it. `channel-poll` hands on the same shape, with what the fulfilment is displayed as besides.
 */

const isoTime = { kind: 'time', format: 'iso', zone: 'account' } as const;

const { status, refundStatus, hold } = standingOf({
  cancelled: 'cancelled_at',
  closed: 'closed_at',
  paymentTerms: 'payment_terms',
  financial: 'financial_status',
  fulfilment: 'fulfillment_status',
  displayed: 'display_fulfillment_status',
  word: (financial) => financial,
  fulfilled: 'fulfilled',
  partlyFulfilled: 'partial',
});

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
  version: 3,
  platform: 'shopify',
  envelopes: ['order'],
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
