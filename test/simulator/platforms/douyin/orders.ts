import { type GatewayRequest, rowsShown } from '../../gateway/exchange.ts';
import { integerOf, objectsOf, textOf } from '../../json.ts';
import { unshippedItems } from '../../shop/changes.ts';
import type { Parcel, ShopOrder } from '../../shop/order.ts';
import type { PlatformParts } from '../platform.ts';
import { fits, isShippable, takeParcel } from '../shipping.ts';
import { badParameter, failure } from './errors.ts';
import { orderStatus, shopOrder } from './records.ts';

type Input = Readonly<Record<string, unknown>>;

const deepest = 10_000;
const reachSeconds = 90 * 86_400;

/** Orders of the simulated Douyin shop. */
export class DouyinOrders {
  readonly #parts: PlatformParts;
  readonly #shipped = new Map<string, Record<string, unknown>>();

  constructor(parts: PlatformParts) {
    this.#parts = parts;
  }

  /** `order.searchList`: pages from 0. @throws Refusal */
  search(input: Input, request: GatewayRequest): Record<string, unknown> {
    const page = integer(input, 'page', 0, Number.MAX_SAFE_INTEGER);
    const size = integer(input, 'size', 1, 100);
    if (page * size >= deepest) throw badParameter('page', '查询深度不能超过 10000');
    const byCreation = input.order_by === 'create_time' && input.create_time_start !== undefined;
    const prefix = byCreation ? 'create_time' : 'update_time';
    const from = integer(input, `${prefix}_start`, 0, Number.MAX_SAFE_INTEGER);
    const until = integer(input, `${prefix}_end`, 0, Number.MAX_SAFE_INTEGER);
    if (from === until) throw badParameter(`${prefix}_end`, '开始时间和结束时间不能相同');
    const oldest = (Math.floor(request.now / 1_000) - reachSeconds) * 1_000;
    const statuses = textOf(objectsOf(input.combine_status)[0]?.order_status)?.split(',');
    const index = this.#parts.shop.index();
    // Whoever writes milliseconds asks for a time far away, and is answered with nothing.
    const first = byCreation ? 0 : index.before(from * 1_000);
    const end = byCreation ? index.size : index.before((until + 1) * 1_000);
    const isAscending = input.order_asc === true || input.order_asc === 'true';
    let total = Math.max(0, end - first);
    let rows: ShopOrder[];
    if (byCreation || statuses) {
      const isIn = ({ times }: ShopOrder): boolean =>
        !byCreation || (times.created >= from * 1_000 && times.created <= until * 1_000);
      const wanted = index
        .slice(first, total)
        .filter((order) => isIn(order) && (!statuses || statuses.includes(String(orderStatus(order)))));
      if (byCreation) wanted.sort((one, two) => one.serial - two.serial);
      if (!isAscending) wanted.reverse();
      total = wanted.length;
      rows = wanted.slice(page * size, (page + 1) * size);
    } else if (isAscending)
      rows = index.slice(first + page * size, Math.max(0, Math.min(size, total - page * size)));
    else {
      const high = end - page * size;
      const low = Math.max(first, high - size);
      rows = high > low ? index.slice(low, high - low).reverse() : [];
    }
    const list = rows.filter(({ times }) => times.created >= oldest);
    return { page, size, total, shop_order_list: rowsShown(list, request).map(shopOrder) };
  }

  /** `order.orderDetail`. @throws Refusal */
  detail(input: Input): Record<string, unknown> {
    return { shop_order_detail: shopOrder(this.#find(input.shop_order_id)) };
  }

  /** `order.logisticsAdd`: all that is left. @throws Refusal */
  ship(input: Input): Record<string, unknown> {
    const order = this.#find(input.order_id);
    this.#send(order, input, unshippedItems(order));
    return {};
  }

  /** `order.logisticsAddSinglePack`: lines in one parcel; once for one `request_id`. @throws Refusal */
  shipSome(input: Input): Record<string, unknown> {
    return this.#once(input, () => {
      const [id, ...others] = Array.isArray(input.order_id_list) ? (input.order_id_list as unknown[]) : [];
      if (id === undefined || others.length > 0)
        throw badParameter('order_id_list', '模拟店铺只支持一个订单');
      const order = this.#find(id);
      return { pack_id: this.#send(order, input, itemsIn(input, order)).id };
    });
  }

  /** `order.logisticsAddMultiPack`: several parcels of one order. @throws Refusal */
  shipMany(input: Input): Record<string, unknown> {
    return this.#once(input, () => {
      const order = this.#find(input.order_id);
      const packs = objectsOf(input.pack_list);
      const packList = packs.map((pack) => ({
        pack_id: this.#send(this.#find(order.id), pack, itemsIn(pack, order)).id,
      }));
      return { pack_list: packList };
    });
  }

  #once(input: Input, act: () => Record<string, unknown>): Record<string, unknown> {
    const key = textOf(input.request_id);
    if (!key) throw badParameter('request_id', '必填');
    const answer = this.#shipped.get(key) ?? act();
    this.#shipped.set(key, answer);
    return answer;
  }

  #send(order: ShopOrder, input: Input, items: Parcel['items']): Parcel {
    const carrier = textOf(input.company_code) ?? textOf(input.company);
    const tracking = textOf(input.logistics_code);
    if (!carrier) throw badParameter('company_code', '必填');
    if (!tracking) throw badParameter('logistics_code', '必填');
    if (!isShippable(order) || items.length === 0)
      throw failure('isv.business-failed:30007', '订单状态不允许发货');
    if (!fits(order, items)) throw failure('isv.business-failed:30008', '发货数量超过未发货数量');
    return takeParcel(this.#parts, order, { carrier, tracking }, items);
  }

  #find(id: unknown): ShopOrder {
    const order = this.#parts.shop.order(textOf(id) ?? '');
    if (!order) throw failure('isv.business-failed:30001', '订单不存在');
    return order;
  }
}

/** What a parcel holds; a line without a number is meant as a whole. */
function itemsIn(input: Input, order: ShopOrder): { lineId: string; quantity: number }[] {
  return objectsOf(input.shipped_order_info).map((row) => {
    const lineId = textOf(row.shipped_order_id) ?? '';
    const line = order.lines.find(({ id }) => id === lineId);
    return { lineId, quantity: integerOf(row.shipped_num) ?? (line ? line.quantity - line.shipped : 0) };
  });
}

function integer(input: Input, name: string, least: number, most: number): number {
  const number = integerOf(input[name]);
  if (number === undefined || number < least || number > most)
    throw badParameter(name, `应在 ${least} 和 ${most} 之间`);
  return number;
}
