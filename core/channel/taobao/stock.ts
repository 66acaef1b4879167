import { refusalOf } from '../connection/refused.ts';
import type { ListingOnChannel, StockNumber, StockResult, StockTarget } from '../connection/stock-target.ts';
import { fieldAt, type Row, rowsAt, textAt } from '../json-fields.ts';
import type { Top } from './call.ts';
import { itemsOf, listingName } from './items.ts';
import { saleOf } from './sale.ts';

/** SKUs of one item in one request, by the platform's catalogue. */
const most = 20;
/** The number is set, not added to. */
const absolute = '1';

/** The stock of a seller's items: the SKUs of one item are written together. */
export function stockOf(top: Top): StockTarget {
  return {
    most,
    groupOf: (listing) => listingName(listing).item,
    async set(numbers, signal) {
      const [only, ...others] = numbers;
      if (!only) return [];
      const areSkus = numbers.every(({ listing }) => listingName(listing).sku !== undefined);
      if (areSkus && others.length > 0) {
        const fault = await refusalOf(() => setSkus(top, numbers, signal));
        if (!fault) return numbers.map(({ listing }) => ({ listing }));
        // All or nothing: which one it was shows one by one.
      }
      const results: StockResult[] = [];
      for (const number of numbers) {
        const fault = await refusalOf(() => setOne(top, number, signal));
        results.push({ listing: number.listing, ...(fault && { fault }) });
      }
      return results;
    },
    async read(listings, signal) {
      const items = await itemsOf(
        top,
        listings.map((listing) => listingName(listing).item),
        signal,
      );
      const shown = listings.flatMap((listing) => {
        const found = shownOf(listing, items);
        return found ? ([[listing, found]] as const) : [];
      });
      return new Map(shown);
    },
    sale: saleOf(top),
  };
}

function setOne(top: Top, number: StockNumber, signal: AbortSignal): Promise<void> {
  if (listingName(number.listing).sku !== undefined) return setSkus(top, [number], signal);
  const parameters = {
    num_iid: listingName(number.listing).item,
    quantity: String(number.sellable),
    type: absolute,
  };
  // Absolute numbers: said twice, they are the same.
  return top(
    { method: 'taobao.item.quantity.update', parameters, repeatable: true },
    () => undefined,
    signal,
  );
}

function setSkus(top: Top, numbers: readonly StockNumber[], signal: AbortSignal): Promise<void> {
  const quantities = numbers.map(({ listing, sellable }) => `${listingName(listing).sku}:${sellable}`);
  const parameters = {
    num_iid: listingName(numbers[0]!.listing).item,
    skuid_quantities: quantities.join(';'),
    type: absolute,
  };
  return top(
    { method: 'taobao.skus.quantity.update', parameters, repeatable: true },
    () => undefined,
    signal,
  );
}

function shownOf(listing: string, items: ReadonlyMap<string, Row>): ListingOnChannel | undefined {
  const { item, sku } = listingName(listing);
  const found = items.get(item);
  if (!found) return undefined;
  const status = textAt(found, 'approve_status');
  const open = status === '' ? null : status === 'onsale';
  if (sku === undefined) return { sellable: numberAt(found, 'num'), open };
  const row = rowsAt(found, 'skus', 'sku').find((one) => textAt(one, 'sku_id') === sku);
  return row && { sellable: numberAt(row, 'quantity'), open };
}

function numberAt(row: Row, name: string): number | null {
  const value = fieldAt(row, name);
  return typeof value === 'number' ? value : null;
}
