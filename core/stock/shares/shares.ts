import type { Leadership } from '../../delivery/leadership.ts';
import { systemTimers, type Timers } from '../../delivery/timers.ts';
import { HubError } from '../../errors.ts';
import {
  type LeftBehind,
  lastMovementId,
  leftBehind,
  retireOthers,
  shareById,
  shareState,
  shareStates,
  workAnew,
} from '../../store/queries/shares.ts';
import type { Row } from '../../store/schema.ts';
import type { CommandHandler, Store } from '../../store/store.ts';
import { closeLeftHandler } from './close-left.ts';
import { deliveryKey, tell } from './compute.ts';
import './messages.ts';
import { policyFault, type SharePolicy } from './policy.ts';
import { type ListingRefusal, listingsHandler, pagesOf, readListings } from './save-listings.ts';
import { ShareWorker } from './share-worker.ts';

export type { LeftBehind } from '../../store/queries/shares.ts';

/** Who shares out stock, and how. */
export interface Share {
  id: string;
  /** Name for people. */
  label: string;
  policy: SharePolicy;
  /** Changes within so many milliseconds are told as one; default 1,000. */
  debounceMs?: number;
  /** The first of many changes waits no longer than this, milliseconds; default 5,000. */
  maxWaitMs?: number;
}

/** What a channel answered to a number. */
export interface Pushed {
  share: string;
  channel: string;
  shop: string;
  listing: string;
  version: number;
  /** When the channel answered, epoch milliseconds. */
  at: number;
  /** `ok`, or the code of what it refused the number for. */
  result: string;
}

/** What a listing is to show, as it is told. */
export interface ListingState {
  share: string;
  sku: string;
  channel: string;
  shop: string;
  listing: string;
  sellable: number;
  open: boolean;
  why: { code: string; params: Record<string, string | number | boolean | null> };
  version: number;
  /** When it became so, epoch milliseconds. */
  at: number;
}

const usualDebounceMs = 1_000;
const usualMaxWaitMs = 5_000;
/** Ledger entries before the newest that a new share looks at: those of others may still be on their way. */
const headStart = 1_000;
/** States told again in one transaction. */
const page = 200;

const registerHandler: CommandHandler<{ share: Share; movementId: number }, void> = {
  name: 'shares.register',
  async run(tx, commands) {
    for (const { share, movementId } of commands) {
      const { id, label } = share;
      const policy = JSON.stringify(share.policy);
      const [kept] = await tx.find('shares', [{ id }]);
      const row = { label, policy, updated_at: tx.now };
      if (kept) await tx.update('shares', [{ key: { id }, set: row }]);
      else await tx.put('shares', [{ id, ...row, movement_id: movementId, event_id: 0 }]);
      if (kept && kept.policy !== policy) await retireOthers(tx.db, id, share.policy.channels);
    }
    return commands.map(() => undefined);
  },
};

/** Has every share worked out anew, in whichever process does it. */
const anewHandler: CommandHandler<undefined, void> = {
  name: 'shares.anew',
  async run(tx, commands) {
    await workAnew(tx.db, tx.now);
    return commands.map(() => undefined);
  },
};

interface Resend {
  share: string;
  after: number;
}

const resendHandler: CommandHandler<Resend, { told: number; next: number | null }> = {
  name: 'shares.resend',
  async run(tx, commands) {
    const answers: { told: number; next: number | null }[] = [];
    for (const { share, after } of commands) {
      const rows = await shareStates(tx.db, { share, after, limit: page });
      const told = await tell(
        tx,
        share,
        rows.map((row) => ({ ref: row.id, key: deliveryKey(row) })),
      );
      answers.push({ told, next: rows.length === page ? rows.at(-1)!.id : null });
    }
    return answers;
  },
};

const pushedHandler: CommandHandler<Pushed, boolean> = {
  name: 'shares.pushed',
  async run(tx, commands) {
    const answers: (boolean | Error)[] = [];
    for (const { share, channel, shop, listing, version, at, result } of commands) {
      const [row] = await tx.find('share_states', [{ share, channel, shop, listing }]);
      if (!row) {
        answers.push(new HubError('shares.unknown-listing', { share, listing }));
        continue;
      }
      if (!Number.isInteger(version) || version < 1 || version > row.version) {
        answers.push(new HubError('shares.bad-version', { version, listing, newest: row.version }));
        continue;
      }
      const newer = row.pushed_version === null || version >= row.pushed_version;
      if (newer)
        await tx.update('share_states', [
          { key: { id: row.id }, set: { pushed_version: version, pushed_at: at, pushed_result: result } },
        ]);
      answers.push(newer);
    }
    return answers;
  },
};

/** What the channels of a shared stock are to show, worked out and told by the shares that run in this process. */
export class Shares {
  readonly #store: Store;
  readonly #leadership: Leadership;
  readonly #timers: Timers;
  readonly #workers = new Map<string, ShareWorker>();

  constructor(store: Store, leadership: Leadership, timers: Timers = systemTimers) {
    this.#store = store;
    this.#leadership = leadership;
    this.#timers = timers;
  }

  /**
   * Takes up a share with its rules as they are now; one that runs already goes on by the new ones. Its deliveries
   * are for the subscriber `stock:<id>`.
   *
   * @throws HubError of what is wrong with the rules, with the row
   */
  async run(share: Share): Promise<void> {
    const fault = policyFault(share.policy);
    if (fault) throw fault;
    const movementId = Math.max(0, (await lastMovementId(this.#store.read)) - headStart);
    await this.#store.execute(registerHandler, { share, movementId });
    await this.stop(share.id);
    const worker = new ShareWorker({
      store: this.#store,
      timers: this.#timers,
      share: share.id,
      candidacy: this.#leadership.candidate(`stock.shares.${share.id}`),
      debounceMs: share.debounceMs ?? usualDebounceMs,
      maxWaitMs: share.maxWaitMs ?? usualMaxWaitMs,
    });
    this.#workers.set(share.id, worker);
    worker.start();
  }

  /** Lets a share rest; what it told stays. */
  async stop(id: string): Promise<void> {
    const worker = this.#workers.get(id);
    this.#workers.delete(id);
    await worker?.stop();
  }

  async stopAll(): Promise<void> {
    await Promise.all([...this.#workers.keys()].map((id) => this.stop(id)));
  }

  /** Has a share that runs here do now all there is to do. */
  async settle(id: string): Promise<void> {
    await this.#workers.get(id)?.settle();
  }

  /** What a share that runs here failed at when it last looked; it looks again by itself. */
  get fault(): unknown {
    for (const { fault } of this.#workers.values()) if (fault !== null) return fault;
    return null;
  }

  /**
   * Takes in what listings stand for, told by a person, a message or the API; a sku of null says that nobody knows.
   * Entries that are none are refused one by one and keep the others from nothing.
   *
   * @throws HubError shares.listings-wanted for something else than a list, shares.too-many
   */
  async tellListings(given: unknown): Promise<{ saved: number; refusals: ListingRefusal[] }> {
    const { listings, refusals } = readListings(given, this.#store.now());
    let others = false;
    for (const part of pagesOf(listings)) {
      const touched = await this.#store.execute(listingsHandler, part);
      for (const worker of this.#workers.values()) worker.touch(touched);
      others ||= touched.length > 0 && this.#store.kind === 'postgres';
    }
    // On a shared store another process may be the one that works them out.
    if (others) await this.#store.execute(anewHandler, undefined);
    return { saved: listings.length, refusals };
  }

  /** Tells every state of a share once more, with the version it has. Answers for how many it was not waiting yet. */
  async sendAll(id: string): Promise<number> {
    if (!(await shareById(this.#store.read, id))) throw new HubError('shares.unknown', { share: id });
    let told = 0;
    for (let after: number | null = 0; after !== null; ) {
      const step: { told: number; next: number | null } = await this.#store.execute(resendHandler, {
        share: id,
        after,
      });
      told += step.told;
      after = step.next;
    }
    return told;
  }

  /** Shops that the rules of a share no longer name and that still show the last number they were told. */
  leftBehind(id: string): Promise<LeftBehind[]> {
    return leftBehind(this.#store.read, id);
  }

  /**
   * Tells the listings of shops that were taken out of a share's rules to show nothing; of one shop, or of all such.
   * Answers for how many. A shop that the rules name is none of them.
   *
   * @throws HubError shares.unknown
   */
  async closeLeft(id: string, only?: { channel: string; shop: string }): Promise<number> {
    if (!(await shareById(this.#store.read, id))) throw new HubError('shares.unknown', { share: id });
    let closed = 0;
    for (const { channel, shop } of only ? [only] : await this.leftBehind(id))
      for (let more = true; more; ) {
        const step = await this.#store.execute(closeLeftHandler, { share: id, channel, shop });
        closed += step.closed;
        more = step.more;
      }
    return closed;
  }

  /** The state that a delivery of the topic `stock` hands over, as it is now; undefined for one that is gone. */
  async stateOf(ref: number): Promise<ListingState | undefined> {
    const row = await shareState(this.#store.read, ref);
    // Of a shop that the rules no longer name only that it is closed is told.
    const isTold = row && (row.active === 1 || (row.sellable === 0 && row.open === 0));
    return isTold ? listingState(row) : undefined;
  }

  /**
   * Marks what a channel answered; false for an answer to an older version than one it has answered already, which
   * changes nothing.
   *
   * @throws HubError shares.unknown-listing, shares.bad-version for one that was never told
   */
  pushed(answer: Pushed): Promise<boolean> {
    return this.#store.execute(pushedHandler, answer);
  }
}

/** A state as it is told. */
export function listingState(row: Row<'share_states'>): ListingState {
  const { share, sku, channel, shop, listing, sellable, version, at } = row;
  const why = JSON.parse(row.why) as ListingState['why'];
  return { share, sku, channel, shop, listing, sellable, open: row.open === 1, why, version, at };
}
