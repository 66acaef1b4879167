import {
  type Gateway,
  type GatewayReply,
  type GatewayRequest,
  json,
  type Operation,
  Refusal,
  rowsShown,
} from '../../gateway/exchange.ts';
import { RateBucket } from '../../gateway/rate.ts';
import { connectionOf, cursorOf, listConnection, placeOf, sizeOf } from '../../graphql/connection.ts';
import { requestedCost } from '../../graphql/cost.ts';
import { type GraphQlDocument, GraphQlSyntaxError, parseGraphQl } from '../../graphql/document.ts';
import { type Args, GraphQlError, type Resolved, runGraphQl } from '../../graphql/run.ts';
import { objectOf, readObject, textOf } from '../../json.ts';
import type { ShopOrder } from '../../shop/order.ts';
import type { OpenedPlatform, PlatformDefinition, PlatformParts } from '../platform.ts';
import { ShopifyMutations } from './mutations.ts';
import {
  fulfillmentNode,
  fulfillmentOrderNode,
  fulfillmentOrderNumber,
  inventoryItemId,
  inventoryItemNode,
  locationId,
  numberIn,
  orderNode,
  productNode,
  variantNode,
} from './nodes.ts';
import { fulfillmentNumber, restOrder } from './records.ts';
import { shopifyPushes } from './webhooks.ts';

/** Points one query may ask for. */
const mostCost = 1_000;
/** Of what a query asks for, about this part is counted in the end. */
const actualShare = 1 / 8;
const noLimit = { burst: Number.MAX_SAFE_INTEGER, perSecond: Number.MAX_SAFE_INTEGER };

/** A Shopify shop: the GraphQL Admin API of any version, with points as its limit, and webhooks. */
export const shopify: PlatformDefinition = {
  traits: {
    ids: {
      order: (serial) => String(5_500_000_000_000 + serial),
      line: (_, serial, index) => String(14_000_000_000_000 + serial * 10 + index),
      product: (product) => String(8_000_000_000_000 + product),
      variant: (product, variant) => String(40_000_000_000_000 + product * 10 + (variant ?? 0)),
    },
    presales: false,
    holds: true,
    parts: 'units',
    mostLines: 3,
    notesModify: true,
    isListed: () => true,
  },
  limit: { burst: 2_000, perSecond: 100 },
  access: {
    appKey: '',
    appSecret: 'shopify-simulator-client-secret',
    accessToken: 'shpat_simulator',
    webhookSecret: 'shopify-simulator-client-secret',
    shopId: '',
  },
  entry: '',
  open: (parts): OpenedPlatform => ({
    gateway: new ShopifyGateway(parts),
    limitsItself: true,
    pushes: shopifyPushes(parts),
    record: restOrder,
  }),
};

class ShopifyGateway implements Gateway {
  readonly #parts: PlatformParts;
  readonly #mutations: ShopifyMutations;
  readonly #bucket: RateBucket;

  constructor(parts: PlatformParts) {
    this.#parts = parts;
    this.#mutations = new ShopifyMutations(parts);
    this.#bucket = new RateBucket(parts.limit ?? noLimit, parts.clock);
  }

  operationOf({ body }: GatewayRequest): Operation {
    const document = documentIn(body);
    const name = (document instanceof Error ? undefined : document?.selections[0]?.name) ?? 'invalid';
    if (name === 'orders') return { name, kind: 'cursor' };
    const isMutation = !(document instanceof Error) && document?.kind === 'mutation';
    return { name, kind: isMutation ? 'write' : 'read' };
  }

  answer(request: GatewayRequest): GatewayReply {
    const match = /^\/admin\/api\/(\d{4}-\d\d|unstable)\/graphql\.json$/.exec(request.path);
    if (!match || request.method !== 'POST') throw new Refusal('404', json({ errors: 'Not Found' }, 404));
    if (request.headers['x-shopify-access-token'] !== this.#parts.access.accessToken)
      throw new Refusal('401', this.tokenRefused());
    const document = documentIn(request.body);
    if (document instanceof Error) return errorReply(document.message, undefined);
    if (!document)
      throw new Refusal('400', json({ errors: { query: 'Required parameter missing or invalid' } }, 400));
    const variables = objectOf(readObject(request.body)?.variables) ?? {};
    const requestedQueryCost = requestedCost(document, variables);
    if (requestedQueryCost > mostCost)
      return errorReply(
        `Query cost is ${requestedQueryCost}, which exceeds the single query max cost limit (${mostCost}).`,
        'MAX_COST_EXCEEDED',
      );
    if (this.#bucket.available < requestedQueryCost) {
      this.#parts.journal.countRefusal('THROTTLED');
      return this.#throttled(requestedQueryCost);
    }
    const actualQueryCost = Math.ceil(requestedQueryCost * actualShare);
    this.#bucket.take(actualQueryCost);
    const extensions = { cost: { requestedQueryCost, actualQueryCost, throttleStatus: this.#status() } };
    try {
      const root = document.kind === 'query' ? this.#queries(request) : this.#mutations.root(match[1]!);
      return json({ data: runGraphQl(document, root, variables), extensions });
    } catch (error) {
      if (error instanceof GraphQlError) return errorReply(error.message, error.code);
      throw error;
    }
  }

  #queries(request: GatewayRequest): Resolved {
    const { shop } = this.#parts;
    const node = (id: unknown): Resolved | null => this.#node(id);
    return {
      __typename: 'QueryRoot',
      shop: { __typename: 'Shop', name: '测试店铺', currencyCode: 'CNY', ianaTimezone: 'Asia/Shanghai' },
      orders: (args: Args) => this.#orders(args, request),
      ordersCount: ({ query }: Args) => {
        const { from, until } = this.#range(query);
        return { __typename: 'Count', count: until - from, precision: 'EXACT' };
      },
      order: ({ id }: Args) => {
        const order = shop.order(numberIn('Order', id) ?? '');
        return order ? orderNode(order) : null;
      },
      node: ({ id }: Args) => node(id),
      nodes: ({ ids }: Args) => (Array.isArray(ids) ? ids : []).map(node),
      productVariant: ({ id }: Args) => node(id),
      inventoryItem: ({ id }: Args) => node(id),
      product: ({ id }: Args) => node(id),
      fulfillment: ({ id }: Args) => node(id),
      fulfillmentOrder: ({ id }: Args) => node(id),
      productVariants: (args: Args) => {
        const sku = /sku:'?([^'\s]+)/.exec(textOf(args.query) ?? '')?.[1];
        const found = shop.listings.filter((listing) => sku === undefined || listing.sku === sku);
        return listConnection('ProductVariant', found.map(variantNode), args);
      },
      locations: (args: Args) =>
        listConnection(
          'Location',
          [{ __typename: 'Location', id: locationId, name: '测试仓', isActive: true }],
          args,
        ),
    };
  }

  #node(id: unknown): Resolved | null {
    const { shop } = this.#parts;
    const order = shop.order(numberIn('Order', id) ?? '');
    if (order) return orderNode(order);
    const shipping = numberIn('FulfillmentOrder', id);
    const toShip =
      shipping === null ? undefined : shop.orderNumber(Number(shipping) - fulfillmentOrderNumber(0));
    if (toShip) return fulfillmentOrderNode(toShip);
    const parcel = numberIn('Fulfillment', id);
    if (parcel !== null) return this.#fulfillment(Number(parcel) - fulfillmentNumber('0'));
    const variant = shop.listings.find(({ variantId }) => variantId === numberIn('ProductVariant', id));
    if (variant) return variantNode(variant);
    const product = shop.listings.find(({ productId }) => productId === numberIn('Product', id));
    if (product) return productNode(product);
    const item = shop.listings.find((listing) => inventoryItemId(listing) === id);
    return item ? inventoryItemNode(item) : null;
  }

  #fulfillment(parcelId: number): Resolved | null {
    for (const order of this.#parts.shop.orders()) {
      const parcel = order.parcels.find(({ id }) => Number(id) === parcelId);
      if (parcel) return fulfillmentNode(order, parcel);
    }
    return null;
  }

  /** Places in the index that a query of `updated_at` means. */
  #range(query: unknown): { from: number; until: number } {
    const index = this.#parts.shop.index();
    let from = 0;
    let until = index.size;
    for (const [, sign, text] of (textOf(query) ?? '').matchAll(
      /updated_at:\s*(>=|<=|>|<)\s*["']?([^"'\s]+)/g,
    )) {
      const time = Date.parse(text!);
      if (Number.isNaN(time)) continue;
      if (sign === '>=') from = Math.max(from, index.before(time));
      if (sign === '>') from = Math.max(from, index.before(time + 1));
      if (sign === '<') until = Math.min(until, index.before(time));
      if (sign === '<=') until = Math.min(until, index.before(time + 1));
    }
    return { from, until: Math.max(from, until) };
  }

  /** A cursor stands for a place in the order of changes, not for a number of rows. */
  #orders(args: Args, request: GatewayRequest): Resolved {
    const size = sizeOf(args);
    const index = this.#parts.shop.index();
    const { from, until } = this.#range(args.query);
    const after = placeOf(args.after);
    let rows: ShopOrder[];
    let hasNextPage: boolean;
    const isReversed = args.reverse === true;
    if (isReversed) {
      const end = after ? Math.min(until, index.rank(after[0], after[1])) : until;
      const start = Math.max(from, end - size);
      rows = index.slice(start, end - start).reverse();
      hasNextPage = start > from;
    } else {
      const start = after ? Math.max(from, index.rank(after[0], after[1] + 1)) : from;
      rows = index.slice(start, Math.max(0, Math.min(size, until - start)));
      hasNextPage = start + size < until;
    }
    const shown = rowsShown(rows, request);
    const back = request.fault === 'cursor-back';
    const cursors = shown.map(({ times, serial }) => cursorOf(back ? [0, 0] : [times.modified, serial]));
    return connectionOf('Order', shown.map(orderNode), hasNextPage, cursors);
  }

  #status(): Record<string, number> {
    const { burst, perSecond } = this.#bucket.limit;
    return {
      maximumAvailable: burst,
      currentlyAvailable: Math.floor(this.#bucket.available),
      restoreRate: perSecond,
    };
  }

  #throttled(requestedQueryCost: number, throttleStatus = this.#status()): GatewayReply {
    return json({
      errors: [
        {
          message: 'Throttled',
          extensions: { code: 'THROTTLED', documentation: 'https://shopify.dev/api/usage/rate-limits' },
        },
      ],
      extensions: { cost: { requestedQueryCost, actualQueryCost: null, throttleStatus } },
    });
  }

  throttled(): GatewayReply {
    // Others took the points: a second's worth is missing.
    const status = this.#status();
    return this.#throttled(status.restoreRate!, { ...status, currentlyAvailable: 0 });
  }

  tokenRefused(): GatewayReply {
    const errors = '[API] Invalid API key or access token (unrecognized login or wrong password)';
    return json({ errors }, 401);
  }

  serverError(): GatewayReply {
    return json({ errors: 'Internal Server Error' }, 500);
  }
}

/** The document of a request; an error for one with a mistake, undefined when there is none at all. */
function documentIn(body: string): GraphQlDocument | GraphQlSyntaxError | undefined {
  const text = textOf(readObject(body)?.query);
  if (text === undefined) return undefined;
  try {
    return parseGraphQl(text);
  } catch (error) {
    if (error instanceof GraphQlSyntaxError) return error;
    throw error;
  }
}

function errorReply(message: string, code: string | undefined): GatewayReply {
  return json({ errors: [{ message, ...(code && { extensions: { code } }) }] });
}
