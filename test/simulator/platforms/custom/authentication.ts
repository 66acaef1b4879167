import { createHash, createHmac } from 'node:crypto';
import { type GatewayReply, type GatewayRequest, json, Refusal } from '../../gateway/exchange.ts';
import type { ShopAccess } from '../platform.ts';

export const authentications = ['none', 'basic', 'bearer', 'api-key', 'hmac', 'oauth2'] as const;
export type AuthenticationKind = (typeof authentications)[number];

const mostSkewSeconds = 300;
const tokenSeconds = 3_600;

export function unauthorized(message: string): Refusal {
  return new Refusal('unauthorized', json({ error: { code: 'unauthorized', message } }, 401));
}

/** The ways in which a shop of one's own may want to know who asks. */
export class CustomAuthentication {
  readonly #kind: AuthenticationKind;
  readonly #access: ShopAccess;
  /** Until when tokens are valid, epoch milliseconds. */
  readonly #tokens = new Map<string, number>();

  /** @throws Error for a kind that there is not */
  constructor(kind: unknown, access: ShopAccess) {
    const known = authentications.find((one) => one === kind);
    if (!known) throw new Error(`auth is one of ${authentications.join(', ')}, not ${String(kind)}.`);
    this.#kind = known;
    this.#access = access;
  }

  /** @throws Refusal 401 */
  check(request: GatewayRequest): void {
    const { headers } = request;
    const { appKey, appSecret, accessToken } = this.#access;
    switch (this.#kind) {
      case 'none':
        return;
      case 'basic':
        if (headers.authorization !== `Basic ${basic(appKey, appSecret)}`) throw unauthorized('wrong user');
        return;
      case 'bearer':
        if (headers.authorization !== `Bearer ${accessToken}`) throw unauthorized('wrong token');
        return;
      case 'api-key':
        if ((headers['x-api-key'] ?? request.query.get('api_key')) !== accessToken)
          throw unauthorized('wrong key');
        return;
      case 'hmac':
        this.#checkSignature(request);
        return;
      case 'oauth2': {
        const until = this.#tokens.get(headers.authorization?.replace(/^Bearer /, '') ?? '');
        if (until === undefined || until < request.now) throw unauthorized('token expired or unknown');
      }
    }
  }

  /** `x-signature`: hex HMAC-SHA256 over method, path, query, body, timestamp and nonce, joined by line feeds. */
  #checkSignature({ headers, method, path, query, body, now }: GatewayRequest): void {
    const {
      'x-key': key,
      'x-timestamp': timestamp = '',
      'x-nonce': nonce = '',
      'x-signature': given,
    } = headers;
    const { appKey, appSecret } = this.#access;
    if (key !== appKey) throw unauthorized('wrong key');
    if (!(Math.abs(now / 1_000 - Number(timestamp)) <= mostSkewSeconds)) throw unauthorized('timestamp off');
    if (given !== customSignature(appSecret, { method, path, query: String(query), body, timestamp, nonce }))
      throw unauthorized('wrong signature');
  }

  /** `POST /oauth/token`: RFC 6749, section 4.4. Ends every token but those of the last hour. */
  token(request: GatewayRequest): GatewayReply {
    const form = new URLSearchParams(request.body);
    const { appKey, appSecret } = this.#access;
    const isKnown =
      request.headers.authorization === `Basic ${basic(appKey, appSecret)}` ||
      (form.get('client_id') === appKey && form.get('client_secret') === appSecret);
    if (!isKnown) return json({ error: 'invalid_client' }, 401);
    if (form.get('grant_type') !== 'client_credentials')
      return json({ error: 'unsupported_grant_type' }, 400);
    const text = `${appSecret} ${this.#tokens.size}`;
    const token = createHash('sha256').update(text).digest('hex');
    this.#tokens.set(token, request.now + tokenSeconds * 1_000);
    return json({ access_token: token, token_type: 'Bearer', expires_in: tokenSeconds });
  }
}

export interface SignedParts {
  method: string;
  path: string;
  query: string;
  body: string;
  timestamp: string;
  nonce: string;
}

export function customSignature(secret: string, parts: SignedParts): string {
  const { method, path, query, body, timestamp, nonce } = parts;
  const text = [method, path, query, body, timestamp, nonce].join('\n');
  return createHmac('sha256', secret).update(text).digest('hex');
}

function basic(user: string, password: string): string {
  return Buffer.from(`${user}:${password}`).toString('base64');
}
