import { allOrNone } from './all-or-none.ts';
import type { AdjustedLine } from './answers.ts';
import type { Batch } from './batch.ts';
import { notFree } from './buckets.ts';
import type { ReadyAdjust } from './commands.ts';
import type { Draft } from './operation.ts';
import { refuse, type Told } from './refusals.ts';
import './bundles/messages.ts';

/** The most units one bucket may hold; far below where JavaScript's integers end. */
export const mostInBucket = 1_000_000_000_000;

/** Goods that arrive, corrections, and counts: all lines or none. */
export function decideAdjust(batch: Batch, command: ReadyAdjust): Draft {
  const told = refusedBundles(batch, command);
  told.push(...(command.kind === 'set' ? refusedCounts(batch, command) : refusedChanges(batch, command)));
  return allOrNone(told, () => apply(batch, command));
}

/** A bundle has no stock of its own: what arrives or is counted are its components. */
export function refusedBundles(batch: Batch, { pool, lines }: Pick<ReadyAdjust, 'pool' | 'lines'>): Told[] {
  const told: Told[] = [];
  if (batch.bundles.empty) return told;
  for (const sku of new Set(lines.map((line) => line.sku))) {
    if (!batch.isBundle([pool], sku)) continue;
    const parts = batch.bundles.components(sku).map((part) => `${part.sku} × ${part.perUnit}`);
    told.push(refuse('stock.bundle-not-stocked', { sku, components: parts.join(', ') }));
  }
  return told;
}

function refusedChanges(batch: Batch, command: ReadyAdjust): Told[] {
  const { ledger } = batch;
  const sums = new Map<string, { least: number; sum: number }>();
  for (const { sku, quantity } of command.lines) {
    const so = sums.get(sku) ?? { least: 0, sum: 0 };
    so.sum += quantity;
    so.least = Math.min(so.least, so.sum);
    sums.set(sku, so);
  }
  const told: Told[] = [];
  for (const [sku, { least, sum }] of sums) {
    const balance = ledger.balance(command.pool, sku);
    if (!balance) {
      // Only goods that arrive, or a count, make a SKU known: a correction of an unknown one is a slip.
      if (command.kind === 'correct' && !batch.isBundle([command.pool], sku))
        told.push(refuse('stock.unknown-sku', { sku, pool: command.pool }));
      continue;
    }
    const units = balance.units[command.bucket] + sum;
    if (units > mostInBucket) {
      told.push(refuse('stock.too-many-units', { sku, units, most: mostInBucket }));
    } else if (least < 0 && !ledger.free(balance, -least)) {
      told.push(batch.shortages.of('stock.below-zero', balance, -least));
    }
  }
  return told;
}

function refusedCounts(batch: Batch, command: ReadyAdjust): Told[] {
  const told: Told[] = [];
  for (const { sku, quantity } of command.lines) {
    const balance = batch.ledger.balance(command.pool, sku);
    if (!balance) continue;
    // Units of lapsed holds are free: expiring them lowers what is not free by as much as it raises available.
    const missing = notFree(balance.units) - quantity;
    if (missing > 0 && !batch.ledger.free(balance, balance.units.available + missing)) {
      told.push(batch.shortages.count(balance, quantity));
    }
  }
  return told;
}

function apply(batch: Batch, command: ReadyAdjust): AdjustedLine[] {
  return command.lines.map(({ sku, quantity }) => {
    const balance = batch.ledger.balanceOrNew(command.pool, sku);
    let change = quantity;
    if (command.kind === 'receive') {
      batch.ledger.move(balance, 'supplier', command.bucket, quantity);
    } else {
      if (command.kind === 'set') change = quantity - notFree(balance.units) - balance.units.available;
      if (change > 0) batch.ledger.move(balance, 'adjust', 'available', change);
      if (change < 0) batch.ledger.move(balance, 'available', 'adjust', -change);
      if (change === 0) batch.ledger.confirm(balance);
    }
    return { sku, quantity: change, available: balance.units.available };
  });
}
