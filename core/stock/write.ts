import { publish } from '../delivery/publish.ts';
import type { Changes, TableName } from '../store/schema.ts';
import type { KeyOf, Tx } from '../store/store.ts';
import { buckets } from './buckets.ts';
import type { Decision } from './decide.ts';
import { type Balance, bucketBits } from './ledger.ts';
import { keep } from './operation.ts';

/** Writes a decision, and gives its new holds their ids. */
export async function write(tx: Tx, decision: Decision): Promise<void> {
  await writeHolds(tx, decision);
  await writeMovements(tx, decision);
  await writeBalances(tx, decision.balances);
  await writeOrders(tx, decision);
}

/** Keeps the first answers; after their holds have ids. */
export async function writeOperations(tx: Tx, { operations }: Decision): Promise<void> {
  if (operations.length === 0) return;
  await tx.put(
    'stock_operations',
    operations.map(({ command, draft }) => ({
      op_key: command.opKey,
      kind: command.kind,
      answer: keep(command, draft),
      at: tx.now,
    })),
  );
}

async function writeHolds(tx: Tx, { newHolds, changedHolds }: Decision): Promise<void> {
  if (newHolds.length > 0) {
    const ids = await tx.insert(
      'stock_holds',
      newHolds.map((hold) => hold.row),
    );
    newHolds.forEach((hold, index) => {
      hold.id = ids[index]!;
    });
  }
  await updateEach(
    tx,
    'stock_holds',
    changedHolds.map(({ id, row }) => ({
      key: { id },
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

async function writeMovements(tx: Tx, { movements, movementHolds }: Decision): Promise<void> {
  if (movements.length === 0) return;
  movements.forEach((movement, index) => {
    movement.hold_id = movementHolds[index]?.id ?? null;
  });
  await tx.insert('stock_movements', movements);
}

async function writeBalances(tx: Tx, balances: readonly Balance[]): Promise<void> {
  const made = balances.filter((balance) => balance.isNew);
  if (made.length > 0) {
    await tx.put(
      'stock_balances',
      made.map(({ pool, sku, units }) => ({ pool, sku, ...units, updated_at: tx.now })),
    );
  }
  await updateEach(
    tx,
    'stock_balances',
    balances
      .filter((balance) => !balance.isNew)
      .map((balance) => ({ key: { pool: balance.pool, sku: balance.sku }, set: changesOf(balance, tx.now) })),
  );
}

/** Only the buckets that were touched: most commands touch two. */
function changesOf({ touched, units }: Balance, now: number): Changes<'stock_balances'> {
  const set: Changes<'stock_balances'> = {};
  for (const bucket of buckets) if (touched & bucketBits[bucket]) set[bucket] = units[bucket];
  set.updated_at = now;
  return set;
}

async function writeOrders(tx: Tx, { orders, orderLines, events }: Decision): Promise<void> {
  await updateEach(
    tx,
    'orders',
    orders.map(({ key, allocation }) => ({ key: { key }, set: { allocation, updated_at: tx.now } })),
  );
  await updateEach(
    tx,
    'order_lines',
    orderLines.map(({ row }) => ({
      key: { order_key: row.order_key, line_id: row.line_id },
      set: { locked: row.locked, shipped: row.shipped },
    })),
  );
  if (events.length > 0) await publish(tx, events);
}

/** Changes rows that were read in this transaction; one that is gone means the numbers cannot be trusted. */
async function updateEach<T extends TableName>(
  tx: Tx,
  table: T,
  entries: readonly { key: KeyOf<T>; set: Changes<T> }[],
): Promise<void> {
  if (entries.length === 0) return;
  const changed = await tx.update(table, entries);
  if (changed.some((rows) => rows !== 1)) {
    const index = changed.findIndex((rows) => rows !== 1);
    throw new Error(`${changed[index]} rows of ${table} changed for ${JSON.stringify(entries[index]?.key)}`);
  }
}
