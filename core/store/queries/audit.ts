import { type Kysely, sql } from 'kysely';
import type { Database, Row } from '../schema.ts';
import { chain } from './stock.ts';
import { writtenOnce } from './written-once.ts';

type Db = Kysely<Database>;

/**
 * Runs reads that all see the store as it stood at one moment. Keep it short: on SQLite the process does nothing
 * else meanwhile.
 */
export function inSnapshot<R>(db: Db, look: (snapshot: Db) => Promise<R>): Promise<R> {
  return db.transaction().setIsolationLevel('repeatable read').execute(look);
}

/** A movement, and whether the operation it names is there. */
export interface AuditedMovement {
  id: number;
  balance_id: number;
  from_bucket: string;
  to_bucket: string;
  quantity: number;
  hold_id: number | null;
  prev_id: number | null;
  /** Null when the operation is not there. */
  operation: number | null;
}

const movementColumns = [
  'm.id',
  'm.balance_id',
  'm.from_bucket',
  'm.to_bucket',
  'm.quantity',
  'm.hold_id',
  'm.prev_id',
  'o.id as operation',
] as const;

/** The movements after an id, oldest first. */
export const movementsAfter = writtenOnce((db, { after, limit }: { after: number; limit: number }) =>
  db
    .selectFrom('stock_movements as m')
    .leftJoin('stock_operations as o', 'o.id', 'm.op_id')
    .select(movementColumns)
    .where('m.id', '>', after)
    .orderBy('m.id')
    .limit(limit),
);

/** Movements by their ids, oldest first: those whose numbers were skipped when their neighbours were read. */
export function movementsById(db: Db, ids: readonly number[]): Promise<AuditedMovement[]> {
  return db
    .selectFrom('stock_movements as m')
    .leftJoin('stock_operations as o', 'o.id', 'm.op_id')
    .select(movementColumns)
    .where('m.id', 'in', ids)
    .orderBy('m.id')
    .execute();
}

/** A balance with its names; null when nothing names it. */
export interface NamedBalance extends Row<'stock_balances'> {
  pool: string | null;
  sku: string | null;
}

export const balancesAfter = writtenOnce((db, { after, limit }: { after: number; limit: number }) =>
  db
    .selectFrom('stock_balances as b')
    .leftJoin('stock_items as i', 'i.balance_id', 'b.id')
    .selectAll('b')
    .select(['i.pool', 'i.sku'])
    .where('b.id', '>', after)
    .orderBy('b.id')
    .limit(limit),
);

/** Which of these balances are there. */
export async function knownBalances(db: Db, ids: readonly number[]): Promise<Set<number>> {
  if (ids.length === 0) return new Set();
  const rows = await db.selectFrom('stock_balances').select('id').where('id', 'in', ids).execute();
  return new Set(rows.map((row) => row.id));
}

/** Orders, holds and lines whose order key is in a stretch. `upTo` null is the end. */
export interface KeyStretch {
  after: string;
  upTo: string | null;
}

/**
 * The key up to which a page goes so that it has about `size` rows of each table, and every order in it whole; null
 * when all that is left fits.
 */
export async function pageEnd(db: Db, after: string, size: number): Promise<string | null> {
  const { rows } = await sql<{ key: string | null }>`
    select min(k) as key from (
      select k from (select key as k from orders where key > ${after} order by key limit 1 offset ${size}) as o
      union all
      select k from (select order_key as k from order_lines where order_key > ${after}
        order by order_key limit 1 offset ${size}) as l
      union all
      select k from (select order_key as k from stock_holds where order_key > ${after}
        order by order_key limit 1 offset ${size}) as h
    ) as ends`.execute(db);
  return rows[0]?.key ?? null;
}

/** What the audit compares of an order; not the document, which is large. */
export type AuditedOrder = Pick<Row<'orders'>, 'key' | 'status' | 'refund_status' | 'allocation'>;

/** A hold with the names of its balance; null when nothing names it. */
export interface AuditedHold extends Row<'stock_holds'> {
  pool: string | null;
  sku: string | null;
}

/** The orders, lines and holds of a stretch. */
export async function stretchOf(
  db: Db,
  { after, upTo }: KeyStretch,
): Promise<{ orders: AuditedOrder[]; lines: Row<'order_lines'>[]; holds: AuditedHold[] }> {
  if (upTo === null) {
    return {
      orders: await db.selectFrom('orders').select(orderColumns).where('key', '>', after).execute(),
      lines: await db.selectFrom('order_lines').selectAll().where('order_key', '>', after).execute(),
      holds: await namedHolds(db).where('h.order_key', '>', after).execute(),
    };
  }
  const values = { after, upTo };
  return {
    orders: await ordersBetween(db, values),
    lines: await linesBetween(db, values),
    holds: await holdsBetween(db, values),
  };
}

/** The same of one order. */
export async function rowsOfOrder(db: Db, key: string): ReturnType<typeof stretchOf> {
  return {
    orders: await db.selectFrom('orders').select(orderColumns).where('key', '=', key).execute(),
    lines: await db.selectFrom('order_lines').selectAll().where('order_key', '=', key).execute(),
    holds: await namedHolds(db).where('h.order_key', '=', key).execute(),
  };
}

const orderColumns = ['key', 'status', 'refund_status', 'allocation'] as const;

interface Between {
  after: string;
  upTo: string;
}

const ordersBetween = writtenOnce((db, { after, upTo }: Between) =>
  db.selectFrom('orders').select(orderColumns).where('key', '>', after).where('key', '<=', upTo),
);

const linesBetween = writtenOnce((db, { after, upTo }: Between) =>
  db
    .selectFrom('order_lines')
    .selectAll()
    .where('order_key', '>', after)
    .where('order_key', '<=', upTo)
    .orderBy('order_key'),
);

function namedHolds(db: Db) {
  return db
    .selectFrom('stock_holds as h')
    .leftJoin('stock_items as i', 'i.balance_id', 'h.balance_id')
    .selectAll('h')
    .select(['i.pool', 'i.sku'])
    .orderBy('h.order_key')
    .orderBy('h.id');
}

const holdsBetween = writtenOnce((db, { after, upTo }: Between) =>
  namedHolds(db).where('h.order_key', '>', after).where('h.order_key', '<=', upTo),
);

/** When orders last changed, and their documents. */
export function orderDetails(
  db: Db,
  keys: readonly string[],
): Promise<Pick<Row<'orders'>, 'key' | 'scenario' | 'updated_at' | 'document'>[]> {
  return db
    .selectFrom('orders')
    .select(['key', 'scenario', 'updated_at', 'document'])
    .where('key', 'in', keys)
    .execute();
}

/** When orders were last locked for, by order key: the time of the newest operation behind these movements. */
export async function openedAt(db: Db, movementIds: readonly number[]): Promise<Map<number, number>> {
  if (movementIds.length === 0) return new Map();
  const rows = await db
    .selectFrom('stock_movements as m')
    .innerJoin('stock_operations as o', 'o.id', 'm.op_id')
    .select(['m.id', 'o.at'])
    .where('m.id', 'in', movementIds)
    .execute();
  return new Map(rows.map((row) => [row.id, row.at]));
}

/** Of these holds' numbers, those that have no row, with the order of the operation that opened them. */
export async function holdsWithoutRow(
  db: Db,
  ids: readonly number[],
): Promise<{ id: number; order_key: string | null; balance_id: number }[]> {
  if (ids.length === 0) return [];
  return await db
    .selectFrom('stock_movements as m')
    .leftJoin('stock_operations as o', 'o.id', 'm.op_id')
    .leftJoin('stock_holds as h', (join) =>
      join.onRef('h.order_key', '=', 'o.order_key').onRef('h.id', '=', 'm.id'),
    )
    .select(['m.id', 'm.balance_id', 'o.order_key'])
    .where('m.id', 'in', ids)
    .where('h.id', 'is', null)
    .execute();
}

/** Which SKUs a pool knows, or a bundle is made of: stock the hub keeps. */
export async function keptSkus(db: Db, skus: readonly string[]): Promise<Map<string, string[]>> {
  const kept = new Map<string, string[]>();
  if (skus.length === 0) return kept;
  const pools = await db.selectFrom('stock_items').select('pool').distinct().execute();
  const items = await db
    .selectFrom('stock_items')
    .select(['pool', 'sku'])
    .where('pool', 'in', pools.length === 0 ? [''] : pools.map((row) => row.pool))
    .where('sku', 'in', skus)
    .execute();
  for (const { pool, sku } of items) kept.set(sku, [...(kept.get(sku) ?? []), pool]);
  const bundles = await db
    .selectFrom('bundle_components')
    .select('bundle')
    .distinct()
    .where('bundle', 'in', skus)
    .execute();
  for (const { bundle } of bundles) if (!kept.has(bundle)) kept.set(bundle, []);
  return kept;
}

/** How many open holds lapsed before a time, their units, and the first of their deadlines. */
export async function lapsedLeft(
  db: Db,
  before: number,
): Promise<{ holds: number; units: number; first: number | null }> {
  const row = await db
    .selectFrom('stock_holds')
    .select(({ fn }) => [
      fn.countAll<number>().as('holds'),
      fn.sum<number | null>('remaining').as('units'),
      fn.min<number | null>('deadline').as('first'),
    ])
    .where(sql<boolean>`state = 'open' and deadline is not null`)
    .where('deadline', '<=', before)
    .executeTakeFirstOrThrow();
  return {
    holds: Number(row.holds),
    units: Number(row.units ?? 0),
    first: row.first === null ? null : Number(row.first),
  };
}

/** An operation whose answer is not there. */
export interface UnansweredOperation {
  id: number;
  op_key: string | null;
  kind: string;
  same_as: number | null;
}

/** Operations of a stretch of ids that nobody can be answered from again: no answer, or a pointer to none. */
export const unansweredOperations = writtenOnce((db, { after, upTo }: { after: number; upTo: number }) =>
  db
    .selectFrom('stock_operations as o')
    .leftJoin('stock_operations as s', 's.id', 'o.same_as')
    .select(['o.id', 'o.op_key', 'o.kind', 'o.same_as'])
    .where('o.id', '>', after)
    .where('o.id', '<=', upTo)
    .where(
      sql<boolean>`(o.op_key is not null and o.answer is null and o.same_as is null)
        or (o.same_as is not null and s.answer is null)`,
    )
    .orderBy('o.id'),
);

export async function newestOperation(db: Db): Promise<number> {
  const row = await db
    .selectFrom('stock_operations')
    .select((eb) => eb.fn.max('id').as('id'))
    .executeTakeFirst();
  return Number(row?.id ?? 0);
}

export async function anyOrder(db: Db): Promise<boolean> {
  return (await db.selectFrom('orders').select('key').limit(1).executeTakeFirst()) !== undefined;
}

/** The newest movement of a hold, looked for back over so many of its balance's. */
export async function lastOfHold(
  db: Db,
  holdId: number,
  newest: number,
  within: number,
): Promise<{ to_bucket: string; kind: string } | undefined> {
  return await chain(db, newest, within)
    .selectFrom('chain')
    .innerJoin('stock_operations as o', 'o.id', 'chain.op_id')
    .select(['chain.to_bucket', 'o.kind'])
    .where('chain.hold_id', '=', holdId)
    .orderBy('chain.step')
    .limit(1)
    .executeTakeFirst();
}

export type AuditFindingLevel = 'wrong' | 'hint';

/** Open findings, first seen first. */
export function openFindings(
  db: Db,
  wanted: { after?: number; limit?: number; level?: AuditFindingLevel } = {},
): Promise<Row<'audit_findings'>[]> {
  let query = db
    .selectFrom('audit_findings')
    .selectAll()
    .where(sql<boolean>`cleared_at is null`)
    .where('id', '>', wanted.after ?? 0)
    .orderBy('id');
  if (wanted.level !== undefined) query = query.where('level', '=', wanted.level);
  if (wanted.limit !== undefined) query = query.limit(wanted.limit);
  return query.execute();
}

/** Cleared findings, last cleared first. */
export function clearedFindings(db: Db, limit: number): Promise<Row<'audit_findings'>[]> {
  return db
    .selectFrom('audit_findings')
    .selectAll()
    .where('cleared_at', 'is not', null)
    .orderBy('cleared_at', 'desc')
    .orderBy('id', 'desc')
    .limit(limit)
    .execute();
}

/** How many findings are open, by code and level. */
export async function findingCounts(db: Db): Promise<{ code: string; level: string; count: number }[]> {
  const rows = await db
    .selectFrom('audit_findings')
    .select((eb) => ['code', 'level', eb.fn.countAll<number>().as('count')])
    .where(sql<boolean>`cleared_at is null`)
    .groupBy(['code', 'level'])
    .orderBy('code')
    .execute();
  return rows.map((row) => ({ ...row, count: Number(row.count) }));
}

export function finding(db: Db, id: number): Promise<Row<'audit_findings'> | undefined> {
  return db.selectFrom('audit_findings').selectAll().where('id', '=', id).executeTakeFirst();
}

/** The last round that was finished. */
export function lastRound(db: Db): Promise<Row<'audit_rounds'> | undefined> {
  return db.selectFrom('audit_rounds').selectAll().orderBy('id', 'desc').limit(1).executeTakeFirst();
}

/** Deletes the rounds up to an id. */
export async function forgetRounds(db: Db, upTo: number): Promise<void> {
  await db.deleteFrom('audit_rounds').where('id', '<=', upTo).execute();
}

/** Whether an act with one of these keys was done. */
export async function operationIsKnown(db: Db, opKeys: readonly string[]): Promise<boolean> {
  const row = await db
    .selectFrom('stock_operations')
    .select('id')
    .where('op_key', 'in', [...opKeys])
    .executeTakeFirst();
  return row !== undefined;
}
