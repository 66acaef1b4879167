import type { Mapping, MatchCase, Rule } from '../types.ts';
import {
  absent,
  accountRules,
  accountScenario,
  firstMatch,
  fromPath,
  is,
  isNot,
  money,
  present,
  required,
  text,
} from './rules.ts';

/*
 * WooCommerce's order as its webhooks and REST API v3 send it. Fields: the WooCommerce REST API documentation,
 * "Orders". Times are taken from the *_gmt twins, since the others are in the shop's zone and do not say which.
 */

const gmt = { kind: 'time', format: 'iso', zone: 'UTC' } as const;

/** What a plugin adds fits no row: a problem that names it, never taken as paid. */
const status: MatchCase[] = [
  { when: [is('status', 'processing')], value: 'paid' },
  { when: [is('status', 'completed')], value: 'completed' },
  { when: [is('status', 'cancelled')], value: 'cancelled' },
  // Refunded closes the order; one that had been completed stays so, with its refund on the other axis.
  { when: [is('status', 'refunded'), present('date_completed_gmt')], value: 'completed' },
  { when: [is('status', 'refunded')], value: 'cancelled' },
  // A buyer may try to pay again after a failure, so failed is not the end. Both wait for somebody, as holds.
  { when: [is('status', 'on-hold', 'failed'), present('date_paid_gmt')], value: 'paid' },
  { when: [is('status', 'pending', 'on-hold', 'failed', 'checkout-draft')], value: 'created' },
];

const refundStatus: MatchCase[] = [
  { when: [is('status', 'refunded')], value: 'full' },
  { when: [present('refunds[0].id')], value: 'partial' },
];

/** It knows no parcels: an order that was completed has been shipped, all of it. */
const shippedQuantity: MatchCase[] = [
  { when: [is('$root.status', 'completed')], path: 'quantity' },
  { when: [is('$root.status', 'refunded'), present('$root.date_completed_gmt')], path: 'quantity' },
];

const isVariation = [present('variation_id'), isNot('variation_id', '0')];

/**
 * Many shops give no SKU. Stock is then counted by the shop's own number of the product, which the prefix keeps
 * from being taken for somebody's SKU.
 */
const sku: MatchCase[] = [
  { when: [present('sku')], path: 'sku' },
  { when: isVariation, template: 'woo-{product_id}-{variation_id}' },
  { when: [present('product_id'), isNot('product_id', '0')], template: 'woo-{product_id}' },
];

/** Customer 0 is a guest; the e-mail address tells one from another. */
const buyer: MatchCase[] = [
  { when: [present('customer_id'), isNot('customer_id', '0')], path: 'customer_id' },
  { when: [], path: 'billing.email' },
];

/** Where to send it: the shipping address, or the billing address when the buyer gave no other. */
function receiver(field: string, template: (address: 'shipping' | 'billing') => string): Rule {
  return firstMatch(`receiver.${field}`, [
    { when: [present('shipping.address_1')], template: template('shipping') },
    { when: [], template: template('billing') },
  ]);
}

/** WooCommerce, as its order webhooks and REST API v3 send orders. */
export const woocommerceMapping: Mapping = {
  name: 'WooCommerce',
  version: 2,
  platform: 'woocommerce',
  guards: [
    // order.deleted sends the id alone.
    { when: [absent('status'), absent('line_items'), present('id')], code: 'map.order-deleted', id: 'id' },
    { when: [absent('status'), absent('line_items')], code: 'map.not-an-order' },
  ],
  rules: [
    ...accountRules,
    // Plugins change `number`; `id` stays.
    text('channelOrderId', 'id', true),
    accountScenario,
    required(firstMatch('status', status)),
    required(firstMatch('refundStatus', refundStatus, 'none')),
    firstMatch('hold.reason', [{ when: [is('status', 'on-hold', 'failed')], path: 'status' }], null),
    text('currency', 'currency', true),
    fromPath('times.created', 'date_created_gmt', gmt, true),
    fromPath('times.paid', 'date_paid_gmt', gmt),
    fromPath('times.modified', 'date_modified_gmt', gmt, true),
    fromPath('times.completed', 'date_completed_gmt', gmt),
    money('money.total', 'total', true),
    money('money.discount', 'discount_total'),
    money('money.shipping', 'shipping_total'),
    money('money.tax', 'total_tax'),
    fromPath('money.refunded', 'refunds[*].total', { kind: 'money', unit: 'major', sign: 'positive' }),
    receiver('name', (address) => `{${address}.first_name} {${address}.last_name}`),
    firstMatch('receiver.phone', [
      { when: [present('shipping.phone')], path: 'shipping.phone' },
      { when: [], path: 'billing.phone' },
    ]),
    text('receiver.email', 'billing.email'),
    receiver('country', (address) => `{${address}.country}`),
    receiver('region', (address) => `{${address}.state}`),
    receiver('city', (address) => `{${address}.city}`),
    receiver('address', (address) => `{${address}.address_1} {${address}.address_2}`),
    receiver('postcode', (address) => `{${address}.postcode}`),
    firstMatch('buyer.key', buyer),
    text('buyer.note', 'customer_note'),
    text('extra.orderNumber', 'number'),
  ],
  lines: {
    source: 'line_items',
    rules: [
      text('lineId', 'id', true),
      required(firstMatch('sku', sku, null)),
      firstMatch('channelSkuId', [
        // As stock is written back: a variation belongs to its product.
        { when: isVariation, template: '{product_id}/{variation_id}' },
        { when: [], path: 'product_id' },
      ]),
      text('title', 'name'),
      fromPath('quantity', 'quantity', { kind: 'integer' }, true),
      { ...firstMatch('shippedQuantity', shippedQuantity, null), transform: { kind: 'integer' } },
      // A number after discounts, often with more decimals than the currency has; `total` is the one to trust.
      fromPath('unitPrice', 'price', { kind: 'money', unit: 'major', excess: 'leave-out' }),
      money('paid', 'total'),
    ],
  },
};
