import { strict as assert } from 'node:assert';
import { buckets } from '../../../core/stock/buckets.ts';
import type { ReadBalance } from '../../../core/stock/state.ts';
import { type HoldRow, type LedgerRow, poolHolds, poolLedger } from '../../../core/store/queries/stock.ts';
import type { Store } from '../../../core/store/store.ts';

/** All that is written of one pool. */
export interface Books {
  balances: ReadBalance[];
  movements: LedgerRow[];
  holds: HoldRow[];
}

export async function booksOf({ read }: Store, pool: string): Promise<Books> {
  const [balances, movements, holds] = await Promise.all([
    read
      .selectFrom('stock_items as i')
      .innerJoin('stock_balances as b', 'b.id', 'i.balance_id')
      .selectAll('b')
      .select(['i.pool', 'i.sku'])
      .where('i.pool', '=', pool)
      .execute(),
    poolLedger(read, pool),
    poolHolds(read, pool),
  ]);
  return { balances, movements, holds };
}

/** Nothing negative, balances are the sum of the movements, and open holds are what the hold buckets have. */
export function checkBooks({ balances, movements, holds }: Books): void {
  for (const balance of balances) {
    for (const bucket of buckets) {
      let ledger = 0;
      for (const movement of movements) {
        if (movement.sku !== balance.sku) continue;
        if (movement.to_bucket === bucket) ledger += movement.quantity;
        if (movement.from_bucket === bucket) ledger -= movement.quantity;
      }
      assert.ok(Number(balance[bucket]) >= 0);
      assert.equal(balance[bucket], ledger, `${bucket} of ${balance.sku} is the sum of its movements`);
      if (bucket !== 'held' && bucket !== 'committed' && bucket !== 'presale') continue;
      const open = holds
        .filter((hold) => hold.sku === balance.sku && hold.bucket === bucket && hold.state === 'open')
        .reduce((sum, hold) => sum + hold.remaining, 0);
      assert.equal(balance[bucket], open, `${bucket} of ${balance.sku} is the sum of its open holds`);
    }
  }
}
