import type { ClientBase, ClientConfig, Client as PgClient, Pool as PgPool, PoolConfig } from 'pg';
import type { Driver } from './driver.ts';

/** Where the database is. A connection string and single settings may be given together; the string wins. */
export interface PostgresAddress {
  /** `postgres://user:password@host:port/database`, with what libpq allows behind it (`?sslmode=require`). */
  connectionString?: string;
  host?: string;
  port?: number;
  user?: string;
  password?: string;
  database?: string;
  ssl?: ClientConfig['ssl'];
  /** Schema that holds the tables, made if it is missing; default the first of the user's search path. */
  schema?: string;
}

/** What a statement may take and wait for, milliseconds: a store that is stuck answers so instead of hanging. */
export interface PostgresLimits {
  connectMs: number;
  statementMs: number;
  lockMs: number;
  idleInTransactionMs: number;
}

export const defaultLimits: PostgresLimits = {
  connectMs: 10_000,
  statementMs: 30_000,
  lockMs: 10_000,
  idleInTransactionMs: 60_000,
};

/** Opens connections to one database, each with the settings that the store relies on. */
export class Connections {
  readonly #driver: Driver;
  readonly #address: PostgresAddress;
  readonly #limits: PostgresLimits;
  /** Where it is, without credentials. */
  readonly location: string;

  constructor(driver: Driver, address: PostgresAddress, limits: PostgresLimits) {
    this.#driver = driver;
    this.#address = address;
    this.#limits = limits;
    // A client that never connects, asked only for what it made of the settings.
    const { host, port, database } = new driver.Client(this.#config());
    const place = host?.includes(':') ? `[${host}]` : host;
    const schema = address.schema === undefined ? '' : `?schema=${address.schema}`;
    this.location = `postgres://${place ?? 'localhost'}:${port}/${database ?? ''}${schema}`;
  }

  /** The settings, for a program that connects by itself: host, port, user, password, database. */
  get settings(): Pick<PgClient, 'host' | 'port' | 'user' | 'password' | 'database'> {
    const { host, port, user, password, database } = new this.#driver.Client(this.#config());
    return { host, port, user, password, database } as PgClient;
  }

  pool(options: Pick<PoolConfig, 'max' | 'idleTimeoutMillis'>): PgPool {
    const pool = new this.#driver.Pool({
      ...this.#config(),
      ...options,
      // Awaited by the pool before it hands the connection out.
      onConnect: (client) => this.#prepare(client),
    });
    // The connection that breaks tells whoever uses it; without a listener each break would end the process.
    pool.on('error', () => {});
    pool.on('connect', (client) => client.on('error', () => {}));
    return pool;
  }

  /**
   * A connection of its own; the caller ends it.
   *
   * @param unlimited for work that may take its time: migrations
   */
  async connect({ unlimited = false }: { unlimited?: boolean } = {}): Promise<PgClient> {
    const client = new this.#driver.Client(
      unlimited ? { ...this.#config(), query_timeout: undefined } : this.#config(),
    );
    client.on('error', () => {});
    try {
      await client.connect();
      await this.#prepare(client, unlimited);
    } catch (error) {
      await client.end();
      throw error;
    }
    return client;
  }

  #config(): ClientConfig {
    const { schema: _, ...address } = this.#address;
    const { connectMs, statementMs } = this.#limits;
    return {
      ...address,
      application_name: 'order-hub',
      keepAlive: true,
      connectionTimeoutMillis: connectMs,
      // A server that says nothing at all, not even that the statement took too long.
      query_timeout: statementMs + 5_000,
      types: { getTypeParser: this.#parserOf as never },
    };
  }

  /** Integers of the store are all below 2^53; pg hands out text for those that another program might exceed. */
  readonly #parserOf = (type: number, format?: string): unknown => {
    if (type === this.#driver.types.builtins.INT8 && format !== 'binary') return Number;
    return this.#driver.types.getTypeParser(type, format as 'text');
  };

  async #prepare(client: ClientBase, unlimited = false): Promise<void> {
    const { statementMs, lockMs, idleInTransactionMs } = this.#limits;
    const { schema } = this.#address;
    const limit = (ms: number) => (unlimited ? 0 : ms);
    await client.query(
      [
        ...(schema === undefined ? [] : [`set search_path to ${client.escapeIdentifier(schema)}`]),
        `set statement_timeout = ${limit(statementMs)}`,
        `set lock_timeout = ${limit(lockMs)}`,
        `set idle_in_transaction_session_timeout = ${limit(idleInTransactionMs)}`,
        // Short statements over few rows: translating them takes longer than running them.
        'set jit = off',
        // A plan that was made while a table was empty reads all of it, for as long as the statement stays prepared.
        'set enable_seqscan = off',
        // Acknowledged means durable; a server that is set to forget the last moments is told otherwise.
        `select set_config('synchronous_commit', 'on', false) where current_setting('synchronous_commit') = 'off'`,
      ].join('; '),
    );
  }
}
