import { publish } from '../delivery/publish.ts';
import { newestMovement, saveConfirmations } from '../store/queries/stock-counts.ts';
import type { Changes, NewRow } from '../store/schema.ts';
import type { Tx } from '../store/store.ts';
import type { Act } from './act.ts';
import { buckets } from './buckets.ts';
import type { KeyedCommand } from './commands.ts';
import type { Decision } from './decide.ts';
import { type Balance, bucketBits, type Hold, type Movement } from './ledger.ts';
import { keep, sharedText } from './operation.ts';
import { itemsAppeared } from './unknown-skus.ts';
import type { UnsavedLine } from './unsaved-lines.ts';

/** Gives acts, movements and new holds their numbers: they name one another, and answers name the holds. */
export async function number(tx: Tx, { acts, movements, newHolds }: Decision): Promise<void> {
  const [actIds, movementIds] = await Promise.all([
    acts.length > 0 ? tx.reserve('stock_operations', acts.length) : [],
    movements.length > 0 ? tx.reserve('stock_movements', movements.length) : [],
  ]);
  for (let index = 0; index < acts.length; index += 1) acts[index]!.id = actIds[index]!;
  for (let index = 0; index < movements.length; index += 1) movements[index]!.id = movementIds[index]!;
  for (const hold of newHolds) hold.id = hold.opening?.id;
}

/** Writes a decision whose rows have their numbers and whose answers have been made. */
export async function write(tx: Tx, decision: Decision): Promise<void> {
  // Before the movements, which name them.
  await makeBalances(tx, decision.balances);
  // In one go: no answer is needed for the next.
  await Promise.all([
    updateBalances(tx, decision.balances),
    writeActs(tx, decision.acts),
    writeMovements(tx, decision.movements),
    makeHolds(tx, decision.newHolds),
    updateHolds(tx, decision.changedHolds),
    writeOrders(tx, decision),
    writeUnsaved(tx, decision.unsavedLines),
    confirm(tx, decision.confirmed),
  ]);
}

/** Keeps what was done, with the first answers; an answer that others of the batch got too is kept once. */
async function writeActs(tx: Tx, acts: readonly Act[]): Promise<void> {
  if (acts.length === 0) return;
  const shared = new Map<string, number>();
  await tx.put(
    'stock_operations',
    acts.map(({ id, cause, draft }) => {
      const common = draft && sharedText(draft);
      const same = common === undefined ? undefined : shared.get(common);
      if (common !== undefined && same === undefined) shared.set(common, id!);
      return {
        id: id!,
        op_key: cause.opKey,
        kind: cause.kind,
        actor: cause.actor,
        reason: cause.reason === cause.kind ? null : cause.reason,
        order_key: cause.orderKey ?? null,
        at: tx.now,
        content: cause.content ?? 0,
        answer: draft && same === undefined ? keep(cause.kind as KeyedCommand['kind'], draft) : null,
        same_as: same ?? null,
      };
    }),
  );
}

async function writeMovements(tx: Tx, movements: readonly Movement[]): Promise<void> {
  if (movements.length === 0) return;
  await tx.put(
    'stock_movements',
    movements.map(({ id, act, balance, from, to, quantity, hold, lineId, previous }) => ({
      id: id!,
      op_id: act.id!,
      balance_id: balance.id!,
      from_bucket: from,
      to_bucket: to,
      quantity,
      hold_id: hold?.id ?? null,
      line_id: lineId,
      prev_id: idOf(previous),
    })),
  );
}

async function makeHolds(tx: Tx, holds: readonly Hold[]): Promise<void> {
  if (holds.length > 0) {
    await tx.put(
      'stock_holds',
      holds.map(({ id, row, opening }) => ({
        order_key: row.order_key,
        id: id!,
        balance_id: opening!.balance.id!,
        line_id: row.line_id,
        quantity: row.quantity,
        remaining: row.remaining,
        scenario: row.scenario,
        bucket: row.bucket,
        state: row.state,
        deadline: row.deadline,
        resolved_at: row.resolved_at,
        per_unit: row.per_unit,
        bundle: row.bundle,
        buyer_key: row.buyer_key,
      })),
    );
  }
}

function updateHolds(tx: Tx, holds: readonly Hold[]): Promise<void> {
  return tx.change(
    'stock_holds',
    holds.map(({ id, row }) => ({
      key: { order_key: row.order_key, id: id! },
      set: {
        remaining: row.remaining,
        state: row.state,
        scenario: row.scenario,
        deadline: row.deadline,
        resolved_at: row.resolved_at,
      },
    })),
  );
}

async function makeBalances(tx: Tx, balances: readonly Balance[]): Promise<void> {
  const made = balances.filter((balance) => balance.isNew);
  if (made.length > 0) {
    const ids = await tx.insert(
      'stock_balances',
      made.map(({ units, last }): NewRow<'stock_balances'> => ({ ...units, last_movement_id: idOf(last) })),
    );
    await tx.put(
      'stock_items',
      made.map(({ pool, sku }, index) => ({ pool, sku, balance_id: ids[index]! })),
    );
    itemsAppeared(tx);
    made.forEach((balance, index) => {
      balance.id = ids[index]!;
    });
  }
}

function updateBalances(tx: Tx, balances: readonly Balance[]): Promise<void> {
  return tx.change(
    'stock_balances',
    balances
      .filter((balance) => !balance.isNew)
      // By number: neighbours in the table are changed together.
      .sort((a, b) => a.id! - b.id!)
      .map((balance) => ({ key: { id: balance.id! }, set: changesOf(balance) })),
  );
}

/** Only the buckets that were touched: most commands touch two. */
function changesOf({ touched, units, last }: Balance): Changes<'stock_balances'> {
  const set: Changes<'stock_balances'> = {};
  for (const bucket of buckets) if (touched & bucketBits[bucket]) set[bucket] = units[bucket];
  set.last_movement_id = idOf(last);
  return set;
}

/** Lines of orders that are not stored. */
async function writeUnsaved(tx: Tx, lines: readonly UnsavedLine[]): Promise<void> {
  if (lines.length === 0) return;
  await tx.put(
    'stock_unsaved_lines',
    lines.filter(({ isNew }) => isNew).map(({ row }) => row),
  );
  await tx.change(
    'stock_unsaved_lines',
    lines
      .filter(({ isNew }) => !isNew)
      .map(({ row: { order_key, line_id, ...set } }) => ({ key: { order_key, line_id }, set })),
  );
}

async function confirm(tx: Tx, balances: readonly Balance[]): Promise<void> {
  if (balances.length === 0) return;
  const movementId = await newestMovement(tx.db);
  await saveConfirmations(
    tx.db,
    balances.map((balance) => ({ balance_id: balance.id!, movement_id: movementId, at: tx.now })),
  );
}

function idOf(movement: Movement | number | null): number | null {
  return movement === null || typeof movement === 'number' ? movement : movement.id!;
}

async function writeOrders(tx: Tx, { orders, orderLines, events }: Decision): Promise<void> {
  await tx.change(
    'orders',
    orders.map(({ key, allocation }) => ({ key: { key }, set: { allocation, updated_at: tx.now } })),
  );
  await tx.change(
    'order_lines',
    orderLines.map(({ row }) => ({
      key: { order_key: row.order_key, line_id: row.line_id },
      set: { locked: row.locked, shipped: row.shipped, returned: row.returned },
    })),
  );
  if (events.length > 0) await publish(tx, events);
}
