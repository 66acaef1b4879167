import { createHmac } from 'node:crypto';

/** Base64 of HMAC-SHA256 over the raw body: how webhooks of Shopify and WooCommerce are signed. */
export function bodySignature(secret: string, body: string): string {
  return createHmac('sha256', secret).update(body).digest('base64');
}
