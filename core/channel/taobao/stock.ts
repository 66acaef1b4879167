import { refusalOf } from '../connection/refused.ts';
import type { ListingOnChannel, StockNumber, StockResult, StockTarget } from '../connection/stock-target.ts';
import { fieldAt, type Row, rowsAt, textAt } from '../json-fields.ts';
import { productSku } from '../product-sku.ts';
import type { Top } from './call.ts';
import { itemsOf } from './items.ts';
import { saleOf } from './sale.ts';

/** SKUs of one item in one request, by the platform's catalogue. */
const most = 20;
/** The number is set, not added to. */
const absolute = '1';

/** The stock of a seller's items: the SKUs of one item are written together. */
export function stockOf(top: Top): StockTarget {
  return {
    most,
    groupOf: (listing) => productSku(listing).product,
    async set(numbers, signal) {
      const [only, ...others] = numbers;
      if (!only) return [];
      const areSkus = numbers.every(({ listing }) => productSku(listing).sku !== undefined);
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
        listings.map((listing) => productSku(listing).product),
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
  if (productSku(number.listing).sku !== undefined) return setSkus(top, [number], signal);
  const parameters = {
    num_iid: productSku(number.listing).product,
    quantity: String(number.sellable),
    type: absolute,
  };
  // Not repeated within a call: a first attempt that gets through late would end a newer number.
  return top(
    { method: 'taobao.item.quantity.update', parameters, repeatable: false },
    () => undefined,
    signal,
  );
}

function setSkus(top: Top, numbers: readonly StockNumber[], signal: AbortSignal): Promise<void> {
  const quantities = numbers.map(({ listing, sellable }) => `${productSku(listing).sku}:${sellable}`);
  const parameters = {
    num_iid: productSku(numbers[0]!.listing).product,
    skuid_quantities: quantities.join(';'),
    type: absolute,
  };
  return top(
    { method: 'taobao.skus.quantity.update', parameters, repeatable: false },
    () => undefined,
    signal,
  );
}

function shownOf(listing: string, items: ReadonlyMap<string, Row>): ListingOnChannel | undefined {
  const { product, sku } = productSku(listing);
  const found = items.get(product);
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
