import type { DeductAnswer } from './answers.ts';
import type { Batch } from './batch.ts';
import type { ReadySale } from './commands.ts';
import { leavingTwice } from './left-already.ts';
import type { Draft } from './operation.ts';
import type { Told } from './refusals.ts';
import { planPool, planWarehouses } from './taking/plan.ts';
import { wantsOf } from './taking/wants.ts';

/** Units that leave straight from `available`, all lines or none. */
export function decideSale(batch: Batch, command: ReadySale): Draft {
  const { ledger } = batch;
  const { pool, orderKey, warehouses } = command;
  const order = batch.orders.get(orderKey);
  const refused: Told[] = [];
  const wants = wantsOf(batch, command.lines, warehouses?.pools ?? [pool], pool, undefined, refused);
  refused.push(...leavingTwice(batch, command, command.lines));
  const terms = { orderKey: undefined, pool, keepBack: 0, partial: false };
  const plan = warehouses
    ? planWarehouses(batch, terms, warehouses, wants, undefined)
    : planPool(batch, terms, wants, undefined);
  const told = refused.length > 0 ? [...refused, ...plan.short] : plan.short;
  const answer: DeductAnswer = {
    state: refused.length > 0 ? 'refused' : plan.placements ? 'deducted' : 'short',
    lines: [],
    holds: [],
    refusals: told.map((one) => one.refusal),
    replayed: false,
  };
  if (answer.state !== 'deducted') return { answer, holds: [], told };
  const left = new Map<string, number>();
  wants.forEach(({ line, parts }, index) => {
    for (const place of plan.placements?.[index] ?? []) {
      for (const { sku, perUnit } of parts) {
        const units = place.units * perUnit;
        const balance = ledger.balance(place.pool, sku);
        if (!balance || !ledger.free(balance, units))
          throw new Error(`${units} of ${sku} in ${place.pool} were planned and are not there`);
        ledger.move(balance, 'available', 'customer', units, undefined, line.lineId);
      }
    }
    const { lineId, sku, quantity } = line;
    answer.lines.push({ lineId, sku, deducted: quantity });
    left.set(lineId, quantity);
  });
  if (order) {
    const data = { opKey: command.opKey, lines: answer.lines.map((line) => ({ ...line })) };
    batch.orders.settle(order, ledger.holdsOf(orderKey), 'stock-deducted', data, true, left);
  } else batch.unsaved.ship(orderKey, left);
  return { answer, holds: [], told };
}
