import { createHash, randomUUID } from 'node:crypto';
import { Kysely, PostgresDialect, type PostgresPoolClient } from 'kysely';
import type { Client, Pool } from 'pg';
import { HubError, reasonOf } from '../../errors.ts';
import { Listeners } from '../listeners.ts';
import { type Migration, migrate } from '../migrations/migrate.ts';
import '../messages.ts';
import { waitingSubscribers } from '../queries/deliveries.ts';
import type { Database } from '../schema.ts';
import type { CommandHandler, Store, StoreCopy, StoreHealth, StoreUsage } from '../store.ts';
import { WriteQueue } from '../write-queue.ts';
import { Bulk } from './bulk.ts';
import { type Catalog, readCatalog } from './catalog.ts';
import { DatabaseClock } from './clock.ts';
import { Connections, defaultLimits, type PostgresAddress, type PostgresLimits } from './connections.ts';
import { loadDriver } from './driver.ts';
import { dumpStore } from './dump.ts';
import { postgresFault } from './faults.ts';
import { channelOf, notifications, WakeListener } from './wake-listener.ts';
import { Writer } from './writer.ts';

export interface PostgresOptions extends PostgresAddress {
  /** The store's clock, epoch milliseconds, for tests and simulations; by default the database's. */
  now?: () => number;
  /** Most commands in one transaction; default 64. */
  batch?: number;
  migrations?: readonly Migration[];
  /** Waits between two looks at a store that fails, milliseconds; the last one repeats. */
  probeMs?: readonly number[];
  /** Waits before the connection that hears wake-ups is opened again, milliseconds; the last one repeats. */
  listenMs?: readonly number[];
  /** Connections for reads; default 4. Writes have one of their own, and so have wake-ups. */
  readers?: number;
  limits?: Partial<PostgresLimits>;
  /** Folder for copies made by `backup()`; without it the store says how to make one by hand. */
  backupFolder?: string;
  /** Name or path of pg_dump; default `pg_dump`, looked for on the PATH. */
  dumpProgram?: string;
}

const defaultBatch = 64;
const defaultReaders = 4;

/**
 * Opens the store in a schema of a PostgreSQL database, and makes its tables if they are missing. Several processes
 * may have it open at once.
 *
 * @throws HubError store.postgres-driver-missing, unreachable, login-refused, database-missing, not-permitted,
 *   standby, newer, half-moved, migration-undone, full, failed
 */
export async function openPostgres(options: PostgresOptions): Promise<Store> {
  const driver = await loadDriver();
  const { connectionString, host, port, user, password, database, ssl, schema } = options;
  const address = { connectionString, host, port, user, password, database, ssl, schema };
  const given = Object.fromEntries(Object.entries(address).filter(([, value]) => value !== undefined));
  let connections: Connections;
  try {
    connections = new Connections(driver, given, { ...defaultLimits, ...options.limits });
  } catch (error) {
    throw new HubError('store.address-invalid', { reason: reasonOf(error) }, { cause: error });
  }
  const { location } = connections;
  const clock = new DatabaseClock();
  let store: PostgresStore | undefined;
  try {
    const catalog = await prepare(connections, clock, options);
    store = new PostgresStore(connections, catalog, clock, options);
    await store.start();
    return store;
  } catch (error) {
    await store?.close();
    throw (
      postgresFault(error, location) ??
      new HubError('store.failed', { location, reason: reasonOf(error) }, { cause: error })
    );
  }
}

/** Makes the schema, brings the tables up to date and looks at them, one process at a time. */
async function prepare(
  connections: Connections,
  clock: DatabaseClock,
  { schema, migrations, now }: PostgresOptions,
): Promise<Catalog> {
  const client = await connections.connect({ unlimited: true });
  try {
    const asked = clock.here();
    const { rows } = await client.query<{ now: number }>(
      'select (extract(epoch from clock_timestamp()) * 1000)::bigint as now',
    );
    clock.measured(asked, rows[0]!.now);
    // Ends with the connection, so that a process that dies while it migrates keeps nobody waiting.
    await client.query('select pg_advisory_lock($1)', [numberOf(`order-hub migration ${schema ?? ''}`)]);
    if (schema !== undefined) await makeSchema(client, schema);
    await migrate(kyselyOn(client), {
      dialect: 'postgres',
      location: connections.location,
      now: now ?? (() => clock.now()),
      inTransaction: async (step) => {
        await client.query('begin');
        try {
          await step();
          await client.query('commit');
        } catch (error) {
          await client.query('rollback');
          throw error;
        }
      },
      ...(migrations && { steps: migrations }),
    });
    return await readCatalog(client);
  } finally {
    await client.end();
  }
}

/** Looks first: who may not make schemas may still use one. */
async function makeSchema(client: Client, schema: string): Promise<void> {
  const { rowCount } = await client.query('select 1 from pg_namespace where nspname = $1', [schema]);
  if (rowCount === 0) await client.query(`create schema ${client.escapeIdentifier(schema)}`);
}

/** A number for a name; advisory locks have numbers of 64 bits. */
function numberOf(name: string): string {
  return createHash('sha256').update(name).digest().readBigInt64BE(0).toString();
}

function kyselyOn(client: Client): Kysely<Database> {
  const connection = {
    query: (text: string, values: readonly unknown[]) => client.query(text, values as unknown[]),
    release: () => {},
  } as unknown as PostgresPoolClient;
  const pool = { connect: async () => connection, end: async () => {} };
  return new Kysely<Database>({ dialect: new PostgresDialect({ pool }) });
}

class PostgresStore implements Store {
  readonly kind = 'postgres';
  readonly owner = randomUUID();
  readonly read: Kysely<Database>;
  readonly shared: Kysely<Database>;
  readonly now: () => number;
  readonly #connections: Connections;
  readonly #schema: string;
  readonly #readers: Pool;
  readonly #writers: Pool;
  readonly #queue: WriteQueue;
  readonly #listener: WakeListener;
  readonly #options: PostgresOptions;
  readonly #woken = new Listeners<string>();
  #copying: Promise<StoreCopy> | undefined;
  #lastCopy: StoreCopy | null = null;

  constructor(connections: Connections, catalog: Catalog, clock: DatabaseClock, options: PostgresOptions) {
    this.#connections = connections;
    this.#schema = catalog.schema;
    this.#options = options;
    this.now = options.now ?? (() => clock.now());
    this.#readers = connections.pool({ max: options.readers ?? defaultReaders, idleTimeoutMillis: 60_000 });
    // Never given up while nothing is written: opening one takes longer than most batches.
    this.#writers = connections.pool({ max: 1, idleTimeoutMillis: 0 });
    this.read = new Kysely<Database>({ dialect: new PostgresDialect({ pool: this.#readers as never }) });
    this.shared = this.read;
    const channel = channelOf(catalog.schema);
    const woken = (subscriber: string) => this.#woken.tell(subscriber);
    const writer = new Writer({
      pool: this.#writers,
      bulk: new Bulk(catalog),
      location: connections.location,
      clock,
      now: options.now,
      notify: (subscribers) => notifications(channel, this.owner, subscribers, quotedText),
      woken,
    });
    this.#queue = new WriteQueue(writer, {
      kind: this.kind,
      now: this.now,
      batch: options.batch ?? defaultBatch,
      probeMs: options.probeMs,
      // Others were faster or slower; the store is well.
      passes: (fault) => fault.code === 'store.busy',
    });
    this.#listener = new WakeListener({
      connections,
      channel,
      owner: this.owner,
      woken,
      waiting: () => waitingSubscribers(this.read),
      ...(options.listenMs && { waits: options.listenMs }),
    });
  }

  start(): Promise<void> {
    return this.#listener.start();
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
    this.#copying ??= dumpStore({
      connections: this.#connections,
      schema: this.#schema,
      folder: this.#options.backupFolder,
      program: this.#options.dumpProgram ?? 'pg_dump',
      now: this.now(),
    }).finally(() => {
      this.#copying = undefined;
    });
    this.#lastCopy = await this.#copying;
    return this.#lastCopy.path;
  }

  health(): StoreHealth {
    return this.#queue.health();
  }

  /** The copy is the last one of this process: those made elsewhere leave no trace in the database. */
  async usage(): Promise<StoreUsage> {
    const { rows } = await this.#readers.query<{ bytes: string | null }>(
      `select sum(pg_total_relation_size(oid)) as bytes from pg_class
       where relnamespace = current_schema()::regnamespace and relkind in ('r', 'p')`,
    );
    return { bytes: Number(rows[0]?.bytes ?? 0), lastBackup: this.#lastCopy };
  }

  faultOf(error: unknown): HubError | undefined {
    return postgresFault(error, this.#connections.location);
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
    await this.#listener.stop();
    await Promise.all([this.#readers.end(), this.#writers.end()]);
  }
}

/** A text as SQL writes it, whatever `standard_conforming_strings` says. */
function quotedText(text: string): string {
  return ` E'${text.replaceAll('\\', '\\\\').replaceAll("'", "''")}'`;
}
