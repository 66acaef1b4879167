import type { Order } from '../../../core/order/schema.ts';

/** The least an order needs; fields of it can be given. */
export function anOrder(fields: Partial<Order> = {}): Order {
  return {
    channel: 'shopify',
    shop: 'main',
    channelOrderId: '5500000000001',
    scenario: 'normal',
    status: 'paid',
    refundStatus: 'none',
    times: {},
    currency: 'CNY',
    lines: [{ lineId: '1', sku: 'TEA', quantity: 2 }],
    ...fields,
  };
}
