import type { GatewayRequest } from '../../gateway/exchange.ts';
import type { ShopAccess } from '../platform.ts';
import { wpRefusal } from './errors.ts';
import { baseString, oauthSignature } from './oauth.ts';

const mostSkewSeconds = 15 * 60;

/**
 * Lets in what may come in: over plain HTTP OAuth 1.0a, over HTTPS (as a proxy in front names it) also key and secret.
 */
export class WooAuthentication {
  readonly #access: ShopAccess;
  readonly #takesPlainKeys: boolean;
  readonly #nonces = new Set<string>();

  /** @param takesPlainKeys whether key and secret are taken over plain HTTP too, as some hosts set it up */
  constructor(access: ShopAccess, takesPlainKeys: boolean) {
    this.#access = access;
    this.#takesPlainKeys = takesPlainKeys;
  }

  /** @throws Refusal 401 */
  check(request: GatewayRequest): void {
    const { headers, query } = request;
    const isEncrypted = this.#takesPlainKeys || headers['x-forwarded-proto'] === 'https';
    if (isEncrypted && headers.authorization?.startsWith('Basic ')) {
      const [key, secret] = Buffer.from(headers.authorization.slice(6), 'base64').toString().split(':');
      this.#keys(key, secret);
    } else if (isEncrypted && query.has('consumer_key'))
      this.#keys(query.get('consumer_key'), query.get('consumer_secret'));
    else if (query.has('oauth_consumer_key')) this.#oauth(request);
    else throw wpRefusal(401, 'woocommerce_rest_cannot_view', 'Sorry, you cannot list resources.');
  }

  #keys(key: string | null | undefined, secret: string | null | undefined): void {
    if (key !== this.#access.appKey) throw denied('Consumer key is invalid.');
    if (secret !== this.#access.appSecret) throw denied('Consumer secret is invalid.');
  }

  #oauth(request: GatewayRequest): void {
    const { query, method, url, now } = request;
    for (const name of ['oauth_timestamp', 'oauth_nonce', 'oauth_signature', 'oauth_signature_method'])
      if (!query.get(name)) throw denied(`Missing OAuth parameter ${name}`);
    if (query.get('oauth_consumer_key') !== this.#access.appKey) throw denied('Consumer key is invalid.');
    const algorithm = query.get('oauth_signature_method');
    if (algorithm !== 'HMAC-SHA1' && algorithm !== 'HMAC-SHA256')
      throw denied('Invalid signature - signature method is invalid.');
    const hash = algorithm === 'HMAC-SHA1' ? 'sha1' : 'sha256';
    const right = oauthSignature(baseString(method, url, query), this.#access.appSecret, hash);
    if (query.get('oauth_signature') !== right)
      throw denied('Invalid signature - provided signature does not match.');
    const timestamp = Number(query.get('oauth_timestamp'));
    if (!(Math.abs(now / 1_000 - timestamp) <= mostSkewSeconds)) throw denied('Invalid timestamp.');
    const nonce = `${timestamp} ${query.get('oauth_nonce')}`;
    if (this.#nonces.has(nonce)) throw denied('Invalid nonce - nonce has already been used.');
    this.#nonces.add(nonce);
  }
}

function denied(message: string): Error {
  return wpRefusal(401, 'woocommerce_rest_authentication_error', message);
}
