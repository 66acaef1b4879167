import type { Batch } from './batch.ts';
import type { ReadyLine } from './commands.ts';
import type { Balance } from './ledger.ts';
import { refuse, type Told } from './refusals.ts';

/**
 * Adds up what a command asks of each SKU, in the balances themselves (`asked`). Several lines may want the
 * same SKU, and only the sum tells whether there is enough.
 *
 * @param sums filled with the balances that are asked of
 * @returns a refusal for every SKU nobody knows
 */
export function sumBySku(batch: Batch, pool: string, lines: readonly ReadyLine[], sums: Balance[]): Told[] {
  const act = batch.nextAct();
  const unknown: Told[] = [];
  for (const { sku, quantity } of lines) {
    const balance = batch.ledger.balance(pool, sku);
    if (!balance) {
      if (!unknown.some((told) => told.refusal.params.sku === sku))
        unknown.push(refuse('stock.unknown-sku', { sku, pool }));
      continue;
    }
    if (balance.act !== act) {
      balance.act = act;
      balance.asked = 0;
      balance.own = 0;
      sums.push(balance);
    }
    balance.asked += quantity;
  }
  return unknown;
}
