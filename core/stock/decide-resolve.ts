import type { DeductAnswer, ReleaseAnswer } from './answers.ts';
import type { Batch } from './batch.ts';
import type { ReadyResolve } from './commands.ts';
import type { Hold } from './ledger.ts';
import { leavingTwice } from './left-already.ts';
import type { Draft } from './operation.ts';
import { holdEnded, refuse, type Told } from './refusals.ts';
import { type Lot, lotsOf, unitsLeft } from './taking/ordered-units.ts';

/** Ordered units to take of holds that stand and fall together. */
interface Part {
  lot: Lot;
  units: number;
}

/** Gives held units back, or lets them go to the customer: all lines of the command or none. */
export function decideResolve(batch: Batch, command: ReadyResolve): Draft {
  const { ledger } = batch;
  const { orderKey, pools } = command;
  const holds = (ledger.holdsOf(orderKey) ?? []).filter((hold) => pools.includes(hold.row.pool));
  for (const hold of holds) if (hold.lapsed(batch.now)) ledger.expire(hold);

  const parts: Part[] = [];
  const told: Told[] = [];
  if (command.lines) {
    for (const { lineId, quantity } of command.lines) {
      const ofLine = holds.filter((hold) => hold.row.line_id === lineId);
      const refusal = partsOf(ofLine, quantity, command, lineId, parts);
      if (refusal) told.push(refusal);
    }
  } else {
    const refusal = partsOf(holds, undefined, command, '*', parts);
    if (refusal) told.push(refusal);
  }
  const release = command.kind === 'release';
  if (!release && told.length === 0) told.push(...leavingTwice(batch, command, leavingOf(parts)));
  if (told.length > 0) {
    const refusals = told.map((one) => one.refusal);
    return { answer: { state: 'refused', lines: [], holds: [], refusals, replayed: false }, holds: [], told };
  }

  const left = new Map<string, number>();
  const done = new Map<string, { lineId: string; sku: string; units: number }>();
  for (const { lot, units } of parts) {
    const { lineId, sku } = lot;
    const whole = units === unitsLeft(lot);
    for (const hold of lot.holds) {
      // What is left over of a component that gave units on its own goes with the last whole unit.
      const quantity = whole ? hold.row.remaining : units * hold.row.per_unit;
      if (quantity > 0) ledger.resolve(hold, quantity, release ? 'released' : 'posted');
    }
    const name = `${lineId}\0${sku}`;
    const line = done.get(name);
    if (line) line.units += units;
    else done.set(name, { lineId, sku, units });
    if (!release) left.set(lineId, (left.get(lineId) ?? 0) + units);
  }
  const lines = [...done.values()];
  const answer: ReleaseAnswer | DeductAnswer = release
    ? {
        state: 'released',
        lines: lines.map(({ lineId, sku, units }) => ({ lineId, sku, released: units })),
        holds: [],
        refusals: [],
        replayed: false,
      }
    : {
        state: 'deducted',
        lines: lines.map(({ lineId, sku, units }) => ({ lineId, sku, deducted: units })),
        holds: [],
        refusals: [],
        replayed: false,
      };
  const order = batch.orders.get(orderKey);
  if (order) {
    const all = ledger.holdsOf(orderKey);
    const data = {
      opKey: command.opKey,
      reason: command.reason,
      lines: answer.lines.map((line) => ({ ...line })),
    };
    const none = !all?.some((hold) => hold.open);
    batch.orders.settle(order, all, release ? 'stock-released' : 'stock-deducted', data, none, left);
  } else if (!release) batch.unsaved.ship(orderKey, left);
  return { answer, holds: parts.flatMap(({ lot }) => lot.holds), told };
}

/** What leaves of each line. */
function leavingOf(parts: readonly Part[]): { lineId: string; quantity: number }[] {
  const byLine = new Map<string, number>();
  for (const { lot, units } of parts) byLine.set(lot.lineId, (byLine.get(lot.lineId) ?? 0) + units);
  return [...byLine].map(([lineId, quantity]) => ({ lineId, quantity }));
}

/** Adds the units to take of these holds to `parts`, oldest hold first; or says why that cannot be. */
function partsOf(
  holds: readonly Hold[],
  quantity: number | undefined,
  command: ReadyResolve,
  line: string,
  parts: Part[],
): Told | undefined {
  const open = holds.filter((hold) => hold.open);
  if (open.length === 0) return whyNone(holds, command, line);
  const lots = lotsOf(open);
  let held = 0;
  for (const lot of lots) held += unitsLeft(lot);
  const { orderKey } = command;
  let asked = quantity ?? held;
  if (asked > held) return refuse('stock.more-than-held', { orderKey, line, asked, held });
  for (const lot of lots) {
    const units = Math.min(asked, unitsLeft(lot));
    if (units > 0 || quantity === undefined) parts.push({ lot, units });
    asked -= units;
  }
  return undefined;
}

/** What became of the holds last resolved: the exact reason why there is nothing left. */
function whyNone(holds: readonly Hold[], command: ReadyResolve, line: string): Told {
  const { orderKey, pools } = command;
  let last: Hold | undefined;
  for (const hold of holds) {
    if (!last || (hold.row.resolved_at ?? 0) >= (last.row.resolved_at ?? 0)) last = hold;
  }
  if (!last) return refuse('stock.hold-none', { orderKey, line, pool: pools.join(', ') });
  return holdEnded(last);
}
