import { setTimeout as sleep } from 'node:timers/promises';
import { ChannelFault } from './fault.ts';

/** Milliseconds. */
export interface RetryWaits {
  /** After the first failure in a row at most; twice as long after each further one. */
  firstRetry: number;
  longestRetry: number;
}

/** Milliseconds until a connection is tried again. Full jitter, so that many hubs do not come back at one moment. */
export function retryIn(error: unknown, failures: number, { firstRetry, longestRetry }: RetryWaits): number {
  const named = ChannelFault.is(error) ? (error.retryAfterMs ?? 0) : 0;
  const ceiling = Math.min(longestRetry, firstRetry * 2 ** Math.min(20, failures - 1));
  return Math.max(named, Math.random() * ceiling);
}

export function errorOf(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}

/** Resolves after so many milliseconds, or sooner once the signal is aborted. */
export async function pause(ms: number, signal: AbortSignal): Promise<void> {
  // Rejects when it is aborted, which is how listening ends.
  await sleep(ms, undefined, { signal, ref: false }).catch(() => undefined);
}
