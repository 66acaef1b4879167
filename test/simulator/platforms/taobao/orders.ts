import { beijingTime } from '../../clock.ts';
import { type GatewayRequest, rowsShown } from '../../gateway/exchange.ts';
import { unshippedItems } from '../../shop/changes.ts';
import type { ShopOrder } from '../../shop/order.ts';
import type { Params } from '../form.ts';
import type { PlatformParts } from '../platform.ts';
import { isShippable, takeParcel } from '../shipping.ts';
import { businessError, invalid, missing } from './errors.ts';
import { chosenFields, trade, tradeStatus } from './records.ts';

const day = 86_400_000;

/** Trades of the simulated Taobao: lists by modification, newest first, one trade, parcels. */
export class TaobaoOrders {
  readonly #parts: PlatformParts;

  constructor(parts: PlatformParts) {
    this.#parts = parts;
  }

  /** `taobao.trades.sold.increment.get`. @throws Refusal */
  increment(params: Params, request: GatewayRequest): Record<string, unknown> {
    const fields = needed(params, 'fields');
    const from = timeIn(params, 'start_modified');
    const until = timeIn(params, 'end_modified');
    if (until < from || until - from > day) throw invalid('end_modified', '时间跨度必须在一天之内');
    const page = numberIn(params, 'page_no', 1, 1, Number.MAX_SAFE_INTEGER);
    const size = numberIn(params, 'page_size', 40, 1, 100);
    const index = this.#parts.shop.index();
    const first = index.before(from);
    const end = index.before(until + 1_000);
    const { status } = params;
    let total = end - first;
    let rows: ShopOrder[];
    let hasNext: boolean;
    if (status) {
      const all = index.slice(first, total).filter((order) => tradeStatus(order) === status);
      total = all.length;
      rows = all.reverse().slice((page - 1) * size, page * size);
      hasNext = page * size < total;
    } else {
      const high = end - (page - 1) * size;
      const low = Math.max(first, high - size);
      rows = high > low ? index.slice(low, high - low).reverse() : [];
      hasNext = low > first && rows.length > 0;
    }
    const trades = rowsShown(rows, request).map((order) => chosenFields(trade(order), fields));
    return {
      ...(params.use_has_next === 'true' ? { has_next: hasNext } : { total_results: total }),
      ...(trades.length > 0 && { trades: { trade: trades } }),
    };
  }

  /** `taobao.trade.fullinfo.get`. @throws Refusal */
  fullInfo(params: Params): Record<string, unknown> {
    const fields = needed(params, 'fields');
    return { trade: chosenFields(trade(this.#find(params)), fields) };
  }

  /** `taobao.logistics.online.send` and `dummy.send`: whole orders, or whole lines of them. @throws Refusal */
  send(params: Params, carrier: string, tracking: string): Record<string, unknown> {
    const order = this.#find(params);
    const open = unshippedItems(order);
    const named = params.sub_tid?.split(',');
    const items = named ? open.filter(({ lineId }) => named.includes(lineId)) : open;
    if (!isShippable(order) || items.length === 0)
      throw businessError('isv.logistics-online-service-error:B04', '订单状态不允许发货');
    if (named && (named.length > 20 || items.length !== named.length))
      throw invalid('sub_tid', '子订单不存在或已发货');
    takeParcel(this.#parts, order, { carrier, tracking }, items);
    return { shipping: { is_success: true } };
  }

  #find(params: Params): ShopOrder {
    const order = this.#parts.shop.order(needed(params, 'tid'));
    if (!order) throw businessError('isv.trade-not-exist', '交易不存在');
    return order;
  }
}

/** @throws Refusal 40 */
export function needed(params: Params, name: string): string {
  const value = params[name];
  if (!value) throw missing(name);
  return value;
}

/** @throws Refusal */
export function numberIn(
  params: Params,
  name: string,
  usual: number | undefined,
  least: number,
  most: number,
): number {
  const text = params[name] || (usual === undefined ? needed(params, name) : String(usual));
  const number = Number(text);
  if (!Number.isInteger(number) || number < least || number > most)
    throw invalid(name, `${name} 必须在 ${least} 和 ${most} 之间`);
  return number;
}

function timeIn(params: Params, name: string): number {
  const time = beijingTime(needed(params, name));
  if (time === null) throw invalid(name, '日期格式错误');
  return time;
}
