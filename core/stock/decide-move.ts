import { allOrNone } from './all-or-none.ts';
import type { Batch } from './batch.ts';
import type { ReadyMove } from './commands.ts';
import { mostInBucket, refusedBundles } from './decide-adjust.ts';
import type { Draft } from './operation.ts';
import { refuse, type Told } from './refusals.ts';
import { unitsBySku } from './units-by-sku.ts';

/** Units that change their place inside a pool, all lines or none. */
export function decideMove(batch: Batch, command: ReadyMove): Draft {
  const { ledger } = batch;
  const { pool, from, to } = command;
  const told: Told[] = refusedBundles(batch, command);
  for (const [sku, asked] of unitsBySku(command.lines)) {
    const balance = ledger.balance(pool, sku);
    if (!balance) {
      if (!batch.isBundle([pool], sku)) told.push(refuse('stock.unknown-sku', { sku, pool }));
      continue;
    }
    const there = balance.units[to] + asked;
    if (there > mostInBucket)
      told.push(refuse('stock.too-many-units', { sku, units: there, most: mostInBucket }));
    if (from === 'available') {
      if (!ledger.free(balance, asked)) told.push(batch.shortages.of('stock.below-zero', balance, asked));
    } else if (balance.units[from] < asked) {
      told.push(refuse('stock.bucket-short', { sku, asked, bucket: from, there: balance.units[from] }));
    }
  }
  return allOrNone(told, () =>
    command.lines.map(({ sku, quantity }) => {
      const balance = ledger.balanceOrNew(pool, sku);
      ledger.move(balance, from, to, quantity);
      return { sku, quantity, available: balance.units.available };
    }),
  );
}
