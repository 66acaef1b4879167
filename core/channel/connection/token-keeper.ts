import { orStopped } from './call/or-stopped.ts';
import type { CallRequest } from './http-call.ts';

/** A token is renewed so long before its end, or a tenth of its life before if that is less. Milliseconds. */
const marginMs = 60_000;

export interface FreshToken {
  value: string;
  /** How long it holds from now on, milliseconds; null when nobody says. */
  lifeMs: number | null;
}

export interface TokenKeeperOptions {
  /** Epoch milliseconds. */
  now(): number;
  /** Gets a new token. */
  ask(signal: AbortSignal): Promise<FreshToken>;
  /** What is asked for, for the sentence of one who gives up waiting. */
  request(): CallRequest;
}

/**
 * Keeps a token that the hub gets itself, in memory only. It is renewed before it ends and after it was refused; all who
 * need one meanwhile wait for the same request.
 */
export class TokenKeeper {
  readonly #options: TokenKeeperOptions;
  readonly #closing = new AbortController();
  #token: { value: string; renewAt: number; endsAt: number | null } | undefined;
  #renewing: Promise<string> | undefined;

  constructor(options: TokenKeeperOptions) {
    this.#options = options;
  }

  /** @throws ChannelFault */
  async token(signal: AbortSignal): Promise<string> {
    const known = this.#token;
    return known && this.#options.now() < known.renewAt ? known.value : this.#renewed(signal);
  }

  /** Told that this token was refused: another one is got next time. */
  refused(value: string): void {
    // Another caller may have had it renewed already.
    if (this.#token?.value === value) this.#token = undefined;
  }

  /** Until when the token holds, epoch milliseconds; null when nobody says. */
  endsAt(): number | null {
    return this.#token?.endsAt ?? null;
  }

  close(): void {
    this.#closing.abort();
  }

  #renewed(signal: AbortSignal): Promise<string> {
    const { ask, request } = this.#options;
    this.#renewing ??= ask(this.#closing.signal)
      .then((token) => this.#keep(token))
      .finally(() => {
        this.#renewing = undefined;
      });
    // One who gives up does not take the token from the others.
    return orStopped(this.#renewing, signal, request);
  }

  #keep({ value, lifeMs }: FreshToken): string {
    const now = this.#options.now();
    this.#token =
      lifeMs === null
        ? { value, renewAt: Number.POSITIVE_INFINITY, endsAt: null }
        : { value, renewAt: now + lifeMs - Math.min(marginMs, lifeMs / 10), endsAt: now + lifeMs };
    return value;
  }
}
