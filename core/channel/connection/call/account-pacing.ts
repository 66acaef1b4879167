import { systemTimers, type Timers } from '../../../delivery/timers.ts';
import { TokenBucket } from '../../../delivery/token-bucket.ts';
import type { Pacing } from './pacing.ts';

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
  #heldUntil = 0;
  /** Requests go in the order in which they came. */
  #last: Promise<void> = Promise.resolve();

  /** @param perSecond requests or cost points a second */
  constructor(perSecond: number, { timers = systemTimers, now = Date.now }: PacingClock = {}) {
    this.#timers = timers;
    this.#now = now;
    this.#bucket = new TokenBucket(perSecond, now());
  }

  take(weight: number, signal: AbortSignal): Promise<void> {
    const turn = this.#last.then(() => this.#wait(weight, signal));
    this.#last = turn.catch(() => undefined);
    return turn;
  }

  hold(ms: number): void {
    this.#heldUntil = Math.max(this.#heldUntil, this.#now() + ms);
  }

  heldUntil(): number | null {
    return this.#heldUntil > this.#now() ? this.#heldUntil : null;
  }

  async #wait(weight: number, signal: AbortSignal): Promise<void> {
    for (;;) {
      signal.throwIfAborted();
      const now = this.#now();
      const at = Math.max(this.#heldUntil, this.#bucket.nextAt(now));
      if (at <= now) break;
      await this.#sleep(at - now, signal);
    }
    // What weighs more than is there is paid back by those who come after it.
    this.#bucket.take(weight);
  }

  #sleep(ms: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const wake = (): void => {
        cancel();
        signal.removeEventListener('abort', wake);
        resolve();
      };
      const cancel = this.#timers.after(ms, wake);
      signal.addEventListener('abort', wake, { once: true });
    });
  }
}
