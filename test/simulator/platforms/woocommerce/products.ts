import type { GatewayReply, GatewayRequest } from '../../gateway/exchange.ts';
import { integerOf, objectsOf, readObject, textOf } from '../../json.ts';
import type { Listing } from '../../shop/listing.ts';
import type { PlatformParts } from '../platform.ts';
import { wpRefusal, wpReply } from './errors.ts';
import { chosenFields, pageOf, pageReply } from './orders.ts';
import { wooProduct } from './records.ts';

const mostInBatch = 100;

/** Goods of the simulated WooCommerce. Below a product's path its variations, without one the products themselves. */
export class WooProducts {
  readonly #parts: PlatformParts;

  constructor(parts: PlatformParts) {
    this.#parts = parts;
  }

  list(request: GatewayRequest, product: string | null): GatewayReply {
    const { query } = request;
    const place = pageOf(query);
    const ids = query.get('include')?.split(',');
    const sku = query.get('sku');
    const rows = this.#listings(product)
      .filter((listing) => (!ids || ids.includes(idIn(listing, product))) && (!sku || listing.sku === sku))
      .map((listing) => this.#record(listing, product));
    const start = (place.page - 1) * place.size;
    return pageReply(request, rows.slice(start, start + place.size), rows.length, place);
  }

  read(request: GatewayRequest, product: string | null, id: string): GatewayReply {
    return wpReply(chosenFields(request, this.#record(this.#find(product, id), product)));
  }

  write(request: GatewayRequest, product: string | null, id: string): GatewayReply {
    const listing = this.#find(product, id);
    this.#apply(listing, readObject(request.body) ?? {});
    return wpReply(this.#record(listing, product));
  }

  /** Rows that cannot be written have their own error, inside a 200. */
  batch(request: GatewayRequest, product: string | null): GatewayReply {
    const rows = objectsOf(readObject(request.body)?.update);
    if (rows.length > mostInBatch)
      throw wpRefusal(
        413,
        'woocommerce_rest_request_entity_too_large',
        `Unable to accept more than ${mostInBatch} items for this request.`,
      );
    const update = rows.map((row) => {
      const id = textOf(row.id) ?? '';
      const listing = this.#listings(product).find((one) => idIn(one, product) === id);
      if (!listing)
        return {
          id: Number(id),
          error: {
            code: 'woocommerce_rest_product_invalid_id',
            message: 'Invalid ID.',
            data: { status: 400 },
          },
        };
      this.#apply(listing, row);
      return this.#record(listing, product);
    });
    return wpReply({ update });
  }

  #apply(listing: Listing, row: Record<string, unknown>): void {
    const quantity = integerOf(row.stock_quantity);
    if (quantity !== undefined)
      this.#parts.journal.writeStock(listing, { at: this.#parts.shop.now(), quantity, mode: 'absolute' });
    if (row.status !== undefined) listing.onSale = row.status === 'publish';
  }

  #record(listing: Listing, product: string | null): Record<string, unknown> {
    if (product !== null || listing.variantId === null) return wooProduct(listing, product !== null);
    const { sku: _, ...parent } = wooProduct(listing, false);
    return { ...parent, type: 'variable', manage_stock: false, stock_quantity: null };
  }

  #listings(product: string | null): Listing[] {
    const { listings } = this.#parts.shop;
    if (product !== null)
      return listings.filter(({ productId, variantId }) => productId === product && variantId !== null);
    return listings.filter(
      ({ productId }, index) => index === 0 || listings[index - 1]!.productId !== productId,
    );
  }

  #find(product: string | null, id: string): Listing {
    const listing = this.#listings(product).find((one) => idIn(one, product) === id);
    if (!listing) throw wpRefusal(404, 'woocommerce_rest_product_invalid_id', 'Invalid ID.');
    return listing;
  }
}

function idIn(listing: Listing, product: string | null): string {
  return product === null ? listing.productId : (listing.variantId ?? '');
}
