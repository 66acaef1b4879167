import type { LockedFrom } from '../answers.ts';
import type { Hold } from '../ledger.ts';

/** What the holds from a place on have where, when that is not simply the ordered SKU in the pool. */
export function fromOf(holds: readonly Hold[], first: number, pool: string): LockedFrom[] | undefined {
  let plain = true;
  for (let index = first; index < holds.length; index += 1) {
    const { row } = holds[index]!;
    if (row.pool !== pool || row.bundle !== null) plain = false;
  }
  if (plain) return undefined;
  return holds.slice(first).map(({ row }) => ({ pool: row.pool, sku: row.sku, quantity: row.remaining }));
}
