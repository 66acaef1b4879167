import type { Kysely } from 'kysely';
import type { Database, Row } from '../schema.ts';

type Db = Kysely<Database>;

/** The last order of a page, which the next one goes on from. */
export interface OrderPlace {
  updatedAt: number;
  key: string;
}

/** Which orders are wanted. What is absent does not restrict. */
export interface OrdersWanted {
  channel?: string;
  shop?: string;
  /** The channel's own id. */
  channelOrderId?: string;
  status?: string;
  /** Changed at or after this time, epoch milliseconds. */
  since?: number;
  after?: OrderPlace;
  limit: number;
}

/** Orders, last changed first. */
export async function orderRows(db: Db, wanted: OrdersWanted): Promise<Row<'orders'>[]> {
  const { channel, shop, channelOrderId, status, since, after, limit } = wanted;
  let query = db.selectFrom('orders').selectAll();
  if (channelOrderId !== undefined) query = query.where('channel_order_id', '=', channelOrderId);
  if (channel !== undefined) query = query.where('channel', '=', channel);
  if (shop !== undefined) query = query.where('shop', '=', shop);
  if (status !== undefined) query = query.where('status', '=', status);
  if (since !== undefined) query = query.where('updated_at', '>=', since);
  if (after) {
    query = query
      // The first condition says nothing new, but is the one an index serves.
      .where('updated_at', '<=', after.updatedAt)
      .where((eb) => eb.or([eb('updated_at', '<', after.updatedAt), eb('key', '<', after.key)]));
  }
  return query.orderBy('updated_at', 'desc').orderBy('key', 'desc').limit(limit).execute();
}

export function orderRow(db: Db, key: string): Promise<Row<'orders'> | undefined> {
  return db.selectFrom('orders').selectAll().where('key', '=', key).executeTakeFirst();
}

/** The quantities of an order's lines. */
export function orderLineRows(db: Db, key: string): Promise<Row<'order_lines'>[]> {
  return db.selectFrom('order_lines').selectAll().where('order_key', '=', key).orderBy('line_id').execute();
}

/** Every version of an order that differed, oldest first. */
export function versionsOfOrder(db: Db, key: string): Promise<Row<'order_versions'>[]> {
  return db.selectFrom('order_versions').selectAll().where('order_key', '=', key).orderBy('id').execute();
}

/** Every reading of the scale for an order and every lifted block, oldest first. */
export function weighingsOfOrder(db: Db, key: string): Promise<Row<'weighings'>[]> {
  return db.selectFrom('weighings').selectAll().where('order_key', '=', key).orderBy('id').execute();
}

export function alertsOfOrder(db: Db, key: string): Promise<Row<'alerts'>[]> {
  return db.selectFrom('alerts').selectAll().where('order_key', '=', key).orderBy('id').execute();
}
