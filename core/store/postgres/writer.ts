import { Kysely, PostgresDialect, type PostgresPoolClient } from 'kysely';
import type { Pool, PoolClient } from 'pg';
import { HubError } from '../../errors.ts';
import type { Transactor } from '../group-commit.ts';
import { InOtherHands } from '../in-other-hands.ts';
import { findsItems, ItemCache } from '../item-cache.ts';
import type { Database, TableName } from '../schema.ts';
import type { Tx } from '../store.ts';
import type { Ask, Bulk } from './bulk.ts';
import type { DatabaseClock } from './clock.ts';
import { isAborted, isCollision, isConnectionLoss, isStalePlan, isVictim, postgresFault } from './faults.ts';
import { type Outcome, Pipeline, type Statement } from './pipeline.ts';
import { wireValue } from './wire-values.ts';

/** Texts of queries that are prepared at most; lists of varying length make a text of their own for each. */
const mostPrepared = 300;

type Explain = (error: unknown) => unknown;
type Unvalued = Omit<Statement, 'values'> & Partial<Pick<Statement, 'values'>>;

const begin = { name: 'begin', text: 'begin isolation level read committed read write' };
const readClock = {
  name: 'clock',
  text: `select (extract(epoch from clock_timestamp()) * 1000)::bigint,
    pg_relation_filenode(to_regclass('stock_items'))::bigint`,
};
const commit = { name: 'commit', text: 'commit' };
const rollback = { name: 'rollback', text: 'rollback' };
const savepoint = { name: 'savepoint', text: 'savepoint command' };
const releaseSavepoint = { name: 'release', text: 'release savepoint command' };
const rollbackToSavepoint = { name: 'undo', text: 'rollback to savepoint command' };

export interface WriterOptions {
  /** A pool of one connection, opened again when it breaks. */
  pool: Pool;
  bulk: Bulk;
  location: string;
  clock: DatabaseClock;
  /** The clock of tests and simulations, in place of the database's. */
  now?: (() => number) | undefined;
  /** Statements that tell other processes of these subscribers once the transaction is committed. */
  notify(subscribers: readonly string[]): string[];
  /** Tells this process's listeners. */
  woken(subscriber: string): void;
}

interface OpenTx extends Tx {
  woken: Set<string>;
  /** `woken` as it was at the savepoint: what a group that is undone wrote wakes nobody. */
  wokenBefore: Set<string>;
}

/**
 * The transactions of a process on PostgreSQL, one after another on one connection, each a batch. They run at the
 * isolation level `read committed`: rows that something is decided by are locked when they are found, and what is
 * not there yet is guarded by unique keys, so that of two processes the later one is told and decides again.
 *
 * When the connection breaks while a batch is being committed, it is not known whether it was. Its callers get a
 * fault to be tried again, and whatever they do again is known by its key (op key, delivery key, token) if it went
 * through: nothing is lost and nothing done twice.
 */
export class Writer implements Transactor {
  readonly location: string;
  readonly #options: WriterOptions;
  readonly #db: Kysely<Database>;
  readonly #prepared = new Map<string, string>();
  #client: PoolClient | undefined;
  #pipeline: Pipeline | undefined;
  /** What went wrong in the open transaction with a statement that nobody waited for. */
  #failure: { cause: unknown; told: unknown } | undefined;
  /** Whether the end of the open transaction has been asked for. */
  #committing = false;
  /** Failures after which the batch may be decided again: its transaction did nothing, and will not. */
  readonly #nothingDone = new WeakSet<object>();
  readonly #items = new ItemCache();

  constructor(options: WriterOptions) {
    this.#options = options;
    this.location = options.location;
    const connection = {
      query: (text: string, values: readonly unknown[]) => this.#query(text, values),
      release: () => {},
    } as unknown as PostgresPoolClient;
    const pool = { connect: async () => connection, end: async () => {} };
    this.#db = new Kysely<Database>({ dialect: new PostgresDialect({ pool }) });
  }

  async begin(): Promise<Tx> {
    // Left open only when the rollback of the batch before failed.
    if (this.#client) this.#letGo(new Error('The transaction before was left open'));
    try {
      return await this.#begin();
    } catch (error) {
      // The connection may have broken while nothing was asked of it; nothing was done, so a new one may.
      if (!isConnectionLoss(error) || !this.#letGo(error)) throw error;
      return await this.#begin();
    }
  }

  async #begin(): Promise<Tx> {
    const { pool, clock, now } = this.#options;
    const client = await pool.connect();
    this.#client = client;
    if (!this.#pipeline?.isOf(client)) this.#pipeline = new Pipeline(client);
    this.#failure = undefined;
    this.#committing = false;
    const recent = clock.recent();
    const asked = clock.here();
    // One round trip for both; and when the time is known, the same one as for what the transaction does first.
    this.#items.begin();
    const begun = Promise.all([
      this.#run(begin),
      this.#run<[told: number, file: number | null]>(readClock),
    ]).then(
      ([, { rows }]) => {
        const [told, file] = rows[0]!;
        clock.measured(asked, told);
        if (!this.#items.isIn(file)) throw this.#again(new Error('The table of SKUs was replaced'));
        return told;
      },
      (error) => {
        throw isConnectionLoss(error) && !this.#committing ? this.#again(error) : error;
      },
    );
    if (recent === undefined) {
      const told = await begun;
      return this.#open(now ? now() : told);
    }
    this.#unawaited(begun);
    return this.#open(now ? now() : recent);
  }

  async commit(tx: Tx): Promise<void> {
    const { woken } = tx as OpenTx;
    if (this.#failure) throw this.#failure.told;
    this.#committing = true;
    const notices = this.#options.notify([...woken]).map((text) => this.#run({ text }));
    try {
      const [{ command }] = await Promise.all([this.#run(commit), ...notices]);
      // A statement that failed unnoticed turns the commit into a rollback, which is no error to the server.
      if (command !== 'COMMIT') throw new Error(`The transaction ended with ${command}`);
    } catch (error) {
      throw this.#reasonFor(error);
    }
    this.#items.committed();
    this.#letGo();
    for (const subscriber of woken) this.#options.woken(subscriber);
  }

  async rollback(): Promise<void> {
    const client = this.#client;
    if (!client) return;
    try {
      await this.#run(rollback);
    } catch (error) {
      this.#letGo(error);
      // Without its connection a transaction is undone by the server.
      if (!isConnectionLoss(error)) throw error;
      return;
    }
    this.#letGo();
  }

  async savepoint(tx: Tx): Promise<void> {
    (tx as OpenTx).wokenBefore = new Set((tx as OpenTx).woken);
    await this.#run(savepoint);
  }

  async releaseSavepoint(): Promise<void> {
    await this.#run(releaseSavepoint);
  }

  async rollbackToSavepoint(tx: Tx): Promise<void> {
    const open = tx as OpenTx;
    open.woken = open.wokenBefore;
    await this.#run(rollbackToSavepoint);
    this.#failure = undefined;
    this.#items.undone();
  }

  storeFault(error: unknown): HubError | undefined {
    if (error instanceof InOtherHands) {
      const params = { location: this.location, reason: error.message };
      return new HubError('store.busy', params, { retryable: true, cause: error });
    }
    return postgresFault(error, this.location);
  }

  decideAgain(error: unknown): 'batch' | 'command' | undefined {
    if (isStalePlan(error)) this.#letGo(error);
    if (isVictim(error) || error instanceof InOtherHands || this.#nothingDone.has(error as object))
      return 'batch';
    return isCollision(error) ? 'command' : undefined;
  }

  #open(now: number): OpenTx {
    const { bulk } = this.#options;
    const ask: Ask = {
      lists: async (statement, values) => (await this.#run<unknown[]>({ ...statement, values })).rows,
      objects: async (statement, values) =>
        (await this.#run<object>({ ...statement, values, objects: true })).rows,
      send: (statement, values, explain = (error) => error) => {
        this.#unawaited(this.#run({ ...statement, values }, explain));
        this.#pipeline?.push();
      },
    };
    const foreseen = new Map<TableName, Promise<number[]>>();
    const tx: OpenTx = {
      now,
      db: this.#db,
      woken: new Set(),
      wokenBefore: new Set(),
      foresee: (table, count) => {
        const numbers = bulk.reserve(ask, table, count);
        this.#unawaited(numbers);
        foreseen.set(table, numbers);
      },
      async reserve(table, count) {
        const early = (await foreseen.get(table)) ?? [];
        foreseen.delete(table);
        return [...early.slice(0, count), ...(await bulk.reserve(ask, table, count - early.length))];
      },
      insert: (table, rows) => bulk.insert(ask, table, rows),
      put: async (table, rows) => bulk.put(ask, table, rows),
      insertNew: (table, rows) => bulk.insertNew(ask, table, rows),
      find: async (table, keys) => (await this.#find(ask, table, keys)) as never,
      takeFree: (orderKeys) => bulk.takeFree(ask, orderKeys),
      update: (table, entries) => bulk.update(ask, table, entries),
      change: async (table, entries) => bulk.change(ask, table, entries),
      alone: async (table: TableName) => {
        await this.#run({ text: `lock table ${table} in share mode` });
      },
      wake: (subscriber) => {
        tx.woken.add(subscriber);
      },
    };
    return tx;
  }

  #find(ask: Ask, table: TableName, keys: readonly object[]): Promise<readonly object[]> {
    const asked = (missing: readonly object[]) => this.#options.bulk.find(ask, table, missing);
    return findsItems(table, keys) ? this.#items.find(keys, asked as never) : asked(keys);
  }

  /** A query that Kysely wrote, prepared by its text. */
  #query(text: string, values: readonly unknown[]): Promise<Outcome<unknown>> {
    let name = this.#prepared.get(text);
    if (name === undefined && this.#prepared.size < mostPrepared) {
      name = `query${this.#prepared.size}`;
      this.#prepared.set(text, name);
    }
    return this.#run({ name, text, values: values.map(wireValue), objects: true });
  }

  /** @param explain makes of the server's error what is to be told */
  async #run<R>({ values = [], ...rest }: Unvalued, explain?: Explain): Promise<Outcome<R>> {
    if (!this.#client || !this.#pipeline)
      throw new Error('Connection terminated with the transaction that was open on it');
    try {
      return await this.#pipeline.ask<R>({ values, ...rest });
    } catch (error) {
      if (explain) this.#failure ??= { cause: error, told: explain(error) };
      // It failed because the transaction had: what counts is why.
      const passedOn = this.#failure && (isAborted(error) || error === this.#failure.cause);
      throw passedOn ? this.#reasonFor(error) : error;
    }
  }

  /** Why the transaction failed, when that was before this error. */
  #reasonFor(error: unknown): unknown {
    return this.#failure ? this.#failure.told : error;
  }

  #again<E extends object>(error: E): E {
    this.#nothingDone.add(error);
    return error;
  }

  /** Keeps why something failed until the transaction asks for something. */
  #unawaited(outcome: Promise<unknown>): void {
    outcome.catch((error: unknown) => {
      this.#failure ??= { cause: error, told: error };
    });
  }

  /** Gives the connection back, or ends it when it is broken; answers whether there was one. */
  #letGo(error?: unknown): boolean {
    const client = this.#client;
    this.#client = undefined;
    client?.release(error === undefined ? false : error instanceof Error ? error : true);
    return client !== undefined;
  }
}
