/** A listing is `goodsId/skuId`. */
export interface ListingName {
  goods: string;
  sku: string | undefined;
}

export function listingName(listing: string): ListingName {
  const [goods = '', sku] = listing.split('/');
  return { goods, sku: sku || undefined };
}
