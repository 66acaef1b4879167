import { ChannelFault } from '../connection/fault.ts';
import type { StockTarget } from '../connection/stock-target.ts';
import { textAt } from '../json-fields.ts';
import { productSku } from '../product-sku.ts';
import type { Top } from './call.ts';
import { itemsOf } from './items.ts';
import './messages.ts';

/** Takes whole items off the shelf and puts them back: a SKU has no switch of its own. */
export function saleOf(top: Top): NonNullable<StockTarget['sale']> {
  return {
    unitOf: (listing) => productSku(listing).product,
    async set(listing, open, signal) {
      const { product: item } = productSku(listing);
      const found = (await itemsOf(top, [item], signal)).get(item);
      if (!found) throw new ChannelFault('caller', 'taobao.item-unknown', { item });
      // Said again, either would be refused.
      if ((textAt(found, 'approve_status') === 'onsale') === open) return;
      const num = textAt(found, 'num');
      // An item of SKUs is put up with the sum of theirs, any other with this number: never with more than it has.
      if (open && !(Number(num) > 0)) throw new ChannelFault('caller', 'taobao.nothing-to-list', { item });
      const method = open ? 'taobao.item.update.listing' : 'taobao.item.update.delisting';
      const parameters: Record<string, string> = open ? { num_iid: item, num } : { num_iid: item };
      // Nor is it repeated after a lost answer: whoever asks again looks first.
      await top({ method, parameters, repeatable: false }, () => undefined, signal);
    },
  };
}
