import { isRecord } from '../../order/mapping/path.ts';
import { beijingTime } from '../beijing-time.ts';
import type { RecordForm } from '../connection/records.ts';
import { isRefusal } from '../connection/refused.ts';
import { type Row, rowsAt, textAt } from '../json-fields.ts';
import { type Pdd, unexpected } from './call.ts';

const information = 'pdd.order.information.get';

export const orderForm: RecordForm = {
  list: 'order_sn_list',
  id: 'order_sn',
  idOf: (order) => textAt(order, 'order_sn'),
  modifiedOf: (order) => beijingTime(order.updated_at),
};

export function itemsOf(order: Row): Row[] {
  return rowsAt(order, 'item_list');
}

/** `260901-100000000000001`: date, dash and digits. */
export function isOrderNumber(text: string): boolean {
  return /^\d{6}-\d{1,24}$/.test(text);
}

/**
 * One order; null when the shop has none by that number.
 *
 * @throws ChannelFault
 */
export async function orderOf(pdd: Pdd, orderSn: string, signal: AbortSignal): Promise<Row | null> {
  if (!isOrderNumber(orderSn)) return null;
  const request = { type: information, parameters: { order_sn: orderSn }, repeatable: true };
  try {
    return await pdd(
      request,
      ({ data }) => {
        const { order_info: order } = data;
        if (!isRecord(order)) throw unexpected(information, 'order_info');
        return order;
      },
      signal,
    );
  } catch (error) {
    // An order that is not there has no code of its own, only words.
    if (isRefusal(error) && /订单.*不存在|not exist|not found/i.test(String(error.params.said))) return null;
    throw error;
  }
}
