import type { Listing } from './listing.ts';

/** How far an order has come. Refunds are told apart from it, line by line. */
export type Stage =
  | 'unpaid'
  | 'deposit-paid'
  | 'paid'
  | 'part-shipped'
  | 'shipped'
  | 'completed'
  | 'cancelled';

export interface OrderLine {
  readonly id: string;
  readonly listing: Listing;
  readonly quantity: number;
  /** Minor units, before the discount. */
  readonly unitPrice: number;
  /** The line's share of every discount, minor units. */
  readonly discount: number;
  /** Units in parcels. */
  readonly shipped: number;
  readonly refund: 'none' | 'requested' | 'refunded';
}

export interface Parcel {
  readonly id: string;
  readonly carrier: string;
  readonly tracking: string;
  readonly items: readonly { lineId: string; quantity: number }[];
  readonly at: number;
}

/** When things happened, epoch milliseconds of whole seconds; null for not yet. */
export interface OrderTimes {
  readonly created: number;
  readonly modified: number;
  readonly deposit: number | null;
  readonly paid: number | null;
  readonly shipped: number | null;
  readonly completed: number | null;
  readonly cancelled: number | null;
}

/** One version of an order. A change makes a new one, so that an index may go on showing the one before. */
export interface ShopOrder {
  readonly serial: number;
  readonly id: string;
  /** Counts changes, from 1. */
  readonly version: number;
  readonly stage: Stage;
  /** Paid, but not to be shipped yet. */
  readonly held: boolean;
  readonly times: OrderTimes;
  readonly lines: readonly OrderLine[];
  /** Minor units. */
  readonly postage: number;
  /** What is paid in advance in a presale, minor units; null in any other order. */
  readonly deposit: number | null;
  readonly buyer: number;
  readonly buyerName: string;
  readonly buyerNote: string;
  readonly sellerNote: string;
  readonly parcels: readonly Parcel[];
}

/** Price times quantity, minor units. */
export function grossOf(line: OrderLine): number {
  return line.unitPrice * line.quantity;
}

/** What the buyer pays for a line, minor units. */
export function paidFor(line: OrderLine): number {
  return grossOf(line) - line.discount;
}

/** Sum over lines. */
export function sumOf(order: ShopOrder, amount: (line: OrderLine) => number): number {
  return order.lines.reduce((sum, line) => sum + amount(line), 0);
}

/** What the buyer pays in all, minor units. */
export function totalOf(order: ShopOrder): number {
  return sumOf(order, paidFor) + order.postage;
}

/** Whether every line was paid back. */
export function isRefunded(order: ShopOrder): boolean {
  return order.lines.every(({ refund }) => refund === 'refunded');
}

export function refundedAmount(order: ShopOrder): number {
  return sumOf(order, (line) => (line.refund === 'refunded' ? paidFor(line) : 0));
}

/** Whether the buyer has asked for money back and has no answer yet. */
export function isRefundAsked(order: ShopOrder): boolean {
  return order.lines.some(({ refund }) => refund === 'requested');
}
