import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type { SimulatorClock } from './clock.ts';
import type { Faults, RequestFault } from './faults.ts';
import { type JsonForm, jsonIn } from './gateway/charset.ts';
import {
  type Gateway,
  type GatewayReply,
  type GatewayRequest,
  type Operation,
  Refusal,
} from './gateway/exchange.ts';
import { RateBucket, type RateLimit } from './gateway/rate.ts';
import type { Journal } from './journal.ts';
import type { Shop } from './shop/shop.ts';

/** A little more than the ten minutes that the platforms allow. */
const clockOffMs = 11 * 60_000;

/** What may strike any request, besides what only some have. */
const everyFault: readonly RequestFault[] = [
  'throttle',
  'server-error',
  'timeout',
  'half-open',
  'cut',
  'truncated-json',
  'html-page',
  'revoked-token',
  'clock-off',
];
const faultsOf: Readonly<Record<Operation['kind'], readonly RequestFault[]>> = {
  list: [...everyFault, 'duplicate-rows', 'page-repeats'],
  cursor: [...everyFault, 'duplicate-rows', 'page-repeats', 'cursor-back'],
  read: everyFault,
  write: everyFault,
  token: everyFault.filter((fault) => fault !== 'revoked-token'),
};

export interface ShopServerParts {
  name: string;
  shop: Shop;
  gateway: Gateway;
  journal: Journal;
  faults: Faults;
  clock: SimulatorClock;
  /** Null for as many requests as come. */
  limit: RateLimit | null;
  /** Default: as the platform writes it. */
  json?: JsonForm | undefined;
  charset?: 'gbk' | undefined;
  /** Takes over a socket of a path; false when there is nothing to take it over. */
  upgrade?(request: IncomingMessage, socket: Duplex, head: Buffer, path: string): boolean;
}

/** A shop behind its platform's gateway: counts, limits, strikes, answers, and lets life go on while one reads. */
export class ShopServer {
  readonly name: string;
  /** What happens in the shop after each page that was read. */
  changesPerPage = 0;
  readonly #parts: ShopServerParts;
  readonly #bucket: RateBucket | null;
  readonly #lastPages = new Map<string, GatewayReply>();

  constructor(parts: ShopServerParts) {
    this.name = parts.name;
    this.#parts = parts;
    this.#bucket = parts.limit && new RateBucket(parts.limit, parts.clock);
  }

  /** What buyers see of the shop, and how many orders and parcels there were. */
  shown(): Record<string, unknown> {
    const { shop, journal } = this.#parts;
    return {
      platform: this.name,
      orders: shop.orderCount,
      shipments: journal.shipments.length,
      listings: shop.listings.map(({ sku, title, spec, available, onSale }) => ({
        sku,
        title,
        spec,
        available,
        onSale,
      })),
    };
  }

  answer(received: Omit<GatewayRequest, 'now' | 'fault'>): {
    reply: GatewayReply;
    fault: RequestFault | null;
    now: number;
  } {
    const { gateway, journal, faults, clock } = this.#parts;
    const request: GatewayRequest = { ...received, now: clock.now(), fault: null };
    const operation = gateway.operationOf(request);
    journal.countRequest(operation.name);
    request.fault = faults.draw(faultsOf[operation.kind]);
    if (request.fault === 'clock-off') request.now -= clockOffMs;
    const reply = this.#written(this.#reply(request, operation));
    return { reply, fault: request.fault, now: request.now };
  }

  #written(reply: GatewayReply): GatewayReply {
    const { json, charset } = this.#parts;
    const type = reply.headers?.['content-type'] ?? '';
    if (!type.includes('json')) return reply;
    const body = json ? jsonIn(json, reply.body) : reply.body;
    if (!charset) return { ...reply, body };
    return {
      ...reply,
      body,
      charset,
      headers: { ...reply.headers, 'content-type': 'application/json; charset=GBK' },
    };
  }

  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer, path: string): boolean {
    return this.#parts.upgrade?.(request, socket, head, path) ?? false;
  }

  #reply(request: GatewayRequest, operation: Operation): GatewayReply {
    const { gateway, journal, shop } = this.#parts;
    const waitMs = this.#bucket?.take(1) ?? 0;
    if (waitMs > 0 || request.fault === 'throttle') {
      journal.countRefusal('throttled');
      return gateway.throttled(operation, Math.max(1_000, waitMs));
    }
    if (request.fault === 'server-error') return gateway.serverError();
    if (request.fault === 'revoked-token') return gateway.tokenRefused();
    const isPage = operation.kind === 'list' || operation.kind === 'cursor';
    const again = isPage && request.fault === 'page-repeats' && this.#lastPages.get(operation.name);
    if (again) return again;
    try {
      const reply = gateway.answer(request, operation);
      if (isPage) {
        this.#lastPages.set(operation.name, reply);
        shop.live(this.changesPerPage);
      }
      return reply;
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      journal.countRefusal(error.code);
      return error.reply;
    }
  }
}
