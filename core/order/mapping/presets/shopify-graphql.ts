import type { Mapping, MatchCase, Rule } from '../types.ts';
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
  timeByCase,
  unitsByCase,
} from './rules.ts';
import { standingOf } from './shopify-standing.ts';

/*
 * Shopify's order as its GraphQL Admin API answers it, for flows that ask by themselves; `channel-poll` hands on the
 * shape of the webhooks. An id is the number at the end of its gid, as webhooks have it, so that an order is the same
 * whichever way it came. Amounts may come without trailing zeros.
 */

const isoTime = { kind: 'time', format: 'iso', zone: 'account' } as const;

const { status, refundStatus, hold } = standingOf({
  cancelled: 'cancelledAt',
  closed: 'closedAt',
  paymentTerms: 'paymentTerms',
  financial: 'displayFinancialStatus',
  fulfilment: 'displayFulfillmentStatus',
  displayed: 'displayFulfillmentStatus',
  word: (financial) => financial.toUpperCase(),
  fulfilled: 'FULFILLED',
  partlyFulfilled: 'PARTIALLY_FULFILLED',
});

/** The number at the end of a gid. */
function number(target: string, path: string, needed = false): Rule {
  return fromPath(target, path, { kind: 'text', after: '/' }, needed);
}

function shopMoney(target: string, set: string, needed = false): Rule {
  return money(target, `${set}.shopMoney.amount`, needed);
}

const quantity: MatchCase[] = [
  { when: [present('currentQuantity')], path: 'currentQuantity' },
  { when: [], path: 'quantity' },
];

const shipped =
  '$root.fulfillments[status=SUCCESS].fulfillmentLineItems.nodes[lineItem.id=$here.id].quantity';

/** Shopify, as its GraphQL Admin API answers a single order or a node of a list. */
export const shopifyGraphqlMapping: Mapping = {
  name: 'Shopify GraphQL',
  version: 1,
  platform: 'shopify',
  envelopes: ['data.order', 'data.node', 'order', 'node'],
  guards: [
    { when: [absent('lineItems'), absent('displayFinancialStatus')], code: 'map.not-an-order', id: 'id' },
  ],
  rules: [
    ...accountRules,
    number('channelOrderId', 'id', true),
    accountScenario,
    required(firstMatch('status', status)),
    required(firstMatch('refundStatus', refundStatus, 'none')),
    firstMatch('hold.reason', hold, null),
    required(
      firstMatch('currency', [
        { when: [present('currencyCode')], path: 'currencyCode' },
        { when: [], path: 'totalPriceSet.shopMoney.currencyCode' },
      ]),
    ),
    fromPath('times.created', 'createdAt', isoTime, true),
    fromPath('times.modified', 'updatedAt', isoTime, true),
    timeByCase('times.shipped', isoTime, [
      { when: [is('displayFulfillmentStatus', 'FULFILLED')], path: 'fulfillments[-1].createdAt' },
    ]),
    fromPath('times.completed', 'closedAt', isoTime),
    fromPath('times.cancelled', 'cancelledAt', isoTime),
    shopMoney('money.total', 'totalPriceSet', true),
    shopMoney('money.goods', 'subtotalPriceSet'),
    shopMoney('money.discount', 'totalDiscountsSet'),
    shopMoney('money.shipping', 'totalShippingPriceSet'),
    shopMoney('money.tax', 'totalTaxSet'),
    text('receiver.name', 'shippingAddress.name'),
    text('receiver.phone', 'shippingAddress.phone'),
    text('receiver.email', 'email'),
    text('receiver.country', 'shippingAddress.countryCodeV2'),
    text('receiver.region', 'shippingAddress.province'),
    text('receiver.city', 'shippingAddress.city'),
    firstMatch('receiver.address', [
      { when: [], template: '{shippingAddress.address1} {shippingAddress.address2}' },
    ]),
    text('receiver.postcode', 'shippingAddress.zip'),
    number('buyer.key', 'customer.id'),
    text('buyer.note', 'note'),
    text('extra.orderNumber', 'name'),
  ],
  lines: {
    source: 'lineItems.nodes',
    rules: [
      number('lineId', 'id', true),
      text('sku', 'sku', true),
      number('channelSkuId', 'variant.id'),
      text('title', 'name'),
      required(unitsByCase('quantity', quantity)),
      fromPath('orderedQuantity', 'quantity', { kind: 'integer' }),
      unitsByCase('shippedQuantity', [{ when: [present('$root.fulfillments')], path: shipped }]),
      shopMoney('unitPrice', 'originalUnitPriceSet'),
    ],
  },
};
