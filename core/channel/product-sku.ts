/** A listing that names its product first, as `product/SKU`; some products have no SKUs. */
export interface ProductSku {
  product: string;
  sku: string | undefined;
}

export function productSku(listing: string): ProductSku {
  const [product = '', sku] = listing.split('/');
  return { product, sku: sku || undefined };
}
