import { setImmediate } from 'node:timers/promises';
import { type Expression, type Kysely, sql } from 'kysely';
import type { Database, Row } from '../schema.ts';
import { locksRows } from './row-locks.ts';
import { writtenOnce } from './written-once.ts';

type Db = Kysely<Database>;

export interface PoolSku {
  pool: string;
  sku: string;
}

/*
 * Conditions with constants are written out: a partial index serves a query only when its condition stands in
 * the statement, not in a parameter.
 */
const timed = sql<boolean>`state = 'open' and deadline is not null`;

/**
 * Lapsed holds of one SKU that are read at most, each of at least one unit. A bound on the length of a transaction;
 * the sweeper sees to the rest.
 */
const mostLapsed = 1_000;

/*
 * SQLite plans a statement anew for each execution when its order or its limit may hang on a value that is given, which
 * takes longer than to find that nothing has lapsed: hence the sum and the constant. The index gives the order as far
 * as it can; those of one millisecond are put in order afterwards.
 */
const lapsedByDeadline = writtenOnce((db, { balanceId, now }: { balanceId: number; now: number }) =>
  db
    .selectFrom('stock_holds')
    .selectAll()
    .where(timed)
    .where(sql<boolean>`balance_id = ${balanceId} + 0`)
    .where('deadline', '<=', now)
    .orderBy('deadline')
    .limit(sql.lit(mostLapsed)),
);

/** Open holds on a SKU whose deadline has passed, first lapsed first. */
export async function lapsedHolds(
  db: Db,
  wanted: { balanceId: number; now: number },
): Promise<Row<'stock_holds'>[]> {
  const rows = await lapsedByDeadline(db, wanted);
  return rows.sort((one, two) => one.deadline! - two.deadline! || one.id - two.id);
}

/** A row when anything is stored of an order or under an op key: then the store knows the answer. */
export const traceOfOrder = writtenOnce((db, { orderKey, opKey }: { orderKey: string; opKey: string }) =>
  db
    .selectFrom('orders')
    .select('key as name')
    .where('key', '=', orderKey)
    .unionAll(db.selectFrom('stock_holds').select('order_key as name').where('order_key', '=', orderKey))
    .unionAll(db.selectFrom('stock_operations').select('kind as name').where('op_key', '=', opKey))
    .limit(1),
);

/** Open holds that count against a buyer's cap, oldest first. */
export const buyerHolds = writtenOnce((db, { buyerKey }: { buyerKey: string }) =>
  db
    .selectFrom('stock_holds')
    .selectAll()
    .where(sql<boolean>`state = 'open' and buyer_key is not null`)
    .where('buyer_key', '=', buyerKey)
    .orderBy('id'),
);

export interface DueHolds {
  holds: Row<'stock_holds'>[];
  /** Whether there may be more behind them: the page was full before any were left for the next time. */
  more: boolean;
}

/**
 * Open holds on any SKU whose deadline has passed, first lapsed first: the sweeper's page. Where several processes
 * write, those on balances that another one has in hand are left for the next time: it may be taking in the same
 * holds, and tidying up must not wait for sales, nor they for it.
 */
export async function dueHolds(db: Db, now: number, limit: number): Promise<DueHolds> {
  const due = await db
    .selectFrom('stock_holds')
    .selectAll()
    .where(timed)
    .where('deadline', '<=', now)
    .orderBy('deadline')
    .orderBy('id')
    .limit(limit)
    .execute();
  const more = due.length === limit;
  if (due.length === 0 || !locksRows(db)) return { holds: due, more };
  const rows = await db
    .selectFrom('stock_balances')
    .select('id')
    .where('id', 'in', [...new Set(due.map((hold) => hold.balance_id))])
    .orderBy('id')
    .forUpdate()
    .skipLocked()
    .execute();
  const free = new Set(rows.map(({ id }) => id));
  return { holds: due.filter((hold) => free.has(hold.balance_id)), more };
}

/**
 * A stretch of a balance's movements, newest first, walked back link by link; `id` is the newest of them. The
 * ledger has no index but its numbers, so that it only grows at its end.
 */
export function chain(db: Db, id: number | Expression<number | null>, length: number) {
  return db.withRecursive('chain', (query) =>
    query
      .selectFrom('stock_movements')
      .selectAll()
      .select(sql<number>`1`.as('step'))
      .where('id', '=', id)
      .unionAll((more) =>
        more
          .selectFrom('chain')
          .innerJoin('stock_movements as m', 'm.id', 'chain.prev_id')
          .selectAll('m')
          .select(sql<number>`chain.step + 1`.as('step'))
          .where('chain.step', '<', length),
      ),
  );
}

/** Movements looked back over for the holds behind them, in two strides; a bound on the work of a refusal. */
const lookBack = [8, 56];

/** A stretch of a balance's movements, newest first, each with the hold it opened if that is still open. */
const openedHolds = writtenOnce((db, { newest, length }: { newest: number; length: number }) =>
  openedIn(db, newest, length),
);

/** The first stride back over a balance's movements, for who has not read yet which of them is the newest. */
export const newestOpened = writtenOnce((db, { balanceId }: { balanceId: number }) => {
  const newest = db.selectFrom('stock_balances').select('last_movement_id').where('id', '=', balanceId);
  return openedIn(db, newest.$asScalar(), lookBack[0]!);
});

/** A movement and the hold it opened, whose columns are null where that is not open any more. */
export type Opened = Awaited<ReturnType<typeof newestOpened>>[number];

function openedIn(db: Db, newest: number | Expression<number | null>, length: number) {
  return chain(db, newest, length)
    .selectFrom('chain')
    .innerJoin('stock_operations as o', 'o.id', 'chain.op_id')
    .leftJoin('stock_holds as h', (join) =>
      join
        .onRef('h.order_key', '=', 'o.order_key')
        .onRef('h.id', '=', 'chain.hold_id')
        .onRef('h.id', '=', 'chain.id')
        .on(sql<boolean>`h.state = 'open'`),
    )
    .selectAll('h')
    .select('chain.prev_id')
    .orderBy('chain.step');
}

/**
 * The newest open holds on a SKU that have not lapsed, newest first.
 *
 * @param first what `newestOpened` answered in this transaction since the balance was locked
 */
export async function newestHolds(
  db: Db,
  balance: Row<'stock_balances'>,
  now: number,
  limit: number,
  first?: readonly Opened[],
): Promise<Row<'stock_holds'>[]> {
  const found: Row<'stock_holds'>[] = [];
  let newest = balance.last_movement_id;
  for (const [stride, length] of lookBack.entries()) {
    if (newest === null || found.length >= limit) break;
    const rows = stride === 0 && first ? first : await openedHolds(db, { newest, length });
    for (const { prev_id, ...row } of rows) {
      const hold = row as Row<'stock_holds'>;
      if (hold.id !== null && (hold.deadline === null || hold.deadline > now) && found.length < limit)
        found.push(hold);
    }
    newest = rows.at(-1)?.prev_id ?? null;
  }
  return found;
}

export interface StockLevel {
  pool: string;
  sku: string;
  /** Units free for sale, those of lapsed holds included. */
  available: number;
  held: number;
  committed: number;
  presale: number;
  qc: number;
  damaged: number;
  inbound: number;
  /** Units physically there: all but inbound. */
  onHand: number;
  /** Units among `available` that the sweeper has not moved back yet. */
  lapsed: number;
  /** Units among `held` that orders hold which are not paid, or not stored. */
  heldUnpaid: number;
  /** When units last moved; null for a SKU that was only ever counted as none. */
  updatedAt: number | null;
}

export interface LevelsWanted {
  sku?: string;
  pool?: string;
  /** The last row of the page before. */
  after?: PoolSku;
  limit: number;
  /** The store's clock, epoch milliseconds. */
  now: number;
}

/** Stock by pool and SKU, in that order. */
export async function stockLevels(db: Db, wanted: LevelsWanted): Promise<StockLevel[]> {
  let query = balancesWithTime(db);
  if (wanted.sku !== undefined) query = query.where('i.sku', '=', wanted.sku);
  if (wanted.pool !== undefined) query = query.where('i.pool', '=', wanted.pool);
  const { after } = wanted;
  if (after) {
    query = query.where((eb) =>
      eb.or([
        eb('i.pool', '>', after.pool),
        eb.and([eb('i.pool', '=', after.pool), eb('i.sku', '>', after.sku)]),
      ]),
    );
  }
  const balances = await query.orderBy('i.pool').orderBy('i.sku').limit(wanted.limit).execute();
  return await levelsOf(db, balances, wanted.now);
}

/** Stock of these SKUs, in one pool or in every. */
export async function skuLevels(
  db: Db,
  { skus, pool, now }: { skus: readonly string[]; pool?: string | undefined; now: number },
): Promise<StockLevel[]> {
  if (skus.length === 0) return [];
  let query = balancesWithTime(db).where('i.sku', 'in', [...skus]);
  if (pool !== undefined) query = query.where('i.pool', '=', pool);
  return await levelsOf(db, await query.orderBy('i.pool').orderBy('i.sku').execute(), now);
}

async function levelsOf(db: Db, balances: readonly TimedBalance[], now: number): Promise<StockLevel[]> {
  const ids = balances.map((row) => row.id);
  const lapsed = await lapsedUnits(db, ids, now);
  const unpaid = await unpaidUnits(
    db,
    balances.filter((row) => row.held > 0).map((row) => row.id),
    now,
  );
  return balances.map((row) => levelOf(row, lapsed, unpaid));
}

interface TimedBalance extends Row<'stock_balances'>, PoolSku {
  moved_at: number | null;
}

function balancesWithTime(db: Db) {
  return db
    .selectFrom('stock_items as i')
    .innerJoin('stock_balances as b', 'b.id', 'i.balance_id')
    .leftJoin('stock_movements as m', 'm.id', 'b.last_movement_id')
    .leftJoin('stock_operations as o', 'o.id', 'm.op_id')
    .selectAll('b')
    .select(['i.pool', 'i.sku'])
    .select('o.at as moved_at');
}

function levelOf(
  row: TimedBalance,
  lapsed: readonly LapsedUnits[],
  unpaid: ReadonlyMap<number, number>,
): StockLevel {
  const level: StockLevel = {
    pool: row.pool,
    sku: row.sku,
    available: row.available,
    held: row.held,
    committed: row.committed,
    presale: row.presale,
    qc: row.qc,
    damaged: row.damaged,
    inbound: row.inbound,
    onHand: row.available + row.held + row.committed + row.presale + row.qc + row.damaged,
    lapsed: 0,
    heldUnpaid: unpaid.get(row.id) ?? 0,
    updatedAt: row.moved_at,
  };
  for (const { balanceId, bucket, units } of lapsed) {
    if (balanceId !== row.id) continue;
    level[bucket] -= units;
    level.available += units;
    level.lapsed += units;
  }
  return level;
}

interface LapsedUnits {
  balanceId: number;
  bucket: 'held' | 'committed' | 'presale';
  units: number;
}

async function lapsedUnits(db: Db, balanceIds: readonly number[], now: number): Promise<LapsedUnits[]> {
  if (balanceIds.length === 0) return [];
  const rows = await db
    .selectFrom('stock_holds')
    .select((eb) => ['balance_id', 'bucket', eb.fn.sum<number>('remaining').as('units')])
    .where(timed)
    .where('balance_id', 'in', [...balanceIds])
    .where('deadline', '<=', now)
    .groupBy(['balance_id', 'bucket'])
    .execute();
  return rows.map((row) => ({
    balanceId: row.balance_id,
    bucket: row.bucket as LapsedUnits['bucket'],
    units: Number(row.units),
  }));
}

/** Units in `held` of open holds that have not lapsed, of orders that are not stored or not paid, by balance. */
async function unpaidUnits(db: Db, balanceIds: readonly number[], now: number): Promise<Map<number, number>> {
  if (balanceIds.length === 0) return new Map();
  const rows = await db
    .selectFrom('stock_holds as h')
    .leftJoin('orders as o', 'o.key', 'h.order_key')
    .select((eb) => ['h.balance_id', eb.fn.sum<number>('h.remaining').as('units')])
    .where(sql<boolean>`h.state = 'open' and h.bucket = 'held'`)
    .where('h.balance_id', 'in', [...balanceIds])
    .where((eb) => eb.or([eb('h.deadline', 'is', null), eb('h.deadline', '>', now)]))
    .where((eb) => eb.or([eb('o.key', 'is', null), eb('o.status', 'in', ['created', 'deposit-paid'])]))
    .groupBy('h.balance_id')
    .execute();
  return new Map(rows.map((row) => [row.balance_id, Number(row.units)]));
}

/** Units that went from one bucket to another, ever. */
export interface Flow {
  from: string;
  to: string;
  units: number;
}

/** A movement with what its operation, balance and hold say of it. */
export interface LedgerRow {
  id: number;
  pool: string;
  sku: string;
  from_bucket: string;
  to_bucket: string;
  quantity: number;
  reason: string;
  order_key: string | null;
  line_id: string | null;
  hold_id: number | null;
  /** Null for what the hub did by itself. */
  op_key: string | null;
  actor: string;
  at: number;
}

/** A hold with what its balance and the movement that opened it say of it. */
export interface HoldRow extends Row<'stock_holds'> {
  pool: string;
  sku: string;
  created_at: number;
}

/** What stands behind the numbers of one SKU. */
export interface SkuFacts {
  pool: string;
  sku: string;
  now: number;
  /** Undefined when the pool does not know the SKU. */
  level: StockLevel | undefined;
  /** The balance as it is stored, lapsed holds not yet moved back. */
  balance: Row<'stock_balances'> | undefined;
  flows: Flow[];
  movementCount: number;
  /** The newest movements, newest first. */
  movements: LedgerRow[];
  /** Open holds that have not lapsed, newest first. */
  holds: HoldRow[];
  /** Open holds that have not lapsed and their units, all of them. */
  holdCount: number;
  holdUnits: number;
  /** Units of open holds by bucket, lapsed ones included. */
  openUnits: Record<string, number>;
}

/** Movements read in one go; between two the process sees to other things. */
const explainPage = 500;

/**
 * The facts behind the numbers of one SKU, with its newest movements and open holds (`limit` of each). All of it
 * is as it stood at one moment, however long the ledger is.
 */
export function skuFacts(db: Db, wanted: PoolSku & { now: number; limit: number }): Promise<SkuFacts> {
  return db
    .transaction()
    .setIsolationLevel('repeatable read')
    .execute((snapshot) => factsIn(snapshot, wanted));
}

async function factsIn(
  db: Db,
  { pool, sku, now, limit }: PoolSku & { now: number; limit: number },
): Promise<SkuFacts> {
  const balance = await balancesWithTime(db)
    .where('i.pool', '=', pool)
    .where('i.sku', '=', sku)
    .executeTakeFirst();
  const flows = new Map<string, Flow>();
  const movements: LedgerRow[] = [];
  const holds: HoldRow[] = [];
  const openUnits: Record<string, number> = {};
  let movementCount = 0;
  let holdCount = 0;
  let holdUnits = 0;
  let next = balance?.last_movement_id ?? null;
  while (next !== null) {
    const page: PageRow[] = await movementPage(db, next);
    for (const row of page) {
      movementCount += 1;
      const { from_bucket: from, to_bucket: to, quantity } = row;
      const flow = flows.get(`${from} ${to}`);
      if (flow) flow.units += quantity;
      else flows.set(`${from} ${to}`, { from, to, units: quantity });
      if (movements.length < limit) movements.push(ledgerRow(row, pool, sku));
      const hold = openHold(row, pool, sku);
      if (!hold) continue;
      openUnits[hold.bucket] = (openUnits[hold.bucket] ?? 0) + hold.remaining;
      if (hold.deadline !== null && hold.deadline <= now) continue;
      holdCount += 1;
      holdUnits += hold.remaining;
      if (holds.length < limit) holds.push(hold);
    }
    next = page.at(-1)?.prev_id ?? null;
    if (next !== null) await setImmediate();
  }
  return {
    pool,
    sku,
    now,
    level: balance && (await levelsOf(db, [balance], now))[0],
    balance,
    flows: [...flows.values()],
    movementCount,
    movements,
    holds,
    holdCount,
    holdUnits,
    openUnits,
  };
}

/** A page of a balance's ledger, newest first, with what operations and holds say of it. */
function movementPage(db: Db, newest: number) {
  return chain(db, newest, explainPage)
    .selectFrom('chain')
    .innerJoin('stock_operations as o', 'o.id', 'chain.op_id')
    .leftJoin('stock_holds as h', (join) =>
      join.onRef('h.order_key', '=', 'o.order_key').onRef('h.id', '=', 'chain.hold_id'),
    )
    .selectAll('chain')
    .select(['o.kind', 'o.reason', 'o.order_key', 'o.op_key', 'o.actor', 'o.at'])
    .select([
      'h.line_id as hold_line_id',
      'h.quantity as hold_quantity',
      'h.remaining',
      'h.scenario',
      'h.bucket',
      'h.state',
      'h.deadline',
      'h.resolved_at',
      'h.per_unit',
      'h.bundle',
      'h.buyer_key',
    ])
    .orderBy('chain.step')
    .execute();
}

type PageRow = Awaited<ReturnType<typeof movementPage>>[number];

function ledgerRow(row: PageRow, pool: string, sku: string): LedgerRow {
  const { id, from_bucket, to_bucket, quantity, order_key, hold_id, op_key, actor, at } = row;
  const reason = row.reason ?? row.kind;
  const line_id = row.hold_line_id ?? row.line_id;
  return {
    id,
    pool,
    sku,
    from_bucket,
    to_bucket,
    quantity,
    reason,
    order_key,
    line_id,
    hold_id,
    op_key,
    actor,
    at,
  };
}

/** The hold that a movement opened, while it is open. */
function openHold(row: PageRow, pool: string, sku: string): HoldRow | undefined {
  if (row.hold_id !== row.id || row.state !== 'open') return undefined;
  return {
    id: row.id,
    order_key: row.order_key!,
    balance_id: row.balance_id,
    pool,
    sku,
    line_id: row.hold_line_id!,
    quantity: row.hold_quantity!,
    remaining: row.remaining!,
    scenario: row.scenario!,
    bucket: row.bucket!,
    state: row.state,
    deadline: row.deadline,
    resolved_at: row.resolved_at,
    per_unit: row.per_unit!,
    bundle: row.bundle,
    buyer_key: row.buyer_key,
    created_at: row.at,
  };
}

/** All movements of a pool, oldest first. */
export function poolLedger(db: Db, pool: string): Promise<LedgerRow[]> {
  return db
    .selectFrom('stock_movements as m')
    .innerJoin('stock_operations as o', 'o.id', 'm.op_id')
    .innerJoin('stock_items as i', 'i.balance_id', 'm.balance_id')
    .leftJoin('stock_holds as h', (join) =>
      join.onRef('h.order_key', '=', 'o.order_key').onRef('h.id', '=', 'm.hold_id'),
    )
    .select((eb) => [
      'm.id',
      'i.pool',
      'i.sku',
      'm.from_bucket',
      'm.to_bucket',
      'm.quantity',
      eb.fn.coalesce('o.reason', 'o.kind').as('reason'),
      'o.order_key',
      eb.fn.coalesce('h.line_id', 'm.line_id').as('line_id'),
      'm.hold_id',
      'o.op_key',
      'o.actor',
      'o.at',
    ])
    .where('i.pool', '=', pool)
    .orderBy('m.id')
    .execute();
}

function holdRows(db: Db) {
  return db
    .selectFrom('stock_holds as h')
    .innerJoin('stock_items as i', 'i.balance_id', 'h.balance_id')
    .innerJoin('stock_movements as m', 'm.id', 'h.id')
    .innerJoin('stock_operations as o', 'o.id', 'm.op_id')
    .selectAll('h')
    .select(['i.pool', 'i.sku', 'o.at as created_at'])
    .orderBy('h.id');
}

/** All holds of an order, oldest first, in every pool and state. */
export function orderHolds(db: Db, orderKey: string): Promise<HoldRow[]> {
  return holdRows(db).where('h.order_key', '=', orderKey).execute();
}

/** What left and came back for lines of these orders, as far as they are not stored. */
export async function unsavedLines(
  db: Db,
  orderKeys: readonly string[],
): Promise<Row<'stock_unsaved_lines'>[]> {
  if (orderKeys.length === 0) return [];
  return db
    .selectFrom('stock_unsaved_lines')
    .selectAll()
    .where('order_key', 'in', [...orderKeys])
    .orderBy('order_key')
    .orderBy('line_id')
    .execute();
}

/** Removes what stands of orders that are stored by now: their own lines say it. */
export async function forgetUnsaved(db: Db, orderKeys: readonly string[]): Promise<void> {
  if (orderKeys.length === 0) return;
  await db
    .deleteFrom('stock_unsaved_lines')
    .where('order_key', 'in', [...orderKeys])
    .execute();
}

/** All holds of a pool, oldest first, in every state. */
export function poolHolds(db: Db, pool: string): Promise<HoldRow[]> {
  return holdRows(db).where('i.pool', '=', pool).execute();
}
