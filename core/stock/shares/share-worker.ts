import type { Candidacy } from '../../delivery/leadership.ts';
import { RecurringWork } from '../../delivery/recurring-work.ts';
import type { Timers } from '../../delivery/timers.ts';
import type { Order } from '../../order/schema.ts';
import { ordersToldAfter } from '../../store/queries/listings.ts';
import {
  bundlesOf,
  lapsedBalances,
  movedBalances,
  shareById,
  skusOfBalances,
  skusToShare,
} from '../../store/queries/shares.ts';
import type { CommandHandler, Store } from '../../store/store.ts';
import { computeHandler } from './compute.ts';
import { MovementCursor } from './movement-cursor.ts';
import { listingsInOrder } from './order-listings.ts';
import { nextFenceChange, type SharePolicy } from './policy.ts';
import { listingsHandler, pagesOf } from './save-listings.ts';

export interface WorkerOptions {
  store: Store;
  timers: Timers;
  share: string;
  candidacy: Candidacy;
  /** Changes that follow one another within so many milliseconds are one. */
  debounceMs: number;
  /** However many changes follow one another, the first of them waits no longer than this, milliseconds. */
  maxWaitMs: number;
}

/** SKUs of one transaction. */
const page = 100;
/** Ledger entries read at once, and pages of them between two looks at the rest. */
const movementPage = 2_000;
const mostPages = 10;
/** Orders searched for listings at once. */
const orderPage = 200;
/** Milliseconds between two looks at holds that ran out. */
const lapsedEveryMs = 5_000;
/** Events younger than this may yet be joined by earlier ones of another process, so they are looked at again. */
const settledMs = 10_000;

interface Place {
  share: string;
  movementId: number;
  eventId: number;
}

const placeHandler: CommandHandler<Place, void> = {
  name: 'shares.place',
  async run(tx, commands) {
    await tx.update(
      'shares',
      commands.map(({ share, movementId, eventId }) => ({
        key: { id: share },
        set: { movement_id: movementId, event_id: eventId },
      })),
    );
    return commands.map(() => undefined);
  },
};

/**
 * Keeps the numbers of one share true: looks what has moved, and has it worked out anew from the stock as it is then.
 * Everything is worked out when it starts, when another process did it before, and when the rules have changed.
 */
export class ShareWorker {
  readonly #options: WorkerOptions;
  readonly #balances = new Set<number>();
  readonly #skus = new Set<string>();
  #cursor: MovementCursor | undefined;
  #eventId = 0;
  /** Younger events that have been searched already. */
  #searched = new Set<number>();
  #kept: Place | undefined;
  #rules = '';
  /** The SKU after which the run over everything goes on; null when there is none. */
  #fullAfter: string | null = '';
  #firstDirty = 0;
  #lastDirty = 0;
  #lapsedUpTo = 0;
  #fenceAt: number | null = null;
  readonly #steps: RecurringWork;

  constructor(options: WorkerOptions) {
    this.#options = options;
    const everyMs = Math.min(1_000, Math.max(50, options.debounceMs / 2));
    this.#steps = new RecurringWork(() => this.#tick(), { everyMs, firstMs: 0, timers: options.timers });
  }

  /** Why the last step failed; null when it went through. */
  get fault(): unknown {
    return this.#steps.fault;
  }

  start(): void {
    this.#steps.start();
  }

  async stop(): Promise<void> {
    await this.#steps.stop();
    await this.#options.candidacy.resign();
  }

  /** Notes SKUs whose listings are others now. */
  touch(skus: readonly string[]): void {
    for (const sku of skus) this.#skus.add(sku);
    if (skus.length > 0) this.#dirty();
  }

  /** Does all there is to do, without waiting for more. For tests and for people who ask. */
  async settle(): Promise<void> {
    await this.#steps.between(() => this.#step(true));
  }

  async #tick(): Promise<number | undefined> {
    try {
      return (await this.#step(false)) ? 0 : undefined;
    } catch (error) {
      // What was read may have been lost on the way: from the stored place on, everything anew.
      this.#cursor = undefined;
      throw error;
    }
  }

  /** One look; true when there is more to do at once. */
  async #step(whole: boolean): Promise<boolean> {
    const { store, share, candidacy, debounceMs, maxWaitMs } = this.#options;
    if (!candidacy.leads()) {
      this.#cursor = undefined;
      return false;
    }
    const row = await shareById(store.read, share);
    if (!row) return false;
    const policy = JSON.parse(row.policy) as SharePolicy;
    const now = store.now();
    if (!this.#cursor) {
      this.#cursor = new MovementCursor(row.movement_id);
      this.#eventId = row.event_id;
      this.#fullAfter = '';
      this.#lapsedUpTo = now;
    }
    // Newer rules, or listings that were told in another process.
    const rules = `${row.updated_at} ${row.policy}`;
    if (this.#rules !== rules) {
      this.#rules = rules;
      this.#fullAfter = '';
      this.#fenceAt = nextFenceChange(policy, now);
    }
    if (this.#fenceAt !== null && this.#fenceAt <= now) {
      this.#fullAfter = '';
      this.#fenceAt = nextFenceChange(policy, now);
    }
    let more = await this.#readLedger(this.#cursor, now);
    if (whole || now - this.#lapsedUpTo >= lapsedEveryMs) await this.#readLapsed(now);
    more = (await this.#readOrders(now)) || more;
    const isDirty = this.#balances.size + this.#skus.size > 0;
    if (isDirty && (whole || now - this.#lastDirty >= debounceMs || now - this.#firstDirty >= maxWaitMs))
      await this.#flush(policy);
    more = (await this.#computePage(policy)) || more;
    await this.#keepPlace();
    return whole && more ? this.#step(true) : more;
  }

  #dirty(): void {
    const now = this.#options.store.now();
    if (this.#firstDirty === 0) this.#firstDirty = now;
    this.#lastDirty = now;
  }

  async #readLedger(cursor: MovementCursor, now: number): Promise<boolean> {
    const { read } = this.#options.store;
    const take = (rows: readonly { id: number; balance_id: number }[]): void => {
      if (rows.length === 0) return;
      cursor.take(
        rows.map((row) => row.id),
        now,
      );
      for (const { balance_id } of rows) this.#balances.add(balance_id);
      this.#dirty();
    };
    for (const { first, last } of [...cursor.gaps])
      take(await movedBalances(read, { after: first - 1, upTo: last, limit: movementPage }));
    cursor.giveUp(now);
    for (let count = 0; count < mostPages; count += 1) {
      const rows = await movedBalances(read, { after: cursor.upTo, limit: movementPage });
      take(rows);
      if (rows.length < movementPage) return false;
    }
    return true;
  }

  async #readLapsed(now: number): Promise<void> {
    const balances = await lapsedBalances(this.#options.store.read, this.#lapsedUpTo, now);
    this.#lapsedUpTo = now;
    for (const id of balances) this.#balances.add(id);
    if (balances.length > 0) this.#dirty();
  }

  async #readOrders(now: number): Promise<boolean> {
    const { store } = this.#options;
    const rows = await ordersToldAfter(store.read, this.#eventId, orderPage);
    const listings = rows.flatMap(({ id, document, at }) =>
      document === null || this.#searched.has(id) ? [] : listingsInOrder(JSON.parse(document) as Order, at),
    );
    for (const part of pagesOf(listings)) this.touch(await store.execute(listingsHandler, part));
    const settled = rows.filter(({ at }) => now - at > settledMs || rows.length === orderPage);
    this.#eventId = settled.at(-1)?.id ?? this.#eventId;
    this.#searched = new Set(rows.filter(({ id }) => id > this.#eventId).map(({ id }) => id));
    return rows.length === orderPage;
  }

  async #flush(policy: SharePolicy): Promise<void> {
    const { store, share } = this.#options;
    const balances = [...this.#balances];
    const skus = new Set(this.#skus);
    this.#balances.clear();
    this.#skus.clear();
    this.#firstDirty = 0;
    for (let first = 0; first < balances.length; first += 500)
      for (const sku of await skusOfBalances(store.read, balances.slice(first, first + 500), policy.pools))
        skus.add(sku);
    const plain = [...skus];
    for (let first = 0; first < plain.length; first += 500)
      for (const bundle of await bundlesOf(store.read, plain.slice(first, first + 500))) skus.add(bundle);
    const all = [...skus];
    for (let first = 0; first < all.length; first += page)
      await store.execute(computeHandler, { share, skus: all.slice(first, first + page) });
  }

  /** A page of the run over everything. */
  async #computePage({ pools }: SharePolicy): Promise<boolean> {
    const after = this.#fullAfter;
    if (after === null) return false;
    const { store, share } = this.#options;
    const skus = await skusToShare(store.read, { share, pools, after, limit: page });
    if (skus.length > 0) await store.execute(computeHandler, { share, skus });
    // Rules that changed meanwhile have set it back to the beginning.
    if (this.#fullAfter === after) this.#fullAfter = skus.length < page ? null : skus.at(-1)!;
    return this.#fullAfter !== null;
  }

  async #keepPlace(): Promise<void> {
    const { store, share } = this.#options;
    const { movementId, eventId } = this.#kept ?? {};
    // What was read and waits to be gathered is not worked out yet: the place says what has been.
    const behind = this.#balances.size > 0 && movementId !== undefined;
    const read = this.#cursor?.safe ?? 0;
    const place = { share, movementId: behind ? movementId : read, eventId: this.#eventId };
    if (movementId === place.movementId && eventId === place.eventId) return;
    await store.execute(placeHandler, place);
    this.#kept = place;
  }
}
