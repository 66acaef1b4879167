import { strict as assert } from 'node:assert';
import { median } from '../table.ts';
import type { Load, Order } from './load.ts';

/** What became of one SKU. */
export interface SkuAccount {
  sold: number;
  left: number;
  /** Units left by the ledger. */
  ledger: number;
}

/** One way to lock stock, opened on a store of its own. */
export interface Contender {
  /** Whether the order was locked, once that is durable. */
  lock(order: Order): Promise<boolean>;
  account(): Promise<Map<string, SkuAccount>>;
  close(): Promise<void>;
}

export interface Round {
  /** Orders answered per second. */
  perSecond: number;
  /** Milliseconds from call to answer. */
  p50: number;
  p99: number;
}

/** Asks for every order of the load from so many callers, and checks what came of it. */
export async function runRound(
  load: Load,
  open: (load: Load) => Promise<Contender>,
  callers = 64,
): Promise<Round> {
  const contender = await open(load);
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
  }
}

/** Nothing oversold, the hot SKU sold to the last unit, and the ledger says what the balances say. */
function check(load: Load, account: ReadonlyMap<string, SkuAccount>, locked: number, units: number): void {
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

/** The rounds' middle, figure by figure. */
export function middle(rounds: readonly Round[]): Round {
  const of = (field: keyof Round): number => median(rounds.map((round) => round[field]));
  return { perSecond: of('perSecond'), p50: of('p50'), p99: of('p99') };
}
