import { randomUUID } from 'node:crypto';
import { accessSync, constants, existsSync, mkdirSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import type BetterSqlite3 from 'better-sqlite3';
import { Kysely, SqliteDialect } from 'kysely';
import { HubError, reasonOf } from '../../errors.ts';
import type { Transactor } from '../group-commit.ts';
import { findsItems, ItemCache } from '../item-cache.ts';
import { Listeners } from '../listeners.ts';
import { type Migration, migrate } from '../migrations/migrate.ts';
import '../messages.ts';
import type { Database } from '../schema.ts';
import type { CommandHandler, Store, StoreHealth, StoreUsage, Tx } from '../store.ts';
import { WriteQueue } from '../write-queue.ts';
import { copyStore, newestCopy } from './backups.ts';
import { Bulk } from './bulk.ts';
import { type Connection, loadDriver } from './driver.ts';
import { sqliteFault } from './faults.ts';
import { lengthenLog } from './log-length.ts';
import { claimOwnership } from './ownership.ts';
import { withStatementCache } from './statement-cache.ts';

export interface SqliteOptions {
  /** Path of the file; its folder is made if it is missing. */
  location: string;
  /** The store's clock, epoch milliseconds; for tests and simulations. */
  now?: () => number;
  /** Most commands in one transaction. */
  batch?: number;
  migrations?: readonly Migration[];
  /** Whether the log gets its full length now (about 90 ms) and not while the first commits wait for it. */
  fullLog?: boolean;
  /** Waits between two looks at a store that fails, milliseconds; the last one repeats. */
  probeMs?: readonly number[];
}

/** What the process waits for a lock of another connection before it gives up. */
const busyTimeoutMs = 5_000;
/** Pages in the log before it is folded into the file; about 32 MB, which cuts the slowest commits by a third. */
const checkpointPages = 8_000;
/**
 * Memory for pages of the file, kibibytes; taken only as the file grows. With SQLite's usual 2,000 the writer reads
 * the balances of a large pool from the file for every batch.
 */
const writerCacheKib = 65_536;

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
  mustBeWritable(location);
  let ownership: { release(): void } | undefined;
  const connections: Connection[] = [];
  try {
    ownership = claimOwnership(Driver, location);
    const writer = connect(Driver, location, connections);
    writer.pragma(`cache_size = ${-writerCacheKib}`);
    // Rights are not all that makes a file read-only; only a write tells.
    writer.pragma(`user_version = ${writer.pragma('user_version', { simple: true })}`);
    // A connection of its own, so that a read never sees what a running transaction may still undo.
    const reader = connect(Driver, location, connections);
    reader.pragma('query_only = on');
    const store = new SqliteStore(writer, reader, ownership, options);
    await store.migrate(options.migrations);
    if (options.fullLog) lengthenLog(writer, location, checkpointPages);
    return store;
  } catch (error) {
    for (const connection of connections) connection.close();
    ownership?.release();
    if (HubError.is(error)) throw error;
    throw (
      sqliteFault(error, location) ??
      new HubError('store.failed', { location, reason: reasonOf(error) }, { cause: error })
    );
  }
}

/**
 * Looks at the rights first: SQLite opens what it may only read, and leaves a log behind that keeps the file
 * read-only after its rights were put right.
 */
function mustBeWritable(location: string): void {
  try {
    accessSync(dirname(location), constants.W_OK);
    if (existsSync(location)) accessSync(location, constants.R_OK | constants.W_OK);
  } catch (error) {
    throw new HubError('store.read-only', { location }, { retryable: true, cause: error });
  }
}

/** @param opened gets the connection before anything is asked of it, so that it can be closed if that fails */
function connect(Driver: typeof BetterSqlite3, location: string, opened: Connection[]): Connection {
  const connection = new Driver(location, { timeout: busyTimeoutMs });
  opened.push(connection);
  connection.pragma('journal_mode = wal');
  connection.pragma('synchronous = full');
  connection.pragma('foreign_keys = on');
  // What a group of commands may have to undo is kept in memory, not in a file of its own for every batch.
  connection.pragma('temp_store = memory');
  connection.pragma(`wal_autocheckpoint = ${checkpointPages}`);
  return connection;
}

function kyselyOn(connection: Connection): Kysely<Database> {
  return new Kysely<Database>({ dialect: new SqliteDialect({ database: withStatementCache(connection) }) });
}

class SqliteStore implements Store {
  readonly kind = 'sqlite';
  readonly owner = randomUUID();
  readonly read: Kysely<Database>;
  readonly shared = null;
  readonly now: () => number;
  readonly #location: string;
  readonly #connection: Connection;
  readonly #reader: Connection;
  readonly #db: Kysely<Database>;
  readonly #ownership: { release(): void };
  readonly #queue: WriteQueue;
  readonly #woken = new Listeners<string>();
  /** The running backup, if any; the connection must outlive it. */
  #copying: Promise<string> | undefined;

  constructor(
    connection: Connection,
    reader: Connection,
    ownership: { release(): void },
    options: SqliteOptions,
  ) {
    this.#location = options.location;
    this.#connection = connection;
    this.#ownership = ownership;
    this.now = options.now ?? Date.now;
    this.#db = kyselyOn(connection);
    this.#reader = reader;
    this.read = kyselyOn(reader);
    const bulk = new Bulk(connection, this.#db);
    const wake = (subscriber: string) => this.#woken.tell(subscriber);
    const transactor = sqliteTransactor(connection, this.#db, bulk, this.now, options.location, wake);
    const { batch, probeMs } = options;
    this.#queue = new WriteQueue(transactor, { kind: this.kind, now: this.now, batch, probeMs });
  }

  async migrate(steps: readonly Migration[] | undefined): Promise<void> {
    await migrate(this.#db, {
      dialect: 'sqlite',
      location: this.#location,
      now: this.now,
      backup: (fromVersion) =>
        copyStore(this.#connection, this.#location, `before-upgrade-from-${fromVersion}`, this.now()),
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
    return this.#queue.executeAll(handler, commands);
  }

  async backup(): Promise<string> {
    this.#queue.mustBeOpen();
    this.#copying ??= copyStore(this.#connection, this.#location, 'backup', this.now()).finally(() => {
      this.#copying = undefined;
    });
    return this.#copying;
  }

  health(): StoreHealth {
    return this.#queue.health();
  }

  async usage(): Promise<StoreUsage> {
    const log = stat(`${this.#location}-wal`).then(
      ({ size }) => size,
      (error: NodeJS.ErrnoException) => {
        if (error.code === 'ENOENT') return 0;
        throw error;
      },
    );
    const file = await stat(this.#location);
    return { bytes: file.size + (await log), lastBackup: await newestCopy(this.#location) };
  }

  faultOf(error: unknown): HubError | undefined {
    return sqliteFault(error, this.#location);
  }

  onState(listener: (health: StoreHealth) => void): () => void {
    return this.#queue.onState(listener);
  }

  onWake(listener: (subscriber: string) => void): () => void {
    return this.#woken.add(listener);
  }

  close(): Promise<void> {
    return this.#queue.close(() => this.#letGo());
  }

  async #letGo(): Promise<void> {
    // Whoever asked for the copy is told if it fails; here only its end matters.
    await Promise.allSettled([this.#copying]);
    this.#reader.close();
    this.#connection.close();
    this.#ownership.release();
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
  const items = new ItemCache();
  return {
    location,
    async begin() {
      // Left open only when the rollback of the batch before failed.
      if (connection.inTransaction) connection.exec('rollback');
      begin.run();
      items.begin();
      return openTx(connection, db, bulk, items, now());
    },
    async commit(tx) {
      commit.run();
      items.committed();
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
      items.undone();
    },
    storeFault: (error) => sqliteFault(error, location),
  };
}

function openTx(
  connection: Connection,
  db: Kysely<Database>,
  bulk: Bulk,
  items: ItemCache,
  now: number,
): OpenTx {
  // A full disk ends the transaction by itself; what a handler still asks for must not be done outside of it.
  const inside = (): Bulk => {
    if (!connection.inTransaction) throw new Error('The transaction has ended');
    return bulk;
  };
  const tx: OpenTx = {
    now,
    db,
    woken: new Set(),
    wokenBefore: new Set(),
    foresee: () => {},
    reserve: async (table, count) => inside().reserve(table, count),
    insert: async (table, rows) => inside().insert(table, rows),
    put: async (table, rows) => void inside().insert(table, rows),
    insertNew: async (table, rows) => inside().insertNew(table, rows),
    find: async (table, keys) => {
      const asked = (missing: readonly object[]) => inside().find(table, missing);
      return (await (findsItems(table, keys) ? items.find(keys, asked as never) : asked(keys))) as never;
    },
    takeFree: async (orderKeys) => [...orderKeys],
    update: async (table, entries) => inside().update(table, entries),
    change: async (table, entries) => {
      const missing = inside().update(table, entries).indexOf(0);
      if (missing >= 0)
        throw new Error(`There is no row of ${table} for ${JSON.stringify(entries[missing]!.key)}`);
    },
    alone: async () => {},
    wake: (subscriber) => {
      tx.woken.add(subscriber);
    },
  };
  return tx;
}
