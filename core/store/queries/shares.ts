import { type Kysely, type SqlBool, sql } from 'kysely';
import type { Database, Row } from '../schema.ts';
import { locksRows } from './row-locks.ts';

type Db = Kysely<Database>;

/** Ledger entries after a movement, oldest first: which balance each was of. */
export function movedBalances(
  db: Db,
  { after, upTo, limit }: { after: number; upTo?: number; limit: number },
): Promise<{ id: number; balance_id: number }[]> {
  let query = db
    .selectFrom('stock_movements')
    .select(['id', 'balance_id'])
    .where('id', '>', after)
    .orderBy('id')
    .limit(limit);
  if (upTo !== undefined) query = query.where('id', '<=', upTo);
  return query.execute();
}

export async function lastMovementId(db: Db): Promise<number> {
  const row = await db
    .selectFrom('stock_movements')
    .select((eb) => eb.fn.max('id').as('id'))
    .executeTakeFirst();
  return Number(row?.id ?? 0);
}

/** Balances with a hold that ran out after a moment and by another. */
export async function lapsedBalances(db: Db, after: number, by: number): Promise<number[]> {
  const rows = await db
    .selectFrom('stock_holds')
    .select('balance_id')
    .distinct()
    .where(sql<SqlBool>`state = 'open' and deadline is not null`)
    .where('deadline', '>', after)
    .where('deadline', '<=', by)
    .execute();
  return rows.map((row) => row.balance_id);
}

/** The SKUs of balances, of these pools only. */
export async function skusOfBalances(
  db: Db,
  balanceIds: readonly number[],
  pools: readonly string[],
): Promise<string[]> {
  if (balanceIds.length === 0) return [];
  const rows = await db
    .selectFrom('stock_items')
    .select('sku')
    .distinct()
    .where('balance_id', 'in', [...balanceIds])
    .where('pool', 'in', [...pools])
    .execute();
  return rows.map((row) => row.sku);
}

/** The bundles that these SKUs are in, and those that these bundles are in, level by level. */
export async function bundlesOf(db: Db, skus: readonly string[]): Promise<string[]> {
  const found = new Set<string>();
  let level = [...skus];
  while (level.length > 0) {
    const rows = await db
      .selectFrom('bundle_components')
      .select('bundle')
      .distinct()
      .where('sku', 'in', level)
      .execute();
    level = rows.map((row) => row.bundle).filter((bundle) => !found.has(bundle));
    for (const bundle of level) found.add(bundle);
  }
  return [...found];
}

/** SKUs after one in the order of their names: of the pools, of bundles, of listings and of numbers told before. */
export async function skusToShare(
  db: Db,
  { share, pools, after, limit }: { share: string; pools: readonly string[]; after: string; limit: number },
): Promise<string[]> {
  const lists = await Promise.all([
    db
      .selectFrom('stock_items')
      .select('sku')
      .distinct()
      .where('pool', 'in', [...pools])
      .where('sku', '>', after)
      .orderBy('sku')
      .limit(limit)
      .execute(),
    db
      .selectFrom('bundle_components')
      .select('bundle as sku')
      .distinct()
      .where('bundle', '>', after)
      .orderBy('bundle')
      .limit(limit)
      .execute(),
    db
      .selectFrom('share_states')
      .select('sku')
      .distinct()
      .where('share', '=', share)
      .where('sku', '>', after)
      .orderBy('sku')
      .limit(limit)
      .execute(),
  ]);
  // By code points, as both stores do; a plain sort goes by UTF-16 units, which differ beyond the basic plane.
  const all = [...new Set(lists.flat().map((row) => row.sku))];
  return all.sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b))).slice(0, limit);
}

/** Units free for sale in some pools together, those of lapsed holds included; SKUs that no pool knows are absent. */
export async function unitsInPools(
  db: Db,
  { skus, pools, now }: { skus: readonly string[]; pools: readonly string[]; now: number },
): Promise<Map<string, number>> {
  const units = new Map<string, number>();
  if (skus.length === 0) return units;
  const balances = await db
    .selectFrom('stock_items as i')
    .innerJoin('stock_balances as b', 'b.id', 'i.balance_id')
    .select(['i.sku', 'b.id', 'b.available'])
    .where('i.sku', 'in', [...skus])
    .where('i.pool', 'in', [...pools])
    .execute();
  if (balances.length === 0) return units;
  const lapsed = await db
    .selectFrom('stock_holds')
    .select((eb) => ['balance_id', eb.fn.sum<number>('remaining').as('units')])
    .where(sql<SqlBool>`state = 'open' and deadline is not null`)
    .where(
      'balance_id',
      'in',
      balances.map((row) => row.id),
    )
    .where('deadline', '<=', now)
    .groupBy('balance_id')
    .execute();
  const back = new Map(lapsed.map((row) => [row.balance_id, Number(row.units)]));
  for (const { sku, id, available } of balances)
    units.set(sku, (units.get(sku) ?? 0) + available + (back.get(id) ?? 0));
  return units;
}

/** Keys of a subscriber that have a delivery waiting, which nobody can take away before the transaction ends. */
export async function waitingKeys(db: Db, subscriber: string, keys: readonly string[]): Promise<Set<string>> {
  if (keys.length === 0) return new Set();
  const query = db
    .selectFrom('deliveries')
    .select('key')
    .where('subscriber', '=', subscriber)
    .where('key', 'in', [...keys])
    .where(sql<SqlBool>`state in ('ready', 'leased')`)
    .where(sql<SqlBool>`state = 'ready'`)
    .orderBy('id');
  const rows = await (locksRows(db) ? query.forUpdate() : query).execute();
  return new Set(rows.map((row) => row.key));
}

/** Closes the book on the listings of channels that the share no longer names; answers how many. */
export async function retireOthers(
  db: Db,
  share: string,
  kept: readonly { channel: string; shop: string }[],
): Promise<void> {
  await db
    .updateTable('share_states')
    .set({ active: 0 })
    .where('share', '=', share)
    .where('active', '=', 1)
    .where((eb) =>
      eb.not(
        eb.or(kept.map(({ channel, shop }) => eb.and([eb('channel', '=', channel), eb('shop', '=', shop)]))),
      ),
    )
    .execute();
}

export interface StatesWanted {
  share?: string | undefined;
  channel?: string | undefined;
  shop?: string | undefined;
  listing?: string | undefined;
  sku?: string | undefined;
  /** Only those whose channel has never answered, or has answered for an older version only. */
  pushed?: 'never' | 'behind' | undefined;
  after?: number | undefined;
  limit: number;
}

/** Numbers that are told, by id. */
export function shareStates(db: Db, wanted: StatesWanted): Promise<Row<'share_states'>[]> {
  let query = db.selectFrom('share_states').selectAll().where('active', '=', 1);
  if (wanted.share !== undefined) query = query.where('share', '=', wanted.share);
  if (wanted.channel !== undefined) query = query.where('channel', '=', wanted.channel);
  if (wanted.shop !== undefined) query = query.where('shop', '=', wanted.shop);
  if (wanted.listing !== undefined) query = query.where('listing', '=', wanted.listing);
  if (wanted.sku !== undefined) query = query.where('sku', '=', wanted.sku);
  if (wanted.pushed === 'never') query = query.where('pushed_version', 'is', null);
  if (wanted.pushed === 'behind')
    query = query.where((eb) =>
      eb.or([eb('pushed_version', 'is', null), eb('pushed_version', '<', eb.ref('version'))]),
    );
  if (wanted.after !== undefined) query = query.where('id', '>', wanted.after);
  return query.orderBy('id').limit(wanted.limit).execute();
}

/** Listings of a shop that the rules no longer name, which goes on showing the last number it was told. */
export interface LeftBehind {
  share: string;
  channel: string;
  shop: string;
  /** How many still show units, or are open. */
  listings: number;
}

/** Numbers that stand at shops that were taken out of the rules; of one share, or of all. */
export async function leftBehind(db: Db, share?: string): Promise<LeftBehind[]> {
  let query = stillShown(db)
    .select((eb) => ['share', 'channel', 'shop', eb.fn.countAll<number>().as('listings')])
    .groupBy(['share', 'channel', 'shop']);
  if (share !== undefined) query = query.where('share', '=', share);
  const rows = await query.orderBy('share').orderBy('channel').orderBy('shop').execute();
  return rows.map((row) => ({ ...row, listings: Number(row.listings) }));
}

/** The states behind them, of one shop, by id. */
export function statesLeftBehind(
  db: Db,
  { share, channel, shop, limit }: { share: string; channel: string; shop: string; limit: number },
): Promise<Row<'share_states'>[]> {
  return stillShown(db)
    .selectAll()
    .where('share', '=', share)
    .where('channel', '=', channel)
    .where('shop', '=', shop)
    .orderBy('id')
    .limit(limit)
    .execute();
}

function stillShown(db: Db) {
  return db
    .selectFrom('share_states')
    .where('active', '=', 0)
    .where((eb) => eb.or([eb('sellable', '>', 0), eb('open', '=', 1)]));
}

export function shareState(db: Db, id: number): Promise<Row<'share_states'> | undefined> {
  return db.selectFrom('share_states').selectAll().where('id', '=', id).executeTakeFirst();
}

export function allShares(db: Db): Promise<Row<'shares'>[]> {
  return db.selectFrom('shares').selectAll().orderBy('id').execute();
}

export function shareById(db: Db, id: string): Promise<Row<'shares'> | undefined> {
  return db.selectFrom('shares').selectAll().where('id', '=', id).executeTakeFirst();
}

/** Marks all shares as renewed at a moment, which has them worked out anew; the mark grows even twice at one moment. */
export async function workAnew(db: Db, at: number): Promise<void> {
  await db
    .updateTable('shares')
    .set((eb) => ({
      updated_at: eb
        .case()
        .when('updated_at', '>=', at)
        .then(eb('updated_at', '+', 1))
        .else(at)
        .end(),
    }))
    .execute();
}

/** The newest ledger entry of each of these SKUs in some pools. */
export async function newestMovements(
  db: Db,
  { skus, pools }: { skus: readonly string[]; pools: readonly string[] },
): Promise<Map<string, number>> {
  if (skus.length === 0) return new Map();
  const rows = await db
    .selectFrom('stock_items as i')
    .innerJoin('stock_balances as b', 'b.id', 'i.balance_id')
    .select((eb) => ['i.sku', eb.fn.max('b.last_movement_id').as('newest')])
    .where('i.sku', 'in', [...skus])
    .where('i.pool', 'in', [...pools])
    .groupBy('i.sku')
    .execute();
  return new Map(rows.map(({ sku, newest }) => [sku, Number(newest ?? 0)]));
}

/** When the first ledger entry after one was written, epoch milliseconds; undefined when there is none. */
export async function nextMovementAt(db: Db, after: number): Promise<number | undefined> {
  const row = await db
    .selectFrom('stock_movements as m')
    .innerJoin('stock_operations as o', 'o.id', 'm.op_id')
    .select('o.at')
    .where('m.id', '>', after)
    .orderBy('m.id')
    .limit(1)
    .executeTakeFirst();
  return row?.at;
}
