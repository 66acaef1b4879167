import { isRecord } from '../../order/mapping/path.ts';
import type { RecordForm } from '../connection/records.ts';
import { isRefusal } from '../connection/refused.ts';
import { fieldAt, type Row, rowsAt, textAt } from '../json-fields.ts';
import { unexpected } from './answer.ts';
import type { Douyin } from './call.ts';

const detail = 'order.orderDetail';

export const orderForm: RecordForm = {
  list: 'shop_order_list',
  id: 'order_id',
  idOf: (order) => textAt(order, 'order_id'),
  modifiedOf: (order) => unixTime(textAt(order, 'update_time')),
};

/** Epoch milliseconds of whole seconds; null for 0, which stands for none. */
function unixTime(seconds: string): number | null {
  return /^[1-9]\d{0,11}$/.test(seconds) ? Number(seconds) * 1_000 : null;
}

/** The lines of an order, each a product's SKU with an id of its own. */
export function linesOf(order: Row): Row[] {
  return rowsAt(order, 'sku_order_list');
}

/**
 * One order; null when the shop has none by that id.
 *
 * @throws ChannelFault
 */
export async function orderOf(douyin: Douyin, orderId: string, signal: AbortSignal): Promise<Row | null> {
  if (!/^\d{1,20}$/.test(orderId)) return null;
  const request = { method: detail, parameters: { shop_order_id: orderId }, repeatable: true };
  try {
    return await douyin(
      request,
      ({ data }) => {
        const order = fieldAt(data, 'shop_order_detail');
        if (!isRecord(order)) throw unexpected(detail, 'shop_order_detail');
        return order;
      },
      signal,
    );
  } catch (error) {
    // An order that is not there has several codes, but the same words.
    if (isRefusal(error) && /订单(?:号)?不存在|not exist/i.test(String(error.params.said))) return null;
    throw error;
  }
}
