import { beijingText } from '../../clock.ts';
import {
  type Gateway,
  type GatewayReply,
  type GatewayRequest,
  json,
  type Operation,
  Refusal,
} from '../../gateway/exchange.ts';
import { readObject } from '../../json.ts';
import type { Listing } from '../../shop/listing.ts';
import { formOf, type Params, wrappedMd5 } from '../form.ts';
import { Methods } from '../methods.ts';
import type { OpenedPlatform, PlatformDefinition, PlatformParts } from '../platform.ts';
import { missing, pddError, pddRefusal } from './errors.ts';
import { PmcMessages } from './messages.ts';
import { integer, needed, PddOrders } from './orders.ts';
import { carriers, pddOrder } from './records.ts';

const mostSkewSeconds = 600;

/** A Pinduoduo shop behind `api/router`, with the PMC websocket at `…/message/{client_id}/{ms}/{digest}`. */
export const pinduoduo: PlatformDefinition = {
  traits: {
    ids: {
      order: (serial, createdAt) => {
        const date = beijingText(createdAt).slice(2, 10).replaceAll('-', '');
        return `${date}-${100_000_000_000_000 + serial}`;
      },
      line: (orderId) => orderId,
      product: (product) => String(600_000_000_000 + product),
      variant: (product, variant) => String(1_500_000_000_000 + product * 10 + (variant ?? 0)),
    },
    presales: true,
    holds: true,
    parts: 'none',
    mostLines: 1,
    notesModify: true,
    // Only what a group has confirmed is listed.
    isListed: ({ times }) => times.paid !== null || times.deposit !== null,
  },
  limit: { burst: 3_000, perSecond: 50 },
  access: {
    appKey: 'pdd-simulator-client',
    appSecret: 'pdd-simulator-secret',
    accessToken: 'pdd-simulator-token',
    webhookSecret: '',
    shopId: '1000001',
  },
  entry: '/api/router',
  open(parts): OpenedPlatform {
    const messages = new PmcMessages(parts);
    return {
      gateway: new PddGateway(parts, messages),
      notify: (event, order) => messages.notify(event, order),
      upgrade: (request, socket, head, path) => messages.upgrade(request, socket, head, path),
      disconnect: () => messages.disconnect(),
      record: pddOrder,
      close: () => messages.disconnect(),
    };
  },
};

/** The outer names of answers do not follow from the methods' names. */
const outerNames: Readonly<Record<string, string>> = {
  'pdd.order.number.list.increment.get': 'order_sn_increment_get_response',
  'pdd.order.information.get': 'order_info_get_response',
};

class PddGateway implements Gateway {
  readonly #parts: PlatformParts;
  readonly #methods: Methods<Params>;

  constructor(parts: PlatformParts, messages: PmcMessages) {
    this.#parts = parts;
    const orders = new PddOrders(parts);
    this.#methods = new Methods<Params>({
      list: {
        'pdd.order.number.list.increment.get': (params, request) => orders.increment(params, request),
      },
      read: {
        'pdd.order.information.get': (params) => orders.information(params),
        'pdd.logistics.companies.get': () => ({ logistics_companies: carriers }),
        'pdd.pmc.accrue.query': () => ({ total_count: messages.queue.size }),
      },
      write: {
        'pdd.goods.quantity.update': (params) => this.#setStock(params),
        'pdd.goods.sale.status.set': (params) => this.#sell(params),
        'pdd.logistics.online.send': (params) => orders.send(params),
        'pdd.pmc.user.permit': () => ({ is_success: true }),
      },
      token: { 'pdd.time.get': (_, { now }) => ({ time: beijingText(now) }) },
    });
  }

  operationOf(request: GatewayRequest): Operation {
    return this.#methods.operation(paramsOf(request).type);
  }

  answer(request: GatewayRequest, operation: Operation): GatewayReply {
    if (request.path !== '/api/router' || request.method !== 'POST')
      throw new Refusal('404', { status: 404, headers: { 'content-type': 'text/html' }, body: '404' });
    const params = paramsOf(request);
    this.#check(params, request.now, operation);
    const method = this.#methods.find(operation);
    if (!method) throw pddRefusal(10_017, 'type 不正确');
    const { name } = operation;
    const key = outerNames[name] ?? `${name.replace(/^pdd\./, '').replaceAll('.', '_')}_response`;
    return json({ [key]: { ...method(params, request), request_id: 'sim-pdd' } });
  }

  #check(params: Params, now: number, { kind }: Operation): void {
    const { appKey, appSecret, accessToken } = this.#parts.access;
    for (const name of ['type', 'client_id', 'timestamp', 'sign']) if (!params[name]) throw missing(name);
    if (params.client_id !== appKey) throw pddRefusal(10_001, '公共参数错误: client_id');
    if (!(Math.abs(Number(params.timestamp) - now / 1_000) <= mostSkewSeconds))
      throw pddRefusal(10_001, '公共参数错误: timestamp');
    if (params.sign !== wrappedMd5(params, appSecret)) throw pddRefusal(20_004, '签名sign校验失败');
    if (kind !== 'token' && params.access_token !== accessToken) throw tokenExpired();
  }

  #setStock(params: Params): Record<string, unknown> {
    const listings = this.#goods(params);
    const { sku_id: sku, outer_id: code } = params;
    const listing = listings.find((one) => (sku ? one.variantId === sku : code && one.sku === code));
    if (!listing) throw pddRefusal(50_001, '商品规格不存在');
    const isDelta = params.update_type === '2';
    const quantity = integer(params, 'quantity', isDelta ? -1_000_000 : 0);
    if (isDelta && listing.available + quantity < 0) throw pddRefusal(50_001, '库存不足');
    const mode = isDelta ? 'delta' : 'absolute';
    this.#parts.journal.writeStock(listing, { at: this.#parts.shop.now(), quantity, mode });
    return { is_success: true };
  }

  #sell(params: Params): Record<string, unknown> {
    const onSale = integer(params, 'is_onsale', 0, 1) === 1;
    for (const listing of this.#goods(params)) listing.onSale = onSale;
    return { is_success: true };
  }

  #goods(params: Params): Listing[] {
    const id = needed(params, 'goods_id');
    const listings = this.#parts.shop.listings.filter(({ productId }) => productId === id);
    if (listings.length === 0) throw pddRefusal(50_001, '商品不存在');
    return listings;
  }

  throttled(): GatewayReply {
    return pddError(52_101, '当前接口被限流，请稍后重试');
  }

  tokenRefused(): GatewayReply {
    return tokenExpired().reply;
  }

  serverError(): GatewayReply {
    return pddError(50_000, '系统内部错误');
  }
}

function tokenExpired(): Refusal {
  return pddRefusal(10_019, 'access_token已过期');
}

/** From a form, or from JSON: there objects are signed as the text they are sent as. */
function paramsOf(request: GatewayRequest): Params {
  const body = request.headers['content-type']?.startsWith('application/json')
    ? readObject(request.body)
    : undefined;
  if (!body) return formOf(request);
  return Object.fromEntries(
    Object.entries(body).map(([name, value]) => [
      name,
      typeof value === 'object' && value !== null ? JSON.stringify(value) : String(value),
    ]),
  );
}
