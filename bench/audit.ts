import { strict as assert } from 'node:assert';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Orders } from '../core/order/orders.ts';
import type { Order } from '../core/order/schema.ts';
import { Auditor } from '../core/stock/audit/auditor.ts';
import { Stock } from '../core/stock/stock.ts';
import { openSqlite } from '../core/store/sqlite/sqlite-store.ts';

/*
 * A whole round of the audit over stored orders that each hold one to three lines, the ledger read from its
 * beginning, while one caller after another locks: how long it takes, and how long a lock waits at most.
 */

export interface AuditRow {
  orders: number;
  rows: number;
  /** Seconds of the round; the median of the rounds. */
  seconds: number;
  /** The longest page, milliseconds. */
  longestPageMs: number;
  /** The longest that a lock waited while the round ran, milliseconds. */
  longestLockMs: number;
  /** The same without an audit, for as many locks. */
  longestLockAloneMs: number;
}

const skuCount = 1_000;
const atOnce = 256;

function orderOf(index: number): Order {
  return {
    channel: 'bench',
    shop: 'main',
    channelOrderId: String(1_000_000 + index),
    scenario: 'normal',
    status: 'paid',
    refundStatus: 'none',
    times: { created: { at: '2026-01-01T00:00:00.000Z', text: '' } },
    currency: 'CNY',
    lines: Array.from({ length: 1 + (index % 3) }, (_, line) => ({
      lineId: String(line + 1),
      sku: `SKU-${(index * 7 + line * 13) % skuCount}`,
      quantity: 1,
    })),
  };
}

async function inGroups(count: number, act: (index: number) => Promise<unknown>): Promise<void> {
  for (let start = 0; start < count; start += atOnce) {
    const group = Array.from({ length: Math.min(atOnce, count - start) }, (_, index) => act(start + index));
    await Promise.all(group);
  }
}

/** Locks one order after another until told to stop; answers the longest wait. */
function lockOneByOne(stock: Stock, name: string): () => Promise<{ longest: number; locks: number }> {
  let going = true;
  let longest = 0;
  let locks = 0;
  const work = (async () => {
    while (going) {
      const started = performance.now();
      const answer = await stock.lock({
        opKey: `${name}-${locks}`,
        actor: 'bench',
        orderKey: `bench/${name}/${locks}`,
        lines: [{ lineId: '1', sku: `SKU-${locks % skuCount}`, quantity: 1 }],
      });
      longest = Math.max(longest, performance.now() - started);
      assert.equal(answer.state, 'locked');
      locks += 1;
      // A caller that hears of its lock does something with it, and the process turns.
      await new Promise(setImmediate);
    }
  })();
  return async () => {
    going = false;
    await work;
    return { longest, locks };
  };
}

export async function runAudit({ orders = 100_000, rounds = 3 } = {}): Promise<AuditRow> {
  const folder = mkdtempSync(join(tmpdir(), 'order-hub-audit-'));
  const store = await openSqlite({ location: join(folder, 'hub.sqlite') });
  const stock = new Stock(store);
  const saved = new Orders(store);
  const auditor = new Auditor(store, stock, { settings: { graceMs: 0 } });
  try {
    for (let start = 0; start < skuCount; start += 500) {
      const lines = Array.from({ length: 500 }, (_, index) => ({
        sku: `SKU-${start + index}`,
        quantity: orders * 10,
      }));
      await stock.receive({ opKey: `in-${start}`, actor: 'bench', lines });
    }
    await inGroups(orders, (index) =>
      saved.save({ order: orderOf(index), inboxId: null, arrivedAt: store.now() }),
    );
    await inGroups(orders, async (index) => {
      const { channelOrderId, lines } = orderOf(index);
      const answer = await stock.lock({
        opKey: `lock-${index}`,
        actor: 'bench',
        orderKey: `bench/main/${channelOrderId}`,
        lines: lines.map(({ lineId, sku, quantity }) => ({ lineId, sku: sku!, quantity })),
      });
      assert.equal(answer.state, 'locked');
    });
    const took: number[] = [];
    let rows = 0;
    let longestPageMs = 0;
    let longestLockMs = 0;
    for (let round = 0; round < rounds; round += 1) {
      const stop = lockOneByOne(stock, `during-${round}`);
      const report = await auditor.run();
      longestLockMs = Math.max(longestLockMs, (await stop()).longest);
      assert.equal(report.open, 0, 'a healthy hub has no findings');
      took.push(report.tookMs / 1_000);
      rows = report.rows;
      longestPageMs = Math.max(longestPageMs, report.longestPageMs);
    }
    const stopAlone = lockOneByOne(stock, 'alone');
    await new Promise((resolve) => setTimeout(resolve, took[0]! * 1_000));
    const { longest: longestLockAloneMs } = await stopAlone();
    const seconds = took.sort((a, b) => a - b)[Math.floor(took.length / 2)]!;
    return { orders, rows, seconds, longestPageMs, longestLockMs, longestLockAloneMs };
  } finally {
    await auditor.stop();
    await store.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  process.stdout.write(`${JSON.stringify(await runAudit(), null, 2)}\n`);
}
