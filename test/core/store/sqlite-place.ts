import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openSqlite, type SqliteOptions } from '../../../core/store/sqlite/sqlite-store.ts';
import type { Store } from '../../../core/store/store.ts';

/** A folder of its own for one test's SQLite store. */
export interface SqlitePlace {
  folder: string;
  location: string;
  open(options?: Partial<SqliteOptions>): Promise<Store>;
  dispose(): Promise<void>;
}

export async function makeSqlitePlace(): Promise<SqlitePlace> {
  const folder = await mkdtemp(join(tmpdir(), 'order-hub-store-'));
  const location = join(folder, 'hub.sqlite');
  const opened: Store[] = [];
  return {
    folder,
    location,
    async open(options = {}) {
      const store = await openSqlite({ location, ...options });
      opened.push(store);
      return store;
    },
    async dispose() {
      for (const store of opened) await store.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
