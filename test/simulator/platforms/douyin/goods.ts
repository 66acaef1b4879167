import { integerOf, objectsOf, textOf } from '../../json.ts';
import type { Listing } from '../../shop/listing.ts';
import type { PlatformParts } from '../platform.ts';
import { badParameter, failure } from './errors.ts';

type Input = Readonly<Record<string, unknown>>;

const mostInBatch = 50;

/** Goods of the simulated Douyin shop. */
export class DouyinGoods {
  readonly #parts: PlatformParts;
  /** Changes by their key: the same one is made once. */
  readonly #made = new Set<string>();

  constructor(parts: PlatformParts) {
    this.#parts = parts;
  }

  /** `sku.syncStock`. @throws Refusal */
  sync(input: Input): Record<string, unknown> {
    const listing = this.#sku(input);
    if (!listing) throw failure('isv.business-failed:2010001', 'SKU不存在');
    const isDelta = input.incremental === true || input.incremental === 'true';
    const quantity = integerOf(input.stock_num);
    if (quantity === undefined || (!isDelta && quantity < 0)) throw badParameter('stock_num', '库存不合法');
    const key = textOf(input.idempotent_id);
    if (isDelta && !key) throw badParameter('idempotent_id', '增量更新时必填');
    if (isDelta && this.#made.has(key!)) return {};
    if (isDelta && listing.available + quantity < 0) throw failure('isv.business-failed:2010002', '库存不足');
    if (key) this.#made.add(key);
    this.#write(listing, quantity, isDelta ? 'delta' : 'absolute', key);
    return {};
  }

  /** `sku.syncStockBatchMultiProducts`: each row has an outcome of its own. @throws Refusal */
  syncMany(input: Input): { data: Record<string, unknown>; isWhole: boolean } {
    const rows = objectsOf(input.items);
    if (rows.length === 0 || rows.length > mostInBatch)
      throw badParameter('items', `应有 1 至 ${mostInBatch} 条`);
    const key = textOf(input.idempotent_id);
    if (!key) throw badParameter('idempotent_id', '必填');
    if (input.incremental !== false) throw badParameter('incremental', '必填，此处只支持全量更新');
    if (this.#made.has(key)) throw failure('isv.business-failed:-20002', 'Token已被使用');
    const results = rows.map((row) => {
      const about = { sku_id: row.sku_id, uniq_id: textOf(row.uniq_id) ?? '' };
      const quantity = integerOf(row.stock_num);
      if (!this.#sku(row)) return { ...about, status_code: 2_010_001, status_message: 'SKU不存在' };
      if (quantity === undefined || quantity < 0)
        return { ...about, status_code: 2_010_003, status_message: '库存不合法' };
      return { ...about, status_code: 0, status_message: '' };
    });
    const wrong = results.find(({ status_code: code }) => code !== 0);
    // As a whole or not at all, unless rows of their own were asked for.
    if (wrong && input.allow_partial_success !== true)
      throw failure(`isv.business-failed:${wrong.status_code}`, wrong.status_message);
    this.#made.add(key);
    for (const [index, row] of rows.entries())
      if (results[index]!.status_code === 0)
        this.#write(this.#sku(row)!, integerOf(row.stock_num)!, 'absolute', key);
    return { data: { results }, isWhole: wrong === undefined };
  }

  /** `sku.stockNum`. @throws Refusal */
  stock(input: Input): Record<string, unknown> {
    const listing = this.#sku(input);
    if (!listing) throw failure('isv.business-failed:2010001', 'SKU不存在');
    return { sku_id: Number(listing.variantId), code: listing.sku, stock_num: listing.available };
  }

  /** `product.setOffline` and `product.setOnline`. @throws Refusal */
  sell(input: Input, onSale: boolean): Record<string, unknown> {
    const id = textOf(input.product_id);
    const listings = this.#parts.shop.listings.filter(({ productId }) => productId === id);
    if (listings.length === 0) throw failure('isv.business-failed:2010004', '商品不存在');
    for (const listing of listings) listing.onSale = onSale;
    return {};
  }

  #sku(input: Input): Listing | undefined {
    const sku = textOf(input.sku_id);
    const code = textOf(input.code) ?? textOf(input.out_sku_id);
    const product = textOf(input.product_id);
    return this.#parts.shop.listings.find(
      (listing) =>
        (sku ? listing.variantId === sku : code !== undefined && listing.sku === code) &&
        (product === undefined || listing.productId === product),
    );
  }

  #write(listing: Listing, quantity: number, mode: 'absolute' | 'delta', key: string | undefined): void {
    this.#parts.journal.writeStock(listing, {
      at: this.#parts.shop.now(),
      quantity,
      mode,
      ...(key && { key }),
    });
  }
}
