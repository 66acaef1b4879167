import { HubError, reasonOf } from '../../../core/errors.ts';
import { Stock } from '../../../core/stock/stock.ts';
import { openPostgres } from '../../../core/store/postgres/postgres-store.ts';
import type { Store } from '../../../core/store/store.ts';

/*
 * One of several processes that sell the units of one SKU, told what to do through IPC. Order number n belongs to the
 * process n modulo their count; each is asked for by its own process and, about the same time, by the one before it.
 * An act whose outcome is unknown is asked for again under its op key.
 */

export interface SellerOptions {
  connectionString: string;
  schema: string;
  sku: string;
  /** This process among all of them, from 0. */
  seller: number;
  sellers: number;
  /** Callers at once. */
  callers: number;
  /** A process is done after this many answers that say there is nothing left. */
  enoughShort: number;
  /** And after so many orders in any case: what lapses may be sold again for ever where a server is slow. */
  mostOrders?: number;
  /** Milliseconds after which what was sold lapses and is for sale again, tidied by sweepers; never when absent. */
  ttlMs?: number;
}

export type ParentMessage = { type: 'open'; options: SellerOptions } | { type: 'sell' } | { type: 'close' };

/** The answer to one act on an order. */
export interface Sale {
  opKey: string;
  state: string;
  holds: readonly number[];
  replayed: boolean;
}

export type ChildMessage =
  | { type: 'opened' }
  | { type: 'sale'; sale: Sale }
  /** Done: how often an act had to be asked for again. */
  | { type: 'done'; again: number }
  | { type: 'failed'; reason: string };

let store: Store | undefined;
let options: SellerOptions | undefined;

async function obey(message: ParentMessage): Promise<void> {
  if (message.type === 'open') {
    ({ options } = message);
    const { connectionString, schema } = options;
    store = await openPostgres({ connectionString, schema, probeMs: [20], listenMs: [20] });
    await tell({ type: 'opened' });
  } else if (message.type === 'sell') {
    if (!store || !options) throw new Error('There is no store to sell from.');
    await tell({ type: 'done', again: await sell(store, options) });
  } else {
    await store?.close();
    process.disconnect();
  }
}

async function sell(store: Store, options: SellerOptions): Promise<number> {
  const { seller, sellers, callers, sku, enoughShort, ttlMs = null } = options;
  const { mostOrders = Number.POSITIVE_INFINITY } = options;
  const stock = new Stock(store);
  let asked = 0;
  let short = 0;
  let again = 0;
  const caller = async (): Promise<void> => {
    while (short < enoughShort && asked < mostOrders) {
      const turn = asked++;
      const owner = turn % 2 === 0 ? seller : (seller + 1) % sellers;
      const order = `web/main/${owner + sellers * Math.floor(turn / 2)}`;
      const sale = await lockUntilAnswered(order);
      if (sale.state === 'short') short += 1;
      await tell({ type: 'sale', sale });
    }
  };
  const lockUntilAnswered = async (orderKey: string): Promise<Sale> => {
    const opKey = `${orderKey}|lock`;
    const lines = [{ lineId: '1', sku, quantity: 1 }];
    for (;;) {
      try {
        const answer = await stock.lock({ opKey, actor: 'test', orderKey, lines, ttlMs });
        const { state, holds, replayed } = answer;
        return { opKey, state, holds, replayed };
      } catch (error) {
        if (!HubError.is(error) || !error.retryable) throw error;
        again += 1;
        await recovered(store);
      }
    }
  };
  let selling = ttlMs !== null;
  const sweeper = async (): Promise<void> => {
    while (selling) {
      try {
        await stock.sweep(5);
      } catch (error) {
        if (!HubError.is(error) || !error.retryable) throw error;
        await recovered(store);
      }
    }
  };
  const sold = Promise.all(Array.from({ length: callers }, caller)).finally(() => {
    selling = false;
  });
  await Promise.all([sold, sweeper()]);
  return again;
}

/** Resolves when the store is well. */
function recovered(store: Store): Promise<void> {
  if (store.health().state === 'open') return Promise.resolve();
  return new Promise((resolve) => {
    const stop = store.onState(({ state }) => {
      if (state !== 'open') return;
      stop();
      resolve();
    });
  });
}

function tell(message: ChildMessage): Promise<void> {
  return new Promise((resolve, reject) => {
    process.send?.(message, undefined, undefined, (error) => (error ? reject(error) : resolve()));
  });
}

process.on('message', (message: ParentMessage) => {
  obey(message).catch((error: unknown) => void tell({ type: 'failed', reason: reasonOf(error) }));
});
// The test is gone: nobody would ever stop this process. A store that was closed lets it end by itself.
process.on('disconnect', () => process.exit());
