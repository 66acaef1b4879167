import { strict as assert } from 'node:assert';
import { buckets } from '../../../core/stock/buckets.ts';
import type { ReadBalance } from '../../../core/stock/state.ts';

/** Nothing negative, balances are the sum of the movements, and open holds are what the hold buckets have. */
export function checkBooks(
  balances: readonly ReadBalance[],
  movements: readonly { sku: string; from_bucket: string; to_bucket: string; quantity: number }[],
  holds: readonly { sku: string; bucket: string; state: string; remaining: number }[],
): void {
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
