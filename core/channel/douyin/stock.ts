import { randomUUID } from 'node:crypto';
import { batchKey } from '../connection/batch-key.ts';
import { ChannelFault } from '../connection/fault.ts';
import { isRefusal } from '../connection/refused.ts';
import type { ListingOnChannel, StockNumber, StockResult, StockTarget } from '../connection/stock-target.ts';
import { fieldAt, isTrue, type Row, rowsAt, textAt } from '../json-fields.ts';
import { productSku } from '../product-sku.ts';
import { title } from './answer.ts';
import type { Douyin } from './call.ts';
import { faultIn } from './errors.ts';
import './messages.ts';
import { numberParameter } from './param-json.ts';

const write = 'sku.syncStockBatchMultiProducts';
const query = 'sku.stockNum';
/** SKUs of one request, by the platform's documentation. */
const most = 50;
/** How often a batch is told under another key, each time because the answer to the last was lost. */
const mostKeys = 3;

/** The stock of a shop's SKUs, whichever products they belong to. A listing is `productId/skuId`. */
export function stockOf(douyin: Douyin): StockTarget {
  return {
    most,
    groupOf: () => 'sku',
    async set(numbers, signal) {
      const isWhole = ({ listing }: StockNumber): boolean => productSku(listing).sku !== undefined;
      const refused = numbers.filter((number) => !isWhole(number));
      return [
        ...(await setKnown(douyin, numbers.filter(isWhole), signal)),
        ...refused.map(({ listing }) => ({ listing, fault: withoutSku(listing) })),
      ];
    },
    async read(listings, signal) {
      const found = new Map<string, ListingOnChannel>();
      for (const listing of listings) {
        const shown = await shownOf(douyin, listing, signal);
        if (shown) found.set(listing, shown);
      }
      return found;
    },
    sale: {
      unitOf: (listing) => productSku(listing).product,
      async set(listing, open, signal) {
        const method = open ? 'product.setOnline' : 'product.setOffline';
        const parameters = { product_id: numberParameter(productSku(listing).product) };
        // The first of two attempts may get through after the opposite was said.
        await douyin({ method, parameters, repeatable: false }, () => undefined, signal);
      },
    },
  };
}

function withoutSku(listing: string): ChannelFault {
  return new ChannelFault('caller', 'douyin.sku-missing', { listing });
}

async function setKnown(
  douyin: Douyin,
  numbers: readonly StockNumber[],
  signal: AbortSignal,
): Promise<StockResult[]> {
  if (numbers.length === 0) return [];
  let key = batchKey(numbers);
  for (let left = mostKeys; ; left -= 1) {
    try {
      return await writeAll(douyin, numbers, key, signal);
    } catch (error) {
      if (!isKeyUsed(error) || left === 0) throw error;
      // An attempt whose answer was lost went through, for which of the rows nobody knows. The numbers are absolute:
      // told again, under a key that was not used, they answer for each row.
      key = randomUUID();
    }
  }
}

/** Douyin takes a key once, and refuses another request with it for a day. */
function isKeyUsed(error: unknown): boolean {
  return (
    isRefusal(error) &&
    (/business-failed:-20002\b/.test(String(error.params.code)) ||
      /token已被使用/i.test(String(error.params.said)))
  );
}

async function writeAll(
  douyin: Douyin,
  numbers: readonly StockNumber[],
  key: string,
  signal: AbortSignal,
): Promise<StockResult[]> {
  const items = numbers.map(({ listing, sellable }, index) => {
    const { product, sku = '' } = productSku(listing);
    return {
      product_id: numberParameter(product),
      sku_id: numberParameter(sku),
      stock_num: sellable,
      uniq_id: String(index),
    };
  });
  const rows = await douyin(
    {
      method: write,
      // All or nothing unless asked for rows of their own.
      parameters: { items, idempotent_id: key, incremental: false, allow_partial_success: true },
      repeatable: true,
    },
    ({ data }) => rowsAt(data, 'results'),
    signal,
  );
  return numbers.flatMap(({ listing }, index) => {
    const row = rowOf(rows, listing, index);
    return row ? [resultOf(listing, row)] : [];
  });
}

/** By the mark that was sent along, or where that does not come back by the SKU. */
function rowOf(rows: readonly Row[], listing: string, index: number): Row | undefined {
  const { sku } = productSku(listing);
  return (
    rows.find((row) => textAt(row, 'uniq_id') === String(index)) ??
    rows.find((row) => textAt(row, 'uniq_id') === '' && textAt(row, 'sku_id') === sku)
  );
}

function resultOf(listing: string, row: Row): StockResult {
  const code = textAt(row, 'status_code') || textAt(row, 'code');
  if (isTrue(row.success) || ['0', '10000'].includes(code)) return { listing };
  const said = { code: code || 'success=false', msg: textAt(row, 'status_message') || textAt(row, 'msg') };
  return { listing, fault: faultIn({ platform: title, call: write }, said) };
}

/** What Douyin shows of a SKU; undefined for one it does not know. Stock by region has no one number. */
async function shownOf(
  douyin: Douyin,
  listing: string,
  signal: AbortSignal,
): Promise<ListingOnChannel | undefined> {
  const { sku } = productSku(listing);
  if (sku === undefined) return undefined;
  const request = { method: query, parameters: { sku_id: numberParameter(sku) }, repeatable: true };
  try {
    return await douyin(
      request,
      ({ data }) => {
        const shown = fieldAt(data, 'stock_num');
        return { sellable: typeof shown === 'number' ? shown : null, open: null };
      },
      signal,
    );
  } catch (error) {
    if (isRefusal(error) && /不存在|not exist/i.test(String(error.params.said))) return undefined;
    throw error;
  }
}
