import { beijingText } from '../../clock.ts';
import type { Listing } from '../../shop/listing.ts';
import type { Params } from '../form.ts';
import type { PlatformParts } from '../platform.ts';
import { businessError, invalid } from './errors.ts';
import { needed, numberIn } from './orders.ts';
import { item } from './records.ts';

const mostAtOnce = 20;
const mostStock = 999_999_999;

/** Goods of the simulated Taobao. */
export class TaobaoItems {
  readonly #parts: PlatformParts;

  constructor(parts: PlatformParts) {
    this.#parts = parts;
  }

  /** `taobao.items.seller.list.get`; what is not the seller's is left out. @throws Refusal */
  list(params: Params): Record<string, unknown> {
    const ids = needed(params, 'num_iids').split(',');
    if (ids.length > mostAtOnce) throw invalid('num_iids', `最多 ${mostAtOnce} 个`);
    needed(params, 'fields');
    const found = ids.map((id) => this.#listings(id)).filter((listings) => listings.length > 0);
    return found.length > 0 ? { items: { item: found.map(item) } } : {};
  }

  /** `taobao.item.quantity.update`; a change that would go below 0 is refused. @throws Refusal */
  setOne(params: Params): Record<string, unknown> {
    const listings = this.#existing(params);
    const { sku_id: sku, outer_id: code } = params;
    const listing = listings.find(
      (one) =>
        (!sku && !code && listings.length === 1) ||
        (sku ? one.variantId === sku : code !== undefined && one.sku === code),
    );
    if (!listing) throw businessError('isv.item-quantity-update-service-error:SKU_NOT_FOUND', 'SKU不存在');
    const isDelta = params.type === '2';
    const quantity = numberIn(params, 'quantity', undefined, isDelta ? -mostStock : 0, mostStock);
    if (isDelta && listing.available + quantity < 0)
      throw businessError('isv.invalid-parameter:quantity', '增量更新后库存不能小于0');
    this.#write(listing, quantity, isDelta);
    return { item: this.#written(listing) };
  }

  /** `taobao.skus.quantity.update`; here a change that would go below 0 becomes 0. @throws Refusal */
  setSome(params: Params): Record<string, unknown> {
    const listings = this.#existing(params);
    const byCode = !params.skuid_quantities;
    const rows = (byCode ? needed(params, 'outerid_quantities') : params.skuid_quantities!).split(';');
    if (rows.length > mostAtOnce) throw invalid('skuid_quantities', `最多 ${mostAtOnce} 个`);
    const writes = rows.map((row) => {
      const [, id, text] = /^(.+):(-?\d+)$/.exec(row) ?? [];
      if (id === undefined) throw invalid(byCode ? 'outerid_quantities' : 'skuid_quantities', '格式错误');
      const listing = listings.find((one) => (byCode ? one.sku : one.variantId) === id);
      if (!listing) throw businessError('isv.skus-quantity-update-service-error:SKU_NOT_FOUND', 'SKU不存在');
      return { listing, quantity: Number(text) };
    });
    for (const { listing, quantity } of writes) this.#write(listing, quantity, params.type === '2');
    return { item: this.#written(listings[0]!) };
  }

  /** `taobao.item.update.delisting` and `listing`; said twice it is refused. @throws Refusal */
  sell(params: Params, onSale: boolean): Record<string, unknown> {
    const listings = this.#existing(params);
    if (listings[0]!.onSale === onSale)
      throw businessError('isv.item-update-service-error:ITEM_STATUS', '商品状态不允许该操作');
    for (const listing of listings) listing.onSale = onSale;
    return { item: this.#written(listings[0]!) };
  }

  #write(listing: Listing, quantity: number, isDelta: boolean): void {
    const mode = isDelta ? 'delta' : 'absolute';
    this.#parts.journal.writeStock(listing, { at: this.#parts.shop.now(), quantity, mode });
  }

  #written(listing: Listing): Record<string, unknown> {
    return { num_iid: Number(listing.productId), modified: beijingText(this.#parts.shop.now()) };
  }

  #existing(params: Params): Listing[] {
    const listings = this.#listings(needed(params, 'num_iid'));
    if (listings.length === 0) throw businessError('isv.item-not-exist:num_iid', '商品不存在');
    return listings;
  }

  #listings(id: string): Listing[] {
    return this.#parts.shop.listings.filter(({ productId }) => productId === id);
  }
}
