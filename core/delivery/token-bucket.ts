/**
 * Lets through `perSecond` of something on average, at most one and a tenth of a second's worth at once.
 * Times are milliseconds of one clock; a clock that goes back only pauses the refill.
 */
export class TokenBucket {
  readonly #perMs: number;
  readonly #capacity: number;
  #tokens: number;
  #at: number;

  constructor(perSecond: number, now: number) {
    if (!(perSecond > 0)) throw new RangeError(`A rate must be above zero, not ${perSecond}`);
    this.#perMs = perSecond / 1_000;
    this.#capacity = 1 + perSecond / 10;
    this.#tokens = Math.max(1, perSecond / 10);
    this.#at = now;
  }

  /** How many may go now. */
  available(now: number): number {
    this.#refill(now);
    // A token refilled in steps may be a hair short of whole.
    return Math.floor(this.#tokens + 1e-9);
  }

  take(count: number): void {
    this.#tokens -= count;
  }

  /** When the next one may go. */
  nextAt(now: number): number {
    this.#refill(now);
    return this.#tokens + 1e-9 >= 1 ? now : now + Math.ceil((1 - this.#tokens) / this.#perMs - 1e-6);
  }

  #refill(now: number): void {
    if (now > this.#at)
      this.#tokens = Math.min(this.#capacity, this.#tokens + (now - this.#at) * this.#perMs);
    this.#at = now;
  }
}
