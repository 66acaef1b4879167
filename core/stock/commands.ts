import type { HoldBucket, OpenBucket, ReceiveBucket, ReturnBucket, TransferBucket } from './buckets.ts';

/** What every act on stock says about itself. */
export interface StockAct {
  /** The pool (virtual warehouse); `main` when it is not named. */
  pool?: string;
  /** Identifies the act: a repeat with the same key changes nothing and gets the first answer. */
  opKey: string;
  /** Who did it: a person, or `flow:<node id>`. */
  actor: string;
  /** Why, as it stands in the ledger; the kind of act when it is not given. */
  reason?: string;
}

/** Units as messages carry them: a number, or text of digits only. */
export type Quantity = number | string;

export interface SkuLine {
  sku: string;
  quantity: Quantity;
}

/** Goods arrive from a supplier. */
export interface Receive extends StockAct {
  lines: readonly SkuLine[];
  /** Where they are put; `available` when it is not named. */
  bucket?: ReceiveBucket;
}

/** Adds (positive) or takes away (negative) free units that the hub had wrong. */
export interface Correct extends StockAct {
  lines: readonly SkuLine[];
}

export interface CountLine {
  sku: string;
  /** Units physically on hand, those of open holds, in inspection and damaged included. */
  counted: Quantity;
}

/** Stock-taking: says how many units are there. */
export interface Count extends StockAct {
  lines: readonly CountLine[];
}

export interface LockLine {
  lineId: string;
  sku: string;
  /** Of a lock also 0: the line no longer wants anything. */
  quantity: Quantity;
}

/** Whether a lock takes every line or nothing, or what there is of each. */
export type Partial = 'all-or-none' | 'what-there-is';

/** A shorter time limit for holds on stock that gets scarce. */
export interface Scarce {
  /** Scarce is a SKU of which fewer units than this would stay available. */
  below: Quantity;
  /** The longest that such a hold lasts, milliseconds. */
  ttlMs: number;
}

/** Who buys, where a cap says how much one buyer may hold. */
export interface Buyer {
  key: string;
  /** Most units of one ordered SKU in the buyer's open holds of the scenario at once; no limit when absent. */
  cap?: Quantity;
}

/** A warehouse behind a pool: a pool of its own. */
export interface Warehouse {
  pool: string;
  /** Regions it serves, each the beginning of the receivers' regions that it means: `CN-44` serves `CN-4403`. */
  regions?: readonly string[];
}

/**
 * Which warehouse serves an order: the one that serves the receiver's region most closely, as few as can be, or
 * simply the first that can.
 */
export type WarehouseChoice = 'nearest' | 'fewest-parcels' | 'fixed-order';

/** The warehouses behind a pool: units are taken from theirs. */
export interface Warehouses {
  pools: readonly Warehouse[];
  choose: WarehouseChoice;
  /** Whether what one warehouse does not have may come from the next; else one has everything or nothing is taken. */
  split: boolean;
  /** Where the receiver is; only `nearest` asks. */
  region?: string;
}

/**
 * Takes units out of `available` for an order. The lines are all that the order wants of the pool: what it holds
 * there is replaced, and lines that are not named any more, or with a quantity of 0, are released in the same step.
 * Whoever locks some lines of an order apart from others gives each part a pool of its own.
 *
 * The op key stands for the order in the pool, not for the lines: an order that changed between two attempts of
 * one act gets the first answer, since the change is an act of its own.
 */
export interface Lock extends StockAct {
  orderKey: string;
  lines: readonly LockLine[];
  /** `normal` when it is not named. */
  scenario?: string;
  /** `committed` when it is not named. */
  bucket?: HoldBucket;
  /** Milliseconds, from the store's clock, after which the hold lapses; null or absent for never. */
  ttlMs?: number | null;
  partial?: Partial;
  /** Counts the tries; part of what the op key stands for. */
  generation?: number;
  /** Ends the hold sooner where stock is scarce, also one that would never end. */
  scarce?: Scarce;
  buyer?: Buyer;
  /** Units of each SKU that must stay available after taking: the buffer. None when absent. */
  keepBack?: Quantity;
  /** Takes from the warehouses behind the pool; what the order holds in the pool itself is replaced too. */
  warehouses?: Warehouses;
  /** Counts what has left and what is to be held. */
  upTo?: LeftUpTo;
}

export interface HeldLine {
  lineId: string;
  /** Units of the line; all that are still held when absent. */
  quantity?: Quantity;
}

/** Gives held units back to `available`. */
export interface Release extends StockAct {
  orderKey: string;
  /** Instead of `pool`: open holds of the order in any of these. */
  pools?: readonly string[];
  /** All open holds of the order in the pool when absent. */
  lines?: readonly HeldLine[];
}

/**
 * The most ordered units of lines that may have left in all, by line id. Who plans from what has left says so, and is
 * refused when others were quicker.
 */
export type LeftUpTo = Readonly<Record<string, number>>;

/** Held units leave for the customer. */
export interface Deduct extends StockAct {
  orderKey: string;
  /** Instead of `pool`: open holds of the order in any of these. */
  pools?: readonly string[];
  /** All open holds of the order in the pool when absent. */
  lines?: readonly HeldLine[];
  upTo?: LeftUpTo;
  withoutHold?: false;
}

/** Units leave for the customer straight from `available`, all lines or none: a sale over the counter. */
export interface DeductWithoutHold extends StockAct {
  orderKey: string;
  lines: readonly LockLine[];
  withoutHold: true;
  /** Takes from the warehouses behind the pool. */
  warehouses?: Warehouses;
  /** As of a `Deduct`. */
  upTo?: LeftUpTo;
}

export interface ReturnedUnits {
  lineId: string;
  sku: string;
  /** Ordered units; of a bundle whole ones. */
  quantity: Quantity;
}

/**
 * Goods come back from the customer: into the inspection (`qc`) when no bucket is named, since nobody has looked at them
 * yet. Of an order that is stored never more than left with it; of another one the hub cannot tell.
 */
export interface Return extends StockAct {
  orderKey: string;
  lines: readonly ReturnedUnits[];
  bucket?: ReturnBucket;
}

/** Units change their place inside a pool: inspected goods are put on the shelf, a shipment arrives. */
export interface Move extends StockAct {
  from: OpenBucket;
  to: OpenBucket;
  lines: readonly SkuLine[];
}

/** Free units go from one pool to another, all lines or none. */
export interface Transfer extends StockAct {
  /** The pool they go to. */
  to: string;
  /** `available` when it is not named; `inbound` while they travel, from where a `Move` takes them on arrival. */
  bucket?: TransferBucket;
  lines: readonly SkuLine[];
}

/** The op key DESIGN 6 names: `order | line | purpose | generation`, with `*` for all lines. */
export function opKeyOf(orderKey: string, lineId: string, purpose: string, generation: number): string {
  return `${orderKey}|${lineId}|${purpose}|${generation}`;
}

/*
 * What the decider works on: the same acts with every value checked, and `content`, a number that stands for
 * all that an op key promises to be the same.
 */

interface Ready {
  pool: string;
  opKey: string;
  actor: string;
  reason: string;
  content: number;
}

export interface ReadyLine {
  lineId: string;
  sku: string;
  quantity: number;
}

export interface ReadySkuLine {
  sku: string;
  /** Units: of a correction signed, of a count what was counted. */
  quantity: number;
}

export interface ReadyHeldLine {
  lineId: string;
  quantity: number | undefined;
}

/** Warehouses in the order in which they are asked. */
export interface ReadyWarehouses {
  pools: readonly string[];
  /** Whether as few as can be are wanted, whatever their order. */
  fewest: boolean;
  split: boolean;
}

export interface ReadyAdjust extends Ready {
  kind: 'receive' | 'correct' | 'set';
  bucket: ReceiveBucket;
  lines: readonly ReadySkuLine[];
}

export interface ReadyReturn extends Ready {
  kind: 'return';
  orderKey: string;
  bucket: ReturnBucket;
  lines: readonly ReadyLine[];
}

export interface ReadyMove extends Ready {
  kind: 'move';
  from: OpenBucket;
  to: OpenBucket;
  lines: readonly ReadySkuLine[];
}

export interface ReadyTransfer extends Ready {
  kind: 'transfer';
  /** The pool they go to. */
  target: string;
  bucket: TransferBucket;
  lines: readonly ReadySkuLine[];
}

export interface ReadyLock extends Ready {
  kind: 'lock';
  orderKey: string;
  scenario: string;
  bucket: HoldBucket;
  ttlMs: number | null;
  partial: boolean;
  lines: readonly ReadyLine[];
  /** The pool, and those of the warehouses: what the order holds there is replaced. */
  pools: readonly string[];
  warehouses: ReadyWarehouses | undefined;
  keepBack: number;
  scarce: { below: number; ttlMs: number } | undefined;
  /** Only with a cap; nothing asks who buys without one. */
  buyer: { key: string; cap: number } | undefined;
  upTo: LeftUpTo | undefined;
}

export interface ReadyResolve extends Ready {
  kind: 'release' | 'deduct';
  orderKey: string;
  pools: readonly string[];
  lines: readonly ReadyHeldLine[] | undefined;
  upTo: LeftUpTo | undefined;
}

export interface ReadySale extends Ready {
  kind: 'sale';
  orderKey: string;
  warehouses: ReadyWarehouses | undefined;
  upTo: LeftUpTo | undefined;
  lines: readonly ReadyLine[];
}

export interface Sweep {
  kind: 'sweep';
  limit: number;
}

/** What people do to stock by hand. */
export type ReadyByHand = ReadyAdjust | ReadyReturn | ReadyMove | ReadyTransfer;
export type KeyedCommand = ReadyByHand | ReadyLock | ReadyResolve | ReadySale;
export type StockCommand = KeyedCommand | Sweep;
