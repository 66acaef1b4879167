import type { Gateway, GatewayReply, GatewayRequest, Operation } from '../../gateway/exchange.ts';
import type { OpenedPlatform, PlatformDefinition, PlatformParts } from '../platform.ts';
import { WooAuthentication } from './authentication.ts';
import { noRoute, wpRefusal, wpReply } from './errors.ts';
import { WooOrders } from './orders.ts';
import { WooProducts } from './products.ts';
import { wooPushes } from './webhooks.ts';

const hour = 3_600_000;

/**
 * A WooCommerce shop: `/wp-json/wc/v3`. Switches: `plainKeys` (key and secret over plain HTTP), `fulfillments` and
 * `tracking` (the two features for parcels), `utcOffsetHours` of the shop's local time, 8 by default.
 */
export const woocommerce: PlatformDefinition = {
  traits: {
    ids: {
      order: (serial) => String(1_000 + serial),
      line: (_, serial, index) => String(serial * 10 + index + 1),
      product: (product) => String(90 + product * 10),
      variant: (product, variant) => (variant === null ? null : String(91 + product * 10 + variant)),
    },
    presales: false,
    holds: true,
    parts: 'units',
    mostLines: 3,
    notesModify: true,
    isListed: () => true,
  },
  limit: null,
  access: {
    appKey: 'ck_simulator',
    appSecret: 'cs_simulator_secret',
    accessToken: '',
    webhookSecret: 'woo-simulator-webhook-secret',
    shopId: '',
  },
  entry: '',
  open(parts): OpenedPlatform {
    const { utcOffsetHours = 8 } = parts.settings;
    const orders = new WooOrders(parts, Number(utcOffsetHours) * hour);
    return {
      gateway: new WooGateway(parts, orders),
      pushes: wooPushes(parts, (order) => orders.record(order)),
      record: (order) => orders.record(order),
    };
  },
};

type Route = (request: GatewayRequest, ...parts: string[]) => GatewayReply;

class WooGateway implements Gateway {
  readonly #authentication: WooAuthentication;
  readonly #routes: { methods: string[]; pattern: RegExp; route: Route }[];

  constructor(parts: PlatformParts, orders: WooOrders) {
    const { settings, access } = parts;
    this.#authentication = new WooAuthentication(access, settings.plainKeys === true);
    const products = new WooProducts(parts);
    const whole = '/wp-json/wc/v3';
    const route = (methods: string[], path: string, answer: Route, base = whole) => ({
      methods,
      pattern: new RegExp(`^${base}${path}$`),
      route: answer,
    });
    this.#routes = [
      route(['GET'], '/orders', (request) => orders.list(request)),
      route(['GET'], '/orders/(\\d+)', (_, id) => wpReply(orders.record(orders.find(id!)))),
      route(['PUT', 'POST'], '/orders/(\\d+)', ({ body }, id) => orders.update(id!, body)),
      route(['GET', 'POST'], '/orders/(\\d+)/notes', (request, id) => orders.notes(request, id!)),
      route(['GET'], '/orders/(\\d+)/refunds', (_, id) => orders.refunds(id!)),
      route(['GET'], '/products', (request) => products.list(request, null)),
      route(['GET'], '/products/(\\d+)', (request, id) => products.read(request, null, id!)),
      route(['PUT', 'POST'], '/products/(\\d+)', (request, id) => products.write(request, null, id!)),
      route(['POST'], '/products/batch', (request) => products.batch(request, null)),
      route(['GET'], '/products/(\\d+)/variations', (request, id) => products.list(request, id!)),
      route(['POST'], '/products/(\\d+)/variations/batch', (request, id) => products.batch(request, id!)),
      route(['GET'], '/products/(\\d+)/variations/(\\d+)', (request, id, variation) =>
        products.read(request, id!, variation!),
      ),
      route(['PUT', 'POST'], '/products/(\\d+)/variations/(\\d+)', (request, id, variation) =>
        products.write(request, id!, variation!),
      ),
    ];
    if (settings.fulfillments === true)
      this.#routes.push(
        route(['GET', 'POST'], '/orders/(\\d+)/fulfillments', (request, id) =>
          orders.fulfillments(request, id!),
        ),
      );
    if (settings.tracking === true)
      this.#routes.push(
        route(
          ['GET', 'POST'],
          '/orders/(\\d+)/shipment-trackings',
          (request, id) => orders.trackings(request, id!),
          '/wp-json/wc-shipment-tracking/v3',
        ),
      );
  }

  operationOf({ method, path }: GatewayRequest): Operation {
    const name = `${method} ${path.replace('/wp-json/', '').replaceAll(/\/\d+/g, '/{id}')}`;
    if (name === 'GET wc/v3/orders') return { name, kind: 'list' };
    return { name, kind: method === 'GET' ? 'read' : 'write' };
  }

  answer(request: GatewayRequest): GatewayReply {
    for (const { methods, pattern, route } of this.#routes) {
      const match = pattern.exec(request.path);
      if (!match || !methods.includes(request.method)) continue;
      this.#authentication.check(request);
      return route(request, ...match.slice(1));
    }
    throw noRoute();
  }

  /** WooCommerce has no limit of its own; the host in front of it answers. */
  throttled(_: Operation, waitMs: number): GatewayReply {
    return {
      status: 429,
      headers: { 'content-type': 'text/html', 'retry-after': String(Math.ceil(waitMs / 1_000)) },
      body: '<html><body><h1>429 Too Many Requests</h1></body></html>',
    };
  }

  tokenRefused(): GatewayReply {
    return wpRefusal(401, 'woocommerce_rest_authentication_error', 'Consumer key is invalid.').reply;
  }

  serverError(): GatewayReply {
    return wpReply(
      {
        code: 'internal_server_error',
        message: 'There has been a critical error on this website.',
        data: { status: 500 },
      },
      500,
    );
  }
}
