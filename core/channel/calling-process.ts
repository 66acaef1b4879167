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
export function isDead(owner: string | null, alone: boolean): boolean {
  return alone && owner !== null && !owner.startsWith(`${thisProcess}/`);
}
