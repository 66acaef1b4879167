import { type GatewayRequest, rowsShown } from '../../gateway/exchange.ts';
import type { ShopOrder } from '../../shop/order.ts';
import type { Params } from '../form.ts';
import type { PlatformParts } from '../platform.ts';
import { takeParcel } from '../shipping.ts';
import { invalid, missing, pddRefusal } from './errors.ts';
import { carriers, orderStatus, pddOrder, refundStatus } from './records.ts';

const mostSpanSeconds = 1_800;

/** Orders of the simulated Pinduoduo. */
export class PddOrders {
  readonly #parts: PlatformParts;

  constructor(parts: PlatformParts) {
    this.#parts = parts;
  }

  /** `pdd.order.number.list.increment.get`: newest first. @throws Refusal */
  increment(params: Params, request: GatewayRequest): Record<string, unknown> {
    const from = integer(params, 'start_updated_at', 0);
    const until = integer(params, 'end_updated_at', 0);
    if (until < from || until - from > mostSpanSeconds)
      throw invalid('end_updated_at', '开始时间结束时间间距不能超过 30 分钟');
    const status = integer(params, 'order_status', 1, 5);
    const refund = integer(params, 'refund_status', 1, 5);
    integer(params, 'is_lucky_flag', 0, 2);
    const page = integer({ page: '1', ...params }, 'page', 1);
    const size = integer({ page_size: '100', ...params }, 'page_size', 1, 100);
    const index = this.#parts.shop.index();
    const first = index.before(from * 1_000);
    const end = index.before((until + 1) * 1_000);
    const isAll = status === 5 && refund === 5;
    const high = end - (page - 1) * size;
    const low = Math.max(first, high - size);
    const wanted = (order: ShopOrder): boolean =>
      (status === 5 || orderStatus(order) === status) && (refund === 5 || refundStatus(order) === refund);
    const chosen = isAll
      ? []
      : index
          .slice(first, end - first)
          .filter(wanted)
          .reverse();
    const rows = isAll
      ? index.slice(low, Math.max(0, high - low)).reverse()
      : chosen.slice((page - 1) * size, page * size);
    const total = isAll ? end - first : chosen.length;
    return {
      ...(params.use_has_next === 'true' ? { has_next: page * size < total } : { total_count: total }),
      order_sn_list: rowsShown(rows, request).map(pddOrder),
    };
  }

  /** `pdd.order.information.get`. @throws Refusal */
  information(params: Params): Record<string, unknown> {
    return { order_info: pddOrder(this.#find(params)) };
  }

  /** `pdd.logistics.online.send`: whole orders. @throws Refusal */
  send(params: Params): Record<string, unknown> {
    const order = this.#find(params);
    const id = integer(params, 'logistics_id', 0);
    const carrier = carriers.find((one) => one.id === id && one.available === 1);
    if (!carrier) throw invalid('logistics_id', '快递公司不存在或不可用');
    const tracking = needed(params, 'tracking_number');
    if (order.stage !== 'paid' || order.held) throw pddRefusal(50_001, '订单状态不允许发货');
    takeParcel(this.#parts, order, { carrier: carrier.code, tracking });
    return { is_success: true };
  }

  #find(params: Params): ShopOrder {
    const order = this.#parts.shop.order(needed(params, 'order_sn'));
    if (!order) throw pddRefusal(50_001, '订单不存在');
    return order;
  }
}

/** @throws Refusal */
export function needed(params: Params, name: string): string {
  const value = params[name];
  if (!value) throw missing(name);
  return value;
}

/** @throws Refusal */
export function integer(params: Params, name: string, least: number, most = Number.MAX_SAFE_INTEGER): number {
  const number = Number(needed(params, name));
  if (!Number.isInteger(number) || number < least || number > most)
    throw invalid(name, `应在 ${least} 和 ${most} 之间`);
  return number;
}
