import assert from 'node:assert/strict';
import { rowsAt } from '../../../../core/channel/json-fields.ts';
import { shopifyMapping } from '../../../../core/order/mapping/presets/shopify.ts';
import { shopifyGraphqlMapping } from '../../../../core/order/mapping/presets/shopify-graphql.ts';
import type { Order } from '../../../../core/order/schema.ts';
import { sampleBytes, sampleRows } from '../samples.ts';
import { map, orderOf, problemOf } from './a-mapping.ts';
import { accountOf, assertTextKept, presetOf } from './preset-cases.ts';

const preset = presetOf(shopifyGraphqlMapping);
const file = 'shopify/graphql_orders_page.json';
const [node] = sampleRows(file, 'data', 'orders', 'nodes') as [Record<string, unknown>];
const [line] = rowsAt(node, 'lineItems', 'nodes');

/* Written from the sample and the names of the GraphQL Admin API: its order and line are those of the webhook sample. */
const expected: Order = {
  channel: 'shopify',
  shop: 'tea',
  channelOrderId: '5500000000001',
  scenario: 'normal',
  status: 'paid',
  refundStatus: 'none',
  times: {
    created: { at: '2026-09-01T01:00:00.000Z', text: '2026-09-01T01:00:00Z' },
    modified: { at: '2026-09-01T01:00:05.000Z', text: '2026-09-01T01:00:05Z' },
  },
  currency: 'CNY',
  money: { total: 15900 },
  lines: [
    {
      lineId: '14000000000001',
      sku: 'SKU-TEA-RED-250',
      channelSkuId: '40000000000001',
      quantity: 2,
      orderedQuantity: 2,
      unitPrice: 2500,
    },
  ],
  buyer: { note: '请工作日配送 测试' },
  extra: { orderNumber: '#1024' },
};

describe('Shopify GraphQL preset', () => {
  it('maps a node of a list, and a single order in its answer', () => {
    assert.deepEqual(preset.mapped(node), expected);
    assert.deepEqual(preset.mapped({ data: { order: node } }), expected);
  });

  it('gives an order and its lines the ids that webhooks give them', () => {
    const bytes = sampleBytes('shopify/webhook.orders_paid.json');
    const webhook = orderOf(map(shopifyMapping, bytes, accountOf('shopify')));
    const order = preset.mapped(node);
    assert.equal(order.channelOrderId, webhook.channelOrderId);
    assert.equal(order.lines[0]?.lineId, webhook.lines[0]?.lineId);
    assert.equal(order.lines[0]?.channelSkuId, webhook.lines[0]?.channelSkuId);
  });

  it('knows each status', () => {
    const at = '2026-09-05T01:00:00Z';
    preset.standings(node, [
      [{ displayFinancialStatus: 'PENDING' }, 'created', 'none'],
      [{ displayFinancialStatus: 'AUTHORIZED' }, 'created', 'none'],
      [{ displayFinancialStatus: 'EXPIRED' }, 'created', 'none'],
      [{ displayFinancialStatus: 'VOIDED' }, 'created', 'none'],
      [{ displayFinancialStatus: 'PARTIALLY_PAID', paymentTerms: { id: 'x' } }, 'deposit-paid', 'none'],
      [{ displayFinancialStatus: 'PARTIALLY_PAID' }, 'paid', 'none', 'partially_paid'],
      [{ displayFinancialStatus: 'PARTIALLY_REFUNDED' }, 'paid', 'partial'],
      [{ displayFinancialStatus: 'REFUNDED' }, 'paid', 'full'],
      [{ displayFulfillmentStatus: 'ON_HOLD' }, 'paid', 'none', 'on_hold'],
      [{ displayFulfillmentStatus: 'PARTIALLY_FULFILLED' }, 'part-shipped', 'none'],
      [{ displayFulfillmentStatus: 'FULFILLED' }, 'shipped', 'none'],
      [{ displayFulfillmentStatus: 'FULFILLED', closedAt: at }, 'completed', 'none'],
      [{ cancelledAt: at, closedAt: at }, 'cancelled', 'none'],
    ]);
    preset.unknown(node, [[{ displayFinancialStatus: 'IN_DISPUTE' }, /displayFinancialStatus = IN_DISPUTE/]]);
  });

  it('counts the units of each line in the fulfilments that went through', () => {
    const parcel = (status: string, quantity: number, id = line!.id) => ({
      status,
      createdAt: '2026-09-02T01:00:00Z',
      fulfillmentLineItems: { nodes: [{ quantity, lineItem: { id } }] },
    });
    const shipped = (...fulfillments: object[]) =>
      preset.mapped({ ...node, fulfillments }).lines[0]?.shippedQuantity;
    assert.equal(shipped(), undefined);
    assert.equal(shipped(parcel('SUCCESS', 1), parcel('CANCELLED', 1), parcel('SUCCESS', 1)), 2);
    assert.equal(shipped(parcel('SUCCESS', 3, 'gid://shopify/LineItem/1')), undefined);
  });

  it('has no use for a page of orders: its nodes are the orders', () => {
    assert.equal(problemOf(preset.result(sampleBytes(file))).code, 'map.not-an-order');
  });

  it('keeps every text', () => {
    assertTextKept(
      preset,
      (text) => ({ ...node, note: text, lineItems: { nodes: [{ ...line, name: text }] } }),
      ({ buyer, lines }) => [buyer?.note, lines[0]?.title],
    );
  });
});
