import { type Kysely, sql } from 'kysely';
import type { CountLineState, CountState, Database, Row } from '../schema.ts';

type Db = Kysely<Database>;

/** Units physically there, as in core/stock/buckets.ts. */
const onHandSum = sql<number>`b.available + b.held + b.committed + b.presale + b.qc + b.damaged`;

/** The units of a balance as they stand, and the movement after which they stand so. */
export interface CountedBalance {
  id: number;
  sku: string;
  onHand: number;
  lastMovementId: number | null;
}

/** Balances of SKUs in a pool; those it does not know are left out. */
export async function countedBalances(
  db: Db,
  pool: string,
  skus: readonly string[],
): Promise<CountedBalance[]> {
  if (skus.length === 0) return [];
  const rows = await db
    .selectFrom('stock_items as i')
    .innerJoin('stock_balances as b', 'b.id', 'i.balance_id')
    .select(['b.id', 'i.sku', 'b.last_movement_id', onHandSum.as('on_hand')])
    .where('i.pool', '=', pool)
    .where('i.sku', 'in', [...skus])
    .execute();
  return rows.map((row) => ({
    id: row.id,
    sku: row.sku,
    onHand: Number(row.on_hand),
    lastMovementId: row.last_movement_id,
  }));
}

/** A movement on the way back, with what its operation says of it. */
export interface WalkedMovement {
  id: number;
  balance_id: number;
  prev_id: number | null;
  from_bucket: string;
  to_bucket: string;
  quantity: number;
  at: number;
  kind: string;
  op_key: string | null;
}

/**
 * Stretches of several balances' movements, newest first, from the movements named by `newest` back: at most
 * `length` each, and one beyond those that are both at `since` or before and not after the movement `after`.
 */
export function walkBack(
  db: Db,
  {
    newest,
    since,
    after,
    length,
  }: { newest: readonly number[]; since: number; after: number; length: number },
): Promise<WalkedMovement[]> {
  return db
    .withRecursive('chain', (query) =>
      query
        .selectFrom('stock_movements as m')
        .innerJoin('stock_operations as o', 'o.id', 'm.op_id')
        .select(['m.id', 'm.balance_id', 'm.prev_id', 'm.from_bucket', 'm.to_bucket', 'm.quantity'])
        .select(['o.at', 'o.kind', 'o.op_key', sql<number>`1`.as('step')])
        .where('m.id', 'in', [...newest])
        .unionAll((more) =>
          more
            .selectFrom('chain')
            .innerJoin('stock_movements as m', 'm.id', 'chain.prev_id')
            .innerJoin('stock_operations as o', 'o.id', 'm.op_id')
            .select(['m.id', 'm.balance_id', 'm.prev_id', 'm.from_bucket', 'm.to_bucket', 'm.quantity'])
            .select(['o.at', 'o.kind', 'o.op_key', sql<number>`chain.step + 1`.as('step')])
            .where('chain.step', '<', length)
            .where((eb) => eb.or([eb('chain.at', '>=', since), eb('chain.id', '>', after)])),
        ),
    )
    .selectFrom('chain')
    .select(['id', 'balance_id', 'prev_id', 'from_bucket', 'to_bucket', 'quantity', 'at', 'kind', 'op_key'])
    .orderBy('balance_id')
    .orderBy('step')
    .execute();
}

/** When lines were counted. */
export function momentsOfLines(db: Db, ids: readonly number[]) {
  return db
    .selectFrom('stock_count_lines')
    .select(['id', 'counted_at'])
    .where('id', 'in', [...ids])
    .execute();
}

/** The lines of a pool that counted any of the SKUs at `since` or later, and were not turned down. */
export function laterCounts(
  db: Db,
  { pool, skus, since }: { pool: string; skus: readonly string[]; since: number },
) {
  return db
    .selectFrom('stock_count_lines as l')
    .innerJoin('stock_counts as c', 'c.id', 'l.count_id')
    .select(['l.id', 'l.sku', 'l.count_id', 'l.counted_at', 'c.name'])
    .where('c.pool', '=', pool)
    .where('l.sku', 'in', [...skus])
    .where('l.counted_at', '>=', since)
    .where('l.state', 'in', ['agrees', 'corrected', 'waiting'])
    .execute();
}

/** The number of the newest movement, 0 before the first. */
export async function newestMovement(db: Db): Promise<number> {
  const row = await db
    .selectFrom('stock_movements')
    .select((eb) => eb.fn.max('id').as('id'))
    .executeTakeFirst();
  return Number(row?.id ?? 0);
}

/** Notes of balances that somebody counted just what the ledger says. */
export async function saveConfirmations(db: Db, rows: readonly Row<'stock_confirmations'>[]): Promise<void> {
  await db
    .insertInto('stock_confirmations')
    .values([...rows])
    .onConflict((conflict) =>
      conflict.column('balance_id').doUpdateSet((eb) => ({
        movement_id: eb.ref('excluded.movement_id'),
        at: eb.ref('excluded.at'),
      })),
    )
    .execute();
}

/** When these balances were last counted as the ledger has them. */
export async function confirmationsOf(
  db: Db,
  balanceIds: readonly number[],
): Promise<Row<'stock_confirmations'>[]> {
  if (balanceIds.length === 0) return [];
  return db
    .selectFrom('stock_confirmations')
    .selectAll()
    .where('balance_id', 'in', [...balanceIds])
    .execute();
}

export function countById(db: Db, id: number): Promise<Row<'stock_counts'> | undefined> {
  return db.selectFrom('stock_counts').selectAll().where('id', '=', id).executeTakeFirst();
}

/** Sheets, newest first; the next page is `before` the last id of this one. */
export function recentCounts(
  db: Db,
  wanted: { pool?: string; state?: CountState; before?: number; limit: number },
): Promise<Row<'stock_counts'>[]> {
  let query = db.selectFrom('stock_counts').selectAll().orderBy('id', 'desc').limit(wanted.limit);
  if (wanted.pool !== undefined) query = query.where('pool', '=', wanted.pool);
  if (wanted.state !== undefined) query = query.where('state', '=', wanted.state);
  if (wanted.before !== undefined) query = query.where('id', '<', wanted.before);
  return query.execute();
}

/** How many lines of a sheet are in each state. */
export async function lineTally(db: Db, countId: number): Promise<Partial<Record<CountLineState, number>>> {
  const rows = await db
    .selectFrom('stock_count_lines')
    .select((eb) => ['state', eb.fn.countAll<number>().as('lines')])
    .where('count_id', '=', countId)
    .groupBy('state')
    .execute();
  return Object.fromEntries(rows.map((row) => [row.state, Number(row.lines)]));
}

/** Lines of a sheet by number; the next page is `after` the last of this one. */
export function linesOfCount(
  db: Db,
  wanted: {
    countId: number;
    states?: readonly CountLineState[];
    ids?: readonly number[];
    decisionKey?: string;
    after?: number;
    limit: number;
  },
): Promise<Row<'stock_count_lines'>[]> {
  let query = db
    .selectFrom('stock_count_lines')
    .selectAll()
    .where('count_id', '=', wanted.countId)
    .orderBy('id')
    .limit(wanted.limit);
  if (wanted.states !== undefined) query = query.where('state', 'in', [...wanted.states]);
  if (wanted.ids !== undefined) query = query.where('id', 'in', [...wanted.ids]);
  if (wanted.decisionKey !== undefined) query = query.where('decision_key', '=', wanted.decisionKey);
  if (wanted.after !== undefined) query = query.where('id', '>', wanted.after);
  return query.execute();
}

/** Which of the rows of a sheet were taken in before. */
export async function rowsTaken(db: Db, countId: number, rows: readonly number[]): Promise<Set<number>> {
  if (rows.length === 0) return new Set();
  const found = await db
    .selectFrom('stock_count_lines')
    .select('row')
    .where('count_id', '=', countId)
    .where('row', 'in', [...rows])
    .execute();
  return new Set(found.map((line) => line.row!));
}

/** Which of the SKUs a sheet has a line for. */
export async function skusTaken(db: Db, countId: number, skus: readonly string[]): Promise<Set<string>> {
  if (skus.length === 0) return new Set();
  const found = await db
    .selectFrom('stock_count_lines')
    .select('sku')
    .where('count_id', '=', countId)
    .where('sku', 'in', [...skus])
    .execute();
  return new Set(found.map((line) => line.sku));
}

/** Which of the SKUs of a pool are not on a sheet, in the order of their names. */
export async function skusNotOnSheet(
  db: Db,
  wanted: { pool: string; countId: number; after: string; limit: number },
): Promise<string[]> {
  const rows = await db
    .selectFrom('stock_items as i')
    .select('i.sku')
    .where('i.pool', '=', wanted.pool)
    .where('i.sku', '>', wanted.after)
    .where((eb) =>
      eb.not(
        eb.exists(
          eb
            .selectFrom('stock_count_lines as l')
            .select('l.id')
            .whereRef('l.sku', '=', 'i.sku')
            .where('l.count_id', '=', wanted.countId),
        ),
      ),
    )
    .orderBy('i.sku')
    .limit(wanted.limit)
    .execute();
  return rows.map((row) => row.sku);
}

/** A SKU and when it was counted last, epoch milliseconds; 0 for never. */
export interface LastCounted {
  sku: string;
  countedAt: number;
}

/** The SKUs of a pool whose last count is the longest ago, those never counted first. */
export async function longestUncounted(db: Db, pool: string, limit: number): Promise<LastCounted[]> {
  const rows = await db
    .selectFrom('stock_items as i')
    .leftJoin(
      (eb) =>
        eb
          .selectFrom('stock_count_lines as l')
          .innerJoin('stock_counts as c', 'c.id', 'l.count_id')
          .select((of) => ['l.sku', of.fn.max('l.counted_at').as('counted_at')])
          .where('c.pool', '=', pool)
          .where('l.state', 'in', ['agrees', 'corrected', 'waiting', 'superseded'])
          .groupBy('l.sku')
          .as('last'),
      (join) => join.onRef('last.sku', '=', 'i.sku'),
    )
    .select((eb) => ['i.sku', eb.fn.coalesce('last.counted_at', sql<number>`0`).as('counted_at')])
    .where('i.pool', '=', pool)
    .orderBy('counted_at')
    .orderBy('i.sku')
    .limit(limit)
    .execute();
  return rows.map((row) => ({ sku: row.sku, countedAt: Number(row.counted_at) }));
}
