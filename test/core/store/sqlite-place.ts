import { randomUUID } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { openSqlite, type SqliteOptions } from '../../../core/store/sqlite/sqlite-store.ts';
import type { Store } from '../../../core/store/store.ts';

/** A folder of its own for one test's SQLite store. */
export interface SqlitePlace {
  folder: string;
  location: string;
  open(options?: Partial<SqliteOptions>): Promise<Store>;
  /** What the store holds now, in memory and read past the store. The caller closes it. */
  read(): Promise<Database.Database>;
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
    async read() {
      const db = new Database(location);
      const copy = join(folder, `${randomUUID()}.sqlite`);
      db.prepare('vacuum into ?').run(copy);
      db.close();
      return new Database(await readFile(copy));
    },
    async dispose() {
      for (const store of opened) await store.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
