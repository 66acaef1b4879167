import { createHmac } from 'node:crypto';

/** What OAuth 1.0a has to be signed: RFC 5849, section 3.4.1. */
export function baseString(method: string, url: string, params: Iterable<readonly [string, string]>): string {
  const pairs = [...params]
    .filter(([name]) => name !== 'oauth_signature')
    .map(([name, value]) => [encode(name), encode(value)] as const)
    .sort(([one, first], [two, second]) => compare(one, two) || compare(first, second));
  const text = pairs.map(([name, value]) => `${name}=${value}`).join('&');
  return `${method}&${encode(url)}&${encode(text)}`;
}

/** One-legged, as WooCommerce has it: the key is the consumer's secret and `&`. Base64. */
export function oauthSignature(base: string, consumerSecret: string, hash: 'sha1' | 'sha256'): string {
  return createHmac(hash, `${consumerSecret}&`).update(base).digest('base64');
}

function encode(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

function compare(one: string, two: string): number {
  return one < two ? -1 : Number(one > two);
}
