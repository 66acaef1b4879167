import { appendFileSync } from 'node:fs';
import { readFile, rename, writeFile } from 'node:fs/promises';
import type { Listing } from '../../../test/simulator/shop/listing.ts';
import type { ShopOrder } from '../../../test/simulator/shop/order.ts';
import type { Shop } from '../../../test/simulator/shop/shop.ts';

/** Orders that a shop remembers over a restart, the newest ones; open ones always. */
const mostKept = 2_000;

type ListingState = Pick<Listing, 'sku' | 'available' | 'onSale'>;

/** One line of the file. The last one about an order, or a SKU, is what stands. */
type Line = { order: ShopOrder } | { listing: ListingState };

/**
 * Has a simulated shop go on where it stopped, also where it was killed: each change is a line of a file. A shop that
 * starts anew would sell under the numbers of orders that the hub has already.
 *
 * @returns what writes down the numbers that the shop shows, where they have changed
 * @throws the file system's error when the file cannot be read or written
 */
export async function rememberShop(shop: Shop, file: string): Promise<() => void> {
  const { orders, listings } = await readLines(file);
  const bySku = new Map(shop.listings.map((listing) => [listing.sku, listing]));
  for (const { sku, available, onSale } of listings) {
    const listing = bySku.get(sku);
    if (listing) Object.assign(listing, { available, onSale });
  }
  for (const order of orders) {
    const lines = order.lines.flatMap((line) => {
      const listing = bySku.get(line.listing.sku);
      return listing ? [{ ...line, listing }] : [];
    });
    // What is sold no more was in it.
    if (lines.length === order.lines.length) shop.restore({ ...order, lines });
  }
  const told = new Map<string, string>();
  const changedListings = (): Line[] =>
    shop.listings.flatMap(({ sku, available, onSale }) => {
      const state = `${available} ${onSale}`;
      if (told.get(sku) === state) return [];
      told.set(sku, state);
      return [{ listing: { sku, available, onSale } }];
    });
  const draft = `${file}.new`;
  await writeFile(draft, textOf([...shop.orders().map((order) => ({ order })), ...changedListings()]), {
    mode: 0o600,
  });
  await rename(draft, file);
  shop.onEvent((_, order) => appendFileSync(file, textOf([{ order }])));
  return () => {
    const lines = changedListings();
    if (lines.length > 0) appendFileSync(file, textOf(lines));
  };
}

async function readLines(file: string): Promise<{ orders: ShopOrder[]; listings: ListingState[] }> {
  const orders = new Map<string, ShopOrder>();
  const listings = new Map<string, ListingState>();
  for (const text of (await textIn(file)).split('\n')) {
    const line = lineIn(text);
    if (line === undefined) continue;
    if ('order' in line) orders.set(line.order.id, line.order);
    else listings.set(line.listing.sku, line.listing);
  }
  const all = [...orders.values()];
  const kept = all.filter(
    ({ stage }, index) => index >= all.length - mostKept || !['completed', 'cancelled'].includes(stage),
  );
  return { orders: kept, listings: [...listings.values()] };
}

async function textIn(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return '';
    throw error;
  }
}

/** Undefined for the line in the middle of which the process was killed. */
function lineIn(text: string): Line | undefined {
  if (text === '') return undefined;
  try {
    return JSON.parse(text) as Line;
  } catch {
    // SyntaxError: only ever the last line that was being written.
    return undefined;
  }
}

function textOf(lines: readonly Line[]): string {
  return lines.map((line) => `${JSON.stringify(line)}\n`).join('');
}
