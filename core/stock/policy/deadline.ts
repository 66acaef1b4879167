import { closingOf, nextClosing } from './closing-time.ts';
import type { OrderFacts } from './facts.ts';
import type { PolicyRule, StockPolicy } from './rule.ts';

/** Two deadlines nearer than this are the same one: a lock counts its time from the store's clock, not the plan's. */
export const sameDeadlineMs = 60_000;

/**
 * When what a rule locks for an order lapses, epoch milliseconds; null for never. A lock that is renewed keeps the
 * deadline it has, so that messages about an order never lengthen it; only a new date for the balance moves it.
 */
export function deadlineOf(
  policy: StockPolicy,
  { limit }: PolicyRule,
  order: OrderFacts,
  now: number,
): number | null {
  const { deadline } = order.held;
  switch (limit.kind) {
    case 'none':
      return null;
    case 'minutes':
      return deadline ?? now + limit.minutes * 60_000;
    case 'balance-window':
      return order.balanceDueAt ?? deadline ?? (order.depositAt ?? now) + policy.balanceMinutes * 60_000;
    default:
      return deadline ?? nextClosing(closingOf(policy, order.shop), now);
  }
}
