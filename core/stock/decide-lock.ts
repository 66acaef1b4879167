import type { LockAnswer, LockedLine } from './answers.ts';
import type { Batch } from './batch.ts';
import type { ReadyLock } from './commands.ts';
import type { Hold, HoldRow } from './ledger.ts';
import { leavingTwice } from './left-already.ts';
import type { Draft } from './operation.ts';
import { refuse, type Told } from './refusals.ts';
import type { Placement } from './taking/allocate.ts';
import { overCap } from './taking/buyer-cap.ts';
import { fromOf } from './taking/locked-from.ts';
import { orderedUnits } from './taking/ordered-units.ts';
import { planPool, planWarehouses } from './taking/plan.ts';
import { type OwnHolds, type Want, wantsOf } from './taking/wants.ts';

/**
 * Takes units for an order. What the order already holds in the pool counts as free for it, and is replaced: the
 * command says all that it wants. A line that would hold what it holds is left as it is, one that is not named any
 * more is released. A refused lock leaves everything as it was.
 */
export function decideLock(batch: Batch, command: ReadyLock): Draft {
  const { ledger } = batch;
  const { orderKey, pool, warehouses, lines } = command;
  const order = batch.orders.get(orderKey);
  const own = openHolds(batch, command);
  if (order && (order.status === 'cancelled' || order.refundStatus === 'full')) {
    const { status, refundStatus } = order;
    const told = [refuse('stock.order-closed', { orderKey, status, refundStatus })];
    return untouched('refused', command, own, told);
  }

  const refused: Told[] = [];
  const wants = wantsOf(batch, lines, warehouses?.pools ?? command.pools, pool, own, refused);
  if (command.buyer) refused.push(...overCap(batch, command, own));
  if (command.upTo) refused.push(...leavingTwice(batch, command, command.lines));
  const plan = warehouses
    ? planWarehouses(batch, command, warehouses, wants, own)
    : planPool(batch, command, wants, own);
  const told = refused.length > 0 ? [...refused, ...plan.short] : plan.short;

  let draft: Draft;
  if (refused.length > 0) draft = untouched('refused', command, own, told);
  else if (!plan.placements) draft = untouched('short', command, own, told);
  else draft = take(batch, command, wants, plan.placements, own, told);

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

/** Open holds of the order in the pools, by line; lapsed ones are expired. */
function openHolds(batch: Batch, command: ReadyLock): Map<string, Hold[]> | undefined {
  const holds = batch.ledger.holdsOf(command.orderKey);
  if (!holds) return undefined;
  let open: Map<string, Hold[]> | undefined;
  for (const hold of holds) {
    if (!hold.open || !command.pools.includes(hold.row.pool)) continue;
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

/** Holds what was planned. */
function take(
  batch: Batch,
  command: ReadyLock,
  wants: readonly Want[],
  placements: readonly (readonly Placement[])[],
  own: OwnHolds | undefined,
  told: readonly Told[],
): Draft {
  const kept = own ? replace(batch, command, wants, placements, own) : undefined;
  const lines: LockedLine[] = [];
  const holds: Hold[] = [];
  for (let index = 0; index < wants.length; index += 1) {
    const { line, parts, bundle } = wants[index]!;
    const stays = kept?.get(line.lineId);
    const first = holds.length;
    let locked = 0;
    for (const { pool, units } of placements[index]!) {
      locked += units;
      if (stays || units === 0) continue;
      for (const { sku, perUnit } of parts)
        holds.push(
          open(batch, command, line.lineId, {
            pool,
            sku,
            quantity: units * perUnit,
            perUnit,
            bundle: bundle ? line.sku : null,
          }),
        );
    }
    if (stays) holds.push(...stays);
    const answered: LockedLine = { lineId: line.lineId, sku: line.sku, asked: line.quantity, locked };
    const from = fromOf(holds, first, command.pool);
    if (from) answered.from = from;
    lines.push(answered);
  }
  time(batch, command, holds);
  const answer: LockAnswer = {
    state: told.length > 0 ? 'short' : 'locked',
    lines,
    holds: [],
    refusals: told.map((one) => one.refusal),
    replayed: false,
  };
  return { answer, holds, told };
}

interface Taken {
  pool: string;
  sku: string;
  quantity: number;
  perUnit: number;
  bundle: string | null;
}

function open(batch: Batch, command: ReadyLock, lineId: string, taken: Taken): Hold {
  const { pool, sku, quantity, perUnit, bundle } = taken;
  const balance = batch.ledger.balance(pool, sku);
  if (!balance || !batch.ledger.free(balance, quantity))
    throw new Error(`${quantity} of ${sku} in ${pool} were planned and are not there`);
  const row: HoldRow = {
    order_key: command.orderKey,
    pool,
    sku,
    line_id: lineId,
    quantity,
    remaining: quantity,
    scenario: command.scenario,
    bucket: command.bucket,
    state: 'open',
    deadline: null,
    resolved_at: null,
    per_unit: perUnit,
    bundle,
    buyer_key: command.buyer?.key ?? null,
  };
  return batch.ledger.open(balance, row);
}

/** Gives back what the order holds, but for lines that go on holding the same; those are answered by line. */
function replace(
  batch: Batch,
  command: ReadyLock,
  wants: readonly Want[],
  placements: readonly (readonly Placement[])[],
  own: OwnHolds,
): Map<string, readonly Hold[]> {
  const kept = new Map<string, readonly Hold[]>();
  wants.forEach((want, index) => {
    const holds = own.get(want.line.lineId);
    if (holds && holdsSame(holds, want, placements[index]!, command)) kept.set(want.line.lineId, holds);
  });
  for (const [lineId, holds] of own) {
    if (kept.has(lineId)) continue;
    for (const hold of holds) batch.ledger.resolve(hold, hold.row.remaining, 'released');
  }
  return kept;
}

/** Whether the holds of a line are just those that the lock would make. */
function holdsSame(
  holds: readonly Hold[],
  { line, parts, bundle }: Want,
  placements: readonly Placement[],
  command: ReadyLock,
): boolean {
  const buyer = command.buyer?.key ?? null;
  let wanted = 0;
  for (const { pool, units } of placements) {
    if (units === 0) continue;
    for (const { sku, perUnit } of parts) {
      wanted += 1;
      const same = holds.some(
        ({ row }) =>
          row.sku === sku &&
          row.pool === pool &&
          row.bucket === command.bucket &&
          row.bundle === (bundle ? line.sku : null) &&
          row.per_unit === perUnit &&
          row.buyer_key === buyer &&
          // One that has given units away already is no record of what this lock took.
          row.remaining === units * perUnit &&
          row.quantity === units * perUnit,
      );
      if (!same) return false;
    }
  }
  return wanted === holds.length;
}

/** Sets when the holds lapse: sooner where any SKU among them has got scarce. */
function time(batch: Batch, command: ReadyLock, holds: readonly Hold[]): void {
  const { scarce } = command;
  let { ttlMs } = command;
  if (scarce && isScarce(batch, command, holds, scarce.below))
    ttlMs = ttlMs === null ? scarce.ttlMs : Math.min(ttlMs, scarce.ttlMs);
  const deadline = ttlMs === null ? null : batch.now + ttlMs;
  for (const hold of holds) {
    const { row } = hold;
    if (row.scenario === command.scenario && row.deadline === deadline) continue;
    row.scenario = command.scenario;
    row.deadline = deadline;
    const balance = batch.ledger.balance(row.pool, row.sku);
    if (balance) balance.version += 1;
    batch.ledger.changeHold(hold);
  }
}

/** Whether fewer units than a bound are left of any SKU that was taken, in all the pools it may be taken from. */
function isScarce(
  { ledger }: Batch,
  { warehouses, pools }: ReadyLock,
  holds: readonly Hold[],
  below: number,
): boolean {
  const among = warehouses?.pools ?? pools;
  return holds.some(({ row }) => {
    let left = 0;
    for (const pool of among) {
      const balance = ledger.balance(pool, row.sku);
      if (balance) left += ledger.sellable(balance);
    }
    return left < below;
  });
}

/** The answer to a lock that took nothing: the lines hold what they held before. */
function untouched(
  state: 'short' | 'refused',
  command: ReadyLock,
  own: OwnHolds | undefined,
  told: readonly Told[],
): Draft {
  const holds = own ? command.lines.flatMap(({ lineId }) => own.get(lineId) ?? []) : [];
  const lines = command.lines.map(({ lineId, sku, quantity }) => {
    const ofLine = own?.get(lineId) ?? [];
    const line: LockedLine = { lineId, sku, asked: quantity, locked: orderedUnits(ofLine) };
    const from = fromOf(ofLine, 0, command.pool);
    if (from) line.from = from;
    return line;
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
