import type { Draft } from './operation.ts';

/** Why units move, as it stands in the ledger. */
export interface Cause {
  kind: string;
  /** Null for what the hub does by itself. */
  opKey: string | null;
  actor: string;
  reason: string;
  /** The order it is about, if any. */
  orderKey?: string;
  /** What the op key promises to be the same. */
  content?: number;
}

/** Something that is done to the stock, once: the operation as it will stand in the store. */
export class Act {
  /** Undefined until it is written. */
  id: number | undefined;
  readonly cause: Cause;
  /** The first answer; undefined for what nobody asked for. */
  draft: Draft | undefined;

  constructor(cause: Cause) {
    this.id = undefined;
    this.cause = cause;
    this.draft = undefined;
  }
}
