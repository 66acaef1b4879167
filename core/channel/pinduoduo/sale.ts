import type { StockTarget } from '../connection/stock-target.ts';
import { productSku } from '../product-sku.ts';
import { type Pdd, refuseFailure } from './call.ts';

const setStatus = 'pdd.goods.sale.status.set';

/** Takes whole goods off the shelf and puts them back: a SKU has no switch of its own. */
export function saleOf(pdd: Pdd): NonNullable<StockTarget['sale']> {
  return {
    unitOf: (listing) => productSku(listing).product,
    async set(listing, open, signal) {
      const parameters = { goods_id: productSku(listing).product, is_onsale: open ? 1 : 0 };
      // The first of two attempts may get through after the opposite was said.
      const request = { type: setStatus, parameters, repeatable: false };
      await pdd(request, ({ data }) => refuseFailure(data, setStatus), signal);
    },
  };
}
