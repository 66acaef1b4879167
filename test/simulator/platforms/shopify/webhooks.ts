import { randomUUID } from 'node:crypto';
import type { PushProfile } from '../../pushes.ts';
import type { ShopEvent } from '../../shop/shop.ts';
import { bodySignature } from '../../signing.ts';
import type { PlatformParts } from '../platform.ts';
import { restOrder } from './records.ts';

const topics: Partial<Record<ShopEvent, string>> = {
  created: 'orders/create',
  pay: 'orders/paid',
  cancel: 'orders/cancelled',
  'ship-part': 'orders/partially_fulfilled',
  ship: 'orders/fulfilled',
};

/** Shopify's webhooks: the order as it was; eight further attempts, their waits shortened from hours. */
export function shopifyPushes({ access }: PlatformParts): PushProfile {
  return {
    make(event, order, { now }) {
      const body = JSON.stringify(restOrder(order));
      return {
        headers: {
          'content-type': 'application/json',
          'x-shopify-topic': topics[event] ?? 'orders/updated',
          'x-shopify-hmac-sha256': bodySignature(access.webhookSecret, body),
          'x-shopify-shop-domain': 'simulator.myshopify.com',
          'x-shopify-api-version': '2026-10',
          'x-shopify-webhook-id': randomUUID(),
          'x-shopify-event-id': randomUUID(),
          'x-shopify-triggered-at': new Date(now).toISOString(),
        },
        body,
      };
    },
    isTaken: (status) => status >= 200 && status < 300,
    retryMs: [50, 100, 200, 400, 800, 1_600, 3_200, 6_400],
    failuresUntilOff: 200,
    timeoutMs: 5_000,
  };
}
