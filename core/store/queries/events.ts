import type { Kysely } from 'kysely';
import type { Database } from '../schema.ts';

/** Events of a topic that may be copied to a subscriber. */
export interface PastEvent {
  id: number;
  type: string;
  order_key: string | null;
  channel: string | null;
}

/**
 * Events of a topic that happened at or after a time, in the order they were written. Looks at so many ids at
 * most, so that a long history is read in bites.
 *
 * @param from first and last id looked at
 */
export async function pastEvents(
  db: Kysely<Database>,
  topic: string,
  since: number,
  from: { first: number; last: number },
): Promise<PastEvent[]> {
  return db
    .selectFrom('events')
    .select(['id', 'type', 'order_key', 'channel'])
    .where('id', '>=', from.first)
    .where('id', '<=', from.last)
    .where('topic', '=', topic)
    .where('at', '>=', since)
    .orderBy('id')
    .execute();
}

export async function lastEventId(db: Kysely<Database>): Promise<number> {
  const { last } = await db
    .selectFrom('events')
    .select((eb) => eb.fn.max('id').as('last'))
    .executeTakeFirstOrThrow();
  return last ?? 0;
}

/** Everything that happened to an order, in the order it was written. */
export async function eventsOfOrder(db: Kysely<Database>, orderKey: string) {
  return db.selectFrom('events').selectAll().where('order_key', '=', orderKey).orderBy('id').execute();
}

/** What left the stock for these orders, by the acts that told them, in the order it was written. */
export async function deductionsOf(
  db: Kysely<Database>,
  orderKeys: readonly string[],
): Promise<{ order_key: string; data: string }[]> {
  if (orderKeys.length === 0) return [];
  const rows = await db
    .selectFrom('events')
    .select(['order_key', 'data'])
    .where('order_key', 'in', [...orderKeys])
    .where('topic', '=', 'order')
    .where('type', '=', 'stock-deducted')
    .orderBy('id')
    .execute();
  return rows.map(({ order_key, data }) => ({ order_key: order_key ?? '', data }));
}

export async function removeSubscriber(db: Kysely<Database>, id: string): Promise<boolean> {
  const { numDeletedRows } = await db.deleteFrom('subscribers').where('id', '=', id).executeTakeFirst();
  return Number(numDeletedRows) > 0;
}

export async function allSubscribers(db: Kysely<Database>) {
  return db.selectFrom('subscribers').selectAll().orderBy('id').execute();
}
