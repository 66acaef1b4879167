import { randomUUID } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { basename, dirname, extname, join } from 'node:path';
import type BetterSqlite3 from 'better-sqlite3';
import { Kysely, SqliteDialect } from 'kysely';
import { HubError, reasonOf } from '../../errors.ts';
import { GroupCommit, type Transactor } from '../group-commit.ts';
import { type Migration, migrate, schemaVersion } from '../migrations/migrate.ts';
import '../messages.ts';
import type { Database } from '../schema.ts';
import type { CommandHandler, Store, StoreHealth, Tx } from '../store.ts';
import { Bulk } from './bulk.ts';
import { type Connection, loadDriver } from './driver.ts';
import { sqliteFault } from './faults.ts';
import { claimOwnership } from './ownership.ts';

export interface SqliteOptions {
  /** Path of the file; its folder is made if it is missing. */
  location: string;
  /** The store's clock, epoch milliseconds; for tests and simulations. */
  now?: () => number;
  /** Most commands in one transaction. */
  batch?: number;
  migrations?: readonly Migration[];
}

/** What the process waits for a lock of another connection before it gives up. */
const busyTimeoutMs = 5_000;
/** Pages in the log before it is folded into the file; about 32 MB, which cuts the slowest commits by a third. */
const checkpointPages = 8_000;

/**
 * Opens (or makes) the embedded store: one SQLite file, write-ahead log, flushed to disk with every commit.
 *
 * @throws HubError store.node-too-old, driver-missing, folder-missing, in-use, read-only, corrupt, newer, full,
 *   migration-failed
 */
export async function openSqlite(options: SqliteOptions): Promise<Store> {
  const { location } = options;
  const Driver = await loadDriver();
  try {
    mkdirSync(dirname(location), { recursive: true });
  } catch (error) {
    throw new HubError(
      'store.folder-missing',
      { location, reason: reasonOf(error) },
      { retryable: true, cause: error },
    );
  }
  let ownership: { release(): void } | undefined;
  let connection: Connection | undefined;
  try {
    ownership = claimOwnership(Driver, location);
    connection = connect(Driver, location);
    const store = new SqliteStore(Driver, connection, ownership, options);
    await store.migrate(options.migrations);
    return store;
  } catch (error) {
    connection?.close();
    ownership?.release();
    if (HubError.is(error)) throw error;
    throw (
      sqliteFault(error, location) ??
      new HubError('store.failed', { location, reason: reasonOf(error) }, { cause: error })
    );
  }
}

function connect(Driver: typeof BetterSqlite3, location: string): Connection {
  const connection = new Driver(location, { timeout: busyTimeoutMs });
  connection.pragma('journal_mode = wal');
  connection.pragma('synchronous = full');
  connection.pragma('foreign_keys = on');
  connection.pragma(`wal_autocheckpoint = ${checkpointPages}`);
  return connection;
}

function kyselyOn(connection: Connection): Kysely<Database> {
  return new Kysely<Database>({ dialect: new SqliteDialect({ database: connection }) });
}

class SqliteStore implements Store {
  readonly kind = 'sqlite';
  readonly owner = randomUUID();
  readonly read: Kysely<Database>;
  readonly now: () => number;
  readonly #location: string;
  readonly #connection: Connection;
  readonly #reader: Connection;
  readonly #db: Kysely<Database>;
  readonly #ownership: { release(): void };
  readonly #queue: GroupCommit;
  readonly #wakeListeners = new Set<(subscriber: string) => void>();
  readonly #listeners = new Set<(health: StoreHealth) => void>();
  #state: StoreHealth['state'] = 'open';
  #fault: StoreHealth['fault'] = null;
  #closing: Promise<void> | undefined;
  /** The running backup, if any; the connection must outlive it. */
  #copying: Promise<unknown> | undefined;

  constructor(
    Driver: typeof BetterSqlite3,
    connection: Connection,
    ownership: { release(): void },
    options: SqliteOptions,
  ) {
    this.#location = options.location;
    this.#connection = connection;
    this.#ownership = ownership;
    this.now = options.now ?? Date.now;
    this.#db = kyselyOn(connection);
    // A connection of its own, so that a read never sees what a running transaction may still undo.
    this.#reader = new Driver(options.location, { timeout: busyTimeoutMs });
    this.#reader.pragma('query_only = on');
    this.read = kyselyOn(this.#reader);
    const bulk = new Bulk(connection, this.#db);
    const wake = (subscriber: string) => {
      for (const listener of this.#wakeListeners) listener(subscriber);
    };
    const transactor = sqliteTransactor(connection, this.#db, bulk, this.now, options.location, wake);
    this.#queue = new GroupCommit(transactor, options.batch);
    this.#queue.onBatch = (fault) => this.#proved(fault);
  }

  async migrate(steps: readonly Migration[] | undefined): Promise<void> {
    await migrate(this.#db, {
      dialect: 'sqlite',
      location: this.#location,
      now: this.now,
      backup: (fromVersion) => this.#copy(`before-upgrade-from-${fromVersion}`),
      inTransaction: async (step) => {
        this.#connection.exec('begin immediate');
        try {
          await step();
          this.#connection.exec('commit');
        } catch (error) {
          if (this.#connection.inTransaction) this.#connection.exec('rollback');
          throw error;
        }
      },
      ...(steps && { steps }),
    });
  }

  execute<C, A>(handler: CommandHandler<C, A>, command: C): Promise<A> {
    return this.#queue.execute(handler, command);
  }

  executeAll<C, A>(
    handler: CommandHandler<C, A>,
    commands: readonly C[],
  ): Promise<PromiseSettledResult<A>[]> {
    return Promise.allSettled(commands.map((command) => this.#queue.execute(handler, command)));
  }

  backup(): Promise<string> {
    const copy = this.#copy('backup');
    this.#copying = copy.catch(() => {});
    return copy;
  }

  async #copy(label: string): Promise<string> {
    const extension = extname(this.#location);
    const folder = join(dirname(this.#location), 'backups');
    const stamp = new Date(this.now()).toISOString().replace(/[:.]/g, '-');
    const target = join(folder, `${basename(this.#location, extension)}-${label}-${stamp}${extension}`);
    try {
      mkdirSync(folder, { recursive: true });
      // On the connection that writes: pages changed meanwhile are copied again, where a copy through another
      // connection would start over with every commit.
      await this.#connection.backup(target);
    } catch (error) {
      throw (
        sqliteFault(error, target) ??
        new HubError('store.failed', { location: target, reason: reasonOf(error) }, { cause: error })
      );
    }
    return target;
  }

  health(): StoreHealth {
    return {
      state: this.#state,
      kind: this.kind,
      location: this.#location,
      fault: this.#fault,
      commands: this.#queue.commands,
      batches: this.#queue.batches,
      waiting: this.#queue.waiting,
      lastCommitMs: this.#queue.lastCommitMs,
      schemaVersion,
    };
  }

  onState(listener: (health: StoreHealth) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  onWake(listener: (subscriber: string) => void): () => void {
    this.#wakeListeners.add(listener);
    return () => this.#wakeListeners.delete(listener);
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    await this.#queue.close();
    await this.#copying;
    this.#reader.close();
    this.#connection.close();
    this.#ownership.release();
    this.#become('closed', this.#fault);
  }

  /** A batch went through or the store refused it: the last proof counts, not the intention. */
  #proved(fault: HubError | undefined): void {
    if (!fault) {
      if (this.#state === 'failing') this.#become('open', null);
      return;
    }
    this.#become('failing', { code: fault.code, sentence: fault.message, at: this.now() });
  }

  #become(state: StoreHealth['state'], fault: StoreHealth['fault']): void {
    this.#state = state;
    this.#fault = fault;
    for (const listener of this.#listeners) listener(this.health());
  }
}

interface OpenTx extends Tx {
  woken: Set<string>;
  /** `woken` as it was at the savepoint: what a group that is undone wrote wakes nobody. */
  wokenBefore: Set<string>;
}

function sqliteTransactor(
  connection: Connection,
  db: Kysely<Database>,
  bulk: Bulk,
  now: () => number,
  location: string,
  wake: (subscriber: string) => void,
): Transactor {
  const begin = connection.prepare('begin immediate');
  const commit = connection.prepare('commit');
  const savepoint = connection.prepare('savepoint command');
  const release = connection.prepare('release command');
  const undo = connection.prepare('rollback to command');
  return {
    async begin() {
      begin.run();
      return openTx(db, bulk, now());
    },
    async commit(tx) {
      commit.run();
      for (const subscriber of (tx as OpenTx).woken) wake(subscriber);
    },
    async rollback() {
      // A full disk or a damaged file may have rolled back already.
      if (connection.inTransaction) connection.exec('rollback');
    },
    async savepoint(tx) {
      (tx as OpenTx).wokenBefore = new Set((tx as OpenTx).woken);
      savepoint.run();
    },
    async releaseSavepoint() {
      release.run();
    },
    async rollbackToSavepoint(tx) {
      const open = tx as OpenTx;
      open.woken = open.wokenBefore;
      undo.run();
    },
    storeFault: (error) => sqliteFault(error, location),
  };
}

function openTx(db: Kysely<Database>, bulk: Bulk, now: number): OpenTx {
  const tx: OpenTx = {
    now,
    db,
    woken: new Set(),
    wokenBefore: new Set(),
    insert: async (table, rows) => bulk.insert(table, rows, false) as number[],
    put: async (table, rows) => void bulk.insert(table, rows, false),
    insertNew: async (table, rows) => bulk.insert(table, rows, true),
    find: async (table, keys) => bulk.find(table, keys) as never,
    update: async (table, entries) => bulk.update(table, entries),
    wake: (subscriber) => {
      tx.woken.add(subscriber);
    },
  };
  return tx;
}
