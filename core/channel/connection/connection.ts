import type { DryRun } from './dry-run.ts';
import type { HttpCall } from './http-call.ts';
import type { MessageSource } from './messages-in.ts';
import type { OrderSource } from './order-source.ts';
import type { ShipmentTarget } from './shipment-target.ts';
import type { StockTarget } from './stock-target.ts';

/** What a platform's folder is given to speak with one shop. */
export interface ChannelAccess {
  /** The account's name of the shop; part of every order key. */
  shop: string;
  /** Where to call instead of the platform's usual address: a shop's own server, a relay, a simulator. */
  address: string | undefined;
  /** What the account's dialog asks for this platform, by field name. Never to stand in an error or a log. */
  credentials: Readonly<Record<string, string | undefined>>;
  /** What else the dialog asks for this platform, such as the location of a Shopify stock. */
  settings: Readonly<Record<string, unknown>>;
  /** IANA name; the zone of times that the platform gives without one. */
  zone: string;
  /** ISO 4217; the currency of amounts that the platform gives without one. */
  currency: string;
  /** Sends one request: paced, timed out, behind the account's circuit breaker. */
  call: HttpCall;
  /** Epoch milliseconds. */
  now(): number;
}

/** One shop's interface, as far as its platform has one. What is absent the platform cannot do. */
export interface ChannelConnection {
  readonly orders?: OrderSource;
  readonly messages?: MessageSource;
  readonly stock?: StockTarget;
  readonly shipments?: ShipmentTarget;
  /**
   * Asks the platform for something that needs the credentials and changes nothing: the dialog's Test button.
   *
   * @throws ChannelFault that says what to change
   */
  check(signal: AbortSignal): Promise<AccountCheck>;
  /**
   * Asks for orders once and shows how it went: for interfaces that are set up by hand. Faults are part of what it
   * shows.
   */
  dryRun?(signal: AbortSignal): Promise<DryRun>;
  /** Ends what is kept open, such as a token that renews itself. */
  close?(): void;
}

export interface AccountCheck {
  /** The shop as the platform names it, when it says so. */
  shop: string | null;
  /** How far the platform's clock is ahead of ours, milliseconds; null when it does not tell. */
  clockAheadMs: number | null;
  /** Until when the token holds, epoch milliseconds; null when the platform does not tell. */
  expiresAt: number | null;
}
