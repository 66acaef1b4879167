import type { DeliveryError } from './failure.ts';
import type { BlockedKey } from './queue.ts';

/** What a source says of itself. */
export interface SourceState {
  running: boolean;
  /** Deliveries that wait in the store, due or not. */
  backlog: number;
  /** How long the oldest of them has waited, milliseconds; null when none waits. */
  oldestAgeMs: number | null;
  /** Deliveries that this source's handler is at work on. */
  inFlight: number;
  /** Dead deliveries that nobody has retried or dismissed. */
  dead: number;
  /** Why nothing is claimed, though it runs. */
  paused: DeliveryError | null;
  /** Work waits and nothing moves. */
  stuck: DeliveryError | null;
  /** When a delivery was last done, epoch milliseconds; null when none was since the source was made. */
  lastDoneAt: number | null;
  /** Deliveries done since the source was made. */
  done: number;
  /** Keys that wait for their oldest delivery to be tried again; the first 100. */
  blockedKeys: BlockedKey[];
}

/** Blocked keys that are remembered and shown. */
export const mostBlockedKeys = 100;
