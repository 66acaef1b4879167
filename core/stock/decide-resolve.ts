import type { DeductAnswer, ReleaseAnswer } from './answers.ts';
import type { Batch } from './batch.ts';
import type { ReadyResolve } from './commands.ts';
import type { Hold } from './ledger.ts';
import type { Draft } from './operation.ts';
import { holdEnded, refuse, type Told } from './refusals.ts';

interface Part {
  hold: Hold;
  quantity: number;
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
  if (told.length > 0) {
    const refusals = told.map((one) => one.refusal);
    return { answer: { state: 'refused', lines: [], holds: [], refusals, replayed: false }, holds: [], told };
  }

  const left = new Map<string, number>();
  for (const { hold, quantity } of parts) {
    ledger.resolve(hold, quantity, release ? 'released' : 'posted');
    if (!release) left.set(hold.row.line_id, (left.get(hold.row.line_id) ?? 0) + quantity);
  }
  const changed = parts.map(({ hold, quantity }) => ({ row: hold.row, quantity }));
  const answer: ReleaseAnswer | DeductAnswer = release
    ? {
        state: 'released',
        lines: changed.map(({ row, quantity }) => ({
          lineId: row.line_id,
          sku: row.sku,
          released: quantity,
        })),
        holds: [],
        refusals: [],
        replayed: false,
      }
    : {
        state: 'deducted',
        lines: changed.map(({ row, quantity }) => ({
          lineId: row.line_id,
          sku: row.sku,
          deducted: quantity,
        })),
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
  }
  return { answer, holds: parts.map((part) => part.hold), told };
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
  let held = 0;
  for (const hold of open) held += hold.row.remaining;
  const { orderKey } = command;
  let asked = quantity ?? held;
  if (asked > held) return refuse('stock.more-than-held', { orderKey, line, asked, held });
  for (const hold of open) {
    const units = Math.min(asked, hold.row.remaining);
    if (units > 0) parts.push({ hold, quantity: units });
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
