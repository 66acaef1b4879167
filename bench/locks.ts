import { strict as assert } from 'node:assert';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import BetterSqlite3 from 'better-sqlite3';
import { Stock } from '../core/stock/stock.ts';
import { openSqlite } from '../core/store/sqlite/sqlite-store.ts';
import type { Store } from '../core/store/store.ts';

/*
 * Locks through core/stock beside a bare group commit that does the least a lock can do: note the order's id,
 * and for each line read the balance, change it, and write a ledger row. Same orders, same pragmas, same number
 * of callers, in turns within one run.
 */

export interface LockRow {
  work: Work;
  design: 'raw group commit of 64' | 'core/stock';
  /** Orders answered per second, the median of the rounds. */
  perSecond: number;
  /** Milliseconds from call to answer, medians of the rounds. */
  p50: number;
  p99: number;
  /** Of the raw group commit in the same run. */
  ratio: number;
}

type Work = 'spread' | 'hot';

interface Order {
  key: string;
  lines: { lineId: string; sku: string; quantity: number }[];
}

interface Load {
  orders: Order[];
  /** Units each SKU starts with. */
  stock: Map<string, number>;
  hotSku: string | undefined;
}

interface Contender {
  lock(order: Order): Promise<boolean>;
  /** Units sold and left by SKU, and whether the ledger agrees. */
  account(): Promise<Map<string, { sold: number; left: number; ledger: number }>>;
  close(): Promise<void>;
}

const callers = 64;
const skuCount = 1_000;
const hotSku = 'SKU-HOT';

/** The orders of one run; the same for everybody. One to three lines of one unit each, no SKU twice. */
function makeLoad(work: Work, orderCount: number): Load {
  const random = seeded(20_260_101);
  const orders: Order[] = [];
  let hot = 0;
  for (let index = 0; index < orderCount; index += 1) {
    const skus = new Set<string>();
    if (work === 'hot' && random() < 0.9) {
      skus.add(hotSku);
      hot += 1;
    }
    const lines = 1 + Math.floor(random() * 3);
    while (skus.size < lines) skus.add(`SKU-${Math.floor(random() * skuCount)}`);
    orders.push({
      key: `bench/shop/${1_000_000 + index}`,
      lines: [...skus].map((sku, line) => ({ lineId: String(line + 1), sku, quantity: 1 })),
    });
  }
  const stock = new Map<string, number>();
  for (let index = 0; index < skuCount; index += 1) stock.set(`SKU-${index}`, orderCount);
  if (work === 'hot') stock.set(hotSku, Math.floor(hot / 2));
  return { orders, stock, hotSku: work === 'hot' ? hotSku : undefined };
}

/** Mulberry-like generator of numbers in [0, 1); the seed makes every run the same. */
function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 0x1_0000_0000;
  };
}

async function rawContender(folder: string, load: Load): Promise<Contender> {
  const db = new BetterSqlite3(join(folder, 'raw.sqlite'));
  db.pragma('journal_mode = wal');
  db.pragma('synchronous = full');
  db.pragma('wal_autocheckpoint = 8000');
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
  const operation = db.prepare('insert or ignore into operations values (?)');
  const read = db.prepare('select available from balances where sku = ?').pluck();
  const change = db.prepare('update balances set available = available - ? where sku = ?');
  const note = db.prepare('insert into ledger (operation, sku, quantity, at) values (?, ?, ?, ?)');
  const begin = db.prepare('begin immediate');
  const commit = db.prepare('commit');

  let queue: { order: Order; resolve(locked: boolean): void }[] = [];
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
    const batch = queue.splice(0, 64);
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
      queue = [];
      db.close();
    },
  };
}

async function stockContender(folder: string, load: Load): Promise<Contender> {
  const store: Store = await openSqlite({ location: join(folder, 'stock.sqlite') });
  const stock = new Stock(store);
  const skus = [...load.stock];
  for (let start = 0; start < skus.length; start += 500) {
    const answer = await stock.receive({
      opKey: `receive-${start}`,
      actor: 'bench',
      lines: skus.slice(start, start + 500).map(([sku, quantity]) => ({ sku, quantity })),
    });
    assert.equal(answer.state, 'done');
  }
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
        .select(['i.sku', 'm.from_bucket', 'm.to_bucket', 'm.quantity'])
        .execute();
      const ledger = new Map<string, number>();
      for (const { sku, from_bucket, to_bucket, quantity } of movements) {
        if (to_bucket === 'available') ledger.set(sku, (ledger.get(sku) ?? 0) + quantity);
        if (from_bucket === 'available') ledger.set(sku, (ledger.get(sku) ?? 0) - quantity);
      }
      return new Map(
        balances.map(({ sku, committed, available }) => [
          sku,
          { sold: committed, left: available, ledger: ledger.get(sku) ?? 0 },
        ]),
      );
    },
    close: () => store.close(),
  };
}

interface Round {
  perSecond: number;
  p50: number;
  p99: number;
}

async function runRound(
  load: Load,
  open: (folder: string, load: Load) => Promise<Contender>,
): Promise<Round> {
  const folder = mkdtempSync(join(tmpdir(), 'order-hub-locks-'));
  const contender = await open(folder, load);
  try {
    const times = new Float64Array(load.orders.length);
    let next = 0;
    let locked = 0;
    let units = 0;
    const caller = async (): Promise<void> => {
      while (next < load.orders.length) {
        const index = next;
        next += 1;
        const order = load.orders[index]!;
        const started = performance.now();
        if (await contender.lock(order)) {
          locked += 1;
          units += order.lines.length;
        }
        times[index] = performance.now() - started;
      }
    };
    const started = performance.now();
    await Promise.all(Array.from({ length: callers }, caller));
    const seconds = (performance.now() - started) / 1_000;
    check(load, await contender.account(), locked, units);
    times.sort();
    const at = (share: number): number => times[Math.floor(times.length * share)]!;
    return { perSecond: load.orders.length / seconds, p50: at(0.5), p99: at(0.99) };
  } finally {
    await contender.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Nothing oversold, the hot SKU sold to the last unit, and the ledger says what the balances say. */
function check(
  load: Load,
  account: Map<string, { sold: number; left: number; ledger: number }>,
  locked: number,
  units: number,
): void {
  assert.equal(account.size, load.stock.size);
  let sold = 0;
  for (const [sku, start] of load.stock) {
    const row = account.get(sku)!;
    assert.ok(row.left >= 0 && row.sold <= start, `${sku} is oversold`);
    assert.equal(row.sold + row.left, start, `units of ${sku} vanished`);
    assert.equal(row.ledger, row.left, `the ledger of ${sku} does not add up`);
    sold += row.sold;
  }
  assert.equal(sold, units, 'answered and stored units differ');
  if (load.hotSku) assert.equal(account.get(load.hotSku)!.left, 0, 'the hot SKU is not sold out');
  else assert.equal(locked, load.orders.length, 'an order was refused though there was enough');
}

/** Runs both designs on both kinds of work, in turns. */
export async function runLocks({ orders = 20_000, rounds = 3 } = {}): Promise<LockRow[]> {
  const rows: LockRow[] = [];
  for (const work of ['hot', 'spread'] as const) {
    const load = makeLoad(work, orders);
    const raw: Round[] = [];
    const ours: Round[] = [];
    // Both once before it counts: a process compiles what it runs while it runs it for the first time.
    for (const open of [rawContender, stockContender]) await runRound(load, open);
    for (let round = 0; round < rounds; round += 1) {
      raw.push(await runRound(load, rawContender));
      ours.push(await runRound(load, stockContender));
    }
    const base = median(raw, 'perSecond');
    for (const [design, all] of [
      ['raw group commit of 64', raw],
      ['core/stock', ours],
    ] as const) {
      const perSecond = median(all, 'perSecond');
      rows.push({
        work,
        design,
        perSecond,
        p50: median(all, 'p50'),
        p99: median(all, 'p99'),
        ratio: perSecond / base,
      });
    }
  }
  return rows;
}

function median(rounds: readonly Round[], field: keyof Round): number {
  const values = rounds.map((round) => round[field]).sort((a, b) => a - b);
  return values[Math.floor(values.length / 2)]!;
}

function table(rows: readonly LockRow[]): string {
  const cells = rows.map((row) => [
    row.work,
    row.design,
    Math.round(row.perSecond).toLocaleString('en-US'),
    row.p50.toFixed(2),
    row.p99.toFixed(2),
    row.ratio.toFixed(2),
  ]);
  return [
    '| work | design | orders/s | p50 ms | p99 ms | of raw |',
    '|---|---|--:|--:|--:|--:|',
    ...cells.map((row) => `| ${row.join(' | ')} |`),
  ].join('\n');
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  process.stdout.write(`${table(await runLocks())}\n`);
}
