import { Stock } from '../../../core/stock/stock.ts';
import type { Store, Tx } from '../../../core/store/store.ts';
import { brokenInvariants } from '../../support/invariants.ts';
import type { AnyPlace } from '../store/each-store.ts';
import { makeSqlitePlace } from '../store/sqlite-place.ts';

export const noon = Date.UTC(2026, 0, 2, 12);

/** A store in a place of its own whose clock stands until it is moved. */
export interface StockFixture {
  store: Store;
  stock: Stock;
  /** The file of an SQLite store. */
  location: string;
  clock: { now: number };
  /** Runs something in a transaction of the store. */
  inTransaction<R>(work: (tx: Tx) => Promise<R>): Promise<R>;
  /** What is wrong with what the store holds now, a line each; see the invariants. */
  broken(): Promise<string[]>;
  /** Closes the store and opens it again. */
  reopen(): Promise<Store>;
  close(): Promise<void>;
}

export async function openStock(makePlace: () => Promise<AnyPlace> = makeSqlitePlace): Promise<StockFixture> {
  const place = await makePlace();
  const clock = { now: noon };
  const store = await place.open({ now: () => clock.now });
  return {
    store,
    stock: new Stock(store),
    location: store.health().location,
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
    async broken() {
      const db = await place.read();
      try {
        return brokenInvariants(db);
      } finally {
        db.close();
      }
    },
    async reopen() {
      await store.close();
      return place.open({ now: () => clock.now });
    },
    close: () => place.dispose(),
  };
}
