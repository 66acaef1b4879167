import type { Store, Tx } from '../store/store.ts';

/** What a process that writes new items wakes, so that every process forgets what it took for unknown. */
const topic = 'stock-items';

/** After the commit, SKUs may be known that were not: goods of a new SKU, or a new bundle. */
export function itemsAppeared(tx: Tx): void {
  tx.wake(topic);
}

/** The most names kept; the one that was asked for longest ago makes room. */
const mostNames = 10_000;
/** A name is looked for again after this, should a wake-up have been lost between processes. */
const forgetAfterMs = 5_000;
/** Longer names are not kept: the bound is on memory, and somebody else chooses them. */
const longestName = 200;

const ofStores = new WeakMap<Store, UnknownSkus>();

/** Names of SKUs that a store does not know; one list a store, however many ask. */
export function unknownSkusOf(store: Store): UnknownSkus {
  let known = ofStores.get(store);
  if (!known) {
    const made = new UnknownSkus(() => store.now());
    store.onWake((woken) => {
      if (woken === topic) made.clear();
    });
    ofStores.set(store, made);
    known = made;
  }
  return known;
}

/**
 * SKUs that were looked for and not found, so that a flood of requests for them does not reach the store. Bounded,
 * forgotten when any SKU appears, and never older than a few seconds.
 */
export class UnknownSkus {
  /** Until when a name counts, the one asked for last at the end. */
  readonly #until = new Map<string, number>();
  readonly #now: () => number;
  /** Grows when SKUs may have appeared: what was read before that is not to be kept after it. */
  epoch = 0;

  constructor(now: () => number) {
    this.#now = now;
  }

  get size(): number {
    return this.#until.size;
  }

  /** @param pool null for every pool */
  has(pool: string | null, sku: string): boolean {
    if (this.#until.size === 0) return false;
    const name = nameOf(pool, sku);
    const until = this.#until.get(name);
    if (until === undefined) return false;
    this.#until.delete(name);
    if (until <= this.#now()) return false;
    this.#until.set(name, until);
    return true;
  }

  /**
   * Keeps that a SKU was not found.
   *
   * @param epoch as it was before it was looked for
   */
  add(pool: string | null, sku: string, epoch: number): void {
    if (epoch !== this.epoch || sku.length + (pool?.length ?? 0) > longestName) return;
    const name = nameOf(pool, sku);
    this.#until.delete(name);
    this.#until.set(name, this.#now() + forgetAfterMs);
    if (this.#until.size <= mostNames) return;
    const [oldest] = this.#until.keys();
    if (oldest !== undefined) this.#until.delete(oldest);
  }

  clear(): void {
    this.epoch += 1;
    this.#until.clear();
  }
}

function nameOf(pool: string | null, sku: string): string {
  return pool === null ? `*\0${sku}` : `=${pool}\0${sku}`;
}
