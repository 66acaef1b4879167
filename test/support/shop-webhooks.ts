import { readFileSync } from 'node:fs';
import { signShopify } from '../../core/channel/shopify/shopify.ts';
import { signWooCommerce } from '../../core/channel/woocommerce/woocommerce.ts';
import { secrets } from './hub-flow.ts';

/** A request as a shop sends it to the address of its account in {@link hubFlow}. */
export interface Webhook {
  account: keyof typeof secrets;
  headers: Readonly<Record<string, string>>;
  body: Buffer;
}

/** What a test says about an order; the rest is as in the sample of the shop. */
export interface ShopOrder {
  /** The shop's id; several platforms exceed what a JavaScript number holds, so it is a text of digits. */
  id: string;
  status: 'pending' | 'paid' | 'cancelled';
  /** When the shop last changed it, epoch milliseconds; whole seconds, as both shops write them. */
  modifiedAt: number;
  lines: readonly { sku: string; quantity: number }[];
  note?: string;
}

type ShopRecord = Record<string, unknown> & { line_items: Record<string, unknown>[] };

const paidOrder = parsedSample<{ parsed: ShopRecord }>('shopify/webhook.orders_paid').parsed;
const processingOrder = parsedSample<ShopRecord>('woocommerce/order.processing');

/**
 * An order of Shopify as its webhook.
 *
 * @param deliveryId the sender's id of this delivery; the same for each repetition of it
 */
export function shopifyWebhook(order: ShopOrder, deliveryId: string): Webhook {
  return shopifyBody(
    shopifyRecord(order),
    `orders/${order.status === 'pending' ? 'create' : order.status}`,
    deliveryId,
  );
}

/** Any body, signed as Shopify signs. */
export function shopifyBody(body: string, topic: string, deliveryId: string): Webhook {
  const bytes = Buffer.from(body);
  return {
    account: 'shopify',
    headers: {
      ...signShopify(secrets.shopify, bytes),
      'x-shopify-topic': topic,
      'x-shopify-webhook-id': deliveryId,
    },
    body: bytes,
  };
}

/** The text of a Shopify order. */
export function shopifyRecord(order: ShopOrder): string {
  const modified = isoSecond(order.modifiedAt);
  const cancelled = order.status === 'cancelled';
  return withId(order.id, {
    ...paidOrder,
    financial_status: order.status === 'pending' ? 'pending' : 'paid',
    updated_at: `${modified}Z`,
    cancelled_at: cancelled ? `${modified}Z` : null,
    note: order.note ?? null,
    line_items: order.lines.map(({ sku, quantity }, index) => ({
      ...paidOrder.line_items[0],
      id: 9_000 + index,
      sku,
      quantity,
      current_quantity: cancelled ? 0 : quantity,
      fulfillable_quantity: cancelled ? 0 : quantity,
    })),
  });
}

/** An order of WooCommerce as its webhook; repetitions are told by their content alone. */
export function woocommerceWebhook(order: ShopOrder): Webhook {
  const status = { pending: 'pending', paid: 'processing', cancelled: 'cancelled' }[order.status];
  const modified = isoSecond(order.modifiedAt);
  const body = withId(order.id, {
    ...processingOrder,
    status,
    date_modified_gmt: modified,
    date_paid_gmt: order.status === 'pending' ? null : modified,
    customer_note: order.note ?? '',
    line_items: order.lines.map(({ sku, quantity }, index) => ({
      ...processingOrder.line_items[0],
      id: 9_000 + index,
      sku,
      quantity,
    })),
  });
  return woocommerceBody(body, 'order.updated');
}

/** Any body, signed as WooCommerce signs. */
export function woocommerceBody(body: string, topic: string): Webhook {
  const bytes = Buffer.from(body);
  return {
    account: 'woocommerce',
    headers: { ...signWooCommerce(secrets.woocommerce, bytes), 'x-wc-webhook-topic': topic },
    body: bytes,
  };
}

/** The key under which the hub keeps an order of a shop. */
export function keyOf(account: Webhook['account'], id: string): string {
  return `${account}/main/${id}`;
}

function parsedSample<T>(name: string): T {
  return JSON.parse(readFileSync(new URL(`../samples/${name}.json`, import.meta.url), 'utf8')) as T;
}

/** The record's JSON with an id of any length, digit by digit. */
function withId(id: string, record: object): string {
  return JSON.stringify({ ...record, id: 0 }).replace('"id":0', `"id":${id}`);
}

function isoSecond(at: number): string {
  return new Date(at).toISOString().slice(0, 19);
}
