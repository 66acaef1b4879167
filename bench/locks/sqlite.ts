import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import BetterSqlite3 from 'better-sqlite3';
import { lengthenLog } from '../../core/store/sqlite/log-length.ts';
import type { Contender } from './contender.ts';
import type { Load, Order } from './load.ts';

/*
 * The least a durable lock can do on SQLite: note the order's id, and for each line read the balance, change it, and
 * write a ledger row. Pragmas as our store has them.
 */

/**
 * @param size orders in one transaction at most
 * @param fullLog whether the log has its full length before the first order, as our store's has; otherwise it grows, as
 *   SQLite's does by itself
 */
function openRaw(load: Load, size: number, fullLog = false): Contender {
  const folder = mkdtempSync(join(tmpdir(), 'order-hub-locks-'));
  const location = join(folder, 'raw.sqlite');
  const db = new BetterSqlite3(location);
  db.pragma('journal_mode = wal');
  db.pragma('synchronous = full');
  db.pragma('wal_autocheckpoint = 8000');
  db.pragma('cache_size = -65536');
  db.exec(`
    create table balances (sku text primary key, available integer not null) without rowid;
    create table operations (id text primary key) without rowid;
    create table ledger (id integer primary key, operation text not null, sku text not null,
      quantity integer not null, at integer not null);
  `);
  const put = db.prepare('insert into balances values (?, ?)');
  db.transaction(() => {
    for (const [sku, units] of load.stock) put.run(sku, units);
  })();
  if (fullLog) lengthenLog(db, location, 8_000);
  const operation = db.prepare('insert or ignore into operations values (?)');
  const read = db.prepare('select available from balances where sku = ?').pluck();
  const change = db.prepare('update balances set available = available - ? where sku = ?');
  const note = db.prepare('insert into ledger (operation, sku, quantity, at) values (?, ?, ?, ?)');
  const begin = db.prepare('begin immediate');
  const commit = db.prepare('commit');

  const queue: { order: Order; resolve(locked: boolean): void }[] = [];
  let scheduled = false;
  const decideOne = (order: Order): boolean => {
    if (operation.run(order.key).changes === 0) return false;
    for (const { sku, quantity } of order.lines) if ((read.get(sku) as number) < quantity) return false;
    const at = Date.now();
    for (const { sku, quantity } of order.lines) {
      change.run(quantity, sku);
      note.run(order.key, sku, quantity, at);
    }
    return true;
  };
  const flush = (): void => {
    const batch = queue.splice(0, size);
    begin.run();
    const answers = batch.map(({ order }) => decideOne(order));
    commit.run();
    batch.forEach(({ resolve }, index) => {
      resolve(answers[index]!);
    });
    scheduled = queue.length > 0;
    if (scheduled) setImmediate(flush);
  };
  return {
    lock: (order) =>
      new Promise((resolve) => {
        queue.push({ order, resolve });
        if (scheduled) return;
        scheduled = true;
        setImmediate(flush);
      }),
    async account() {
      const rows = db
        .prepare(
          `select b.sku, b.available as "left", coalesce(sum(l.quantity), 0) as sold
           from balances b left join ledger l on l.sku = b.sku group by b.sku`,
        )
        .all() as { sku: string; left: number; sold: number }[];
      return new Map(
        rows.map(({ sku, left, sold }) => [sku, { sold, left, ledger: load.stock.get(sku)! - sold }]),
      );
    },
    async close() {
      db.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** 64 orders a transaction: the limit ours is measured by. */
export const rawGroups = async (load: Load): Promise<Contender> => openRaw(load, 64);

/** The same with a log that need not grow: what the first 32 MB written after a start would gain. */
export const rawGroupsFullLog = async (load: Load): Promise<Contender> => openRaw(load, 64, true);

/** A durable transaction for every order. */
export const rawOneByOne = async (load: Load): Promise<Contender> => openRaw(load, 1);
