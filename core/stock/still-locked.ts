import type { LockAnswer, LockedLine } from './answers.ts';
import type { Batch } from './batch.ts';
import type { ReadyLock } from './commands.ts';
import type { Hold } from './ledger.ts';
import type { Draft } from './operation.ts';
import { holdEnded, type Told } from './refusals.ts';
import { fromOf } from './taking/locked-from.ts';
import { orderedUnits } from './taking/ordered-units.ts';

/**
 * The first answer to a lock that is asked for again, as long as it is true: the units are still held, or have left
 * with the order. When they were released or their time ran out, the repeat is refused with when that was, since
 * whoever hears "locked" ships; what was short stays short. A line that a later lock holds, or held until it left, is as good as its own hold.
 */
export function stillLocked(batch: Batch, command: ReadyLock, first: Draft): Draft {
  if (first.answer.state !== 'locked') return first;
  const told: Told[] = [];
  const all = batch.ledger.holdsOf(command.orderKey) ?? [];
  for (const hold of first.holds) {
    if (
      covers(hold, batch.now) ||
      all.some((later) => follows(later, hold, command) && covers(later, batch.now))
    )
      continue;
    const ended = holdEnded(hold);
    // The components of a bundle end together.
    if (!told.some(({ json }) => json === ended.json)) told.push(ended);
  }
  if (told.length === 0) return first;
  const open = all.filter((hold) => inPool(hold, command) && hold.open && !hold.lapsed(batch.now));
  const lines = (first.answer as LockAnswer).lines.map((line): LockedLine => {
    const ofLine = open.filter(({ row }) => row.line_id === line.lineId);
    const { from: _before, ...rest } = line;
    const from = fromOf(ofLine, 0, command.pool);
    return { ...rest, locked: orderedUnits(ofLine), ...(from && { from }) };
  });
  const named = new Set(lines.map(({ lineId }) => lineId));
  const answer: LockAnswer = {
    state: 'refused',
    lines,
    holds: [],
    refusals: told.map(({ refusal }) => refusal),
    replayed: true,
  };
  return { answer, holds: open.filter(({ row }) => named.has(row.line_id)), told };
}

function covers(hold: Hold, now: number): boolean {
  return hold.row.state === 'posted' || (hold.open && !hold.lapsed(now));
}

/** Whether a hold is of the same line and was made after another: an order's holds are in the order they were made. */
function follows(later: Hold, hold: Hold, command: ReadyLock): boolean {
  return (
    later !== hold &&
    later.row.line_id === hold.row.line_id &&
    inPool(later, command) &&
    (later.id === undefined || (hold.id !== undefined && later.id > hold.id))
  );
}

function inPool(hold: Hold, { pools }: ReadyLock): boolean {
  return pools.includes(hold.row.pool);
}
