import type { Batch } from '../batch.ts';
import type { Balance } from '../ledger.ts';
import type { Want } from './wants.ts';

/**
 * Adds up what a command asks of each SKU of a pool, in the balances themselves (`asked`). Several lines may want
 * the same SKU, and only the sum tells whether there is enough.
 *
 * @returns the balances that are asked of
 */
export function sumByBalance(batch: Batch, pool: string, wants: readonly Want[]): Balance[] {
  const sums: Balance[] = [];
  const act = batch.nextAct();
  for (const { line, parts } of wants) {
    for (const { sku, perUnit } of parts) {
      const balance = batch.ledger.balance(pool, sku);
      if (!balance) throw new Error(`${sku} is not known in ${pool}`);
      if (balance.act !== act) {
        balance.act = act;
        balance.asked = 0;
        balance.own = 0;
        sums.push(balance);
      }
      balance.asked += line.quantity * perUnit;
    }
  }
  return sums;
}
