import type Database from 'better-sqlite3';
import { openPostgres, type PostgresOptions } from '../../../core/store/postgres/postgres-store.ts';
import type { Store } from '../../../core/store/store.ts';
import { freshSchema, type PostgresAddress, sharedPostgres } from '../../support/postgres.ts';
import { snapshotOf } from '../../support/postgres-snapshot.ts';

/** A schema of its own for one test's PostgreSQL store; as many may open it at once as the test likes. */
export interface PostgresPlace {
  server: PostgresAddress;
  schema: string;
  open(options?: Partial<PostgresOptions>): Promise<Store>;
  /** What the store holds now, in memory and read past the store. The caller closes it. */
  read(): Promise<Database.Database>;
  dispose(): Promise<void>;
}

export async function makePostgresPlace(given?: PostgresAddress): Promise<PostgresPlace> {
  const server = given ?? (await sharedPostgres());
  const schema = freshSchema();
  const opened: Store[] = [];
  return {
    server,
    schema,
    async open(options = {}) {
      const store = await openPostgres({ connectionString: server.connectionString(), schema, ...options });
      opened.push(store);
      return store;
    },
    read: () => snapshotOf({ connectionString: server.connectionString(), schema }),
    async dispose() {
      for (const store of opened) await store.close();
    },
  };
}
