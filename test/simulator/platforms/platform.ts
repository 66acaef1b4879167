import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Chance } from '../../support/seeded.ts';
import type { SimulatorClock } from '../clock.ts';
import type { Faults } from '../faults.ts';
import type { Gateway } from '../gateway/exchange.ts';
import type { RateLimit } from '../gateway/rate.ts';
import type { Journal } from '../journal.ts';
import type { PushProfile } from '../pushes.ts';
import type { ShopOrder } from '../shop/order.ts';
import type { Shop, ShopEvent, ShopTraits } from '../shop/shop.ts';

/** What an account needs to speak with a simulated shop. Not every platform uses each. */
export interface ShopAccess {
  appKey: string;
  appSecret: string;
  accessToken: string;
  webhookSecret: string;
  shopId: string;
}

/** What a platform's gateway stands on. */
export interface PlatformParts {
  shop: Shop;
  journal: Journal;
  faults: Faults;
  chance: Chance;
  clock: SimulatorClock;
  access: ShopAccess;
  /** Null for none. */
  limit: RateLimit | null;
  /** The platform's own switches. */
  settings: Readonly<Record<string, unknown>>;
}

export interface OpenedPlatform {
  gateway: Gateway;
  /** The gateway counts something else than requests against the limit. */
  limitsItself?: boolean;
  /** HTTP pushes, where the platform has them. */
  pushes?: PushProfile;
  /** Other messages about events, such as a queue that is asked or a websocket. */
  notify?(event: ShopEvent, order: ShopOrder): void;
  upgrade?(request: IncomingMessage, socket: Duplex, head: Buffer, path: string): boolean;
  /** The order as the platform's detail request shows it. */
  record(order: ShopOrder): unknown;
  /** Cuts the connections that messages come over. */
  disconnect?(): void;
  close?(): void;
}

export interface PlatformDefinition {
  traits: ShopTraits;
  /** What the documentation says; null where it says nothing. */
  limit: RateLimit | null;
  access: ShopAccess;
  /** Where the account's address ends, such as `/router/rest`. */
  entry: string;
  open(parts: PlatformParts): OpenedPlatform;
}
