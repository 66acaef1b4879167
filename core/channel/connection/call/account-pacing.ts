import { systemTimers, type Timers } from '../../../delivery/timers.ts';
import { TokenBucket } from '../../../delivery/token-bucket.ts';
import { InTurn } from './in-turn.ts';
import type { Pacing } from './pacing.ts';
import { sleep } from './sleep.ts';

export interface PacingClock {
  timers?: Timers;
  /** Epoch milliseconds. */
  now?: () => number;
}

/** The pacing of an account whose requests all leave from this process. */
export class AccountPacing implements Pacing {
  readonly #bucket: TokenBucket;
  readonly #timers: Timers;
  readonly #now: () => number;
  readonly #inTurn = new InTurn();
  #heldUntil = 0;

  /** @param perSecond requests or cost points a second */
  constructor(perSecond: number, { timers = systemTimers, now = Date.now }: PacingClock = {}) {
    this.#timers = timers;
    this.#now = now;
    this.#bucket = new TokenBucket(perSecond, now());
  }

  take(weight: number, signal: AbortSignal, patienceMs: number): Promise<number> {
    return this.#inTurn.next(() => this.#wait(weight, signal, patienceMs));
  }

  hold(ms: number): void {
    this.#heldUntil = Math.max(this.#heldUntil, this.#now() + ms);
  }

  heldUntil(): number | null {
    return this.#heldUntil > this.#now() ? this.#heldUntil : null;
  }

  async #wait(weight: number, signal: AbortSignal, patienceMs: number): Promise<number> {
    for (;;) {
      signal.throwIfAborted();
      const now = this.#now();
      const heldMs = this.#heldUntil - now;
      if (heldMs > patienceMs) return heldMs;
      const at = Math.max(this.#heldUntil, this.#bucket.nextAt(now));
      if (at <= now) break;
      await sleep(this.#timers, at - now, signal);
    }
    // What weighs more than is there is paid back by those who come after it.
    this.#bucket.take(weight);
    return 0;
  }
}
