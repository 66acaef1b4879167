import { strict as assert } from 'node:assert';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Stock } from '../../core/stock/stock.ts';
import { openSqlite } from '../../core/store/sqlite/sqlite-store.ts';
import type { Store } from '../../core/store/store.ts';
import type { Contender } from './contender.ts';
import type { Load } from './load.ts';

/** `core/stock` on its embedded store. */
export async function onSqlite(load: Load): Promise<Contender> {
  const folder = mkdtempSync(join(tmpdir(), 'order-hub-locks-'));
  const store = await openSqlite({
    location: join(folder, 'stock.sqlite'),
    fullLog: true,
  });
  return contender(store, load, async () => rmSync(folder, { recursive: true, force: true }));
}

/** Fills a store and locks in it through `core/stock`. */
export async function contender(store: Store, load: Load, dispose: () => Promise<void>): Promise<Contender> {
  const stock = new Stock(store);
  await fill(stock, load);
  return {
    async lock(order) {
      const answer = await stock.lock({
        opKey: `${order.key}|*|lock|1`,
        actor: 'bench',
        orderKey: order.key,
        lines: order.lines,
      });
      return answer.state === 'locked';
    },
    async account() {
      const balances = await store.read
        .selectFrom('stock_items as i')
        .innerJoin('stock_balances as b', 'b.id', 'i.balance_id')
        .select(['i.sku', 'b.committed', 'b.available'])
        .execute();
      const movements = await store.read
        .selectFrom('stock_movements as m')
        .innerJoin('stock_items as i', 'i.balance_id', 'm.balance_id')
        .select((eb) => ['i.sku', 'm.from_bucket', 'm.to_bucket', eb.fn.sum('m.quantity').as('units')])
        .groupBy(['i.sku', 'm.from_bucket', 'm.to_bucket'])
        .execute();
      const ledger = new Map<string, number>();
      for (const { sku, from_bucket, to_bucket, units } of movements) {
        if (to_bucket === 'available') ledger.set(sku, (ledger.get(sku) ?? 0) + Number(units));
        if (from_bucket === 'available') ledger.set(sku, (ledger.get(sku) ?? 0) - Number(units));
      }
      return new Map(
        balances.map(({ sku, committed, available }) => [
          sku,
          { sold: committed, left: available, ledger: ledger.get(sku) ?? 0 },
        ]),
      );
    },
    async close() {
      await store.close();
      await dispose();
    },
  };
}

async function fill(stock: Stock, load: Load): Promise<void> {
  const skus = [...load.stock];
  for (let start = 0; start < skus.length; start += 500) {
    const answer = await stock.receive({
      opKey: `receive-${start}`,
      actor: 'bench',
      lines: skus.slice(start, start + 500).map(([sku, quantity]) => ({ sku, quantity })),
    });
    assert.equal(answer.state, 'done');
  }
}
