import type { Kysely } from 'kysely';
import type { HubError } from '../errors.ts';
import type { Changes, Database, KeyedRow, NewRow, NumberedTable, Row, TableName } from './schema.ts';

/** Columns and the values looked for, one entry a row. */
export type KeyOf<T extends TableName> = Partial<Row<T>>;

/**
 * One open transaction. The set-based verbs are what hot paths use: one call a batch, prepared once. `db` is
 * for everything else. A transaction is only ever used by the handler it was given to.
 */
export interface Tx {
  /** The store's clock when the transaction began, epoch milliseconds. Deadlines count from it. */
  readonly now: number;
  readonly db: Kysely<Database>;
  /**
   * Free ids, ascending, for rows that must name one another before they are written. They are free until the
   * rows are inserted with them, which must happen in this transaction and before more are asked for.
   */
  reserve<T extends NumberedTable>(table: T, count: number): Promise<number[]>;
  /**
   * Says that about so many ids will be reserved, for a store to fetch them along with what is asked of it now. To be
   * called once the rows are locked that the numbered ones belong to: numbers tell what came first.
   */
  foresee(table: NumberedTable, count: number): void;
  /** Inserts all rows; a conflict fails the batch. Answers the ids in the rows' order. */
  insert<T extends NumberedTable>(table: T, rows: readonly NewRow<T>[]): Promise<number[]>;
  /**
   * Inserts rows that bring their keys along; a conflict fails the batch. Need not be written when this resolves: what
   * goes wrong with it is told by a later verb or keeps the batch from being committed.
   */
  put<T extends TableName>(table: T, rows: readonly KeyedRow<T>[]): Promise<void>;
  /** Inserts what is new by any unique key; null in the answer stands for a row that was there before. */
  insertNew<T extends NumberedTable>(table: T, rows: readonly NewRow<T>[]): Promise<(number | null)[]>;
  /** Rows that match any of the keys (all keys name the same columns); locked for the transaction. */
  find<T extends TableName>(table: T, keys: readonly KeyOf<T>[]): Promise<Row<T>[]>;
  /**
   * Takes in hand those of these orders that no other transaction acts on, as finding their holds does, but without
   * waiting; answers them. For orders that come up once other rows are locked: whoever has one may wait for these.
   */
  takeFree(orderKeys: readonly string[]): Promise<string[]>;
  /** Changes one row per entry, found by `key`, and answers how many rows changed for each. */
  update<T extends TableName>(
    table: T,
    entries: readonly { key: KeyOf<T>; set: Changes<T> }[],
  ): Promise<number[]>;
  /**
   * Changes one row per entry, found by `key`; the batch fails when one is not there. Like `put`, need not be written
   * when this resolves.
   */
  change<T extends TableName>(
    table: T,
    entries: readonly { key: KeyOf<T>; set: Changes<T> }[],
  ): Promise<void>;
  /**
   * Waits until no other transaction writes to the table and keeps others from it until this one is over, so that
   * what is read from now on is all there is. Needs no lock where one transaction writes at a time.
   */
  alone(table: TableName): Promise<void>;
  /** After the commit, and only then, tells whoever waits for this subscriber's deliveries (in any process). */
  wake(subscriber: string): void;
}

/**
 * Decides and writes all commands of one kind that arrived together. Answers are in the commands' order; an
 * Error as an answer rejects that caller only. A throw undoes the group, and each command is then tried alone.
 */
export interface CommandHandler<C, A> {
  readonly name: string;
  run(tx: Tx, commands: readonly C[]): Promise<readonly (A | Error)[]>;
}

export interface StoreHealth {
  state: 'open' | 'failing' | 'closed';
  kind: 'sqlite' | 'postgres';
  /** Where it is, without credentials. */
  location: string;
  /** The failure that makes it red, if any. */
  fault: { code: string; sentence: string; at: number } | null;
  /** Writes committed and batches they went in, since it was opened. */
  commands: number;
  batches: number;
  /** Commands waiting for the next batch. */
  waiting: number;
  /** Milliseconds the last flush to disk took. */
  lastCommitMs: number;
  schemaVersion: number;
}

/** A whole copy of a store. */
export interface StoreCopy {
  path: string;
  /** When it was finished, epoch milliseconds. */
  at: number;
  bytes: number;
}

/** What a store takes up. */
export interface StoreUsage {
  bytes: number;
  lastBackup: StoreCopy | null;
}

export interface Store {
  /** Reads what is committed. Never for a check that a write then relies on: that belongs into a handler. */
  readonly read: Kysely<Database>;
  /**
   * For a short statement that decides for all processes on the store and is committed by itself, so that nothing it
   * locks waits for a batch. Null where one process has the store to itself.
   */
  readonly shared: Kysely<Database> | null;
  readonly kind: 'sqlite' | 'postgres';
  /** Identifies this process in leases. */
  readonly owner: string;
  now(): number;
  /** Queues a command; answers when its batch is durable. */
  execute<C, A>(handler: CommandHandler<C, A>, command: C): Promise<A>;
  /** Queues several commands of one kind; each has its own answer or error. */
  executeAll<C, A>(handler: CommandHandler<C, A>, commands: readonly C[]): Promise<PromiseSettledResult<A>[]>;
  /** Copies the store while it runs and answers where to; who asks during a copy gets that one. */
  backup(): Promise<string>;
  health(): StoreHealth;
  /** How large it is, and its newest copy. */
  usage(): Promise<StoreUsage>;
  /** An error of a read that is the store's and not the query's, as a fault with a sentence; else undefined. */
  faultOf(error: unknown): HubError | undefined;
  /** Calls back when `state` changes; answers how to stop that. */
  onState(listener: (health: StoreHealth) => void): () => void;
  /** Calls back with the subscribers that have new deliveries; answers how to stop that. */
  onWake(listener: (subscriber: string) => void): () => void;
  /** Waits for what is queued, refuses what comes after, and lets go of the file or the connections. */
  close(): Promise<void>;
}
