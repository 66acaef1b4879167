import type { StockRefusal } from '../answers.ts';
import type { Quantity } from '../commands.ts';

/** One line of a bundle. */
export interface ComponentLine {
  sku: string;
  /** Units in one bundle. */
  quantity: Quantity;
}

interface BundleAct {
  /** The SKU under which the bundle is sold. */
  bundle: string;
  /** Identifies the act: a repeat with the same key changes nothing and gets the first answer. */
  opKey: string;
  actor: string;
}

/** Says what a bundle is made of, from now on; units that are locked already stay as they were locked. */
export interface DefineBundle extends BundleAct {
  components: readonly ComponentLine[];
}

export type RemoveBundle = BundleAct;

export interface BundleAnswer {
  state: 'done' | 'refused';
  bundle: string;
  /** What it is made of now, one level, by SKU; of a refused or removed one nothing. */
  components: { sku: string; quantity: number }[];
  refusals: StockRefusal[];
  replayed: boolean;
}

/** A checked act. */
export interface ReadyBundle {
  kind: 'bundle' | 'unbundle';
  bundle: string;
  components: readonly { sku: string; quantity: number }[];
  opKey: string;
  actor: string;
  /** Stands for all that the op key promises to be the same. */
  content: number;
}
