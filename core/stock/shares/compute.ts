import { enqueue } from '../../delivery/enqueue.ts';
import { listingsByKey, listingsOfSkus } from '../../store/queries/listings.ts';
import { waitingKeys } from '../../store/queries/shares.ts';
import type { Changes, NewRow, Row } from '../../store/schema.ts';
import type { CommandHandler, Tx } from '../../store/store.ts';
import { levelsOf } from './levels.ts';
import { type ChannelShare, type SharePolicy, shopName } from './policy.ts';
import { type ShopNumber, shareOut } from './share-out.ts';

export interface Compute {
  share: string;
  skus: readonly string[];
}

/** How many listings have a new state, and how many deliveries were written for them. */
export interface Computed {
  changed: number;
  told: number;
}

/** The subscriber that a share's deliveries are for. */
export function subscriberOf(share: string): string {
  return `stock:${share}`;
}

/**
 * Works out what the listings of some SKUs are to show, from the stock as it is now, and writes and tells what
 * differs. The share's row is locked first, so that of two processes that do it the later one reads the newer stock.
 */
export const computeHandler: CommandHandler<Compute, Computed> = {
  name: 'shares.compute',
  async run(tx, commands) {
    const answers: Computed[] = [];
    for (const command of commands) answers.push(await compute(tx, command));
    return answers;
  },
};

async function compute(tx: Tx, { share, skus }: Compute): Promise<Computed> {
  const [kept] = await tx.find('shares', [{ id: share }]);
  if (!kept) return { changed: 0, told: 0 };
  const policy = JSON.parse(kept.policy) as SharePolicy;
  const names = [...new Set(skus)].sort();
  const before = await tx.find(
    'share_states',
    names.map((sku) => ({ share, sku })),
  );
  const levels = await levelsOf(tx.db, names, policy, tx.now);
  const listings = await listingsOfSkus(tx.db, names);
  const taken = await namesTaken(tx, policy, names);
  const states = new Map(before.map((row) => [keyOf(row), row]));
  const wanted = new Map<string, Wanted>();
  for (const sku of names) {
    const level = levels.get(sku);
    // Of stock nobody has known of nothing is told: its listings are found as unmapped instead.
    if (!level) continue;
    const targets = policy.channels.flatMap((row) =>
      listingsFor(row, sku, listings, taken).map((listing) => ({ row, listing })),
    );
    // Listings of one shop may stand open and closed; each is judged by its own past.
    for (const { row, listing } of targets) {
      const { channel, shop } = row;
      const key = keyOf({ channel, shop, listing });
      const past = states.get(key);
      const numbers = shareOut(level.available, level.policy, tx.now, (other) =>
        other === row && past?.active === 1 ? past.open === 1 : undefined,
      );
      const number = numbers[policy.channels.indexOf(row)]!;
      wanted.set(key, { sku, listing, number });
    }
  }
  await findOthers(tx, share, wanted, states);
  for (const past of before) {
    const key = keyOf(past);
    const isOurs = policy.channels.some((row) => shopName(row) === shopName(past));
    // Listed under its own name until a listing was told, or told to be another SKU meanwhile.
    if (isOurs && past.active === 1 && !wanted.has(key)) {
      const number = levels.has(past.sku) ? unlisted(past) : unstocked(past, policy);
      wanted.set(key, { sku: past.sku, listing: past.listing, number });
    }
  }
  return await write(tx, share, wanted, states);
}

interface Wanted {
  sku: string;
  listing: string;
  number: ShopNumber;
}

function keyOf({ channel, shop, listing }: { channel: string; shop: string; listing: string }): string {
  return JSON.stringify([channel, shop, listing]);
}

/** The key of a listing's deliveries: two states of one listing are never in flight together. */
export function deliveryKey({ channel, shop, listing }: ListingName): string {
  return `${channel}/${shop}/${listing}`;
}

interface ListingName {
  channel: string;
  shop: string;
  listing: string;
}

/** Names of SKUs that a shop has a listing under, whatever stands behind it. */
async function namesTaken(tx: Tx, policy: SharePolicy, skus: readonly string[]): Promise<Set<string>> {
  const rows = policy.channels.filter((row) => row.listings === 'all');
  const found = await listingsByKey(
    tx.db,
    rows.flatMap(({ channel, shop }) => skus.map((listing) => ({ channel, shop, listing }))),
  );
  return new Set(found.map(keyOf));
}

function listingsFor(
  row: ChannelShare,
  sku: string,
  listings: readonly Row<'listings'>[],
  taken: ReadonlySet<string>,
): string[] {
  const mapped = listings
    .filter((one) => one.sku === sku && one.channel === row.channel && one.shop === row.shop)
    .map((one) => one.listing);
  if (mapped.length > 0 || row.listings === 'mapped') return mapped;
  return taken.has(keyOf({ channel: row.channel, shop: row.shop, listing: sku })) ? [] : [sku];
}

function unlisted(past: Row<'share_states'>): ShopNumber {
  const { channel, shop, listing, sku } = past;
  const why = { code: 'shares.why-unlisted', params: { listing, sku } };
  return { channel, shop, sellable: 0, open: false, why };
}

/** Told before, but no bundle any more, or in none of the pools that the rules name now. */
function unstocked(past: Row<'share_states'>, { pools }: SharePolicy): ShopNumber {
  const { channel, shop, sku } = past;
  const why = { code: 'shares.why-no-stock', params: { sku, pools: pools.join(', ') } };
  return { channel, shop, sellable: 0, open: false, why };
}

/** Rows of listings that stood for another SKU before, which looking by SKU does not find. */
async function findOthers(
  tx: Tx,
  share: string,
  wanted: ReadonlyMap<string, Wanted>,
  states: Map<string, Row<'share_states'>>,
): Promise<void> {
  const missing = [...wanted].filter(([key]) => !states.has(key));
  const rows = await tx.find(
    'share_states',
    missing.map(([, { listing, number }]) => ({
      share,
      channel: number.channel,
      shop: number.shop,
      listing,
    })),
  );
  for (const row of rows) states.set(keyOf(row), row);
}

async function write(
  tx: Tx,
  share: string,
  wanted: ReadonlyMap<string, Wanted>,
  states: ReadonlyMap<string, Row<'share_states'>>,
): Promise<Computed> {
  const fresh: NewRow<'share_states'>[] = [];
  const changes: { key: { id: number }; set: Changes<'share_states'> }[] = [];
  const told: { ref: number; key: string }[] = [];
  for (const [key, { sku, listing, number }] of wanted) {
    const { channel, shop, sellable } = number;
    const open = number.open ? 1 : 0;
    const past = states.get(key);
    const same =
      past && past.active === 1 && past.sku === sku && past.sellable === sellable && past.open === open;
    if (same) continue;
    const state = { sku, sellable, open, why: JSON.stringify(number.why), at: tx.now, active: 1 };
    if (past) {
      changes.push({ key: { id: past.id }, set: { ...state, version: past.version + 1 } });
      told.push({ ref: past.id, key: deliveryKey(past) });
    } else fresh.push({ share, channel, shop, listing, ...state, version: 1 });
  }
  await tx.update('share_states', changes);
  const ids = fresh.length === 0 ? [] : await tx.insert('share_states', fresh);
  fresh.forEach((row, index) => {
    told.push({ ref: ids[index]!, key: deliveryKey(row) });
  });
  return { changed: told.length, told: await tell(tx, share, told) };
}

/** Writes a delivery for each state whose listing has none waiting: one that waits will hand over the newest. */
export async function tell(
  tx: Tx,
  share: string,
  states: readonly { ref: number; key: string }[],
): Promise<number> {
  const subscriber = subscriberOf(share);
  const waiting = await waitingKeys(
    tx.db,
    subscriber,
    states.map(({ key }) => key),
  );
  const due = states.filter(({ key }) => !waiting.has(key));
  await enqueue(
    tx,
    due.map(({ ref, key }) => ({ topic: 'stock' as const, subscriber, key, ref })),
  );
  return due.length;
}
