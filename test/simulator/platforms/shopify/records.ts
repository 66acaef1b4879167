import { utcText } from '../../clock.ts';
import { decimal } from '../../money.ts';
import { unshippedItems } from '../../shop/changes.ts';
import {
  isRefunded,
  type OrderLine,
  refundedAmount,
  type ShopOrder,
  sumOf,
  totalOf,
} from '../../shop/order.ts';

/** What Shopify calls the state of payment, as its GraphQL API writes it. */
export function financialStatus(order: ShopOrder): string {
  if (order.times.paid === null) return order.stage === 'cancelled' ? 'VOIDED' : 'PENDING';
  if (isRefunded(order)) return 'REFUNDED';
  return refundedAmount(order) > 0 ? 'PARTIALLY_REFUNDED' : 'PAID';
}

/** What Shopify calls the state of shipping, as its GraphQL API writes it. */
export function fulfillmentStatus(order: ShopOrder): string {
  if (order.parcels.length === 0) return order.held ? 'ON_HOLD' : 'UNFULFILLED';
  return unshippedItems(order).length === 0 ? 'FULFILLED' : 'PARTIALLY_FULFILLED';
}

export const currency = 'CNY';

/** Units of a line that are still ordered. */
export function currentQuantity({ quantity, refund, shipped }: OrderLine): number {
  return refund === 'refunded' ? shipped : quantity;
}

function offsetTime(time: number | null): string | null {
  return utcText(time === null ? null : time + 8 * 3_600_000)?.replace('Z', '+08:00') ?? null;
}

function moneySet(minor: number): Record<string, unknown> {
  const money = { amount: decimal(minor), currency_code: currency };
  return { shop_money: money, presentment_money: money };
}

/** An order as webhooks carry it. */
export function restOrder(order: ShopOrder): Record<string, unknown> {
  const { times } = order;
  const fulfillment = fulfillmentStatus(order);
  const subtotal = totalOf(order) - order.postage;
  const address = restAddress(order);
  return {
    id: Number(order.id),
    admin_graphql_api_id: `gid://shopify/Order/${order.id}`,
    name: nameOf(order),
    number: order.serial,
    order_number: 1_000 + order.serial,
    test: false,
    confirmed: true,
    currency,
    presentment_currency: currency,
    financial_status: financialStatus(order).toLowerCase(),
    fulfillment_status: { FULFILLED: 'fulfilled', PARTIALLY_FULFILLED: 'partial' }[fulfillment] ?? null,
    created_at: offsetTime(times.created),
    processed_at: offsetTime(times.created),
    updated_at: offsetTime(times.modified),
    cancelled_at: offsetTime(times.cancelled),
    cancel_reason: times.cancelled === null ? null : 'customer',
    closed_at: offsetTime(times.completed),
    subtotal_price: decimal(subtotal),
    total_discounts: decimal(sumOf(order, ({ discount }) => discount)),
    total_tax: '0.00',
    total_price: decimal(totalOf(order)),
    current_subtotal_price: decimal(subtotal - refundedAmount(order)),
    current_total_price: decimal(totalOf(order) - refundedAmount(order)),
    total_outstanding: decimal(times.paid === null ? totalOf(order) : 0),
    total_shipping_price_set: moneySet(order.postage),
    total_price_set: moneySet(totalOf(order)),
    note: order.buyerNote || null,
    note_attributes: [],
    tags: '',
    source_name: 'web',
    email: emailOf(order),
    phone: null,
    customer: { id: 7_000_000_000_000 + order.buyer, email: emailOf(order) },
    billing_address: address,
    shipping_address: address,
    shipping_lines: [],
    line_items: order.lines.map(restLine),
    payment_terms: null,
    fulfillments: order.parcels.map((parcel) => ({
      id: fulfillmentNumber(parcel.id),
      order_id: Number(order.id),
      status: 'success',
      created_at: offsetTime(parcel.at),
      tracking_company: parcel.carrier,
      tracking_number: parcel.tracking,
      line_items: parcel.items.map(({ lineId, quantity }) => ({ id: Number(lineId), quantity })),
    })),
    refunds: order.lines
      .filter(({ refund }) => refund === 'refunded')
      .map((line) => ({
        id: Number(line.id) + 1_000_000_000,
        order_id: Number(order.id),
        refund_line_items: [{ line_item_id: Number(line.id), quantity: line.quantity }],
      })),
  };
}

function restLine(line: OrderLine): Record<string, unknown> {
  const { listing } = line;
  return {
    id: Number(line.id),
    admin_graphql_api_id: `gid://shopify/LineItem/${line.id}`,
    variant_id: Number(listing.variantId),
    product_id: Number(listing.productId),
    sku: listing.sku,
    title: listing.title,
    variant_title: listing.spec || null,
    name: listing.title,
    quantity: line.quantity,
    current_quantity: currentQuantity(line),
    fulfillable_quantity: Math.max(0, currentQuantity(line) - line.shipped),
    fulfillment_status: line.shipped === 0 ? null : line.shipped < line.quantity ? 'partial' : 'fulfilled',
    price: decimal(line.unitPrice),
    price_set: moneySet(line.unitPrice),
    total_discount: '0.00',
    requires_shipping: true,
    discount_allocations: line.discount > 0 ? [{ amount: decimal(line.discount) }] : [],
    properties: [],
    tax_lines: [],
  };
}

function restAddress(order: ShopOrder): Record<string, unknown> {
  return {
    first_name: '测试',
    last_name: order.buyerName,
    name: `测试 ${order.buyerName}`,
    company: null,
    address1: '测试路 1 号',
    address2: '',
    city: '杭州市',
    province: 'Zhejiang',
    province_code: 'ZJ',
    country: 'China',
    country_code: 'CN',
    zip: '000000',
    phone: '+8613800000000',
  };
}

export function nameOf(order: ShopOrder): string {
  return `#${1_000 + order.serial}`;
}

export function emailOf(order: ShopOrder): string {
  return `buyer${order.buyer}@example.test`;
}

export function fulfillmentNumber(parcelId: string): number {
  return 4_700_000_000_000 + Number(parcelId);
}
