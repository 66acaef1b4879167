import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Stock } from '../../../core/stock/stock.ts';
import { openSqlite } from '../../../core/store/sqlite/sqlite-store.ts';
import type { Store, Tx } from '../../../core/store/store.ts';

export const noon = Date.UTC(2026, 0, 2, 12);

/** A store in a folder of its own whose clock stands until it is moved. */
export interface StockFixture {
  store: Store;
  stock: Stock;
  location: string;
  clock: { now: number };
  /** Runs something in a transaction of the store. */
  inTransaction<R>(work: (tx: Tx) => Promise<R>): Promise<R>;
  close(): Promise<void>;
}

export async function openStock(): Promise<StockFixture> {
  const folder = mkdtempSync(join(tmpdir(), 'order-hub-stock-'));
  const location = join(folder, 'hub.sqlite');
  const clock = { now: noon };
  const store = await openSqlite({ location, now: () => clock.now });
  return {
    store,
    stock: new Stock(store),
    location,
    clock,
    async inTransaction<R>(work: (tx: Tx) => Promise<R>) {
      const handler = {
        name: 'fixture',
        run: async (tx: Tx, works: readonly ((tx: Tx) => Promise<R>)[]) => {
          const answers: R[] = [];
          for (const one of works) answers.push(await one(tx));
          return answers as readonly (R | Error)[];
        },
      };
      return await store.execute<(tx: Tx) => Promise<R>, R>(handler, work);
    },
    async close() {
      await store.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
