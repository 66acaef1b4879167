import type { Kysely } from 'kysely';
import type { Changes, Database, NewRow, Row } from '../schema.ts';

type Db = Kysely<Database>;

export function pollOf(db: Db, account: string): Promise<Row<'channel_polls'> | undefined> {
  return db.selectFrom('channel_polls').selectAll().where('account', '=', account).executeTakeFirst();
}

export function allPolls(db: Db): Promise<Row<'channel_polls'>[]> {
  return db.selectFrom('channel_polls').selectAll().orderBy('account').execute();
}

/** Makes an account known unless it is. */
export async function beginPoll(db: Db, row: NewRow<'channel_polls'>): Promise<void> {
  await db
    .insertInto('channel_polls')
    .values(row)
    .onConflict((conflict) => conflict.column('account').doNothing())
    .execute();
}

/**
 * Changes an account's row; false, with nothing changed, when it is no longer as `expected`: another process has
 * gone on meanwhile.
 */
export async function changePoll(
  db: Db,
  account: string,
  expected: Partial<Pick<Row<'channel_polls'>, 'watermark' | 'backfill_next' | 'backfill_until'>>,
  set: Changes<'channel_polls'>,
): Promise<boolean> {
  let query = db.updateTable('channel_polls').set(set).where('account', '=', account);
  if (expected.watermark !== undefined) query = query.where('watermark', '=', expected.watermark);
  if (typeof expected.backfill_next === 'number')
    query = query.where('backfill_next', '=', expected.backfill_next);
  if (typeof expected.backfill_until === 'number')
    query = query.where('backfill_until', '=', expected.backfill_until);
  const { numUpdatedRows } = await query.executeTakeFirst();
  return numUpdatedRows === 1n;
}

/** Writes what is known of orders of one account now, each named once. */
export async function keepChannelOrders(db: Db, rows: readonly NewRow<'channel_orders'>[]): Promise<void> {
  if (rows.length === 0) return;
  // In one order, so that two processes that read the same page wait for one another and not in a circle.
  const sorted = [...rows].sort((a, b) => (a.channel_order_id < b.channel_order_id ? -1 : 1));
  await db
    .insertInto('channel_orders')
    .values(sorted)
    .onConflict((conflict) =>
      conflict.columns(['account', 'channel_order_id']).doUpdateSet((eb) => ({
        modified_at: eb.ref('excluded.modified_at'),
        digest: eb.ref('excluded.digest'),
        content_key: eb.ref('excluded.content_key'),
        inbox_id: eb.ref('excluded.inbox_id'),
        received_at: eb.ref('excluded.received_at'),
        reread_at: eb.ref('excluded.reread_at'),
      })),
    )
    .execute();
}

/** What is known of orders of an account, by their ids. */
export async function channelOrders(
  db: Db,
  account: string,
  ids: readonly string[],
): Promise<Map<string, Row<'channel_orders'>>> {
  if (ids.length === 0) return new Map();
  const rows = await db
    .selectFrom('channel_orders')
    .selectAll()
    .where('account', '=', account)
    .where('channel_order_id', 'in', [...ids])
    .execute();
  return new Map(rows.map((row) => [row.channel_order_id, row]));
}

/** When orders that were saved last changed, by their keys. */
export async function savedModified(db: Db, keys: readonly string[]): Promise<Map<string, number>> {
  if (keys.length === 0) return new Map();
  const rows = await db
    .selectFrom('orders')
    .select(['key', 'modified_at'])
    .where('key', 'in', [...keys])
    .execute();
  return new Map(rows.map((row) => [row.key, row.modified_at]));
}

/** Whether any order of a shop was ever saved. */
export async function savesOrders(db: Db, channel: string, shop: string): Promise<boolean> {
  const row = await db
    .selectFrom('orders')
    .select('key')
    .where('channel', '=', channel)
    .where('shop', '=', shop)
    .limit(1)
    .executeTakeFirst();
  return row !== undefined;
}

/** The newest delivery of each of some records of the inbox. */
export async function newestDeliveries(
  db: Db,
  inboxIds: readonly number[],
): Promise<Map<number, Pick<Row<'deliveries'>, 'ref' | 'state' | 'last_error'>>> {
  if (inboxIds.length === 0) return new Map();
  const rows = await db
    .selectFrom('deliveries')
    .select(['ref', 'state', 'last_error'])
    .where('topic', '=', 'inbox')
    .where('ref', 'in', [...inboxIds])
    .orderBy('id')
    .execute();
  return new Map(rows.map((row) => [row.ref, row]));
}

/** Sheets of one account, newest first; the next page is `before` the last id of this one. */
export function pollRuns(
  db: Db,
  account: string,
  { before, limit }: { before?: number | undefined; limit: number },
): Promise<Row<'channel_poll_runs'>[]> {
  let query = db
    .selectFrom('channel_poll_runs')
    .selectAll()
    .where('account', '=', account)
    .orderBy('id', 'desc')
    .limit(limit);
  if (before !== undefined) query = query.where('id', '<', before);
  return query.execute();
}

/** Counts of one account, newest first. */
export function censuses(
  db: Db,
  account: string,
  filter: {
    kind?: string | undefined;
    day?: string | undefined;
    before?: number | undefined;
    limit: number;
  },
): Promise<Row<'channel_censuses'>[]> {
  let query = db
    .selectFrom('channel_censuses')
    .selectAll()
    .where('account', '=', account)
    .orderBy('id', 'desc')
    .limit(filter.limit);
  if (filter.kind !== undefined) query = query.where('kind', '=', filter.kind);
  if (filter.day !== undefined) query = query.where('day', '=', filter.day);
  if (filter.before !== undefined) query = query.where('id', '<', filter.before);
  return query.execute();
}

/** Sheets removed at once: what is more goes the next time. */
const mostRemoved = 1_000;

/** Removes the oldest sheets of an account that are too many, a bounded number; of censuses those of one kind. */
export async function pruneSheets(
  db: Db,
  account: string,
  sheets: { table: 'channel_poll_runs' } | { table: 'channel_censuses'; kind: string },
  keep: number,
): Promise<void> {
  if (sheets.table === 'channel_poll_runs') {
    const of = db.selectFrom('channel_poll_runs').select('id').where('account', '=', account);
    const newest = await of.orderBy('id', 'desc').offset(keep).limit(1).executeTakeFirst();
    if (!newest) return;
    const ids = await of.where('id', '<=', newest.id).orderBy('id').limit(mostRemoved).execute();
    await db
      .deleteFrom('channel_poll_runs')
      .where(
        'id',
        'in',
        ids.map(({ id }) => id),
      )
      .execute();
    return;
  }
  const of = db
    .selectFrom('channel_censuses')
    .select('id')
    .where('account', '=', account)
    .where('kind', '=', sheets.kind);
  const newest = await of.orderBy('id', 'desc').offset(keep).limit(1).executeTakeFirst();
  if (!newest) return;
  const ids = await of.where('id', '<=', newest.id).orderBy('id').limit(mostRemoved).execute();
  await db
    .deleteFrom('channel_censuses')
    .where(
      'id',
      'in',
      ids.map(({ id }) => id),
    )
    .execute();
}
