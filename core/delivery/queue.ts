import {
  backingOff,
  begunOften,
  type DeliveryRow,
  deliveryById,
  deliveryCounts,
  leases,
  lookedAt,
  recentDeliveries,
} from '../store/queries/deliveries.ts';
import type { DeliveryState } from '../store/schema.ts';
import type { Store } from '../store/store.ts';
import { type Claim, type ClaimRequest, claimHandler, claimWindow, readable } from './claim.ts';
import { errorFrom, type Lease } from './delivery.ts';
import type { DeliveryError } from './failure.ts';
import { finishHandler, type Outcome } from './finish.ts';
import { endLeasesHandler, extendHandler, type Release, releaseHandler } from './lease-acts.ts';
import './messages.ts';

export type { Claim, ClaimRequest } from './claim.ts';
export type { ClaimedDelivery, Lease } from './delivery.ts';
export type { Outcome } from './finish.ts';

/** How a subscriber's deliveries stand. */
export interface QueueCounts {
  /** Waiting, due or not. */
  backlog: number;
  /** When the oldest waiting one was written, epoch milliseconds. */
  oldestAt: number | null;
  inFlight: number;
  /** Dead ones that nobody has retried or dismissed. */
  dead: number;
  /** When the next one that is not due yet is due, among the 2,000 oldest that wait; epoch milliseconds. */
  nextDue: number | null;
}

/** A key that waits for its oldest delivery to be tried again. */
export interface BlockedKey {
  key: string;
  deliveryId: number;
  attempts: number;
  /** When it is tried again, epoch milliseconds. */
  until: number;
  reason: DeliveryError | null;
}

/** A delivery as people see it in a list. */
export interface DeliveryInfo {
  id: number;
  topic: string;
  subscriber: string;
  key: string;
  ref: number;
  state: DeliveryState;
  attempts: number;
  availableAt: number;
  createdAt: number;
  finishedAt: number | null;
  lastError: DeliveryError | null;
}

/** The durable queue of deliveries: everything a source does with them, each durable when it answers. */
export class DeliveryQueue {
  readonly #store: Store;

  constructor(store: Store) {
    this.#store = store;
  }

  /** Hands over what is due, at most one of each key; see `ClaimRequest` and `Claim`. */
  async claim(request: ClaimRequest): Promise<Claim> {
    return readable(await this.#store.execute(claimHandler, { ...request, owner: this.#store.owner }));
  }

  /** Ends a delivery; false when it is no longer the holder's to end, and then nothing was changed. */
  finish(lease: Lease, outcome: Outcome): Promise<boolean> {
    return this.#store.execute(finishHandler, { lease, outcome });
  }

  /** Extends leases from now; answers those that are still the holder's. */
  heartbeat(held: readonly Lease[], leaseMs: number): Promise<Lease[]> {
    return this.#store.execute(extendHandler, { leases: held, owner: this.#store.owner, leaseMs });
  }

  /** Gives deliveries back unfinished, as if they had not been claimed. Answers how many. */
  release(held: readonly Release[]): Promise<number> {
    return this.#store.execute(releaseHandler, held);
  }

  /**
   * Ends every lease left from before this process opened the store, so that nothing waits for a lease of a
   * process that is gone. An embedded store has one owner, so all leases are; a shared one tells by its owner and
   * leaves the others' to lapse. Call it once after opening, before any source starts. Answers how many.
   */
  async reclaimOwn(): Promise<number> {
    // A shared store's owner id is new with each opening: no lease there is this process's before it claims.
    return this.#endLeases(this.#store.kind === 'sqlite' ? 'process-stopped' : 'lapsed');
  }

  /** Puts deliveries whose lease ran out back into the queue. Answers how many. */
  async lapse(): Promise<number> {
    // Looking costs nothing durable; a transaction every few seconds for nothing would.
    const [lapsed] = await leases(this.#store.read, { lapsedAt: this.#store.now() }, 1);
    return lapsed ? this.#endLeases('lapsed') : 0;
  }

  async #endLeases(why: 'process-stopped' | 'lapsed'): Promise<number> {
    let total = 0;
    for (;;) {
      const { ended, more } = await this.#store.execute(endLeasesHandler, { why });
      total += ended;
      if (!more) return total;
    }
  }

  async counts(subscriber: string): Promise<QueueCounts> {
    const counts = await deliveryCounts(this.#store.read, subscriber);
    const range = { subscriber, after: 0, window: claimWindow };
    const { nextDue } = await lookedAt(this.#store.read, range, this.#store.now());
    return { ...counts, nextDue };
  }

  /** Whether something among the oldest that wait has been begun at least so many times. */
  begunOften(subscriber: string, attempts: number): Promise<boolean> {
    return begunOften(this.#store.read, subscriber, attempts, claimWindow);
  }

  /** Keys whose oldest delivery failed and waits to be tried again, oldest first. Reads the backlog. */
  async blockedKeys(subscriber: string, limit = 100): Promise<BlockedKey[]> {
    const rows = await backingOff(this.#store.read, subscriber, this.#store.now(), limit);
    return rows.map((row) => ({
      key: row.key,
      deliveryId: row.id,
      attempts: row.attempts,
      until: row.available_at,
      reason: errorFrom(row.last_error),
    }));
  }

  /** Deliveries for a list, newest first; the next page is `before` the last id of this one. */
  async list(
    filter: { subscriber?: string; state?: DeliveryState; before?: number } = {},
    limit = 100,
  ): Promise<DeliveryInfo[]> {
    return (await recentDeliveries(this.#store.read, filter, limit)).map(infoOf);
  }

  async find(id: number): Promise<DeliveryInfo | undefined> {
    const row = await deliveryById(this.#store.read, id);
    return row && infoOf(row);
  }
}

export function infoOf(row: DeliveryRow): DeliveryInfo {
  return {
    id: row.id,
    topic: row.topic,
    subscriber: row.subscriber,
    key: row.key,
    ref: row.ref,
    state: row.state,
    attempts: row.attempts,
    availableAt: row.available_at,
    createdAt: row.created_at,
    finishedAt: row.finished_at,
    lastError: errorFrom(row.last_error),
  };
}
