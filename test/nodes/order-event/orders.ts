import type { Hub } from '../../../core/hub.ts';
import type { Order } from '../../../core/order/schema.ts';

let modified = Date.UTC(2026, 8, 1);

/** An order of the sales channel `web`; each is modified later than the one before. */
export function order(id: string, changes: Partial<Order> = {}): Order {
  modified += 1_000;
  const at = new Date(modified).toISOString();
  return {
    channel: 'web',
    shop: 'main',
    channelOrderId: id,
    scenario: 'normal',
    status: 'created',
    refundStatus: 'none',
    times: { modified: { at, text: at } },
    currency: 'CNY',
    lines: [{ lineId: '1', sku: 'TEA-250', quantity: 2 }],
    ...changes,
  };
}

/** Saves an order, as order-save does; its events are then on their way to the subscribers. */
export async function save(hub: Hub, saved: Order): Promise<void> {
  const { outcome } = await hub.orders.save({ order: saved, inboxId: null, arrivedAt: Date.now() });
  if (outcome !== 'changed') throw new Error(`The order was not saved: ${outcome}`);
}
