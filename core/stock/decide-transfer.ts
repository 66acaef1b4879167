import { allOrNone } from './all-or-none.ts';
import type { Batch } from './batch.ts';
import type { ReadyTransfer } from './commands.ts';
import { mostInBucket, refusedBundles } from './decide-adjust.ts';
import type { Draft } from './operation.ts';
import { refuse, type Told } from './refusals.ts';
import { unitsBySku } from './units-by-sku.ts';

/**
 * Free units that go from one pool to another, all lines or none. Each pool has its half of it in its own ledger: out to
 * `transfer`, and in from there; one act says that they belong together (docs/decisions/0014).
 */
export function decideTransfer(batch: Batch, command: ReadyTransfer): Draft {
  const { ledger } = batch;
  const { pool, target, bucket } = command;
  const told: Told[] = refusedBundles(batch, command);
  for (const [sku, asked] of unitsBySku(command.lines)) {
    const balance = ledger.balance(pool, sku);
    if (!balance) {
      if (!batch.isBundle([pool], sku)) told.push(refuse('stock.unknown-sku', { sku, pool }));
      continue;
    }
    const there = (ledger.balance(target, sku)?.units[bucket] ?? 0) + asked;
    if (there > mostInBucket)
      told.push(refuse('stock.too-many-units', { sku, units: there, most: mostInBucket }));
    if (!ledger.free(balance, asked)) told.push(batch.shortages.of('stock.below-zero', balance, asked));
  }
  return allOrNone(told, () =>
    command.lines.map(({ sku, quantity }) => {
      const balance = ledger.balanceOrNew(pool, sku);
      ledger.move(balance, 'available', 'transfer', quantity);
      ledger.move(ledger.balanceOrNew(target, sku), 'transfer', bucket, quantity);
      return { sku, quantity, available: balance.units.available };
    }),
  );
}
