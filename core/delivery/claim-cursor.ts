import type { Claim, ClaimRequest } from './claim.ts';

/** Least time between two beginnings of a sweep over a long backlog, milliseconds. */
const sweepEveryMs = 1_000;
/** However quiet it is, the backlog is looked at again after this time, milliseconds. */
export const longestWaitMs = 60_000;
/** Keys remembered between claims; the sweep finds those beyond. */
const mostKeys = 1_000;

/**
 * Where in its backlog a source looks next. As long as all that waits and cannot be handed over fits in one
 * claim's window, each claim begins at the oldest. When it does not (a long outage has left thousands waiting
 * for their next attempt), sweeps go on from window to window, begin anew at most once a second, and between them
 * only what is new and what was held up by something just finished is looked at: a claim costs the same
 * whatever the backlog is.
 */
export class ClaimCursor {
  #after = 0;
  /** The backlog that cannot be handed over is longer than a window. */
  #long = false;
  #sweepBegan = 0;
  #nextDue: number | null = null;
  /** Nothing waits that a finished delivery could have held up. */
  #dry = false;
  readonly #keys = new Set<string>();

  /** What the next claim looks at. */
  next(now: number): Required<Pick<ClaimRequest, 'after' | 'keys'>> {
    if (!this.#long || now >= this.#restartAt()) {
      this.#after = 0;
      this.#nextDue = null;
      this.#sweepBegan = now;
    }
    const keys = this.#long ? [...this.#keys] : [];
    this.#keys.clear();
    return { after: this.#after, keys };
  }

  /** Takes in what a claim found; answers whether the next one should follow at once. */
  took({ looked }: Pick<Claim, 'looked'>): boolean {
    this.#dry = false;
    if (!looked) return true;
    if (looked.nextDue !== null) this.#nextDue = Math.min(this.#nextDue ?? looked.nextDue, looked.nextDue);
    if (looked.more) {
      this.#long = true;
      this.#after = looked.upTo!;
      return true;
    }
    if (this.#after === 0) {
      this.#long = false;
      this.#dry = looked.waiting === 0;
    } else if (looked.upTo !== null) this.#after = looked.upTo;
    return false;
  }

  /** A delivery of a key is over; answers whether that may let another one go. */
  finished(key: string): boolean {
    if (this.#long && this.#keys.size < mostKeys) this.#keys.add(key);
    return !this.#dry;
  }

  /** Something may have come that no claim has seen. */
  stirred(): void {
    this.#dry = false;
  }

  /** When to look again if nothing else happens, epoch milliseconds. */
  lookAgainAt(now: number): number {
    if (this.#long) return this.#restartAt();
    return Math.min(this.#nextDue ?? Number.POSITIVE_INFINITY, now + longestWaitMs);
  }

  #restartAt(): number {
    const due = this.#nextDue ?? Number.POSITIVE_INFINITY;
    return Math.max(this.#sweepBegan + sweepEveryMs, Math.min(due, this.#sweepBegan + longestWaitMs));
  }
}
