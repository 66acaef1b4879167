import { randomUUID } from 'node:crypto';
import type { Store } from '../store/store.ts';

/** This process among those that ever used a store. */
const thisProcess = randomUUID();

/** A name for one who calls a channel: no two are the same, and those of one process are known by it. */
export function newOwner(): string {
  return `${thisProcess}/${randomUUID()}`;
}

/** Whether one process has the whole store, so that claims of any other are those of dead ones. */
export function hasOneProcess(store: Store): boolean {
  return store.kind === 'sqlite';
}

/** Whether whoever claimed something cannot be at it any more; `alone` for a store that one process has. */
function isDead(owner: string | null, alone: boolean): boolean {
  return alone && owner !== null && !owner.startsWith(`${thisProcess}/`);
}

/** A claim to call a channel holds for so long, milliseconds; a call is given up before. */
export const leaseMs = 60_000;
export const longestCallMs = 45_000;

/** A call whose answer is unknown has got through after so long, milliseconds, if it does. */
export const restMs = 5_000;

interface Claim {
  owner: string | null;
  claimed_until: number | null;
}

/**
 * Until when a claim keeps others from calling, epoch milliseconds; null when it does not. What a dead process sent may
 * still get through, so its claim ends in a rest, which whoever finds it has to take over.
 */
export function heldUntil(
  { owner, claimed_until: until }: Claim,
  now: number,
  alone: boolean,
): { until: number; takeOver: boolean } | null {
  if (until === null || until <= now) return null;
  return isDead(owner, alone)
    ? { until: Math.min(until, now + restMs), takeOver: true }
    : { until, takeOver: false };
}
