import { callerFault, permissionFault, platformFault } from '../connection/fault.ts';
import type { ListingOnChannel, StockNumber, StockResult, StockTarget } from '../connection/stock-target.ts';
import { isForbidden, listIn, type Rest } from './rest.ts';

/** Objects of a batch, and rows of a page, by the documentation of the REST API v3. */
const most = 100;

/**
 * A listing is `productId/variationId`, or the product's number alone where it has no variations. Variations are
 * written product by product, simple products together.
 *
 * There is no separate switch for sale: a managed stock of 0 is "out of stock" by itself, and hiding a product would
 * take its page from the shop's visitors.
 */
export function stockOf(rest: Rest): StockTarget {
  return {
    most,
    groupOf: (listing) => pathOf(listing),
    async set(numbers, signal) {
      const path = pathOf(numbers[0]!.listing);
      const update = numbers.map(({ listing, sellable }) => ({
        id: idOf(listing),
        manage_stock: true,
        stock_quantity: sellable,
      }));
      // Not repeated within a call: a first attempt that gets through late would end a newer number.
      const answer = await rest(
        { method: 'POST', path: `${path}/batch`, body: { update }, repeatable: false },
        signal,
      );
      const rows = listIn(
        { ...answer, data: (answer.data as { update?: unknown }).update },
        `POST ${path}/batch`,
      );
      // A row that is left out moves the others up; the ids tell which it was.
      const byId = new Map(rows.map((row) => [String(row.id), row]));
      const isWhole = rows.length === numbers.length;
      return numbers.flatMap((number, index) => {
        const row = isWhole ? rows[index] : byId.get(String(idOf(number.listing)));
        return row ? [resultOf(number, path, row)] : [];
      });
    },
    async read(listings, signal) {
      const found = new Map<string, ListingOnChannel>();
      const groups = new Map<string, string[]>();
      for (const listing of listings) {
        const path = pathOf(listing);
        groups.set(path, [...(groups.get(path) ?? []), listing]);
      }
      for (const [path, all] of groups)
        for (let start = 0; start < all.length; start += most) {
          const part = all.slice(start, start + most);
          const params = {
            include: part.map((listing) => String(idOf(listing))).join(','),
            per_page: String(most),
            _fields: 'id,stock_quantity,stock_status,status',
          };
          const rows = listIn(await rest({ method: 'GET', path, params }, signal), `GET ${path}`);
          const byId = new Map(rows.map((row) => [String(row.id), row]));
          for (const listing of part) {
            const row = byId.get(String(idOf(listing)));
            if (row) found.set(listing, shown(row));
          }
        }
      return found;
    },
    sale: null,
  };
}

function shown(row: Record<string, unknown>): ListingOnChannel {
  const { stock_quantity: quantity, stock_status: stock } = row;
  return {
    sellable: typeof quantity === 'number' ? quantity : null,
    open: typeof stock === 'string' ? stock !== 'outofstock' : null,
  };
}

/** Each row of a batch has its own outcome, inside a 200. */
function resultOf({ listing }: StockNumber, path: string, row: Record<string, unknown>): StockResult {
  const { error } = row;
  if (typeof error !== 'object' || error === null) return { listing };
  const { code, message, data } = error as { code?: unknown; message?: unknown; data?: { status?: unknown } };
  const what = {
    platform: 'WooCommerce',
    call: `POST ${path}/batch`,
    code: String(code ?? ''),
    said: String(message ?? ''),
  };
  // The status that the row would have had as a request of its own.
  const status = Number(data?.status);
  if (status >= 500) return { listing, fault: platformFault(what) };
  return { listing, fault: isForbidden(what) ? permissionFault(what) : callerFault(what) };
}

function pathOf(listing: string): string {
  const [product = '', variation] = listing.split('/');
  return variation ? `wc/v3/products/${encodeURIComponent(product)}/variations` : 'wc/v3/products';
}

function idOf(listing: string): number {
  return Number(listing.split('/').at(-1));
}
