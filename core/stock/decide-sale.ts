import type { DeductAnswer } from './answers.ts';
import type { Batch } from './batch.ts';
import type { ReadySale } from './commands.ts';
import type { Balance } from './ledger.ts';
import type { Draft } from './operation.ts';
import { sumBySku } from './sums.ts';

/** Units that leave straight from `available`, all lines or none. */
export function decideSale(batch: Batch, command: ReadySale): Draft {
  const { ledger } = batch;
  const { pool, orderKey } = command;
  const sums: Balance[] = [];
  const unknown = sumBySku(batch, pool, command.lines, sums);
  const short = sums
    .filter((balance) => !ledger.free(balance, balance.asked))
    .map((balance) => batch.shortages.of('stock.short', balance, balance.asked));
  const told = [...unknown, ...short];
  const answer: DeductAnswer = {
    state: unknown.length > 0 ? 'refused' : short.length > 0 ? 'short' : 'deducted',
    lines: [],
    holds: [],
    refusals: told.map((one) => one.refusal),
    replayed: false,
  };
  if (answer.state !== 'deducted') return { answer, holds: [], told };
  const left = new Map<string, number>();
  for (const { lineId, sku, quantity } of command.lines) {
    const balance = ledger.balance(pool, sku)!;
    ledger.move(balance, 'available', 'customer', quantity, undefined, lineId);
    answer.lines.push({ lineId, sku, deducted: quantity });
    left.set(lineId, quantity);
  }
  const order = batch.orders.get(orderKey);
  if (order) {
    const data = { opKey: command.opKey, lines: answer.lines.map((line) => ({ ...line })) };
    batch.orders.settle(order, ledger.holdsOf(orderKey), 'stock-deducted', data, true, left);
  }
  return { answer, holds: [], told };
}
