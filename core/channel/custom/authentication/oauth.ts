import { isRecord } from '../../../order/mapping/path.ts';
import type { ChannelAccess } from '../../connection/connection.ts';
import { ChannelFault, credentialsFault, withoutSecrets } from '../../connection/fault.ts';
import type { CallAnswer, CallRequest } from '../../connection/http-call.ts';
import { type FreshToken, TokenKeeper } from '../../connection/token-keeper.ts';
import { countIn, plainText } from '../answer-value.ts';
import type { OAuthAuthentication, OutcomeRules } from '../config.ts';
import { outcomeJudge } from '../outcome.ts';
import { encodedQuery } from '../query.ts';
import type { Authenticator, Prover } from './authenticator.ts';

export interface OAuthOptions {
  rules: OAuthAuthentication;
  title: string;
  outcome: OutcomeRules;
  access: ChannelAccess;
  key: string;
  secret: string;
  /** Told of each request for a token. */
  asked?: (request: CallRequest) => void;
}

/** Keeps the token of OAuth 2 client credentials (RFC 6749 section 4.4). */
export class OAuthTokens implements Authenticator {
  readonly #options: OAuthOptions;
  readonly #tokens: TokenKeeper;
  readonly #provers = new WeakMap<Prover, string>();

  constructor(options: OAuthOptions) {
    this.#options = options;
    this.#tokens = new TokenKeeper({
      now: options.access.now,
      ask: (signal) => this.#asked(signal),
      request: () => this.#request(),
    });
  }

  async ready(signal: AbortSignal): Promise<Prover> {
    const token = await this.#tokens.token(signal);
    const prover: Prover = {
      prove: () => ({ headers: { authorization: `Bearer ${token}` } }),
      secrets: [token],
    };
    this.#provers.set(prover, token);
    return prover;
  }

  refused(prover: Prover): boolean {
    const token = this.#provers.get(prover);
    if (token !== undefined) this.#tokens.refused(token);
    return true;
  }

  close(): void {
    this.#tokens.close();
  }

  async #asked(signal: AbortSignal): Promise<FreshToken> {
    const { access, outcome, title, asked } = this.#options;
    const request = this.#request();
    asked?.(request);
    const judge = outcomeJudge({
      title,
      call: request.name,
      outcome: withoutCodes(outcome),
      now: access.now,
    });
    try {
      return await access.call(
        () => request,
        (answer) => this.#tokenIn(answer, judge),
        signal,
      );
    } catch (error) {
      if (!ChannelFault.is(error)) throw error;
      throw withoutSecrets(error, [this.#options.key, this.#options.secret]);
    }
  }

  #request(): CallRequest {
    const { rules, access, key, secret } = this.#options;
    const form = {
      grant_type: 'client_credentials',
      ...(rules.scope && { scope: rules.scope }),
      ...(rules.client === 'form' && { client_id: key, client_secret: secret }),
    };
    // RFC 6749 section 2.3.1: both are form-encoded before they are joined.
    const user = `${encodeURIComponent(key)}:${encodeURIComponent(secret)}`;
    return {
      name: 'POST token',
      method: 'POST',
      url: rules.tokenUrl.startsWith('/') ? `${access.address}${rules.tokenUrl}` : rules.tokenUrl,
      headers: {
        'content-type': 'application/x-www-form-urlencoded',
        ...(rules.client === 'basic' && {
          authorization: `Basic ${Buffer.from(user).toString('base64')}`,
        }),
      },
      body: encodedQuery(Object.entries(form)),
      // A token more does no harm.
      repeatable: true,
    };
  }

  #tokenIn(answer: CallAnswer, judge: (answer: CallAnswer) => { data: unknown }): FreshToken {
    const { title } = this.#options;
    const call = 'POST token';
    // RFC 6749 section 5.2: wrong client credentials may be told by status 400.
    if (answer.status === 400 && /invalid_client|invalid_grant|unauthorized_client/.test(answer.text))
      throw credentialsFault({ platform: title, call, code: '400', said: answer.text });
    const { data } = judge(answer);
    const fields = isRecord(data) ? data : {};
    const value = plainText(fields.access_token);
    if (value === '')
      throw new ChannelFault('platform', 'channel.answer-unexpected', {
        platform: title,
        call,
        field: 'access_token',
      });
    const seconds = countIn(fields.expires_in);
    return { value, lifeMs: seconds === null ? null : seconds * 1_000 };
  }
}

/** What the channel's own codes mean is not said of the place that gives tokens. */
function withoutCodes(outcome: OutcomeRules): OutcomeRules {
  return { ...outcome, success: undefined, code: 'error', message: 'error_description' };
}
