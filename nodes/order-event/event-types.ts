/**
 * What can happen to an order, in the order a dialog shows it: first what the channel says, then what the hub did.
 * An event of a type that is not here reaches those who take all.
 */
export const eventTypes = [
  'created',
  'deposit-paid',
  'paid',
  'changed',
  'held',
  'released',
  'refund-requested',
  'refund-withdrawn',
  'refunded',
  'part-shipped',
  'shipped',
  'completed',
  'cancelled',
  'allocated',
  'short',
  'stock-released',
  'stock-deducted',
  'weighed',
] as const;
