import type { OrderStatus, RefundStatus } from '../../order/schema.ts';
import type { HoldBucket } from '../buckets.ts';

/** One line of an order as its stock is planned; quantities are ordered units. */
export interface LineFacts {
  lineId: string;
  sku: string;
  /** Ordered less cancelled: what the buyer is to get in all. */
  wanted: number;
  /** Units that the order says have been shipped, where it says it line by line. */
  shipped: number;
  refundStatus: RefundStatus;
  /** Units that have left the stock for this line. */
  posted: number;
  /** Units the line holds now, lapsed ones not counted. */
  held: number;
}

/** What an order holds now; lapsed holds are not among it. */
export interface HeldFacts {
  /** In which buckets; more than one when a step was not finished. */
  buckets: readonly HoldBucket[];
  /** The earliest time at which any of it lapses, epoch milliseconds; null when none of it does. */
  deadline: number | null;
}

/** All that a plan for an order's stock depends on. Times are epoch milliseconds. */
export interface OrderFacts {
  orderKey: string;
  scenario: string;
  status: OrderStatus;
  refundStatus: RefundStatus;
  /** Whether the order must not go further for now. */
  onHold: boolean;
  shop: string | undefined;
  /** Tells buyers of all shops apart. */
  buyer: string | undefined;
  /** Where it goes: names of places, the most exact one first. */
  places: readonly string[];
  /** When the deposit was paid, and when the balance of a presale is due, where the order says it. */
  depositAt: number | undefined;
  balanceDueAt: number | undefined;
  lines: readonly LineFacts[];
  held: HeldFacts;
  /** Whether a lock of the order ran out and nothing was locked since. */
  lapsed: boolean;
  /** Whether the whole order was paid back before any of it was shipped. */
  refundedFirst: boolean;
  /** The event, told by a message only, at which its units were last freed. */
  freedAt: string | undefined;
  /** Whether the order is in the store; otherwise the message alone tells of it. */
  stored: boolean;
}
