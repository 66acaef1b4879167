import type { LockAnswer, LockedLine } from './answers.ts';
import type { Batch } from './batch.ts';
import type { HoldBucket } from './buckets.ts';
import type { ReadyLine, ReadyLock } from './commands.ts';
import type { Balance, Hold, HoldRow } from './ledger.ts';
import type { Draft } from './operation.ts';
import { type OwnUnits, refuse, type Told } from './refusals.ts';
import { sumBySku } from './sums.ts';

/**
 * Takes units for an order. What the order already holds in the pool counts as free for it, and is replaced: the
 * command says all that it wants. A line that would hold what it holds is left as it is, one that is not named any
 * more is released. A refused lock leaves everything as it was.
 */
export function decideLock(batch: Batch, command: ReadyLock): Draft {
  const { ledger } = batch;
  const { orderKey, pool } = command;
  const order = batch.orders.get(orderKey);
  const replaced = openHolds(batch, command);
  if (order && (order.status === 'cancelled' || order.refundStatus === 'full')) {
    const { status, refundStatus } = order;
    const told = [refuse('stock.order-closed', { orderKey, status, refundStatus })];
    return untouched('refused', command, replaced, told);
  }

  const sums: Balance[] = [];
  const unknown = sumBySku(batch, pool, command.lines, sums);
  if (replaced) addOwn(batch, replaced, sums);
  const short: Told[] = [];
  for (const balance of sums) {
    if (ledger.free(balance, balance.asked - balance.own)) continue;
    const own = ledger.holdsOf(orderKey) && ownUnits(replaced, balance);
    short.push(batch.shortages.of('stock.short', balance, balance.asked, orderKey, own));
  }
  const told = unknown.length > 0 ? [...unknown, ...short] : short;

  let draft: Draft;
  if (unknown.length > 0) draft = untouched('refused', command, replaced, told);
  else if (short.length > 0 && !command.partial) draft = untouched('short', command, replaced, told);
  else draft = take(batch, command, replaced, told);

  if (order) {
    const { answer } = draft;
    const locked = answer.state === 'locked';
    const data = {
      opKey: command.opKey,
      lines: answer.lines.map((line) => ({ ...line })),
      ...(!locked && {
        refusals: told.map(({ refusal }) => ({ code: refusal.code, params: refusal.params })),
      }),
    };
    const all = ledger.holdsOf(orderKey);
    batch.orders.settle(order, all, locked ? 'allocated' : 'short', data, locked);
  }
  return draft;
}

/** Open holds of the order in the pool, by line; lapsed ones are expired. */
function openHolds(batch: Batch, command: ReadyLock): Map<string, Hold[]> | undefined {
  const holds = batch.ledger.holdsOf(command.orderKey);
  if (!holds) return undefined;
  let open: Map<string, Hold[]> | undefined;
  for (const hold of holds) {
    if (!hold.open || hold.row.pool !== command.pool) continue;
    if (hold.lapsed(batch.now)) {
      batch.ledger.expire(hold);
      continue;
    }
    open ??= new Map();
    const ofLine = open.get(hold.row.line_id);
    if (ofLine) ofLine.push(hold);
    else open.set(hold.row.line_id, [hold]);
  }
  return open;
}

function addOwn(
  batch: Batch,
  replaced: ReadonlyMap<string, readonly Hold[]>,
  sums: readonly Balance[],
): void {
  for (const holds of replaced.values()) {
    for (const { row } of holds) {
      const balance = batch.ledger.balance(row.pool, row.sku);
      if (balance && sums.includes(balance)) balance.own += row.remaining;
    }
  }
}

function ownUnits(replaced: ReadonlyMap<string, readonly Hold[]> | undefined, balance: Balance): OwnUnits {
  const own: Record<HoldBucket, number> = { held: 0, committed: 0, presale: 0 };
  for (const holds of replaced?.values() ?? []) {
    for (const hold of holds) if (hold.row.sku === balance.sku) own[hold.bucket] += hold.row.remaining;
  }
  return own;
}

/** Locks every line, or of each line what there is. */
function take(
  batch: Batch,
  command: ReadyLock,
  replaced: ReadonlyMap<string, readonly Hold[]> | undefined,
  told: readonly Told[],
): Draft {
  const given = told.length > 0 ? whatThereIs(batch, command) : undefined;
  const wanted = (line: ReadyLine, index: number): number => (given ? given[index]! : line.quantity);
  const kept = replaced ? replace(batch, command, replaced, wanted) : undefined;
  const deadline = command.ttlMs === null ? null : batch.now + command.ttlMs;
  const lines: LockedLine[] = [];
  const holds: Hold[] = [];
  for (let index = 0; index < command.lines.length; index += 1) {
    const line = command.lines[index]!;
    const quantity = wanted(line, index);
    lines.push({ lineId: line.lineId, sku: line.sku, asked: line.quantity, locked: quantity });
    if (quantity === 0) continue;
    const stays = kept?.get(line.lineId);
    if (stays) {
      retime(batch, stays, command.scenario, deadline);
      holds.push(stays);
      continue;
    }
    const row: HoldRow = {
      order_key: command.orderKey,
      pool: command.pool,
      sku: line.sku,
      line_id: line.lineId,
      quantity,
      remaining: quantity,
      scenario: command.scenario,
      bucket: command.bucket,
      state: 'open',
      deadline,
      resolved_at: null,
      per_unit: 1,
      bundle: null,
      buyer_key: null,
    };
    holds.push(batch.ledger.open(batch.ledger.balance(command.pool, line.sku)!, row));
  }
  const answer: LockAnswer = {
    state: told.length > 0 ? 'short' : 'locked',
    lines,
    holds: [],
    refusals: told.map((one) => one.refusal),
    replayed: false,
  };
  return { answer, holds, told };
}

/** Units each line gets when there is not enough for all: first line first. */
function whatThereIs(batch: Batch, command: ReadyLock): number[] {
  const room = new Map<string, number>();
  return command.lines.map(({ sku, quantity }) => {
    const balance = batch.ledger.balance(command.pool, sku)!;
    const left = room.get(sku) ?? balance.units.available + balance.own;
    const units = Math.min(quantity, left);
    room.set(sku, left - units);
    return units;
  });
}

/** Gives back what the order holds, but for lines that go on holding the same; those are answered by line. */
function replace(
  batch: Batch,
  command: ReadyLock,
  replaced: ReadonlyMap<string, readonly Hold[]>,
  wanted: (line: ReadyLine, index: number) => number,
): Map<string, Hold> {
  const kept = new Map<string, Hold>();
  command.lines.forEach((line, index) => {
    const holds = replaced.get(line.lineId);
    if (holds?.length !== 1) return;
    const { row } = holds[0]!;
    const units = wanted(line, index);
    // One that has given units away already is no record of what this lock took.
    if (
      row.sku === line.sku &&
      row.bucket === command.bucket &&
      row.remaining === units &&
      row.quantity === units
    )
      kept.set(line.lineId, holds[0]!);
  });
  for (const [lineId, holds] of replaced) {
    if (kept.has(lineId)) continue;
    for (const hold of holds) batch.ledger.resolve(hold, hold.row.remaining, 'released');
  }
  return kept;
}

function retime(batch: Batch, hold: Hold, scenario: string, deadline: number | null): void {
  const { row } = hold;
  if (row.scenario === scenario && row.deadline === deadline) return;
  row.scenario = scenario;
  row.deadline = deadline;
  const balance = batch.ledger.balance(row.pool, row.sku);
  if (balance) balance.version += 1;
  batch.ledger.changeHold(hold);
}

/** The answer to a lock that took nothing: the lines hold what they held before. */
function untouched(
  state: 'short' | 'refused',
  command: ReadyLock,
  replaced: ReadonlyMap<string, readonly Hold[]> | undefined,
  told: readonly Told[],
): Draft {
  const holds = replaced ? command.lines.flatMap(({ lineId }) => replaced.get(lineId) ?? []) : [];
  const lines = command.lines.map(({ lineId, sku, quantity }) => {
    let locked = 0;
    for (const hold of replaced?.get(lineId) ?? []) locked += hold.row.remaining;
    return { lineId, sku, asked: quantity, locked };
  });
  const answer: LockAnswer = {
    state,
    lines,
    holds: [],
    refusals: told.map((one) => one.refusal),
    replayed: false,
  };
  return { answer, holds, told };
}
