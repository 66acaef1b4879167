import { unshippedItems } from '../shop/changes.ts';
import type { Parcel, ShopOrder } from '../shop/order.ts';
import type { PlatformParts } from './platform.ts';

/** Whether an order may leave. */
export function isShippable({ stage, held }: ShopOrder): boolean {
  return (stage === 'paid' && !held) || stage === 'part-shipped';
}

/** Whether a parcel holds something, and no more than the order still has to ship. */
export function fits(order: ShopOrder, items: Parcel['items']): boolean {
  const open = unshippedItems(order);
  return (
    items.length > 0 &&
    items.every(
      ({ lineId, quantity }) =>
        quantity >= 1 && quantity <= (open.find((one) => one.lineId === lineId)?.quantity ?? 0),
    )
  );
}

/** Takes a parcel that came in through the platform's interface, and notes it. All that is left, unless items are named. */
export function takeParcel(
  { shop, journal }: PlatformParts,
  order: ShopOrder,
  { carrier, tracking }: { carrier: string; tracking: string },
  items?: Parcel['items'],
): Parcel {
  const parcel = shop.shipParcel(order.id, carrier, tracking, items).parcels.at(-1)!;
  journal.shipments.push({ at: parcel.at, orderId: order.id, carrier, tracking, items: parcel.items });
  return parcel;
}
