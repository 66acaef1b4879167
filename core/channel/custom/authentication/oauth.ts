import { isRecord } from '../../../order/mapping/path.ts';
import { orStopped } from '../../connection/call/or-stopped.ts';
import type { ChannelAccess } from '../../connection/connection.ts';
import { ChannelFault, credentialsFault, withoutSecrets } from '../../connection/fault.ts';
import type { CallAnswer, CallRequest } from '../../connection/http-call.ts';
import { countIn, plainText } from '../answer-value.ts';
import type { OAuthAuthentication, OutcomeRules } from '../config.ts';
import { outcomeJudge } from '../outcome.ts';
import { encodedQuery } from '../query.ts';
import type { Authenticator, Prover } from './authenticator.ts';

/** A token is renewed so long before its end, or a tenth of its life before if that is less. Milliseconds. */
const marginMs = 60_000;

interface Token {
  value: string;
  /** Epoch milliseconds. */
  renewAt: number;
}

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

/**
 * Keeps the token of OAuth 2 client credentials (RFC 6749 section 4.4), in memory only. It is renewed before it ends and
 * when the channel refuses it; all who need one meanwhile wait for the same request.
 */
export class OAuthTokens implements Authenticator {
  readonly #options: OAuthOptions;
  readonly #closing = new AbortController();
  readonly #provers = new WeakMap<Prover, Token>();
  #token: Token | undefined;
  #renewing: Promise<Token> | undefined;

  constructor(options: OAuthOptions) {
    this.#options = options;
  }

  async ready(signal: AbortSignal): Promise<Prover> {
    const known = this.#token;
    const token = known && this.#options.access.now() < known.renewAt ? known : await this.#renewed(signal);
    const prover: Prover = {
      prove: () => ({ headers: { authorization: `Bearer ${token.value}` } }),
      secrets: [token.value],
    };
    this.#provers.set(prover, token);
    return prover;
  }

  refused(prover: Prover): boolean {
    // Another caller may have had it renewed already.
    if (this.#token === this.#provers.get(prover)) this.#token = undefined;
    return true;
  }

  close(): void {
    this.#closing.abort();
  }

  #renewed(signal: AbortSignal): Promise<Token> {
    this.#renewing ??= this.#asked()
      .then((token) => {
        this.#token = token;
        return token;
      })
      .finally(() => {
        this.#renewing = undefined;
      });
    // One who gives up does not take the token from the others.
    return orStopped(this.#renewing, signal, () => this.#request());
  }

  async #asked(): Promise<Token> {
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
        this.#closing.signal,
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
      body: encodedQuery(form),
      // A token more does no harm.
      repeatable: true,
    };
  }

  #tokenIn(answer: CallAnswer, judge: (answer: CallAnswer) => { data: unknown }): Token {
    const { access, title } = this.#options;
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
    const now = access.now();
    if (seconds === null) return { value, renewAt: Number.POSITIVE_INFINITY };
    const lifeMs = seconds * 1_000;
    return { value, renewAt: now + lifeMs - Math.min(marginMs, lifeMs / 10) };
  }
}

/** What the channel's own codes mean is not said of the place that gives tokens. */
function withoutCodes(outcome: OutcomeRules): OutcomeRules {
  return { ...outcome, success: undefined, code: 'error', message: 'error_description' };
}
