import type { MessageParams } from '../message.ts';

/** An open hold that keeps units from somebody. */
export interface Holder {
  orderKey: string;
  quantity: number;
  /** Epoch milliseconds at which it lapses; null for never. */
  until: number | null;
}

/** The arithmetic of a refusal, in units. What the asking order holds itself counts as available. */
export interface Shortage {
  sku: string;
  asked: number;
  available: number;
  held: number;
  committed: number;
  presale: number;
  /** Units kept back from sale. */
  buffer: number;
  /** The newest open holds of others, at most five. */
  heldBy: Holder[];
}

export interface StockRefusal {
  code: string;
  params: MessageParams;
  sentence: string;
  /** Present when there was too little of a SKU. */
  shortage?: Shortage;
}

interface Answer<State extends string, Line> {
  state: State;
  lines: Line[];
  /** Why not, or why not all of it; empty when everything was done. */
  refusals: StockRefusal[];
  /** Whether the act had been done before and this is the answer it got then. */
  replayed: boolean;
}

export interface AdjustedLine {
  sku: string;
  /** Units that came (positive) or went (negative). */
  quantity: number;
  /** Units free after it. */
  available: number;
}

export type AdjustAnswer = Answer<'done' | 'refused', AdjustedLine>;

export interface LockedLine {
  lineId: string;
  sku: string;
  asked: number;
  /** Units the line holds now. */
  locked: number;
  /** What it holds and where, when that is not the SKU in the pool: components of a bundle, several warehouses. */
  from?: LockedFrom[];
}

/** Units of one SKU in one pool that a line holds. */
export interface LockedFrom {
  pool: string;
  sku: string;
  quantity: number;
}

/** `short`: there was too little, and nothing (or, when asked for, what there was) is locked. */
export interface LockAnswer extends Answer<'locked' | 'short' | 'refused', LockedLine> {
  /** Ids of the holds the lines have now. */
  holds: number[];
}

export interface ReleasedLine {
  lineId: string;
  sku: string;
  released: number;
}

export interface ReleaseAnswer extends Answer<'released' | 'refused', ReleasedLine> {
  /** Ids of the holds it freed, wholly or in part. */
  holds: number[];
}

export interface DeductedLine {
  lineId: string;
  sku: string;
  deducted: number;
}

export interface DeductAnswer extends Answer<'deducted' | 'short' | 'refused', DeductedLine> {
  /** Ids of the holds it posted, wholly or in part; none for a sale without a hold. */
  holds: number[];
}

export interface SweepAnswer {
  /** Holds that were expired. */
  expired: number;
  /** Whether there may be more. */
  more: boolean;
}

export type KeyedAnswer = AdjustAnswer | LockAnswer | ReleaseAnswer | DeductAnswer;
export type StockAnswer = KeyedAnswer | SweepAnswer;
