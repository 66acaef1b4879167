import { type Kysely, sql } from 'kysely';
import type { Database, Row } from '../schema.ts';

type Db = Kysely<Database>;

export interface PoolSku {
  pool: string;
  sku: string;
}

/*
 * Conditions with constants are written out: a partial index serves a query only when its condition stands in
 * the statement, not in a parameter.
 */
const open = sql<boolean>`state = 'open'`;
const timed = sql<boolean>`state = 'open' and deadline is not null`;

/** Open holds on a SKU whose deadline has passed, first lapsed first. */
export function lapsedHolds(
  db: Db,
  { pool, sku }: PoolSku,
  now: number,
  limit: number,
): Promise<Row<'stock_holds'>[]> {
  return db
    .selectFrom('stock_holds')
    .selectAll()
    .where(timed)
    .where('sku', '=', sku)
    .where('pool', '=', pool)
    .where('deadline', '<=', now)
    .orderBy('deadline')
    .orderBy('id')
    .limit(limit)
    .execute();
}

/** Open holds on any SKU whose deadline has passed, first lapsed first: the sweeper's page. */
export function dueHolds(db: Db, now: number, limit: number): Promise<Row<'stock_holds'>[]> {
  return db
    .selectFrom('stock_holds')
    .selectAll()
    .where(timed)
    .where('deadline', '<=', now)
    .orderBy('deadline')
    .orderBy('id')
    .limit(limit)
    .execute();
}

/** Movements looked back over for the holds behind them; a bound on the work of a refusal. */
const lookBack = 64;

/**
 * The newest open holds on a SKU that have not lapsed, newest first. They are found through the SKU's newest
 * movements, which are indexed where holds without a deadline are not.
 */
export function newestHolds(
  db: Db,
  { pool, sku }: PoolSku,
  now: number,
  limit: number,
): Promise<Row<'stock_holds'>[]> {
  return db
    .selectFrom((from) =>
      from
        .selectFrom('stock_movements')
        .select(['hold_id', 'id as movement_id'])
        .where('sku', '=', sku)
        .where('pool', '=', pool)
        .where(sql<boolean>`hold_id is not null and from_bucket = 'available'`)
        .orderBy('id', 'desc')
        .limit(lookBack)
        .as('newest'),
    )
    .innerJoin('stock_holds', 'stock_holds.id', 'newest.hold_id')
    .selectAll('stock_holds')
    .where(open)
    .where((eb) => eb.or([eb('deadline', 'is', null), eb('deadline', '>', now)]))
    .orderBy('newest.movement_id', 'desc')
    .limit(limit)
    .execute();
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
  updatedAt: number;
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
  let query = db.selectFrom('stock_balances').selectAll();
  if (wanted.sku !== undefined) query = query.where('sku', '=', wanted.sku);
  if (wanted.pool !== undefined) query = query.where('pool', '=', wanted.pool);
  const { after } = wanted;
  if (after) {
    query = query.where((eb) =>
      eb.or([eb('pool', '>', after.pool), eb.and([eb('pool', '=', after.pool), eb('sku', '>', after.sku)])]),
    );
  }
  const balances = await query.orderBy('pool').orderBy('sku').limit(wanted.limit).execute();
  const lapsed = await lapsedUnits(
    db,
    balances.map((row) => row.sku),
    wanted.now,
  );
  return balances.map((row) => levelOf(row, lapsed));
}

function levelOf(row: Row<'stock_balances'>, lapsed: readonly LapsedUnits[]): StockLevel {
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
    updatedAt: row.updated_at,
  };
  for (const { pool, sku, bucket, units } of lapsed) {
    if (pool !== row.pool || sku !== row.sku) continue;
    level[bucket] -= units;
    level.available += units;
    level.lapsed += units;
  }
  return level;
}

interface LapsedUnits extends PoolSku {
  bucket: 'held' | 'committed' | 'presale';
  units: number;
}

async function lapsedUnits(db: Db, skus: readonly string[], now: number): Promise<LapsedUnits[]> {
  if (skus.length === 0) return [];
  const rows = await db
    .selectFrom('stock_holds')
    .select((eb) => ['pool', 'sku', 'bucket', eb.fn.sum<number>('remaining').as('units')])
    .where(timed)
    .where('sku', 'in', [...new Set(skus)])
    .where('deadline', '<=', now)
    .groupBy(['pool', 'sku', 'bucket'])
    .execute();
  return rows.map((row) => ({
    pool: row.pool,
    sku: row.sku,
    bucket: row.bucket as LapsedUnits['bucket'],
    units: Number(row.units),
  }));
}

/** Units that went from one bucket to another, ever. */
export interface Flow {
  from: string;
  to: string;
  units: number;
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
  movements: Row<'stock_movements'>[];
  /** Open holds that have not lapsed, newest first. */
  holds: Row<'stock_holds'>[];
  /** Open holds that have not lapsed and their units, all of them. */
  holdCount: number;
  holdUnits: number;
  /** Units of open holds by bucket, lapsed ones included. */
  openUnits: Record<string, number>;
}

/** The facts behind the numbers of one SKU, with its newest movements and open holds (`limit` of each). */
export async function skuFacts(
  db: Db,
  { pool, sku, now, limit }: PoolSku & { now: number; limit: number },
): Promise<SkuFacts> {
  const balance = await db
    .selectFrom('stock_balances')
    .selectAll()
    .where('pool', '=', pool)
    .where('sku', '=', sku)
    .executeTakeFirst();
  const flows = await db
    .selectFrom('stock_movements')
    .select((eb) => [
      'from_bucket as from',
      'to_bucket as to',
      eb.fn.sum<number>('quantity').as('units'),
      eb.fn.countAll<number>().as('count'),
    ])
    .where('sku', '=', sku)
    .where('pool', '=', pool)
    .groupBy(['from_bucket', 'to_bucket'])
    .orderBy('from_bucket')
    .orderBy('to_bucket')
    .execute();
  const movements = await db
    .selectFrom('stock_movements')
    .selectAll()
    .where('sku', '=', sku)
    .where('pool', '=', pool)
    .orderBy('id', 'desc')
    .limit(limit)
    .execute();
  const openHolds = await db
    .selectFrom('stock_holds')
    .selectAll()
    .where(open)
    .where('id', 'in', (eb) =>
      eb
        .selectFrom('stock_movements')
        .select('hold_id')
        .where('sku', '=', sku)
        .where('pool', '=', pool)
        .where(sql<boolean>`hold_id is not null`),
    )
    .orderBy('id', 'desc')
    .execute();
  const current = openHolds.filter((hold) => hold.deadline === null || hold.deadline > now);
  const openUnits: Record<string, number> = {};
  for (const { bucket, remaining } of openHolds) openUnits[bucket] = (openUnits[bucket] ?? 0) + remaining;
  return {
    pool,
    sku,
    now,
    level: balance && levelOf(balance, await lapsedUnits(db, [sku], now)),
    balance,
    flows: flows.map(({ from, to, units }) => ({ from, to, units: Number(units) })),
    movementCount: flows.reduce((sum, flow) => sum + Number(flow.count), 0),
    movements,
    holds: current.slice(0, limit),
    holdCount: current.length,
    holdUnits: current.reduce((sum, hold) => sum + hold.remaining, 0),
    openUnits,
  };
}

/** All holds of an order, oldest first, in every pool and state. */
export function orderHolds(db: Db, orderKey: string): Promise<Row<'stock_holds'>[]> {
  return db.selectFrom('stock_holds').selectAll().where('order_key', '=', orderKey).orderBy('id').execute();
}
