import { utcText } from '../../clock.ts';
import { decimal } from '../../money.ts';
import type { Listing } from '../../shop/listing.ts';
import {
  grossOf,
  isRefunded,
  type OrderLine,
  paidFor,
  type ShopOrder,
  sumOf,
  totalOf,
} from '../../shop/order.ts';

const parcelIds = 900_000;

/** What WooCommerce calls the state of an order. */
export function wooStatus(order: ShopOrder): string {
  if (order.stage !== 'unpaid' && order.stage !== 'cancelled' && isRefunded(order)) return 'refunded';
  switch (order.stage) {
    case 'unpaid':
      return 'pending';
    case 'deposit-paid':
      return 'on-hold';
    case 'paid':
      return order.held ? 'on-hold' : 'processing';
    case 'part-shipped':
      return 'processing';
    case 'shipped':
    case 'completed':
      return 'completed';
    case 'cancelled':
      return isRefunded(order) ? 'refunded' : 'cancelled';
  }
}

/** @param offsetMs how far the shop's local time is ahead of UTC */
export function wooOrder(order: ShopOrder, offsetMs: number): Record<string, unknown> {
  const { times } = order;
  return {
    id: Number(order.id),
    parent_id: 0,
    number: order.id,
    order_key: `wc_order_test${order.id}`,
    created_via: 'checkout',
    version: '9.3.3',
    status: wooStatus(order),
    currency: 'CNY',
    ...datePair('date_created', times.created, offsetMs),
    ...datePair('date_modified', times.modified, offsetMs),
    discount_total: decimal(sumOf(order, ({ discount }) => discount)),
    discount_tax: '0.00',
    shipping_total: decimal(order.postage),
    shipping_tax: '0.00',
    cart_tax: '0.00',
    total: decimal(totalOf(order)),
    total_tax: '0.00',
    prices_include_tax: false,
    customer_id: order.buyer,
    customer_ip_address: '',
    customer_user_agent: '',
    customer_note: order.buyerNote,
    billing: { ...address(order), email: `buyer${order.buyer}@example.test` },
    shipping: address(order),
    payment_method: 'bacs',
    payment_method_title: '银行转账 ®',
    transaction_id: '',
    ...datePair('date_paid', times.paid, offsetMs),
    ...datePair('date_completed', times.completed ?? times.shipped, offsetMs),
    cart_hash: '',
    meta_data: [],
    line_items: order.lines.map(lineItem),
    tax_lines: [],
    shipping_lines: [],
    fee_lines: [],
    coupon_lines: [],
    refunds: refundsOf(order).map(({ lines: _, ...refund }) => refund),
  };
}

function lineItem(line: OrderLine): Record<string, unknown> {
  const { listing, quantity } = line;
  return {
    id: Number(line.id),
    name: listing.spec ? `${listing.title} - ${listing.spec}` : listing.title,
    product_id: Number(listing.productId),
    variation_id: Number(listing.variantId ?? 0),
    quantity,
    tax_class: '',
    subtotal: decimal(grossOf(line)),
    subtotal_tax: '0.00',
    total: decimal(paidFor(line)),
    total_tax: '0.00',
    taxes: [],
    meta_data: [],
    sku: listing.sku,
    // A number, as the interface has it, and not always a short one.
    price: paidFor(line) / 100 / quantity,
  };
}

export function refundsOf(order: ShopOrder): Record<string, unknown>[] {
  return order.lines
    .filter(({ refund }) => refund === 'refunded')
    .map((line) => ({
      id: Number(line.id) + parcelIds,
      reason: '',
      total: `-${decimal(paidFor(line))}`,
      lines: [
        {
          id: Number(line.id) + 2 * parcelIds,
          quantity: -line.quantity,
          meta_data: [{ id: 1, key: '_refunded_item_id', value: line.id }],
        },
      ],
    }));
}

function address(order: ShopOrder): Record<string, unknown> {
  return {
    first_name: '测试',
    last_name: order.buyerName,
    company: '',
    address_1: '测试路 1 号',
    address_2: '',
    city: '杭州市',
    state: 'CN12',
    postcode: '000000',
    country: 'CN',
    phone: '13800000000',
  };
}

function datePair(name: string, time: number | null, offsetMs: number): Record<string, string | null> {
  const bare = (instant: number | null): string | null => utcText(instant)?.slice(0, 19) ?? null;
  return { [name]: bare(time === null ? null : time + offsetMs), [`${name}_gmt`]: bare(time) };
}

export function wooProduct(listing: Listing, isVariation: boolean): Record<string, unknown> {
  return {
    id: Number(isVariation ? listing.variantId : listing.productId),
    name: isVariation ? listing.spec : listing.title,
    type: isVariation ? 'variation' : 'simple',
    sku: listing.sku,
    status: listing.onSale ? 'publish' : 'draft',
    price: decimal(listing.price),
    manage_stock: true,
    stock_quantity: listing.available,
    stock_status: listing.available > 0 ? 'instock' : 'outofstock',
  };
}
