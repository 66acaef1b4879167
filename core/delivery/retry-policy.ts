/** When a delivery that failed is tried again. */
export interface RetryPolicy {
  /** Longest wait after the first failure, milliseconds. */
  baseMs: number;
  /** What the longest wait grows by with each failure. */
  factor: number;
  /** Longest wait of all, milliseconds. */
  capMs: number;
  /** Attempts altogether, the first one included. */
  attempts: number;
}

export const defaultRetry: RetryPolicy = { baseMs: 1_000, factor: 2, capMs: 5 * 60_000, attempts: 8 };

/** However long the other side asks to wait, a delivery is tried again within this time. */
const longestRetryAfterMs = 24 * 60 * 60_000;

/** What follows a failure: another attempt at a time (epoch milliseconds), or none. */
export type Verdict = { retryAt: number } | 'dead';

/**
 * Decides what follows a failure. The wait is drawn evenly from zero to `base * factor^(attempt - 1)`, at most
 * the cap: exponential backoff with full jitter (M. Brooker, "Exponential Backoff And Jitter", 2015), which spreads
 * those that failed together. Where the other side said how long to wait, the drawn time is added to that, so that
 * they do not all come back at the same moment.
 *
 * @param attempt attempts begun so far, the failed one included
 * @param now epoch milliseconds
 * @param random draws from [0, 1)
 */
export function verdictOn(
  policy: RetryPolicy,
  attempt: number,
  failure: { permanent?: boolean; retryAfterMs?: number },
  now: number,
  random: () => number = Math.random,
): Verdict {
  if (failure.permanent || attempt >= policy.attempts) return 'dead';
  const ceiling = Math.min(policy.capMs, policy.baseMs * policy.factor ** Math.max(0, attempt - 1));
  const asked = Math.min(Math.max(0, failure.retryAfterMs ?? 0), longestRetryAfterMs);
  return { retryAt: now + Math.round(asked + random() * ceiling) };
}
