import { dueHolds, lapsedHolds, newestHolds, type PoolSku } from '../store/queries/stock.ts';
import type { Row } from '../store/schema.ts';
import type { Tx } from '../store/store.ts';
import type { KeyedCommand, StockCommand } from './commands.ts';
import { mostHolders } from './refusals.ts';
import type { StockState } from './state.ts';

/**
 * Lapsed holds of one SKU that a batch takes in at most, each of at least one unit. A bound on the length of a
 * transaction; the sweeper sees to the rest.
 */
const mostLapsed = 1_000;

/** Units that the batch may take of each SKU, by pool. */
type Demand = Map<string, Map<string, number>>;

/** Reads what the commands of a batch may need, each row once, in the order of its key. */
export async function load(tx: Tx, commands: readonly StockCommand[]): Promise<StockState> {
  const opKeys = new Set<string>();
  let sweepLimit = 0;
  for (const command of commands) {
    if (command.kind === 'sweep') sweepLimit += command.limit;
    else opKeys.add(command.opKey);
  }
  const operations = await tx.find(
    'stock_operations',
    sorted(opKeys).map((op_key) => ({ op_key })),
  );
  const done = operations.length > 0 ? new Set(operations.map((row) => row.op_key)) : undefined;

  const demand: Demand = new Map();
  const orderKeys = new Set<string>();
  for (const command of commands) {
    if (command.kind === 'sweep' || done?.has(command.opKey)) continue;
    addDemand(demand, command);
    if ('orderKey' in command) orderKeys.add(command.orderKey);
  }
  const keys = sorted(orderKeys);
  const orderHolds = await tx.find(
    'stock_holds',
    keys.map((order_key) => ({ order_key })),
  );
  const orders = await tx.find(
    'orders',
    keys.map((key) => ({ key })),
  );
  for (const hold of orderHolds) if (hold.state === 'open') addSku(demand, hold.pool, hold.sku, 0);
  const due = sweepLimit > 0 ? await dueHolds(tx.db, tx.now, sweepLimit) : [];
  for (const hold of due) addSku(demand, hold.pool, hold.sku, 0);

  const balances = await tx.find('stock_balances', balanceKeys(demand));
  const { lapsed, holders } = await loadPressed(tx, demand, balances, orderHolds);
  if (lapsed.length > 0 || due.length > 0) {
    await loadOrdersOf([...lapsed, ...due], tx, orderKeys, orders, orderHolds);
  }
  const orderLines =
    orders.length === 0
      ? []
      : await tx.find(
          'order_lines',
          sorted(new Set(orders.map((order) => order.key))).map((order_key) => ({ order_key })),
        );
  return { now: tx.now, operations, balances, orderHolds, lapsed, holders, due, orders, orderLines };
}

function addDemand(demand: Demand, command: KeyedCommand): void {
  switch (command.kind) {
    case 'release':
    case 'deduct':
      return;
    case 'set':
      // A count may leave anything; whether there is enough cannot be told beforehand.
      for (const { sku } of command.lines) addSku(demand, command.pool, sku, Number.POSITIVE_INFINITY);
      return;
    case 'receive':
      for (const { sku } of command.lines) addSku(demand, command.pool, sku, 0);
      return;
    case 'correct':
      for (const { sku, quantity } of command.lines)
        addSku(demand, command.pool, sku, Math.max(0, -quantity));
      return;
    default:
      for (const { sku, quantity } of command.lines) addSku(demand, command.pool, sku, quantity);
  }
}

function addSku(demand: Demand, pool: string, sku: string, units: number): void {
  let skus = demand.get(pool);
  if (!skus) {
    skus = new Map();
    demand.set(pool, skus);
  }
  skus.set(sku, (skus.get(sku) ?? 0) + units);
}

function balanceKeys(demand: Demand): PoolSku[] {
  const keys: PoolSku[] = [];
  for (const pool of sorted(demand.keys())) {
    for (const sku of sorted(demand.get(pool)!.keys())) keys.push({ pool, sku });
  }
  return keys;
}

/**
 * Of SKUs that the batch may want more of than there is: the holds that have lapsed, and who holds the rest.
 * Nobody else needs either, so that a batch with enough of everything pays nothing for it.
 */
async function loadPressed(
  tx: Tx,
  demand: Demand,
  balances: readonly Row<'stock_balances'>[],
  orderHolds: readonly Row<'stock_holds'>[],
): Promise<Pick<StockState, 'lapsed' | 'holders'>> {
  const lapsed: Row<'stock_holds'>[] = [];
  const holders: Row<'stock_holds'>[] = [];
  for (const row of balances) {
    const wanted = demand.get(row.pool)?.get(row.sku) ?? 0;
    if (wanted <= row.available || row.held + row.committed + row.presale === 0) continue;
    lapsed.push(...(await lapsedHolds(tx.db, row, tx.now, mostLapsed)));
    // Those of the batch's own orders may be resolved on the way, or be the asker's.
    let limit = mostHolders;
    for (const hold of orderHolds) {
      if (hold.state === 'open' && hold.sku === row.sku && hold.pool === row.pool) limit += 1;
    }
    holders.push(...(await newestHolds(tx.db, row, tx.now, limit)));
  }
  return { lapsed, holders };
}

/** Adds the stored orders of lapsed holds, with all their holds, for they will be told. */
async function loadOrdersOf(
  holds: readonly Row<'stock_holds'>[],
  tx: Tx,
  known: ReadonlySet<string>,
  orders: Row<'orders'>[],
  orderHolds: Row<'stock_holds'>[],
): Promise<void> {
  const more = sorted(new Set(holds.map((hold) => hold.order_key).filter((key) => !known.has(key))));
  const found = await tx.find(
    'orders',
    more.map((key) => ({ key })),
  );
  if (found.length === 0) return;
  orders.push(...found);
  orderHolds.push(
    ...(await tx.find(
      'stock_holds',
      found.map((order) => ({ order_key: order.key })),
    )),
  );
}

/** In one order everywhere, so that two transactions never wait for each other. */
function sorted(keys: Iterable<string>): string[] {
  return [...keys].sort();
}
