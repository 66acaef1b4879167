import { beijingText, beijingTime } from '../../clock.ts';
import {
  type Gateway,
  type GatewayReply,
  type GatewayRequest,
  json,
  type Operation,
  Refusal,
} from '../../gateway/exchange.ts';
import { idBeyond } from '../../shop/ids.ts';
import { formOf, type Params } from '../form.ts';
import { Methods } from '../methods.ts';
import type { OpenedPlatform, PlatformDefinition, PlatformParts } from '../platform.ts';
import { invalidSession, requestId, topError, topRefusal } from './errors.ts';
import { TaobaoItems } from './items.ts';
import { needed, TaobaoOrders } from './orders.ts';
import { trade } from './records.ts';
import { taobaoSign } from './sign.ts';
import { TaobaoMessages } from './tmc.ts';

const mostSkewMs = 10 * 60_000;
const orderId = idBeyond(4_100_000_000_000_000_000n);

/** A shop of Taobao or Tmall behind TOP's `router/rest`, with messages that are asked for. */
export const taobao: PlatformDefinition = {
  traits: {
    ids: {
      // Ten numbers apart, so that lines have room behind their trade; an only line has the trade's own number.
      order: (serial) => orderId(serial * 10),
      line: (_, serial, index, count) => orderId(serial * 10 + (count === 1 ? 0 : index + 1)),
      product: (product) => String(600_000_000_000 + product),
      variant: (product, variant) =>
        variant === null ? null : String(5_000_000_000_000 + product * 10 + variant),
    },
    presales: true,
    holds: true,
    parts: 'lines',
    mostLines: 3,
    notesModify: true,
    isListed: () => true,
  },
  limit: null,
  access: {
    appKey: '12345678',
    appSecret: 'taobao-simulator-secret',
    accessToken: 'taobao-simulator-session',
    webhookSecret: '',
    shopId: '',
  },
  entry: '/router/rest',
  open(parts): OpenedPlatform {
    const messages = new TaobaoMessages(parts);
    return {
      gateway: new TaobaoGateway(parts, messages),
      notify: (event, order) => messages.notify(event, order),
      record: trade,
    };
  },
};

class TaobaoGateway implements Gateway {
  readonly #parts: PlatformParts;
  readonly #methods: Methods<Params>;

  constructor(parts: PlatformParts, messages: TaobaoMessages) {
    this.#parts = parts;
    const orders = new TaobaoOrders(parts);
    const items = new TaobaoItems(parts);
    this.#methods = new Methods<Params>({
      list: {
        'taobao.trades.sold.increment.get': (params, request) => orders.increment(params, request),
      },
      read: {
        'taobao.trade.fullinfo.get': (params) => orders.fullInfo(params),
        'taobao.tmc.messages.consume': (params) => messages.consume(params),
        'taobao.tmc.queue.get': () => messages.backlog(),
        'taobao.items.seller.list.get': (params) => items.list(params),
        'taobao.logistics.companies.get': () => carriers,
        'taobao.time.get': () => ({ time: beijingText(parts.clock.now()) }),
      },
      write: {
        'taobao.tmc.messages.confirm': (params) => messages.confirm(params),
        'taobao.tmc.user.permit': () => messages.permit(),
        'taobao.item.quantity.update': (params) => items.setOne(params),
        'taobao.skus.quantity.update': (params) => items.setSome(params),
        'taobao.item.update.delisting': (params) => items.sell(params, false),
        'taobao.item.update.listing': (params) => items.sell(params, true),
        'taobao.logistics.online.send': (params) =>
          orders.send(params, needed(params, 'company_code'), needed(params, 'out_sid')),
        'taobao.logistics.dummy.send': (params) => orders.send(params, '', ''),
      },
    });
  }

  operationOf(request: GatewayRequest): Operation {
    return this.#methods.operation(formOf(request).method);
  }

  answer(request: GatewayRequest, operation: Operation): GatewayReply {
    if (request.path !== '/router/rest')
      throw new Refusal('404', { status: 404, headers: { 'content-type': 'text/html' }, body: '404' });
    const params = formOf(request);
    this.#check(params, request.now);
    const method = this.#methods.find(operation);
    if (!method)
      throw topRefusal(22, 'Invalid method', { code: 'isv.invalid-method', msg: '不存在的方法名' });
    const answer = method(params, request);
    const key = `${operation.name.replace(/^taobao\./, '').replaceAll('.', '_')}_response`;
    return json({ [key]: { ...answer, request_id: requestId() } });
  }

  #check(params: Params, now: number): void {
    const { accessToken, appKey, appSecret } = this.#parts.access;
    for (const [name, code, what] of required) if (!params[name]) throw topRefusal(code, `Missing ${what}`);
    if (params.app_key !== appKey) throw topRefusal(29, 'Invalid app Key');
    if (params.v !== '2.0') throw topRefusal(33, 'Invalid version');
    // Without it the answer would be XML, and with `simplify` another shape: neither is simulated.
    if (params.format !== 'json' || params.simplify === 'true') throw topRefusal(23, 'Invalid format');
    const time = beijingTime(params.timestamp);
    if (time === null || Math.abs(time - now) > mostSkewMs) throw topRefusal(31, 'Invalid timestamp');
    if (taobaoSign(params, appSecret) !== params.sign) throw topRefusal(25, 'Invalid signature');
    if (params.session !== accessToken) throw invalidSession();
  }

  throttled(_: Operation, waitMs: number): GatewayReply {
    return topError(7, 'App Call Limited', {
      code: 'accesscontrol.limited-by-api-access-count',
      msg: `This ban will last for ${Math.ceil(waitMs / 1_000)} more seconds`,
    });
  }

  tokenRefused(): GatewayReply {
    return invalidSession().reply;
  }

  serverError(): GatewayReply {
    return topError(15, 'Remote service error', {
      code: 'isp.remote-service-timeout',
      msg: '调用后端服务超时，请稍后重试',
    });
  }
}

const required = [
  ['method', 21, 'Method'],
  ['app_key', 28, 'App Key'],
  ['timestamp', 30, 'Timestamp'],
  ['sign', 24, 'Signature'],
  ['v', 32, 'Version'],
  ['session', 26, 'Session'],
] as const;

const carriers = {
  logistics_companies: {
    logistics_company: [
      { id: 505, code: 'SF', name: '顺丰速运' },
      { id: 101, code: 'YTO', name: '圆通速递' },
      { id: 500, code: 'ZTO', name: '中通快递' },
    ],
  },
};
