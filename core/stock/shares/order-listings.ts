import type { Order } from '../../order/schema.ts';
import type { NewListing } from '../../store/queries/listings.ts';

/** The listings that an order's lines name: those with the channel's own id of what was bought. */
export function listingsInOrder(order: Pick<Order, 'channel' | 'shop' | 'lines'>, at: number): NewListing[] {
  const found = new Map<string, NewListing>();
  for (const { channelSkuId, sku } of order.lines) {
    if (channelSkuId === undefined) continue;
    const { channel, shop } = order;
    found.set(channelSkuId, { channel, shop, listing: channelSkuId, sku, source: 'order', seen_at: at });
  }
  return [...found.values()];
}
