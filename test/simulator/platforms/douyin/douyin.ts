import { beijingTime } from '../../clock.ts';
import {
  type Gateway,
  type GatewayReply,
  type GatewayRequest,
  type Operation,
  Refusal,
} from '../../gateway/exchange.ts';
import { readObject, textOf } from '../../json.ts';
import { idBeyond } from '../../shop/ids.ts';
import { Methods } from '../methods.ts';
import type { OpenedPlatform, PlatformDefinition, PlatformParts } from '../platform.ts';
import { badParameter, badRequest, envelope, refusal } from './errors.ts';
import { DouyinGoods } from './goods.ts';
import { DouyinOrders } from './orders.ts';
import { douyinPushes } from './pushes.ts';
import { shopOrder } from './records.ts';
import { douyinSign } from './sign.ts';

const mostSkewMs = 10 * 60_000;
const tokenSeconds = 7 * 86_400;
const orderId = idBeyond(4_800_000_000_000_000_000n);
const productId = idBeyond(3_500_000_000_000_000_000n);

/** A Douyin shop: paths such as `/order/searchList`, tokens that are made by the shop's id, pushes. */
export const douyin: PlatformDefinition = {
  traits: {
    ids: {
      order: (serial) => orderId(serial * 10),
      line: (_, serial, index) => orderId(serial * 10 + index + 1),
      product: (product) => productId(product),
      variant: (product, variant) => String(1_750_000_000_000_000 + product * 10 + (variant ?? 0)),
    },
    presales: true,
    holds: true,
    parts: 'units',
    mostLines: 3,
    notesModify: false,
    isListed: () => true,
  },
  limit: { burst: 600, perSecond: 600 },
  access: {
    appKey: '7000000000000000001',
    appSecret: 'douyin-simulator-secret',
    accessToken: 'douyin-simulator-token-0',
    webhookSecret: 'douyin-simulator-secret',
    shopId: '1000001',
  },
  entry: '',
  open: (parts): OpenedPlatform => ({
    gateway: new DouyinGateway(parts),
    pushes: douyinPushes(parts),
    record: shopOrder,
  }),
};

type Input = Readonly<Record<string, unknown>>;

class DouyinGateway implements Gateway {
  readonly #parts: PlatformParts;
  readonly #methods: Methods<Input>;
  /** Until when tokens are valid, epoch milliseconds. */
  readonly #tokens = new Map<string, number>();

  constructor(parts: PlatformParts) {
    this.#parts = parts;
    this.#tokens.set(parts.access.accessToken, Number.POSITIVE_INFINITY);
    const orders = new DouyinOrders(parts);
    const goods = new DouyinGoods(parts);
    this.#methods = new Methods<Input>({
      list: { 'order.searchList': (input, request) => orders.search(input, request) },
      read: {
        'order.orderDetail': (input) => orders.detail(input),
        'order.logisticsCompanyList': () => ({ data: carriers }),
        'sku.stockNum': (input) => goods.stock(input),
      },
      write: {
        'sku.syncStock': (input) => goods.sync(input),
        'sku.syncStockBatchMultiProducts': (input) => {
          const { data, isWhole } = goods.syncMany(input);
          return isWhole ? data : { ...data, [partly]: true };
        },
        'product.setOffline': (input) => goods.sell(input, false),
        'product.setOnline': (input) => goods.sell(input, true),
        'order.logisticsAdd': (input) => orders.ship(input),
        'order.logisticsAddSinglePack': (input) => orders.shipSome(input),
        'order.logisticsAddMultiPack': (input) => orders.shipMany(input),
      },
      token: {
        'token.create': (input, { now }) => this.#makeToken(input, now),
        'token.refresh': (input, { now }) => this.#makeToken(input, now),
      },
    });
  }

  operationOf({ path }: GatewayRequest): Operation {
    return this.#methods.operation(path.slice(1).replaceAll('/', '.'));
  }

  answer(request: GatewayRequest, operation: Operation): GatewayReply {
    const method = this.#methods.find(operation);
    if (!method || request.method !== 'POST')
      throw new Refusal('404', { status: 404, headers: { 'content-type': 'text/html' }, body: '404' });
    this.#check(request, operation);
    const input = readObject(request.body);
    if (!input) throw badRequest('isv.param-json-invalid', 'param_json 不是合法的 JSON');
    const { [partly]: isPart, ...data } = method(input, request) as Record<string | symbol, unknown>;
    return isPart ? envelope(data, { code: 10_001, msg: '部分成功' }) : envelope(data);
  }

  #check({ query, body, now }: GatewayRequest, { name, kind }: Operation): void {
    const { appKey, appSecret } = this.#parts.access;
    const of = (key: string): string => query.get(key) ?? '';
    if (of('app_key') !== appKey) throw badRequest('isv.app-key-invalid', 'app_key 不存在');
    if (of('method') !== name || of('v') !== '2') throw badRequest('isv.param-invalid', 'method 或 v 不正确');
    const seconds = /^\d{10}$/.test(of('timestamp')) ? Number(of('timestamp')) * 1_000 : null;
    const time = seconds ?? beijingTime(of('timestamp'));
    if (time === null || Math.abs(time - now) > mostSkewMs)
      throw badRequest('isv.timestamp-invalid', 'timestamp 与服务器时间相差超过 10 分钟');
    const parts = { appKey, method: name, paramJson: body, timestamp: of('timestamp') };
    // Who does not say how it is signed is taken to have used the old way.
    if (douyinSign(parts, appSecret, of('sign_method') || 'md5') !== of('sign'))
      throw badRequest('isv.signature-invalid', '签名校验失败');
    if (kind === 'token') return;
    const until = this.#tokens.get(of('access_token'));
    if (until === undefined) throw badRequest('isv.access-token-no-existed', 'access_token 不存在');
    if (until < now) throw badRequest('isv.access-token-expired', 'access_token已过期');
  }

  #makeToken(input: Input, now: number): Record<string, unknown> {
    const { shopId } = this.#parts.access;
    const grant = textOf(input.grant_type);
    if (grant === 'authorization_self' && textOf(input.shop_id) !== shopId)
      throw badParameter('shop_id', '店铺未授权');
    const token = `douyin-simulator-token-${this.#tokens.size}`;
    this.#tokens.set(token, now + tokenSeconds * 1_000);
    return {
      access_token: token,
      expires_in: tokenSeconds,
      refresh_token: `refresh-${token}`,
      scope: 'SCOPE',
      shop_id: Number(shopId),
      shop_name: '测试小店',
      authority_id: '',
    };
  }

  throttled(): GatewayReply {
    return refusal(60_000, '超过限流限制').reply;
  }

  tokenRefused(): GatewayReply {
    return badRequest('isv.access-token-expired', 'access_token已过期').reply;
  }

  serverError(): GatewayReply {
    return refusal(20_000, '服务不可用', 'isp.service-error', '服务暂时不可用').reply;
  }
}

/** Marks an answer of which not every row went through. */
const partly = Symbol('partly');

const carriers = [
  { id: 12, code: 'shunfeng', name: '顺丰速运' },
  { id: 17, code: 'yuantong', name: '圆通速递' },
  { id: 15, code: 'zhongtong', name: '中通快递' },
];
