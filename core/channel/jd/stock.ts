import { batchKey } from '../connection/batch-key.ts';
import { ChannelFault } from '../connection/fault.ts';
import type { ListingOnChannel, StockResult, StockTarget } from '../connection/stock-target.ts';
import { fieldAt, isTrue, type Row, rowsAt, textAt } from '../json-fields.ts';
import { assertSuccess, type Jos, title } from './call.ts';
import { faultOf } from './errors.ts';

const write = 'jingdong.ware.stock.sku.set';
const query = 'jingdong.ware.stock.sku.query';
/** SKUs of one request, by the platform's documentation. */
const most = 30;

/**
 * The stock of a shop's SKUs, whichever products they belong to. A listing is a `skuId`.
 *
 * There is no switch for sale: JD takes whole products off the shelf only, and a SKU does not tell which others belong to
 * its product. With a stock of 0 it cannot be bought.
 */
export function stockOf(jos: Jos): StockTarget {
  return {
    most,
    groupOf: () => 'sku',
    async set(numbers, signal) {
      if (numbers.length === 0) return [];
      const rows = await jos(
        {
          method: write,
          parameters: {
            req: {
              updateModel: 'fullStockIn',
              stockRfId: batchKey(numbers),
              skuStocks: numbers.map(({ listing, sellable }) => ({
                skuId: idOf(listing),
                stockNum: sellable,
              })),
            },
          },
          repeatable: true,
        },
        ({ data }) => {
          assertSuccess(data.returnType, write);
          return rowsAt(data.returnType, 'obj', 'updateStockResult');
        },
        signal,
      );
      const bySku = new Map(rows.map((row) => [textAt(row, 'data'), row]));
      return numbers.flatMap(({ listing }) => {
        const row = bySku.get(listing);
        return row ? [resultOf(listing, row)] : [];
      });
    },
    async read(listings, signal) {
      const found = new Map<string, ListingOnChannel>();
      for (const listing of listings) {
        const shown = await shownOf(jos, listing, signal);
        if (shown) found.set(listing, shown);
      }
      return found;
    },
    sale: null,
  };
}

/** A number as JD has it, or its digits where a number would lose some. */
function idOf(listing: string): number | string {
  const id = Number(listing);
  return Number.isSafeInteger(id) && String(id) === listing ? id : listing;
}

/** Each row has its own outcome, inside an answer that says success. */
function resultOf(listing: string, row: Row): StockResult {
  if (isTrue(row.success)) return { listing };
  const code = textAt(row, 'code') || 'success=false';
  const what = { platform: title, call: write, code, said: textAt(row, 'message') };
  return { listing, fault: faultOf(what, undefined) };
}

/** What JD shows of a SKU, over all its stores; undefined for one it does not know. */
async function shownOf(
  jos: Jos,
  listing: string,
  signal: AbortSignal,
): Promise<ListingOnChannel | undefined> {
  const request = { method: query, parameters: { skuId: idOf(listing) }, repeatable: true };
  try {
    return await jos(
      request,
      ({ data }) => {
        assertSuccess(data.returnType, query);
        const stores = rowsAt(data.returnType, 'obj', 'skuStockInfos');
        if (stores.length === 0) return undefined;
        const numbers = stores.map((store) => fieldAt(store, 'stockNum'));
        const sellable = numbers.reduce<number | null>(
          (sum, number) => (sum === null || typeof number !== 'number' ? null : sum + number),
          0,
        );
        return { sellable, open: null };
      },
      signal,
    );
  } catch (error) {
    if (ChannelFault.is(error) && /不存在|not exist/i.test(String(error.params.said))) return undefined;
    throw error;
  }
}
