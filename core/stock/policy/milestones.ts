import type { OrderStatus, RefundStatus } from '../../order/schema.ts';

const way = ['created', 'deposit-paid', 'paid', 'part-shipped', 'shipped', 'completed'] as const;

/** Events that an order's own state tells at any time, however late or doubled the message about them is. */
const told = new Set<string>([...way, 'cancelled', 'refunded', 'refund-requested']);

/** What the hub itself says about an order's stock and parcels; nothing is to be done about it. */
const own = new Set(['allocated', 'short', 'stock-released', 'stock-deducted', 'return-received', 'weighed']);

/** Where an order stands, both axes. */
export interface Standing {
  status: OrderStatus;
  refundStatus: RefundStatus;
}

/** True for an event that only its own message tells, such as one that a flow made up. */
export function isCustom(event: string): boolean {
  return !told.has(event);
}

/** True for what the hub tells of its own acts. */
export function isEcho(event: string): boolean {
  return own.has(event);
}

/** Whether an order has come as far as an event of its way; one that was cancelled is not on it any more. */
export function hasReached(status: OrderStatus, events: readonly string[]): boolean {
  const at = (way as readonly string[]).indexOf(status);
  return events.some((event) => {
    const wanted = (way as readonly string[]).indexOf(event);
    return wanted >= 0 && wanted <= at;
  });
}

/** Whether its buyer has paid an order. */
export function isPaid({ status }: { status: OrderStatus }): boolean {
  return hasReached(status, ['paid']);
}

/** Whether an order's own state frees its units. */
export function isFreed({ status, refundStatus }: Standing, freeOn: readonly string[]): boolean {
  if (status === 'cancelled') return true;
  return refundFrees(refundStatus, freeOn);
}

/** Whether a refund, of an order or of a line, frees units that have not left. */
export function refundFrees(refundStatus: RefundStatus, freeOn: readonly string[]): boolean {
  if (refundStatus === 'full') return freeOn.includes('refunded') || freeOn.includes('refund-requested');
  return refundStatus === 'requested' && freeOn.includes('refund-requested');
}
