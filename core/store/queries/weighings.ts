import type { Kysely } from 'kysely';
import type { Database, Row } from '../schema.ts';

type Db = Kysely<Database>;

/** The last line of an order's weighing log. */
export function lastWeighing(db: Db, orderKey: string): Promise<Row<'weighings'> | undefined> {
  return db
    .selectFrom('weighings')
    .selectAll()
    .where('order_key', '=', orderKey)
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst();
}

/** The last time that a person lifted a block of the order: the line that has his reason. */
export function lastLift(db: Db, orderKey: string): Promise<Row<'weighings'> | undefined> {
  return db
    .selectFrom('weighings')
    .selectAll()
    .where('order_key', '=', orderKey)
    .where('verdict', '=', 'lifted')
    .where('reason', 'is not', null)
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst();
}

/** When the block began that the order's log ends with, epoch milliseconds; undefined when it ends with none. */
export async function blockedSince(db: Db, orderKey: string): Promise<number | undefined> {
  const before = await db
    .selectFrom('weighings')
    .select('id')
    .where('order_key', '=', orderKey)
    .where('verdict', '!=', 'blocked')
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst();
  const first = await db
    .selectFrom('weighings')
    .select('at')
    .where('order_key', '=', orderKey)
    .where('id', '>', before?.id ?? 0)
    .orderBy('id')
    .limit(1)
    .executeTakeFirst();
  return first?.at;
}

/** Id of the first of the lines at the end of an order's log that all say the same. */
export async function firstAlike(db: Db, orderKey: string): Promise<number | undefined> {
  const last = await lastWeighing(db, orderKey);
  if (!last) return undefined;
  const other = await db
    .selectFrom('weighings')
    .select('id')
    .where('order_key', '=', orderKey)
    .where((eb) =>
      eb.or([
        eb('verdict', '!=', last.verdict),
        eb('reading_grams', 'is distinct from', last.reading_grams),
        eb('expected_grams', 'is distinct from', last.expected_grams),
        eb('band_grams', 'is distinct from', last.band_grams),
      ]),
    )
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst();
  const first = await db
    .selectFrom('weighings')
    .select('id')
    .where('order_key', '=', orderKey)
    .where('id', '>', other?.id ?? 0)
    .orderBy('id')
    .limit(1)
    .executeTakeFirst();
  return first?.id;
}

/** Unit weights that are known of some SKUs. */
export async function weightRows(db: Db, skus: readonly string[]): Promise<Row<'sku_weights'>[]> {
  if (skus.length === 0) return [];
  return db.selectFrom('sku_weights').selectAll().where('sku', 'in', skus).execute();
}
