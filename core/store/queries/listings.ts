import type { Kysely } from 'kysely';
import type { Database, Row } from '../schema.ts';

type Db = Kysely<Database>;

export type NewListing = Row<'listings'>;

/**
 * Writes listings. What an order says renews the sight of a listing and names its SKU, unless a person, a message or
 * the API named it: that stands.
 */
export async function saveListings(db: Db, rows: readonly NewListing[]): Promise<void> {
  for (const source of ['order', 'told'] as const) {
    const some = rows.filter((row) => row.source === source);
    if (some.length === 0) continue;
    await db
      .insertInto('listings')
      .values(some)
      .onConflict((conflict) =>
        conflict.columns(['channel', 'shop', 'listing']).doUpdateSet((eb) => ({
          seen_at: eb.ref('excluded.seen_at'),
          ...(source === 'told'
            ? { sku: eb.ref('excluded.sku'), source }
            : {
                sku: eb
                  .case()
                  .when('listings.source', '=', 'told')
                  .then(eb.ref('listings.sku'))
                  .else(eb.ref('excluded.sku'))
                  .end(),
              }),
        })),
      )
      .execute();
  }
}

export interface ListingKey {
  channel: string;
  shop: string;
  listing: string;
}

/** Listings by their keys. */
export async function listingsByKey(db: Db, keys: readonly ListingKey[]): Promise<Row<'listings'>[]> {
  // Shop by shop: one condition a key would be more than a statement may hold.
  const shops = new Map<string, { channel: string; shop: string; ids: string[] }>();
  for (const { channel, shop, listing } of keys) {
    const name = JSON.stringify([channel, shop]);
    const known = shops.get(name);
    if (known) known.ids.push(listing);
    else shops.set(name, { channel, shop, ids: [listing] });
  }
  const found: Row<'listings'>[] = [];
  for (const { channel, shop, ids } of shops.values())
    found.push(
      ...(await db
        .selectFrom('listings')
        .selectAll()
        .where('channel', '=', channel)
        .where('shop', '=', shop)
        .where('listing', 'in', ids)
        .execute()),
    );
  return found;
}

/** The listings that some SKUs stand behind. */
export async function listingsOfSkus(db: Db, skus: readonly string[]): Promise<Row<'listings'>[]> {
  if (skus.length === 0) return [];
  return await db
    .selectFrom('listings')
    .selectAll()
    .where('sku', 'in', [...skus])
    .orderBy('channel')
    .orderBy('shop')
    .orderBy('listing')
    .execute();
}

export interface ListingsWanted {
  channel?: string | undefined;
  shop?: string | undefined;
  /** Only those without a SKU that has stock or is a bundle. */
  unmapped?: boolean | undefined;
  after?: ListingKey | undefined;
  limit: number;
}

/** Listings by channel, shop and id. */
export function listingPage(db: Db, wanted: ListingsWanted): Promise<Row<'listings'>[]> {
  let query = db.selectFrom('listings as l').selectAll('l');
  if (wanted.channel !== undefined) query = query.where('l.channel', '=', wanted.channel);
  if (wanted.shop !== undefined) query = query.where('l.shop', '=', wanted.shop);
  if (wanted.unmapped)
    query = query.where((eb) =>
      eb.or([
        eb('l.sku', 'is', null),
        eb.and([
          eb.not(
            eb.exists(
              eb.selectFrom('stock_items as i').select('i.balance_id').whereRef('i.sku', '=', 'l.sku'),
            ),
          ),
          eb.not(
            eb.exists(
              eb.selectFrom('bundle_components as b').select('b.bundle').whereRef('b.bundle', '=', 'l.sku'),
            ),
          ),
        ]),
      ]),
    );
  const { after } = wanted;
  if (after)
    query = query.where((eb) =>
      eb.or([
        eb('l.channel', '>', after.channel),
        eb.and([eb('l.channel', '=', after.channel), eb('l.shop', '>', after.shop)]),
        eb.and([
          eb('l.channel', '=', after.channel),
          eb('l.shop', '=', after.shop),
          eb('l.listing', '>', after.listing),
        ]),
      ]),
    );
  return query.orderBy('l.channel').orderBy('l.shop').orderBy('l.listing').limit(wanted.limit).execute();
}

/** SKUs with stock that no listing stands for, by name. */
export async function unlistedSkus(db: Db, after: string, limit: number): Promise<string[]> {
  const rows = await db
    .selectFrom('stock_items as i')
    .select('i.sku')
    .distinct()
    .where('i.sku', '>', after)
    .where((eb) =>
      eb.not(eb.exists(eb.selectFrom('listings as l').select('l.listing').whereRef('l.sku', '=', 'i.sku'))),
    )
    .orderBy('i.sku')
    .limit(limit)
    .execute();
  return rows.map((row) => row.sku);
}

/** SKUs that more than one listing stands for. */
export async function sharedSkus(db: Db, limit: number): Promise<{ sku: string; count: number }[]> {
  const rows = await db
    .selectFrom('listings')
    .select((eb) => ['sku', eb.fn.countAll<number>().as('count')])
    .where('sku', 'is not', null)
    .groupBy('sku')
    .having((eb) => eb.fn.countAll(), '>', 1)
    .orderBy('sku')
    .limit(limit)
    .execute();
  return rows.map((row) => ({ sku: row.sku!, count: Number(row.count) }));
}

/** Events that tell of orders as they came or changed, after one, oldest first, with the order as it is now. */
export function ordersToldAfter(
  db: Db,
  after: number,
  limit: number,
): Promise<
  { id: number; at: number; channel: string | null; shop: string | null; document: string | null }[]
> {
  return db
    .selectFrom('events as e')
    .leftJoin('orders as o', 'o.key', 'e.order_key')
    .select(['e.id', 'e.at', 'o.channel', 'o.shop', 'o.document'])
    .where('e.id', '>', after)
    .where('e.topic', '=', 'order')
    .where('e.type', 'in', ['created', 'changed', 'deposit-paid', 'paid'])
    .orderBy('e.id')
    .limit(limit)
    .execute();
}
