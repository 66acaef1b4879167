import type { Kysely } from 'kysely';
import type { Database, NewRow, Row } from '../schema.ts';

type Db = Kysely<Database>;

/** Makes listings known that nothing was told of yet. */
export async function beginPushes(db: Db, rows: readonly NewRow<'channel_pushes'>[]): Promise<void> {
  if (rows.length === 0) return;
  // In one order, so that two processes that begin the same ones wait for one another and not in a circle.
  const sorted = [...rows].sort((a, b) => (a.listing < b.listing ? -1 : 1));
  await db
    .insertInto('channel_pushes')
    .values(sorted)
    .onConflict((conflict) => conflict.columns(['share', 'channel', 'shop', 'listing']).doNothing())
    .execute();
}

/** What was told of an account's listings, by listing. */
export function pushesOf(
  db: Db,
  account: string,
  wanted: {
    after?: string | undefined;
    listing?: string | undefined;
    result?: 'refused' | 'differs' | undefined;
    limit: number;
  },
): Promise<Row<'channel_pushes'>[]> {
  let query = db.selectFrom('channel_pushes').selectAll().where('account', '=', account);
  if (wanted.listing !== undefined) query = query.where('listing', '=', wanted.listing);
  if (wanted.after !== undefined) query = query.where('listing', '>', wanted.after);
  if (wanted.result === 'refused') query = query.where('result', '!=', 'ok');
  if (wanted.result === 'differs') query = query.where('differs', '=', 1);
  return query.orderBy('listing').orderBy('share').limit(wanted.limit).execute();
}

/**
 * Listings of a shop that a share wants open; with `told` only those whose channel has taken that. Of numbers that a flow
 * made itself there is only what was told.
 */
export async function openListings(
  db: Db,
  { share, channel, shop, told }: { share: string; channel: string; shop: string; told: boolean },
): Promise<string[]> {
  let query = db
    .selectFrom('share_states as wanted')
    .select('wanted.listing')
    .where('wanted.share', '=', share)
    .where('wanted.channel', '=', channel)
    .where('wanted.shop', '=', shop)
    .where('wanted.active', '=', 1)
    .where('wanted.open', '=', 1);
  if (told)
    query = query.where((eb) =>
      eb.exists(
        eb
          .selectFrom('channel_pushes as told')
          .select('told.listing')
          .whereRef('told.share', '=', 'wanted.share')
          .whereRef('told.channel', '=', 'wanted.channel')
          .whereRef('told.shop', '=', 'wanted.shop')
          .whereRef('told.listing', '=', 'wanted.listing')
          .where('told.open', '=', 1),
      ),
    );
  const made = db
    .selectFrom('channel_pushes as told')
    .select('told.listing')
    .where('told.share', '=', share)
    .where('told.channel', '=', channel)
    .where('told.shop', '=', shop)
    .where('told.open', '=', 1)
    .where((eb) =>
      eb.not(
        eb.exists(
          eb
            .selectFrom('share_states as wanted')
            .select('wanted.listing')
            .whereRef('wanted.share', '=', 'told.share')
            .whereRef('wanted.channel', '=', 'told.channel')
            .whereRef('wanted.shop', '=', 'told.shop')
            .whereRef('wanted.listing', '=', 'told.listing'),
        ),
      ),
    );
  const rows = await query.union(made).execute();
  return rows.map(({ listing }) => listing);
}

/** Whether something is for sale, as its channel was last told; undefined when it never was. */
export async function saleTold(
  db: Db,
  { channel, shop, unit }: { channel: string; shop: string; unit: string },
): Promise<boolean | undefined> {
  const row = await db
    .selectFrom('channel_sales')
    .select('open')
    .where('channel', '=', channel)
    .where('shop', '=', shop)
    .where('unit', '=', unit)
    .executeTakeFirst();
  return row && row.open === 1;
}

export async function keepSale(db: Db, row: NewRow<'channel_sales'>): Promise<void> {
  await db
    .insertInto('channel_sales')
    .values(row)
    .onConflict((conflict) =>
      conflict
        .columns(['channel', 'shop', 'unit'])
        .doUpdateSet((eb) => ({ open: eb.ref('excluded.open'), at: eb.ref('excluded.at') })),
    )
    .execute();
}
