import { sentence } from '../../message.ts';
import { percentSum, type SharePolicy, shopName } from '../../stock/shares/policy.ts';
import { listingState } from '../../stock/shares/shares.ts';
import { listingPage, listingsOfSkus, sharedSkus, unlistedSkus } from '../../store/queries/listings.ts';
import { allShares, leftBehind, shareStates } from '../../store/queries/shares.ts';
import type { Row } from '../../store/schema.ts';
import { type Asking, isoTime } from './asking.ts';
import { type Asked, choiceOf, cursorFrom, cursorOf, idOf, limitOf, textOf } from './parameters.ts';

/**
 * What listings are to show: `share`, `channel`, `shop`, `listing`, `sku`, `pushed` (never, behind), `limit`, `after`
 * (an id).
 */
export async function askShares(asked: Asked, { hub, language }: Pick<Asking, 'hub' | 'language'>) {
  const limit = limitOf(asked);
  const now = hub.store.now();
  const rows = await shareStates(hub.store.read, {
    share: textOf(asked, 'share'),
    channel: textOf(asked, 'channel'),
    shop: textOf(asked, 'shop'),
    listing: textOf(asked, 'listing'),
    sku: textOf(asked, 'sku'),
    pushed: choiceOf(asked, 'pushed', ['never', 'behind']),
    after: idOf(asked, 'after'),
    limit,
  });
  const shares = await allShares(hub.store.read);
  return {
    shares: shares.map(({ id, label, policy }) => ({ id, label, policy: JSON.parse(policy) as SharePolicy })),
    states: rows.map((row) => shownState(row, now, language)),
    next: rows.length === limit ? String(rows.at(-1)!.id) : null,
  };
}

function shownState(row: Row<'share_states'>, now: number, language: Asking['language']) {
  const { why, at, ...state } = listingState(row);
  const { pushed_at, pushed_version, pushed_result } = row;
  return {
    ...state,
    why: { ...why, sentence: sentence(why.code, why.params, language) },
    at: isoTime(at),
    pushed:
      pushed_at === null
        ? null
        : {
            version: pushed_version,
            at: isoTime(pushed_at),
            result: pushed_result,
            /** Age of the number that the channel shows. */
            ageSeconds: Math.max(0, Math.round((now - pushed_at) / 1_000)),
          },
  };
}

/** What channels sell: `channel`, `shop`, `unmapped` (yes: without a SKU that is known), `limit`, `after`. */
export async function askListings(asked: Asked, { hub }: Pick<Asking, 'hub'>) {
  const limit = limitOf(asked);
  const after = cursorOf(asked, ['string', 'string', 'string']);
  const rows = await listingPage(hub.store.read, {
    channel: textOf(asked, 'channel'),
    shop: textOf(asked, 'shop'),
    unmapped: choiceOf(asked, 'unmapped', ['yes', 'no']) === 'yes',
    ...(after && { after: { channel: after[0], shop: after[1], listing: after[2] } }),
    limit,
  });
  const last = rows.at(-1);
  return {
    listings: rows.map(({ seen_at, ...row }) => ({ ...row, seenAt: isoTime(seen_at) })),
    next: rows.length === limit && last ? cursorFrom(last.channel, last.shop, last.listing) : null,
  };
}

/**
 * What may go wrong with shares: percentages above 100, shops that were taken out of the rules and still show a number,
 * SKUs behind several listings, SKUs without any; `limit`.
 */
export async function askShareWarnings(asked: Asked, { hub, language }: Pick<Asking, 'hub' | 'language'>) {
  const limit = limitOf(asked);
  const db = hub.store.read;
  const [shares, left, shared, unlisted] = await Promise.all([
    allShares(db),
    leftBehind(db),
    sharedSkus(db, limit),
    unlistedSkus(db, '', limit),
  ]);
  const listings = await listingsOfSkus(
    db,
    shared.map(({ sku }) => sku),
  );
  const warnings = [
    ...shares.flatMap(({ id, policy }) => {
      const sum = percentSum(JSON.parse(policy) as SharePolicy);
      return sum > 100 ? [{ code: 'shares.over-percent', share: id, params: { sum } }] : [];
    }),
    ...left.map(({ share, listings, ...shop }) => ({
      code: 'shares.left-behind',
      share,
      ...shop,
      params: { shop: shopName(shop), listings },
    })),
    ...shared.map(({ sku, count }) => {
      const names = listings
        .filter((row) => row.sku === sku)
        .map((row) => `${row.channel}/${row.shop}/${row.listing}`)
        .slice(0, 5)
        .join(', ');
      return { code: 'shares.shared-mapping', params: { sku, count, names } };
    }),
  ];
  return {
    warnings: warnings.map((one) => ({ ...one, sentence: sentence(one.code, one.params, language) })),
    unlistedSkus: unlisted,
  };
}
