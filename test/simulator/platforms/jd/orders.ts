import { beijingTime } from '../../clock.ts';
import { type GatewayRequest, rowsShown } from '../../gateway/exchange.ts';
import { integerOf, textOf } from '../../json.ts';
import type { ShopOrder } from '../../shop/order.ts';
import type { PlatformParts } from '../platform.ts';
import { takeParcel } from '../shipping.ts';
import { invalid, missing } from './errors.ts';
import { carrierNumbers, chosenFields, jdOrder, orderState } from './records.ts';

type Input = Readonly<Record<string, unknown>>;

const mostSpanMs = 31 * 86_400_000;
const lastPage = 100;
const sellerDelivers = '1274';

/** Orders of the simulated JD shop. */
export class JdOrders {
  readonly #parts: PlatformParts;

  constructor(parts: PlatformParts) {
    this.#parts = parts;
  }

  /** `jingdong.pop.order.enSearch`. Behind a hundred pages there is nothing. @throws Refusal */
  search(input: Input, request: GatewayRequest): Record<string, unknown> {
    const fields = needed(input, 'optional_fields');
    const states = needed(input, 'order_state').split(',');
    const from = timeIn(input, 'start_date');
    const until = timeIn(input, 'end_date');
    if (until < from || until - from > mostSpanMs) throw invalid('end_date', '时间跨度不能超过一个月');
    const page = number(input, 'page', 1, Number.MAX_SAFE_INTEGER);
    const size = number(input, 'page_size', 1, 100);
    const index = this.#parts.shop.index();
    const byCreation = textOf(input.dateType) === '1';
    const isDescending = textOf(input.sortType) === '1';
    const first = byCreation ? 0 : index.before(from);
    const end = byCreation ? index.size : index.before(until + 1_000);
    let total = Math.max(0, end - first);
    let rows: ShopOrder[];
    if (byCreation || !states.includes('ALL')) {
      const wanted = index
        .slice(first, total)
        .filter(
          (order) =>
            (!byCreation || (order.times.created >= from && order.times.created <= until)) &&
            (states.includes('ALL') || states.includes(orderState(order))),
        );
      if (byCreation) wanted.sort((one, two) => one.serial - two.serial);
      if (isDescending) wanted.reverse();
      total = wanted.length;
      rows = wanted.slice((page - 1) * size, page * size);
    } else if (isDescending) {
      const high = end - (page - 1) * size;
      const low = Math.max(first, high - size);
      rows = high > low ? index.slice(low, high - low).reverse() : [];
    } else {
      const skip = (page - 1) * size;
      rows = index.slice(first + skip, Math.max(0, Math.min(size, total - skip)));
    }
    const shown = page > lastPage ? [] : rowsShown(rows, request);
    return {
      searchorderinfo_result: {
        apiResult: { success: true, chineseErrCode: '成功', englishErrCode: 'success', numberCode: 0 },
        // As text now and then, as the real one has it.
        orderTotal: page % 2 === 0 ? String(total) : total,
        orderInfoList: shown.map((order) => chosenFields(jdOrder(order), fields)),
      },
    };
  }

  /** `jingdong.pop.order.enGet`. @throws Refusal */
  detail(input: Input): Record<string, unknown> {
    const fields = needed(input, 'optional_fields');
    const order = this.#parts.shop.order(needed(input, 'order_id'));
    const isThere = order !== undefined && order.times.paid !== null;
    return {
      orderDetailInfo: {
        apiResult: isThere
          ? { success: 'true', chineseErrCode: '成功', englishErrCode: 'success', numberCode: '0' }
          : {
              success: 'false',
              chineseErrCode: '订单不存在',
              englishErrCode: 'order not exist',
              numberCode: '10400001',
            },
        ...(isThere && { orderInfo: chosenFields(jdOrder(order), fields) }),
      },
    };
  }

  /** `jingdong.pop.order.shipment`: whole orders, in one parcel or several. @throws Refusal */
  ship(input: Input): Record<string, unknown> {
    const id = needed(input, 'orderId');
    const carriers = needed(input, 'logiCoprId').split('|');
    const isOwn = carriers.every((carrier) => carrier === sellerDelivers);
    const waybills = isOwn ? [''] : needed(input, 'logiNo').split('|');
    if (!isOwn && carriers.length !== waybills.length) throw invalid('logiNo', '与物流公司数量不一致');
    const order = this.#parts.shop.order(id);
    const outcome = (success: boolean, text: string): Record<string, unknown> => ({
      sopjosshipment_result: {
        success,
        chineseErrCode: text,
        englishErrCode: success ? 'success' : 'failed',
      },
    });
    if (!order) return outcome(false, '订单不存在');
    if (orderState(order) !== 'WAIT_SELLER_STOCK_OUT')
      return outcome(false, '订单状态不是等待出库，不能发货');
    const carrier =
      Object.keys(carrierNumbers).find((code) => carrierNumbers[code] === carriers[0]) ?? carriers[0]!;
    const tracking = waybills.join('|');
    takeParcel(this.#parts, order, { carrier, tracking });
    return outcome(true, '成功');
  }
}

/** @throws Refusal */
export function needed(input: Input, name: string): string {
  const value = textOf(input[name]);
  if (!value) throw missing(name);
  return value;
}

function number(input: Input, name: string, least: number, most: number): number {
  const value = integerOf(needed(input, name))!;
  if (!(value >= least && value <= most)) throw invalid(name, `应在 ${least} 和 ${most} 之间`);
  return value;
}

function timeIn(input: Input, name: string): number {
  const time = beijingTime(needed(input, name));
  if (time === null) throw invalid(name, '日期格式错误');
  return time;
}
