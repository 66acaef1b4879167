import type { Timers } from '../../delivery/timers.ts';
import { HubError } from '../../errors.ts';
import type { Store } from '../../store/store.ts';
import type { ListingOnChannel, StockTarget } from '../connection/stock-target.ts';
import { type PushAccount, readBackHandler } from './claim.ts';
import type { ListingNumber } from './listing-number.ts';

export interface Difference {
  number: ListingNumber;
  shown: ListingOnChannel;
}

export interface ReadBackOptions {
  store: Store;
  timers: Timers;
  account: PushAccount;
  /** Percent of what was told that is read again; 0 for none. */
  percent: number;
  /** Listings read in a minute at most. */
  perMinute: number;
  random(): number;
  /** Tells the channel again; rejects when it was not taken. */
  onDifference(difference: Difference): Promise<unknown>;
  /** Reading, or telling again, went wrong. */
  onTrouble(error: unknown): void;
}

/** Channels show what they were told some seconds later. */
const firstLookMs = 5_000;
/** Long enough for an order that lowered the number to arrive and be counted. */
const secondLookMs = 30_000;
const minute = 60_000;
/** A look that comes to nothing because of the channel is taken again so often at most: it is a sample. */
const mostLooks = 10;

/** What is to be looked at. */
interface Look {
  numbers: readonly ListingNumber[];
  /** Whether they differed before. */
  second: boolean;
  /** Looks at them so far that came to nothing. */
  failed: number;
}

/**
 * Reads a sample of what was told. A number that differs is looked at twice: what the channel sold in between makes it
 * lower for a while, and rightly so.
 */
export class ReadBack {
  readonly #options: ReadBackOptions;
  readonly #closing = new AbortController();
  readonly #calledOff = new Set<() => void>();
  readonly #running = new Set<Promise<void>>();
  #counted = 0;
  #minuteFrom = Number.NEGATIVE_INFINITY;

  constructor(options: ReadBackOptions) {
    this.#options = options;
  }

  /** Picks some of the states that a channel took. */
  offer(target: StockTarget, numbers: readonly ListingNumber[]): void {
    const { percent, perMinute, random, store } = this.#options;
    if (!target.read || percent <= 0) return;
    const now = store.now();
    if (now - this.#minuteFrom >= minute || now < this.#minuteFrom) {
      this.#minuteFrom = now;
      this.#counted = 0;
    }
    const picked = numbers
      .filter(() => random() * 100 < percent)
      .slice(0, Math.max(0, perMinute - this.#counted));
    this.#counted += picked.length;
    if (picked.length > 0)
      this.#later(firstLookMs, () => this.#look(target, { numbers: picked, second: false, failed: 0 }));
  }

  async close(): Promise<void> {
    this.#closing.abort();
    for (const callOff of this.#calledOff) callOff();
    await Promise.all(this.#running);
  }

  #later(ms: number, act: () => Promise<void>): void {
    if (this.#closing.signal.aborted) return;
    const callOff = this.#options.timers.after(ms, () => {
      this.#calledOff.delete(callOff);
      const running = act()
        .catch((error: unknown) => {
          if (!this.#closing.signal.aborted) this.#options.onTrouble(error);
        })
        .finally(() => this.#running.delete(running));
      this.#running.add(running);
    });
    this.#calledOff.add(callOff);
  }

  async #look(target: StockTarget, look: Look): Promise<void> {
    const { store, account, onDifference } = this.#options;
    const { numbers, second, failed } = look;
    const listings = numbers.map(({ listing }) => listing);
    let found: ReadonlyMap<string, ListingOnChannel>;
    try {
      found = await target.read!(listings, this.#closing.signal);
    } catch (error) {
      this.#again(target, look, error);
      return;
    }
    const differing: ListingNumber[] = [];
    for (const number of numbers) {
      const shown = found.get(number.listing);
      if (!shown) continue;
      const differs = isDifferent(number, shown, target);
      const isCurrent = await store.execute(readBackHandler, { ...account, number, ...shown, differs });
      if (!isCurrent || !differs) continue;
      if (!second) differing.push(number);
      else
        onDifference({ number, shown }).catch((error: unknown) =>
          this.#again(target, { numbers: [number], second, failed }, error),
        );
    }
    if (differing.length > 0)
      this.#later(secondLookMs, () => this.#look(target, { numbers: differing, second: true, failed }));
  }

  /** Looks later at what could not be read, or not be told again, unless the channel says that it never can. */
  #again(target: StockTarget, look: Look, error: unknown): void {
    if (this.#closing.signal.aborted) return;
    this.#options.onTrouble(error);
    const failed = look.failed + 1;
    if (failed < mostLooks && (!HubError.is(error) || error.retryable))
      this.#later(secondLookMs, () => this.#look(target, { ...look, failed }));
  }
}

function isDifferent(
  { listing, sellable, open }: ListingNumber,
  shown: ListingOnChannel,
  { sale }: StockTarget,
): boolean {
  if (shown.sellable !== null && shown.sellable !== sellable) return true;
  // A product stays open for its other listings; a person may have closed what is open here.
  return sale?.unitOf(listing) === listing && shown.open === true && !open;
}
