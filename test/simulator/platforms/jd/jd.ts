import { beijingTime } from '../../clock.ts';
import {
  type Gateway,
  type GatewayReply,
  type GatewayRequest,
  json,
  type Operation,
  Refusal,
} from '../../gateway/exchange.ts';
import { integerOf, objectOf, objectsOf, readObject, textOf } from '../../json.ts';
import { formOf, type Params, wrappedMd5 } from '../form.ts';
import { Methods } from '../methods.ts';
import type { OpenedPlatform, PlatformDefinition, PlatformParts } from '../platform.ts';
import { invalid, jdError, jdRefusal, missing, tokenRefusal } from './errors.ts';
import { JdOrders, needed } from './orders.ts';
import { jdOrder } from './records.ts';

const mostSkewMs = 6 * 60_000;
const mostSkus = 30;

/** A JD shop behind `routerjson`. The misspelt `_responce` is JD's own. */
export const jd: PlatformDefinition = {
  traits: {
    ids: {
      order: (serial) => String(300_000_000_000 + serial),
      line: (_, serial, index) => `${serial}-${index}`,
      product: (product) => String(10_000_000_000_000 + product),
      variant: (product, variant) => String(100_000_000_000 + product * 10 + (variant ?? 0)),
    },
    presales: false,
    holds: true,
    parts: 'none',
    mostLines: 3,
    notesModify: false,
    // Unpaid orders are listed by another interface.
    isListed: ({ times }) => times.paid !== null,
  },
  limit: null,
  access: {
    appKey: 'jd-simulator-key',
    appSecret: 'jd-simulator-secret',
    accessToken: 'jd-simulator-token',
    webhookSecret: '',
    shopId: '',
  },
  entry: '/routerjson',
  open: (parts): OpenedPlatform => ({ gateway: new JdGateway(parts), record: jdOrder }),
};

type Input = Readonly<Record<string, unknown>>;

class JdGateway implements Gateway {
  readonly #parts: PlatformParts;
  readonly #methods: Methods<Input>;
  /** Answers of stock writes by their key. */
  readonly #answered = new Map<string, Record<string, unknown>>();

  constructor(parts: PlatformParts) {
    this.#parts = parts;
    const orders = new JdOrders(parts);
    this.#methods = new Methods<Input>({
      list: { 'jingdong.pop.order.enSearch': (input, request) => orders.search(input, request) },
      read: {
        'jingdong.pop.order.enGet': (input) => orders.detail(input),
        'jingdong.ware.stock.sku.query': (input) => this.#stock(input),
      },
      write: {
        'jingdong.ware.stock.sku.set': (input) => this.#setStock(input),
        'jingdong.ware.write.upOrDown': (input) => this.#sell(input),
        'jingdong.pop.order.shipment': (input) => orders.ship(input),
      },
    });
  }

  operationOf(request: GatewayRequest): Operation {
    return this.#methods.operation(formOf(request).method);
  }

  answer(request: GatewayRequest, operation: Operation): GatewayReply {
    if (request.path !== '/routerjson')
      throw new Refusal('404', { status: 404, headers: { 'content-type': 'text/html' }, body: '404' });
    const params = formOf(request);
    this.#check(params, request.now);
    const method = this.#methods.find(operation);
    if (!method) throw jdRefusal('10', `不存在的方法名: ${operation.name}`, 'Invalid method');
    const input = readObject(params['360buy_param_json'] ?? '{}');
    if (!input) throw jdRefusal('68', '360buy_param_json 不是合法的 JSON', 'Invalid param json');
    const key = `${operation.name.replaceAll('.', '_')}_responce`;
    return json({ [key]: { code: '0', request_id: 'sim-jd', ...method(input, request) } });
  }

  #check(params: Params, now: number): void {
    const { appKey, appSecret, accessToken } = this.#parts.access;
    for (const name of ['method', 'app_key', 'timestamp', 'v', 'sign'])
      if (!params[name]) throw missing(name);
    if (params.app_key !== appKey) throw jdRefusal('11', '无效的 app_key', 'Invalid app_key');
    const time = beijingTime(params.timestamp);
    if (time === null || Math.abs(time - now) > mostSkewMs)
      throw jdRefusal('8', '时间戳 timestamp 与服务器时间相差超过 6 分钟', 'Invalid timestamp');
    if (params.sign !== wrappedMd5(params, appSecret)) throw jdRefusal('12', '无效签名', 'Invalid signature');
    if (params.access_token !== accessToken) throw tokenRefusal();
  }

  /** Each row has an outcome of its own; the same `stockRfId` is done once. */
  #setStock(input: Input): Record<string, unknown> {
    const req = objectOf(input.req) ?? readObject(textOf(input.req) ?? '') ?? {};
    const rows = objectsOf(req.skuStocks);
    if (rows.length === 0 || rows.length > mostSkus) throw invalid('skuStocks', `应有 1 至 ${mostSkus} 条`);
    if (req.updateModel !== 'fullStockIn') throw invalid('updateModel', '只支持 fullStockIn');
    const key = textOf(req.stockRfId);
    if (!key) throw missing('stockRfId');
    const known = this.#answered.get(key);
    if (known) return known;
    const updateStockResult = rows.map((row) => {
      const sku = textOf(row.skuId) ?? '';
      const listing = this.#parts.shop.listings.find(({ variantId }) => variantId === sku);
      const quantity = integerOf(row.stockNum);
      const refused = (message: string) => ({ data: Number(sku), success: false, message });
      if (!listing) return refused('sku不存在');
      if (quantity === undefined || quantity < 0) return refused('库存数量不合法');
      const at = this.#parts.shop.now();
      this.#parts.journal.writeStock(listing, { at, quantity, mode: 'absolute', key });
      return { data: Number(sku), success: true, message: '' };
    });
    const answer = { returnType: { success: true, code: '0', message: '', obj: { updateStockResult } } };
    this.#answered.set(key, answer);
    return answer;
  }

  #stock(input: Input): Record<string, unknown> {
    const sku = needed(input, 'skuId');
    const listing = this.#parts.shop.listings.find(({ variantId }) => variantId === sku);
    if (!listing) return { returnType: { success: false, code: '1', message: 'sku不存在', obj: null } };
    const skuStockInfos = [{ skuId: Number(sku), storeId: 0, stockNum: listing.available }];
    return { returnType: { success: true, code: '0', message: '', obj: { skuStockInfos } } };
  }

  #sell(input: Input): Record<string, unknown> {
    const ware = needed(input, 'wareId');
    const type = needed(input, 'opType');
    if (type !== '1' && type !== '2') throw invalid('opType', '应为 1 或 2');
    const listings = this.#parts.shop.listings.filter(({ productId }) => productId === ware);
    for (const listing of listings) listing.onSale = type === '1';
    return { success: listings.length > 0 };
  }

  throttled(): GatewayReply {
    return jdError('2', '调用频率超过限制，请稍后再试', 'Service call limited');
  }

  tokenRefused(): GatewayReply {
    return tokenRefusal().reply;
  }

  serverError(): GatewayReply {
    return jdError('1', '服务不可用，请稍后再试', 'Service unavailable');
  }
}
