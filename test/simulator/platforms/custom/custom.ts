import {
  type Gateway,
  type GatewayReply,
  type GatewayRequest,
  json,
  type Operation,
} from '../../gateway/exchange.ts';
import { integerOf, objectsOf, readObject, textOf } from '../../json.ts';
import { idBeyond } from '../../shop/ids.ts';
import type { Listing } from '../../shop/listing.ts';
import type { OpenedPlatform, PlatformDefinition, PlatformParts } from '../platform.ts';
import { CustomAuthentication, unauthorized } from './authentication.ts';
import { badRequest, CustomOrders, notFound } from './orders.ts';
import { customItem, customOrder } from './records.ts';
import { customPushes } from './webhooks.ts';

const orderId = idBeyond(9_100_000_000_000_000_000n);

/** A shop with an interface of its own, by REST and GraphQL. Switch: `auth`, how it wants to know who asks. */
export const custom: PlatformDefinition = {
  traits: {
    ids: {
      order: (serial) => orderId(serial),
      line: (order, _, index) => `${order}-${index + 1}`,
      product: (product) => `p${product}`,
      variant: (product, variant) => `p${product}v${variant ?? 0}`,
    },
    presales: true,
    holds: true,
    parts: 'units',
    mostLines: 3,
    notesModify: true,
    isListed: () => true,
  },
  limit: null,
  access: {
    appKey: 'custom-simulator-key',
    appSecret: 'custom-simulator-secret',
    accessToken: 'custom-simulator-token',
    webhookSecret: `whsec_${Buffer.from('custom-simulator-webhook-secret!').toString('base64')}`,
    shopId: '',
  },
  entry: '',
  open: (parts): OpenedPlatform => ({
    gateway: new CustomGateway(parts),
    pushes: customPushes(parts),
    record: customOrder,
  }),
};

class CustomGateway implements Gateway {
  readonly #parts: PlatformParts;
  readonly #orders: CustomOrders;
  readonly #authentication: CustomAuthentication;

  constructor(parts: PlatformParts) {
    this.#parts = parts;
    this.#orders = new CustomOrders(parts);
    this.#authentication = new CustomAuthentication(parts.settings.auth ?? 'bearer', parts.access);
  }

  operationOf({ method, path, query }: GatewayRequest): Operation {
    const name = `${method} ${path.replace(/^\/(orders|items)\/[^/]+/, '/$1/{id}')}`;
    if (name === 'POST /oauth/token') return { name, kind: 'token' };
    if (name === 'GET /orders')
      return { name, kind: query.has('page') || query.has('offset') ? 'list' : 'cursor' };
    if (name === 'POST /graphql') return { name, kind: 'cursor' };
    return { name, kind: method === 'GET' ? 'read' : 'write' };
  }

  answer(request: GatewayRequest, { name }: Operation): GatewayReply {
    if (name === 'POST /oauth/token') return this.#authentication.token(request);
    this.#authentication.check(request);
    const [, , id = ''] = request.path.split('/').map(decodeURIComponent);
    switch (name) {
      case 'GET /orders':
        return this.#orders.list(request);
      case 'POST /graphql':
        return this.#orders.graphQl(request);
      case 'GET /orders/{id}':
        return this.#orders.detail(id);
      case 'POST /orders/{id}/shipments':
        return this.#orders.ship(id, request.body);
      case 'GET /items':
        return json({ items: this.#parts.shop.listings.map(customItem) });
      case 'GET /items/{id}':
        return json(customItem(this.#item(id)));
      case 'PUT /items/{id}':
        return this.#write(id, request.body);
      case 'POST /stock':
        return this.#writeMany(request.body);
      default:
        throw notFound(`There is no ${name}.`);
    }
  }

  /** `PUT /items/{sku}`: `{quantity?, onSale?}`. @throws Refusal */
  #write(sku: string, body: string): GatewayReply {
    const listing = this.#item(sku);
    const sent = readObject(body);
    if (!sent) throw badRequest('The body is no JSON object.');
    if (typeof sent.onSale === 'boolean') listing.onSale = sent.onSale;
    if (sent.quantity !== undefined) this.#set(listing, sent);
    return json(customItem(listing));
  }

  /** `POST /stock`: `{items: [{sku, quantity, key?}]}`, each with an outcome of its own. @throws Refusal */
  #writeMany(body: string): GatewayReply {
    const rows = objectsOf(readObject(body)?.items);
    if (rows.length === 0 || rows.length > 100) throw badRequest('items must hold 1 to 100 rows');
    const items = rows.map((row) => {
      const sku = textOf(row.sku) ?? '';
      const listing = this.#parts.shop.listings.find((one) => one.sku === sku);
      if (!listing) return { sku, ok: false, error: `There is no item ${sku}.` };
      this.#set(listing, row);
      return { sku, ok: true, quantity: listing.available };
    });
    return json({ items });
  }

  #set(listing: Listing, row: Record<string, unknown>): void {
    const quantity = integerOf(row.quantity);
    if (quantity === undefined || quantity < 0) throw badRequest('quantity must be 0 or more');
    const key = textOf(row.key);
    const at = this.#parts.shop.now();
    this.#parts.journal.writeStock(listing, { at, quantity, mode: 'absolute', ...(key && { key }) });
  }

  #item(sku: string): Listing {
    const listing = this.#parts.shop.listings.find((one) => one.sku === sku);
    if (!listing) throw notFound(`There is no item ${sku}.`);
    return listing;
  }

  throttled(_: Operation, waitMs: number): GatewayReply {
    const headers = { 'retry-after': String(Math.ceil(waitMs / 1_000)) };
    return json({ error: { code: 'rate_limited', message: 'Too many requests.' } }, 429, headers);
  }

  tokenRefused(): GatewayReply {
    return unauthorized('token revoked').reply;
  }

  serverError(): GatewayReply {
    return json({ error: { code: 'internal', message: 'Something broke.' } }, 500);
  }
}
