import { deductionsOf } from '../store/queries/events.ts';
import { buyerHolds, dueHolds, type PoolSku } from '../store/queries/stock.ts';
import type { Row } from '../store/schema.ts';
import type { Tx } from '../store/store.ts';
import { anyUnits } from './buckets.ts';
import { BundleBook } from './bundles/bundle-book.ts';
import { loadBundles } from './bundles/load-bundles.ts';
import type { ReadyLock, ReadyResolve, ReadySale, StockCommand } from './commands.ts';
import { type Ahead, askAhead, loadPressed } from './load-pressed.ts';
import type { ReadBalance, ReadHold, StockState } from './state.ts';
import { Demand } from './taking/demand.ts';

/** Reads what the commands of a batch may need, each row once; the store locks rows in the order of their keys. */
export async function load(tx: Tx, commands: readonly StockCommand[]): Promise<StockState> {
  const opKeys = new Set<string>();
  let sweepLimit = 0;
  for (const command of commands) {
    if (command.kind === 'sweep') sweepLimit += command.limit;
    else opKeys.add(command.opKey);
  }
  const demand = new Demand();
  const buyerKeys = new Set<string>();
  const orderKeys = new Set<string>();
  // What a repeat needs of this is its order's holds: they tell whether its first answer still holds.
  for (const command of commands) {
    if (command.kind === 'sweep') continue;
    demand.addOf(command);
    if ('orderKey' in command) orderKeys.add(command.orderKey);
    if (command.kind === 'lock' && command.buyer) buyerKeys.add(command.buyer.key);
  }
  const keys = sorted(orderKeys);
  const balances = new Balances();
  // Asked for in one go: over a network each answer waited for costs as much as the question.
  const [operations, heldRows, orders, { bundles, ahead }] = await Promise.all([
    tx.find(
      'stock_operations',
      sorted(opKeys).map((op_key) => ({ op_key })),
    ),
    tx.find(
      'stock_holds',
      keys.map((order_key) => ({ order_key })),
    ),
    tx.find(
      'orders',
      keys.map((key) => ({ key })),
    ),
    loadNamed(tx, commands, demand, balances),
  ]);
  const answered = await loadAnswered(tx, operations);
  const storedKeys = new Set(orders.map((order) => order.key));
  const unsavedLines = await tx.find(
    'stock_unsaved_lines',
    sorted(leavingOrReturning(commands)).flatMap((key) => (storedKeys.has(key) ? [] : { order_key: key })),
  );
  await balances.loadOf(tx, heldRows);
  const orderHolds = balances.named(heldRows);
  if (commands.some(({ kind }) => kind === 'return')) {
    const parts = returnedParts(commands, orderHolds).filter(({ pool, sku }) => !balances.has(pool, sku));
    await balances.add(tx, await tx.find('stock_items', parts));
  }
  const emptied = emptyNamed(demand, balances.rows, bundles);
  if (emptied.size > 0) {
    const more = await loadBundles(tx, emptied);
    if (more.length > 0) {
      bundles.push(...more);
      await balances.add(tx, await tx.find('stock_items', demand.explode(new BundleBook(bundles))));
    }
  }
  const buyerRows = await openHoldsOfBuyers(tx, sorted(buyerKeys));
  await balances.loadOf(tx, buyerRows);
  const pressed = await loadPressed(tx, demand, balances.rows, orderHolds, ahead);
  const seen = sweepLimit > 0 ? await dueHolds(tx.db, tx.now, sweepLimit) : { holds: [], more: false };
  const { lapsed, dueSeen, passedOver } = await takeInHand(tx, pressed.lapsed, seen.holds, orderKeys);
  let dueRows = dueSeen;
  if (lapsed.length > 0 || dueSeen.length > 0) {
    const told = await loadOrdersOf(lapsed, dueSeen, tx, orderKeys);
    orders.push(...told.orders);
    await balances.loadOf(tx, told.holds);
    orderHolds.push(...balances.named(told.holds));
    // As they stand now that their orders are in hand: another process may have ended some of them meanwhile.
    dueRows = stillDue(dueSeen, [...heldRows, ...told.holds], tx.now);
  }
  const orderLines =
    orders.length === 0
      ? []
      : await tx.find(
          'order_lines',
          sorted(new Set(orders.map((order) => order.key))).map((order_key) => ({ order_key })),
        );
  return {
    now: tx.now,
    operations,
    answered,
    balances: balances.rows,
    orderHolds,
    lapsed,
    passedOver,
    holders: pressed.holders,
    due: balances.named(dueRows),
    moreDue: seen.more,
    buyerHolds: balances.named(buyerRows),
    bundles,
    orders,
    orderLines,
    unsavedLines,
    deductions: await deductionsOf(tx.db, leavingAgain(commands, orderLines)),
  };
}

/** Orders of which units are to leave, or to be held for that, or come back. */
function leavingOrReturning(commands: readonly StockCommand[]): Set<string> {
  const keys = new Set<string>();
  for (const command of commands)
    if (command.kind === 'return' || leaves(command)) keys.add(command.orderKey);
  return keys;
}

function leaves(command: StockCommand): command is ReadyResolve | ReadySale | ReadyLock {
  const { kind } = command;
  return kind === 'deduct' || kind === 'sale' || (kind === 'lock' && command.upTo !== undefined);
}

/** Of the orders that units are to leave for, those of which some may have left before. */
function leavingAgain(commands: readonly StockCommand[], lines: readonly Row<'order_lines'>[]): string[] {
  const leaving = new Set<string>();
  for (const command of commands) if (leaves(command)) leaving.add(command.orderKey);
  // What has left counts as shipped, or as cancelled where the order wanted it no more.
  const some = lines.filter((line) => line.shipped + line.cancelled > 0 && leaving.has(line.order_key));
  return sorted(new Set(some.map((line) => line.order_key)));
}

function stillDue(
  seen: readonly Row<'stock_holds'>[],
  held: readonly Row<'stock_holds'>[],
  now: number,
): Row<'stock_holds'>[] {
  if (seen.length === 0) return [];
  const byId = new Map(held.map((hold) => [hold.id, hold]));
  return seen.flatMap(({ id }) => {
    const hold = byId.get(id);
    const due = hold?.state === 'open' && hold.deadline !== null && hold.deadline <= now;
    return due ? [hold] : [];
  });
}

/** Reads the balances of what the commands name; answers the bundles among it, and what may be asked next of balances. */
async function loadNamed(
  tx: Tx,
  commands: readonly StockCommand[],
  demand: Demand,
  balances: Balances,
): Promise<{ bundles: Row<'bundle_components'>[]; ahead: Ahead }> {
  const items = await tx.find('stock_items', demand.keys());
  const bundles = await loadMissing(tx, demand, items);
  const reading = balances.add(tx, items);
  const asking = askAhead(tx, items);
  let lines = 0;
  for (const command of commands) if ('lines' in command) lines += command.lines?.length ?? 0;
  tx.foresee('stock_operations', commands.length);
  tx.foresee('stock_movements', lines);
  const [ahead] = await Promise.all([asking, reading]);
  return { bundles, ahead };
}

/** Of named SKUs that a pool has no item for: what they are made of, with the items of their components. */
async function loadMissing(
  tx: Tx,
  demand: Demand,
  items: Row<'stock_items'>[],
): Promise<Row<'bundle_components'>[]> {
  if (items.length === demand.size) return [];
  const missing = demand.missingFrom(items);
  const bundles = await loadBundles(tx, missing);
  if (bundles.length > 0)
    items.push(...(await tx.find('stock_items', demand.explode(new BundleBook(bundles)))));
  return bundles;
}

/** Components that come back with a bundle, in the pools they come back to: as the line's holds say. */
function returnedParts(commands: readonly StockCommand[], holds: readonly ReadHold[]): PoolSku[] {
  const parts = new Map<string, PoolSku>();
  for (const command of commands) {
    if (command.kind !== 'return') continue;
    const { pool, orderKey } = command;
    for (const { order_key, sku, bundle } of holds)
      if (bundle !== null && order_key === orderKey) parts.set(`${pool}\0${sku}`, { pool, sku });
  }
  return [...parts.keys()].sort().map((name) => parts.get(name)!);
}

/** Named SKUs that pools know and none has units of: they may have become bundles since. */
function emptyNamed(
  demand: Demand,
  balances: readonly ReadBalance[],
  known: readonly Row<'bundle_components'>[],
): Set<string> {
  const empty = new Set<string>();
  for (const row of balances) if (!anyUnits(row) && demand.names(row.pool, row.sku)) empty.add(row.sku);
  for (const { bundle } of known) empty.delete(bundle);
  return empty;
}

async function openHoldsOfBuyers(tx: Tx, buyerKeys: readonly string[]): Promise<Row<'stock_holds'>[]> {
  const rows: Row<'stock_holds'>[] = [];
  for (const buyerKey of buyerKeys) rows.push(...(await buyerHolds(tx.db, { buyerKey })));
  return rows;
}

/** The operations whose answers these got too. */
async function loadAnswered(
  tx: Tx,
  operations: readonly Row<'stock_operations'>[],
): Promise<Row<'stock_operations'>[]> {
  const ids = new Set<number>();
  for (const { same_as } of operations) if (same_as !== null) ids.add(same_as);
  return await tx.find(
    'stock_operations',
    [...ids].sort((a, b) => a - b).map((id) => ({ id })),
  );
}

/** Balances that were read, by number: they say whose units a hold has. */
class Balances {
  readonly rows: ReadBalance[] = [];
  readonly #byId = new Map<number, ReadBalance>();

  has(pool: string, sku: string): boolean {
    return this.rows.some((row) => row.pool === pool && row.sku === sku);
  }

  /** Reads the balances of holds that are not there yet. */
  async loadOf(tx: Tx, holds: readonly Row<'stock_holds'>[]): Promise<void> {
    if (holds.length === 0) return;
    const missing = new Set<number>();
    for (const { balance_id } of holds) if (!this.#byId.has(balance_id)) missing.add(balance_id);
    const items = await tx.find(
      'stock_items',
      [...missing].sort((a, b) => a - b).map((balance_id) => ({ balance_id })),
    );
    await this.add(tx, items);
  }

  /** Reads the balances of items. */
  async add(tx: Tx, items: readonly Row<'stock_items'>[]): Promise<void> {
    const names = new Map<number, Row<'stock_items'>>();
    for (const item of items) names.set(item.balance_id, item);
    const found = await tx.find(
      'stock_balances',
      Array.from(names.keys(), (id) => ({ id })),
    );
    for (const row of found) {
      const { pool, sku } = names.get(row.id)!;
      const balance: ReadBalance = Object.assign(row, { pool, sku });
      this.#byId.set(balance.id, balance);
      this.rows.push(balance);
    }
  }

  /** The holds with the pool and SKU of their balances. */
  named(holds: readonly Row<'stock_holds'>[]): ReadHold[] {
    return holds.map((hold) => {
      const balance = this.#byId.get(hold.balance_id);
      if (!balance) throw new Error(`The hold ${hold.id} of ${hold.order_key} has no balance`);
      return { ...hold, pool: balance.pool, sku: balance.sku };
    });
  }
}

/**
 * Of lapsed holds, those whose orders nobody else acts on. Every batch takes its own orders in hand before it locks
 * balances, so that who has balances must not wait for an order any more: the two would wait for each other.
 */
async function takeInHand(
  tx: Tx,
  lapsed: readonly ReadHold[],
  due: readonly Row<'stock_holds'>[],
  known: ReadonlySet<string>,
): Promise<{ lapsed: ReadHold[]; dueSeen: Row<'stock_holds'>[]; passedOver: string[] }> {
  const others = new Set<string>();
  for (const { order_key } of lapsed) if (!known.has(order_key)) others.add(order_key);
  for (const { order_key } of due) if (!known.has(order_key)) others.add(order_key);
  const free = new Set(others.size > 0 ? await tx.takeFree(sorted(others)) : []);
  const inHand = ({ order_key }: { order_key: string }) => known.has(order_key) || free.has(order_key);
  return {
    lapsed: lapsed.filter(inHand),
    dueSeen: due.filter(inHand),
    passedOver: lapsed.filter((hold) => !inHand(hold)).map(({ order_key }) => order_key),
  };
}

/**
 * The stored orders of lapsed holds, with all their holds, for they will be told; all holds of orders whose lapsed
 * hold is on a component of a bundle, for the others go with it; and those of all orders on the sweeper's page.
 */
async function loadOrdersOf(
  lapsed: readonly ReadHold[],
  due: readonly Row<'stock_holds'>[],
  tx: Tx,
  known: ReadonlySet<string>,
): Promise<{ orders: Row<'orders'>[]; holds: Row<'stock_holds'>[] }> {
  const others = (holds: readonly Row<'stock_holds'>[]) =>
    holds.map((hold) => hold.order_key).filter((key) => !known.has(key));
  const orders = await tx.find(
    'orders',
    sorted(new Set([...others(lapsed), ...others(due)])).map((key) => ({ key })),
  );
  const found = new Set([...orders.map((order) => order.key), ...others(due)]);
  for (const key of others(lapsed.filter((hold) => hold.bundle !== null))) found.add(key);
  return {
    orders,
    holds: await tx.find(
      'stock_holds',
      sorted(found).map((order_key) => ({ order_key })),
    ),
  };
}

/** In one order everywhere, so that two transactions never wait for each other. */
function sorted(keys: Iterable<string>): string[] {
  return [...keys].sort();
}
