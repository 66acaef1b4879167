import type { MatchCase } from '../types.ts';
import { absent, is, present } from './rules.ts';

/** How one of Shopify's interfaces names what tells where an order stands, and the words it has there. */
export interface ShopifyNames {
  cancelled: string;
  closed: string;
  paymentTerms: string;
  financial: string;
  fulfilment: string;
  /** What the fulfilment as a whole is displayed as; only it tells of holds. */
  displayed: string;
  /** The word the interface has for a financial status of the REST interface. */
  word(financial: string): string;
  fulfilled: string;
  partlyFulfilled: string;
}

export interface ShopifyStanding {
  status: MatchCase[];
  refundStatus: MatchCase[];
  hold: MatchCase[];
}

/** Several fields together say where an order stands: tables of first matches for both axes and the hold. */
export function standingOf(names: ShopifyNames): ShopifyStanding {
  const paid = (...words: string[]) => is(names.financial, ...words.map(names.word));
  const partlyPaid = paid('partially_paid');
  const goesOn = [absent(names.cancelled), absent(names.closed)];
  return {
    status: [
      { when: [present(names.cancelled)], value: 'cancelled' },
      { when: [present(names.closed)], value: 'completed' },
      { when: [is(names.fulfilment, names.fulfilled)], value: 'shipped' },
      { when: [is(names.fulfilment, names.partlyFulfilled)], value: 'part-shipped' },
      { when: [paid('paid', 'partially_refunded', 'refunded')], value: 'paid' },
      // With payment terms the first part is a deposit; without them an order was edited after it had been paid.
      { when: [partlyPaid, present(names.paymentTerms)], value: 'deposit-paid' },
      { when: [partlyPaid], value: 'paid' },
      { when: [paid('pending', 'authorized', 'expired', 'voided')], value: 'created' },
    ],
    refundStatus: [
      { when: [paid('refunded')], value: 'full' },
      { when: [paid('partially_refunded')], value: 'partial' },
    ],
    hold: [
      // Held back in the shop itself; webhooks do not tell of it.
      { when: [is(names.displayed, 'ON_HOLD'), ...goesOn], value: 'on_hold' },
      // Paid but for a part that came later: not to be shipped until somebody has looked.
      { when: [partlyPaid, absent(names.paymentTerms), ...goesOn], value: 'partially_paid' },
    ],
  };
}
