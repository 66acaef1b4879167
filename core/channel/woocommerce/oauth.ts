import { hmac } from '../signature.ts';

export interface OAuthInput {
  method: string;
  /** Without query. */
  url: string;
  params: Readonly<Record<string, string>>;
  consumerKey: string;
  consumerSecret: string;
  /** Unix seconds; the shop takes 15 minutes of difference. */
  timestamp: number;
  /** Never the same twice. */
  nonce: string;
  algorithm?: 'HMAC-SHA256' | 'HMAC-SHA1';
}

/**
 * The query of a request signed by OAuth 1.0a with one leg (RFC 5849 section 3.4): how WooCommerce proves who asks
 * where the connection is not encrypted. The body is not signed.
 */
export function signedQuery(input: OAuthInput): Record<string, string> {
  const { method, url, params, consumerKey, consumerSecret, timestamp, nonce } = input;
  const algorithm = input.algorithm ?? 'HMAC-SHA256';
  const all: Record<string, string> = {
    ...params,
    oauth_consumer_key: consumerKey,
    oauth_nonce: nonce,
    oauth_signature_method: algorithm,
    oauth_timestamp: String(timestamp),
  };
  const sorted = Object.entries(all)
    .map(([name, value]) => [encoded(name), encoded(value)] as const)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => `${name}=${value}`)
    .join('&');
  const base = [method, encoded(url), encoded(sorted)].join('&');
  const hash = algorithm === 'HMAC-SHA256' ? 'sha256' : 'sha1';
  return { ...all, oauth_signature: hmac(hash, `${consumerSecret}&`, base).toString('base64') };
}

/** Percent-encoding of RFC 3986: encodeURIComponent leaves five more characters as they are. */
function encoded(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}
