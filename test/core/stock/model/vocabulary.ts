/*
 * What the model speaks of, and the acts that are tried on it and on the hub. Times are epoch milliseconds, quantities of
 * lines ordered units.
 */

/** Ordered units by order line. */
export type Lines<Units = number> = readonly (readonly [line: string, units: Units])[];

/** An order line asks for the same SKU in every order: the third for S, a bundle, the fourth for one that is seldom known. */
export const skuOf: Readonly<Record<string, string>> = { '1': 'A', '2': 'B', '3': 'S', '4': 'C' };

/** What S is made of, in every pool and all the time. */
export const recipe = { A: 2, B: 1 } as const;

/** Where units of a SKU are: `pool/sku`. */
export function placeOf(pool: string, sku: string): string {
  return `${pool}/${sku}`;
}

export function isBundle(place: string): boolean {
  return place.endsWith('/S');
}

/** What one ordered unit of a line takes, and where. */
export function partsOf(pool: string, line: string): [place: string, perUnit: number][] {
  const sku = skuOf[line]!;
  const parts: Readonly<Record<string, number>> = sku === 'S' ? recipe : { [sku]: 1 };
  return Object.entries(parts).map(([part, each]) => [placeOf(pool, part), each]);
}

/** Units in one place by where they lie; what is held is among what is available. */
export type Shelf = Record<'available' | 'qc' | 'damaged' | 'inbound', number>;

export const noShelf: Readonly<Shelf> = { available: 0, qc: 0, damaged: 0, inbound: 0 };

/** A shelf with more units in a bucket of it; beyond the pool nobody counts. */
export function withMore(shelf: Shelf, bucket: string, more: number): Shelf {
  return bucket in shelf ? { ...shelf, [bucket]: shelf[bucket as keyof Shelf] + more } : { ...shelf };
}

/** Units of the holds; with a place those of its SKU there, else ordered ones. */
export function sum(holds: readonly Hold[], place?: string): number {
  const each = ({ pool, line }: Hold) =>
    place === undefined ? 1 : (partsOf(pool, line).find(([part]) => part === place)?.[1] ?? 0);
  return holds.reduce((units, hold) => units + hold.units * each(hold), 0);
}

/** What an act comes to. */
export interface Said {
  state: string;
  /** Codes of the refusals, each once. */
  codes: readonly string[];
  /** Units of the lines, where the act is about lines. */
  units: readonly number[];
}

export function say(state: string, codes: Iterable<string> = [], units: readonly number[] = []): Said {
  return { state, codes: [...codes], units };
}

export function refuse(code: string): Said {
  return say('refused', [code]);
}

/** Whether it is refused, and not just short. */
export function isRefused(codes: ReadonlySet<string>): boolean {
  return [...codes].some((code) => code !== 'stock.short');
}

/** On what terms a lock is asked for. */
export interface Terms {
  scenario: string;
  bucket: 'held' | 'committed' | 'presale';
  /** When it lapses; null for never. */
  until: number | null;
  /** Most units of one SKU that the one buyer there is may hold in the scenario; null for any. */
  cap: number | null;
  /** Whether less than all will do. */
  partial: boolean;
}

/** Units that a line of an order took. */
export interface Hold extends Terms {
  order: string;
  pool: string;
  line: string;
  /** Those it still has. */
  units: number;
  /** When it was made; a lock makes all holds of its order in the pool anew. */
  made: number;
  /** What became of the last of its units, unless their time ran out. */
  end: 'posted' | 'released';
}

/** A line of a stored order. */
export interface LineState {
  /** What the channel says: wanted by now, and shipped. */
  quantity: number;
  told: number;
  /** What the order says: ever wanted, of which cancelled, and of the rest shipped and come back. */
  ordered: number;
  cancelled: number;
  shipped: number;
  returned: number;
  /** What left the stock for it. */
  posted: number;
}

/** Of an order that is not stored nobody knows what was ordered or shipped: nothing stands against it. */
export const noLine: Readonly<LineState> = {
  quantity: 0,
  told: 0,
  ordered: Number.POSITIVE_INFINITY,
  cancelled: 0,
  shipped: Number.POSITIVE_INFINITY,
  returned: 0,
  posted: 0,
};

/** What the channel says of an order. */
export interface ToldOrder {
  scenario: string;
  status: string;
  refund: 'none' | 'full';
  lines: ReadonlyMap<string, Pick<LineState, 'quantity' | 'told'>>;
}

/** An order as it is stored. */
export interface OrderState extends ToldOrder {
  /** Whether it was paid back before any of it was shipped. */
  refundedFirst: boolean;
}

/** A stock-taking of one SKU. */
export interface Counted {
  place: string;
  /** Units more than the ledger said. */
  more: number;
  waits: boolean;
  /** Why it has not the last word any more. */
  stale: string | undefined;
}

/** Differences above this wait for a second person. */
export const countThreshold = 2;

/** One row of the policy; every scenario takes from the same pool, and its units leave when they are shipped. */
export interface Rule {
  lockAt: string;
  bucket: Terms['bucket'];
  limitMs: number | null;
  commitAt: string;
  cap: number | null;
}

export const rules: Readonly<Record<string, Rule>> = {
  normal: { lockAt: 'paid', bucket: 'committed', limitMs: null, commitAt: '', cap: null },
  presale: { lockAt: 'deposit-paid', bucket: 'presale', limitMs: 20 * 60_000, commitAt: 'paid', cap: null },
  live: { lockAt: 'created', bucket: 'held', limitMs: 5 * 60_000, commitAt: 'paid', cap: 4 },
};

/** The pool that the policy takes from. */
export const policyPool = 'p';

/** How far an order may be, in that order. */
export const way = ['created', 'deposit-paid', 'paid', 'part-shipped', 'shipped'];

export const buckets = ['available', 'held', 'committed', 'presale', 'qc', 'damaged', 'inbound'] as const;

/** All that is compared after every step: units by pool, SKU and bucket, what lines hold, and what is on record of them. */
export interface Picture {
  units: string[];
  holds: string[];
  lines: string[];
}

export function holdText(
  hold: Pick<Hold, 'order' | 'line' | 'units' | 'bucket' | 'until'>,
  place: string,
  each = 1,
): string {
  return `${hold.order}/${hold.line}: ${hold.units * each} of ${place}, ${hold.bucket} until ${hold.until ?? 'ever'}`;
}

export function lineText(
  name: string,
  line: Pick<LineState, 'ordered' | 'cancelled' | 'shipped' | 'returned'>,
): string {
  return `${name}: ${line.ordered} ordered, ${line.cancelled} cancelled, ${line.shipped} shipped, ${line.returned} returned`;
}
