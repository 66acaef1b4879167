import type { OrderStatus, RefundStatus } from './schema.ts';

/** How far an order has come; of two versions of one instant the further one is the later. */
const statusRank: Readonly<Record<OrderStatus, number>> = {
  created: 0,
  'deposit-paid': 1,
  paid: 2,
  'part-shipped': 3,
  shipped: 4,
  completed: 5,
  cancelled: 6,
};

const refundRank: Readonly<Record<RefundStatus, number>> = { none: 0, requested: 1, partial: 2, full: 3 };

/**
 * Where an order may go from each state. Skipping is allowed (a channel may report only the last state), going
 * back and leaving a terminal state are not. The refund status is an axis of its own.
 */
export const transitions: Readonly<Record<OrderStatus, readonly OrderStatus[]>> = {
  created: ['deposit-paid', 'paid', 'part-shipped', 'shipped', 'completed', 'cancelled'],
  'deposit-paid': ['paid', 'part-shipped', 'shipped', 'completed', 'cancelled'],
  paid: ['part-shipped', 'shipped', 'completed', 'cancelled'],
  'part-shipped': ['shipped', 'completed', 'cancelled'],
  shipped: ['completed', 'cancelled'],
  completed: [],
  cancelled: [],
};

/** The rank of a version's state, both axes. */
export function rankOf(state: { status: OrderStatus; refundStatus: RefundStatus }): number {
  return statusRank[state.status] * 10 + refundRank[state.refundStatus];
}

/** Whether nothing follows a state. */
export function isTerminal(status: OrderStatus): boolean {
  return transitions[status].length === 0;
}

/** Whether a refund may go from one state to another: a request may be withdrawn, money paid back stays back. */
export function refundMayBecome(from: RefundStatus, to: RefundStatus): boolean {
  return refundRank[from] < refundRank.partial || refundRank[to] >= refundRank[from];
}

/** The way goods go; each step that is passed is an event, also when the channel reported only the last one. */
const way: readonly OrderStatus[] = ['created', 'paid', 'shipped', 'completed'];
/** In a presale the deposit comes first: stock is locked on it, so it is told even when only the balance was. */
const presaleWay: readonly OrderStatus[] = ['created', 'deposit-paid', 'paid', 'shipped', 'completed'];

/**
 * The milestones between two states, in order: those on the way that are passed, and the one arrived at.
 * `from` undefined is an order never seen before.
 */
export function milestones(from: OrderStatus | undefined, to: OrderStatus, scenario: string): OrderStatus[] {
  if (from === to) return [];
  const start = from === undefined ? -1 : statusRank[from];
  if (to === 'cancelled') return from === undefined ? ['created', 'cancelled'] : ['cancelled'];
  const steps = scenario === 'presale' ? presaleWay : way;
  const passed = steps.filter((step) => statusRank[step] > start && statusRank[step] < statusRank[to]);
  return [...passed, to];
}
