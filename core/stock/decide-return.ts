import { allOrNone } from './all-or-none.ts';
import type { AdjustedLine } from './answers.ts';
import type { Batch } from './batch.ts';
import type { Part } from './bundles/bundle-book.ts';
import type { ReadyLine, ReadyReturn } from './commands.ts';
import { mostInBucket } from './decide-adjust.ts';
import type { Hold } from './ledger.ts';
import type { Draft } from './operation.ts';
import { refuse, type Told } from './refusals.ts';
import { orderedSku } from './taking/ordered-units.ts';

/** Goods that come back from the customer, all lines or none. */
export function decideReturn(batch: Batch, command: ReadyReturn): Draft {
  const { ledger } = batch;
  const { orderKey, pool, bucket } = command;
  const order = batch.orders.get(orderKey);
  const told: Told[] = [];
  const units = new Map<string, number>();
  const back = new Map<string, number>();
  for (const line of command.lines) {
    const refusal = order && refusedLine(batch, command, line);
    if (refusal) told.push(refusal);
    back.set(line.lineId, line.quantity);
    for (const { sku, perUnit } of partsOf(batch, command, line))
      units.set(sku, (units.get(sku) ?? 0) + line.quantity * perUnit);
  }
  for (const [sku, more] of units) {
    const there = (ledger.balance(pool, sku)?.units[bucket] ?? 0) + more;
    if (there > mostInBucket)
      told.push(refuse('stock.too-many-units', { sku, units: there, most: mostInBucket }));
  }
  return allOrNone(told, () => {
    const moved: AdjustedLine[] = [];
    for (const line of command.lines) {
      for (const { sku, perUnit } of partsOf(batch, command, line)) {
        const balance = ledger.balanceOrNew(pool, sku);
        const quantity = line.quantity * perUnit;
        ledger.move(balance, 'customer', bucket, quantity, undefined, line.lineId);
        moved.push({ sku, quantity, available: balance.units.available });
      }
    }
    if (order) {
      const lines = command.lines.map(({ lineId, sku, quantity }) => ({ lineId, sku, returned: quantity }));
      batch.orders.takeBack(order, back, { opKey: command.opKey, bucket, lines });
    } else batch.unsaved.takeBack(orderKey, back);
    return moved;
  });
}

/** Why a line of a stored order cannot come back, if so. */
function refusedLine(
  batch: Batch,
  { orderKey }: ReadyReturn,
  { lineId, sku, quantity: asked }: ReadyLine,
): Told | undefined {
  const row = batch.orders.get(orderKey)?.lines.find((line) => line.row.line_id === lineId)?.row;
  if (!row) return refuse('stock.return-no-line', { orderKey, line: lineId });
  if (row.sku !== sku)
    return refuse('stock.return-other-sku', { orderKey, line: lineId, sku, ordered: row.sku });
  const left = row.shipped - row.returned;
  if (asked <= left) return undefined;
  const { shipped, returned } = row;
  return refuse('stock.more-than-shipped', { orderKey, line: lineId, asked, shipped, returned, left });
}

/**
 * What one ordered unit of a line is made of: as the holds say by which it left, else as its bundle is defined now. A
 * line that was given back and locked again may have holds of several recipes; the newest that left counts.
 */
function partsOf(batch: Batch, { orderKey, pool }: ReadyReturn, { lineId, sku }: ReadyLine): readonly Part[] {
  const ofLine = (batch.ledger.holdsOf(orderKey) ?? []).filter(
    (hold) => hold.row.line_id === lineId && orderedSku(hold) === sku,
  );
  const left = ofLine.filter(unitsLeft);
  const newestFirst = (left.length > 0 ? left : ofLine).toReversed();
  const parts = new Map<string, Part>();
  for (const { row } of newestFirst) {
    if (row.pool !== newestFirst[0]!.row.pool) continue;
    // A component that comes up again in the pool belongs to an earlier lock.
    if (parts.has(row.sku)) break;
    parts.set(row.sku, { sku: row.sku, perUnit: row.per_unit });
  }
  if (parts.size > 0) return [...parts.values()].reverse();
  return batch.isBundle([pool], sku) ? batch.bundles.explode(sku) : [{ sku, perUnit: 1 }];
}

/** Whether units of a hold are known to have left for the customer. */
function unitsLeft({ row }: Hold): boolean {
  return row.state === 'posted' || (row.state === 'open' && row.remaining < row.quantity);
}
