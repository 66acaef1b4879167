import { HubError } from '../../errors.ts';
import { listingsByKey, type NewListing, saveListings } from '../../store/queries/listings.ts';
import type { CommandHandler } from '../../store/store.ts';
import './messages.ts';

/** Listings taken in at once at most. */
export const mostListings = 10_000;
/** Rows of one statement; bounds the length of a transaction. */
const page = 200;

/** Writes a page of listings; answers the SKUs whose numbers may be others now: those before and after. */
export const listingsHandler: CommandHandler<readonly NewListing[], string[]> = {
  name: 'shares.listings',
  async run(tx, commands) {
    const answers: string[][] = [];
    for (const listings of commands) {
      const before = await listingsByKey(tx.db, listings);
      await saveListings(tx.db, listings);
      const after = await listingsByKey(tx.db, listings);
      const was = new Map(
        before.map((row) => [JSON.stringify([row.channel, row.shop, row.listing]), row.sku]),
      );
      const touched = new Set<string>();
      for (const { channel, shop, listing, sku } of after) {
        const old = was.get(JSON.stringify([channel, shop, listing]));
        if (old === sku) continue;
        for (const one of [old, sku]) if (typeof one === 'string') touched.add(one);
      }
      answers.push([...touched]);
    }
    return answers;
  },
};

/** Listings in pages that name each listing once: the last mention counts. */
export function pagesOf(listings: readonly NewListing[]): NewListing[][] {
  const unique = new Map(listings.map((row) => [JSON.stringify([row.channel, row.shop, row.listing]), row]));
  const all = [...unique.values()];
  const pages: NewListing[][] = [];
  for (let first = 0; first < all.length; first += page) pages.push(all.slice(first, first + page));
  return pages;
}

export interface ListingRefusal {
  /** Place in the list, from 1. */
  row: number;
  code: string;
  params: { row: number };
}

/**
 * The listings of a list that a person or a message brought, and the entries that are none.
 *
 * @throws HubError shares.listings-wanted, shares.too-many
 */
export function readListings(
  given: unknown,
  at: number,
): { listings: NewListing[]; refusals: ListingRefusal[] } {
  if (!Array.isArray(given)) throw new HubError('shares.listings-wanted');
  if (given.length > mostListings)
    throw new HubError('shares.too-many', { count: given.length, most: mostListings });
  const listings: NewListing[] = [];
  const refusals: ListingRefusal[] = [];
  for (const [index, entry] of given.entries()) {
    const { channel, shop, listing, sku = null } = (entry ?? {}) as Record<string, unknown>;
    if (isName(channel) && isName(shop) && isName(listing) && (sku === null || isName(sku)))
      listings.push({ channel, shop, listing, sku, source: 'told', seen_at: at });
    else refusals.push({ row: index + 1, code: 'shares.bad-listing', params: { row: index + 1 } });
  }
  return { listings, refusals };
}

function isName(value: unknown): value is string {
  return typeof value === 'string' && value.trim() !== '' && value.length <= 255 && !value.includes('\0');
}
