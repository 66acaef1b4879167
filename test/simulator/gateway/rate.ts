import type { SimulatorClock } from '../clock.ts';

export interface RateLimit {
  /** Requests (or points) at once. */
  burst: number;
  perSecond: number;
}

/** A bucket of requests or points that fills up again with time. */
export class RateBucket {
  readonly limit: RateLimit;
  readonly #clock: SimulatorClock;
  #available: number;
  #at: number;

  constructor(limit: RateLimit, clock: SimulatorClock) {
    this.limit = limit;
    this.#clock = clock;
    this.#available = limit.burst;
    this.#at = clock.now();
  }

  get available(): number {
    const now = this.#clock.now();
    const filled = this.#available + (Math.max(0, now - this.#at) * this.limit.perSecond) / 1_000;
    this.#available = Math.min(this.limit.burst, filled);
    this.#at = now;
    return this.#available;
  }

  /** Takes a cost; the milliseconds to wait when there is not enough, and nothing is taken. */
  take(cost: number): number {
    const missing = cost - this.available;
    if (missing > 0) return Math.ceil((missing / this.limit.perSecond) * 1_000);
    this.#available -= cost;
    return 0;
  }
}
