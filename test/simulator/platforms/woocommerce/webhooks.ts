import { randomUUID } from 'node:crypto';
import { phpJson } from '../../json.ts';
import type { PushProfile } from '../../pushes.ts';
import type { ShopOrder } from '../../shop/order.ts';
import { bodySignature } from '../../signing.ts';
import type { PlatformParts } from '../platform.ts';

/** WooCommerce's webhooks: the order as it is when it is delivered; never again; off after six failures in a row. */
export function wooPushes(
  { shop, access }: PlatformParts,
  record: (order: ShopOrder) => unknown,
): PushProfile {
  return {
    make(event, order) {
      const body = phpJson(record(shop.order(order.id) ?? order));
      const kind = event === 'created' ? 'created' : 'updated';
      return {
        headers: {
          'content-type': 'application/json',
          'user-agent': 'WooCommerce/9.3.3 Hookshot (WordPress/6.6)',
          'x-wc-webhook-source': 'https://shop.example.test/',
          'x-wc-webhook-topic': `order.${kind}`,
          'x-wc-webhook-resource': 'order',
          'x-wc-webhook-event': kind,
          'x-wc-webhook-signature': bodySignature(access.webhookSecret, body),
          'x-wc-webhook-id': event === 'created' ? '11' : '12',
          'x-wc-webhook-delivery-id': randomUUID().replaceAll('-', ''),
        },
        body,
      };
    },
    isTaken: (status) => status >= 200 && status <= 302,
    retryMs: [],
    failuresUntilOff: 6,
    timeoutMs: 60_000,
  };
}
