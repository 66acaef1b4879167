import { utcText } from '../../clock.ts';
import { decimal } from '../../money.ts';
import type { Listing } from '../../shop/listing.ts';
import { isRefundAsked, paidFor, refundedAmount, type ShopOrder, totalOf } from '../../shop/order.ts';

/** An order of the shop of one's own, as a programmer would think one up. */
export function customOrder(order: ShopOrder): Record<string, unknown> {
  const { times } = order;
  return {
    __typename: 'Order',
    id: order.id,
    state: order.held ? 'on-hold' : order.stage,
    refund: refundedAmount(order) > 0 ? 'refunded' : isRefundAsked(order) ? 'requested' : 'none',
    createdAt: utcText(times.created),
    updatedAt: utcText(times.modified),
    paidAt: utcText(times.paid),
    shippedAt: utcText(times.shipped),
    cancelledAt: utcText(times.cancelled),
    currency: 'CNY',
    total: decimal(totalOf(order)),
    postage: decimal(order.postage),
    note: order.buyerNote,
    customer: {
      __typename: 'Customer',
      name: `测试${order.buyerName}`,
      phone: '13800000000',
      address: '浙江省 杭州市 余杭区 测试路 1 号',
    },
    lines: order.lines.map((line) => ({
      __typename: 'Line',
      id: line.id,
      sku: line.listing.sku,
      title: line.listing.title,
      quantity: line.quantity,
      shipped: line.shipped,
      price: decimal(line.unitPrice),
      paid: decimal(paidFor(line)),
      refund: line.refund,
    })),
  };
}

export function customItem(listing: Listing): Record<string, unknown> {
  const { sku, title, available, onSale } = listing;
  return { sku, title, quantity: available, onSale, price: decimal(listing.price) };
}
