import { ChannelFault } from '../connection/fault.ts';
import { refusalOf } from '../connection/refused.ts';
import type { StockNumber, StockResult, StockTarget } from '../connection/stock-target.ts';
import { productSku } from '../product-sku.ts';
import { type Pdd, refuseFailure } from './call.ts';
import './messages.ts';
import { saleOf } from './sale.ts';

const update = 'pdd.goods.quantity.update';
/** The number is set, not added to. */
const absolute = 1;

/** The stock of a shop's SKUs, one in a request. What Pinduoduo shows cannot be read back. */
export function stockOf(pdd: Pdd): StockTarget {
  return {
    most: 1,
    groupOf: (listing) => listing,
    async set(numbers, signal) {
      const results: StockResult[] = [];
      for (const number of numbers) {
        const { listing } = number;
        if (productSku(listing).sku === undefined) {
          results.push({ listing, fault: new ChannelFault('caller', 'pinduoduo.sku-missing', { listing }) });
          continue;
        }
        const fault = await refusalOf(() => setOne(pdd, number, signal));
        results.push({ listing, ...(fault && { fault }) });
      }
      return results;
    },
    sale: saleOf(pdd),
  };
}

function setOne(pdd: Pdd, { listing, sellable }: StockNumber, signal: AbortSignal): Promise<void> {
  const { product, sku } = productSku(listing);
  const parameters = { goods_id: product, sku_id: sku, quantity: sellable, update_type: absolute };
  // Not repeated within a call: a first attempt that gets through late would end a newer number.
  return pdd(
    { type: update, parameters, repeatable: false },
    ({ data }) => refuseFailure(data, update),
    signal,
  );
}
