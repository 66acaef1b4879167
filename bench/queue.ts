import { strict as assert } from 'node:assert';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import BetterSqlite3 from 'better-sqlite3';
import { Inbox } from '../core/delivery/inbox.ts';
import { DeliverySource } from '../core/delivery/source.ts';
import { openSqlite } from '../core/store/sqlite/sqlite-store.ts';

/*
 * The durable queue through core/delivery beside bare lease rows. Both: 64 callers store messages one by one, and
 * wait for each to be durable; a consumer leases up to 64 at a time, does nothing with them, and finishes them.
 * Bare lease rows do the least that is durable: one table, one transaction for 64 inserts, one for a lease, one
 * for 64 finishes, no retries, no order within a key, no copies recognised. core/delivery also keeps the raw
 * message apart, recognises repeats by two unique keys, keeps the order of each key, counts attempts, fences late
 * finishes and renews leases.
 */

export interface QueueRow {
  design: 'raw lease rows' | 'core/delivery';
  /** Messages stored, leased and finished per second, the median of the rounds. */
  perSecond: number;
  /** Milliseconds from asking to store a message until it is durable, medians of the rounds. */
  p50: number;
  p99: number;
  /** Of the raw lease rows in the same run. */
  ratio: number;
}

interface Contender {
  store(number: number, body: Buffer): Promise<void>;
  /** Messages whose finish is durable. */
  done(): number;
  /** Messages finished for good, as the store has them, and those that are not. */
  account(): Promise<{ done: number; open: number }>;
  close(): Promise<void>;
}

const callers = 64;
const batch = 64;

/** A message of about a kilobyte, as an order of a small shop is. */
function bodyOf(number: number): Buffer {
  return Buffer.from(JSON.stringify({ id: String(1_000_000 + number), note: 'x'.repeat(960) }));
}

async function rawContender(folder: string): Promise<Contender> {
  const db = new BetterSqlite3(join(folder, 'raw.sqlite'));
  db.pragma('journal_mode = wal');
  db.pragma('synchronous = full');
  db.pragma('wal_autocheckpoint = 8000');
  db.exec(`
    create table jobs (id integer primary key, body blob not null, state text not null, lease_until integer);
    create index jobs_ready on jobs (id) where state = 'ready';
  `);
  const insert = db.prepare(`insert into jobs (body, state) values (?, 'ready')`);
  const lease = db.prepare(
    `update jobs set state = 'leased', lease_until = ? where id in
       (select id from jobs where state = 'ready' order by id limit ${batch}) returning id, body`,
  );
  const finish = db.prepare(`update jobs set state = 'done', lease_until = null where id = ?`);
  const begin = db.prepare('begin immediate');
  const commit = db.prepare('commit');
  let done = 0;

  let queue: { body: Buffer; resolve(): void }[] = [];
  let flushing = false;
  let consuming = false;
  const flush = (): void => {
    const taken = queue.splice(0, batch);
    begin.run();
    for (const { body } of taken) insert.run(body);
    commit.run();
    for (const { resolve } of taken) resolve();
    flushing = queue.length > 0;
    if (flushing) setImmediate(flush);
    if (!consuming) {
      consuming = true;
      setImmediate(consume);
    }
  };
  const consume = (): void => {
    if (!db.open) return;
    begin.run();
    const leased = lease.all(Date.now() + 30_000) as { id: number }[];
    commit.run();
    if (leased.length === 0) {
      consuming = false;
      return;
    }
    begin.run();
    for (const { id } of leased) finish.run(id);
    commit.run();
    done += leased.length;
    setImmediate(consume);
  };
  return {
    store: (_number, body) =>
      new Promise((resolve) => {
        queue.push({ body, resolve });
        if (flushing) return;
        flushing = true;
        setImmediate(flush);
      }),
    done: () => done,
    async account() {
      const count = db.prepare(
        `select count(*) filter (where state = 'done') as done, count(*) filter (where state <> 'done') as open from jobs`,
      );
      return count.get() as { done: number; open: number };
    },
    async close() {
      queue = [];
      db.close();
    },
  };
}

async function deliveryContender(folder: string): Promise<Contender> {
  const store = await openSqlite({ location: join(folder, 'hub.sqlite') });
  const inbox = new Inbox(store);
  const seen = new Set<number>();
  const source = new DeliverySource(store, {
    subscriber: 'bench',
    maxInFlight: batch,
    handler: async (delivery) => {
      assert.ok(!seen.has(delivery.id), 'a message was handed over twice');
      seen.add(delivery.id);
      return 'done';
    },
  });
  await source.start();
  return {
    async store(number, body) {
      const { repeated } = await inbox.receive({
        account: 'bench',
        topic: 'orders/paid',
        deliveryKey: `delivery-${number}`,
        contentKey: `content-${number}`,
        headers: { 'content-type': 'application/json' },
        body,
        receivedAt: Date.now(),
        subscriber: 'bench',
      });
      assert.equal(repeated, false);
    },
    done: () => source.state().done,
    async account() {
      const rows = await store.read
        .selectFrom('deliveries')
        .select((eb) => ['state', eb.fn.countAll<number>().as('count')])
        .groupBy('state')
        .execute();
      const done = rows.find(({ state }) => state === 'done')?.count ?? 0;
      return { done, open: rows.reduce((sum, { count }) => sum + count, 0) - done };
    },
    async close() {
      await source.stop();
      await store.close();
    },
  };
}

interface Round {
  perSecond: number;
  p50: number;
  p99: number;
}

async function runRound(messages: number, open: (folder: string) => Promise<Contender>): Promise<Round> {
  const folder = mkdtempSync(join(tmpdir(), 'order-hub-queue-'));
  const contender = await open(folder);
  try {
    const times = new Float64Array(messages);
    let next = 0;
    const caller = async (): Promise<void> => {
      while (next < messages) {
        const number = next;
        next += 1;
        const started = performance.now();
        await contender.store(number, bodyOf(number));
        times[number] = performance.now() - started;
      }
    };
    const started = performance.now();
    await Promise.all(Array.from({ length: callers }, caller));
    while (contender.done() < messages) await delay(1);
    const seconds = (performance.now() - started) / 1_000;
    assert.deepEqual(await contender.account(), { done: messages, open: 0 });
    times.sort();
    const at = (share: number): number => times[Math.floor(times.length * share)]!;
    return { perSecond: messages / seconds, p50: at(0.5), p99: at(0.99) };
  } finally {
    await contender.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Runs both designs in turns. */
export async function runQueue({ messages = 20_000, rounds = 3 } = {}): Promise<QueueRow[]> {
  const raw: Round[] = [];
  const ours: Round[] = [];
  for (let round = 0; round < rounds; round += 1) {
    raw.push(await runRound(messages, rawContender));
    ours.push(await runRound(messages, deliveryContender));
  }
  const base = median(raw, 'perSecond');
  const rowOf = (design: QueueRow['design'], all: readonly Round[]): QueueRow => {
    const perSecond = median(all, 'perSecond');
    return { design, perSecond, p50: median(all, 'p50'), p99: median(all, 'p99'), ratio: perSecond / base };
  };
  return [rowOf('raw lease rows', raw), rowOf('core/delivery', ours)];
}

function median(rounds: readonly Round[], field: keyof Round): number {
  const values = rounds.map((round) => round[field]).sort((a, b) => a - b);
  return values[Math.floor(values.length / 2)]!;
}

function table(rows: readonly QueueRow[]): string {
  const cells = rows.map((row) => [
    row.design,
    Math.round(row.perSecond).toLocaleString('en-US'),
    row.p50.toFixed(2),
    row.p99.toFixed(2),
    row.ratio.toFixed(2),
  ]);
  return [
    '| design | messages/s | p50 ms | p99 ms | of raw |',
    '|---|--:|--:|--:|--:|',
    ...cells.map((row) => `| ${row.join(' | ')} |`),
  ].join('\n');
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  process.stdout.write(`${table(await runQueue())}\n`);
}
