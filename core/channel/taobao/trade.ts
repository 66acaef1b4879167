import { beijingTime } from '../beijing-time.ts';
import { ChannelFault } from '../connection/fault.ts';
import type { RecordForm } from '../connection/records.ts';
import { type Row, rowsAt, textAt } from '../json-fields.ts';
import { type Top, unexpected } from './call.ts';

/** What a list of trades has of each, of what an order needs. `orders` is every field of the lines. */
export const listFields = [
  'tid',
  'tid_str',
  'type',
  'status',
  'seller_nick',
  'buyer_nick',
  'buyer_open_uid',
  'title',
  'created',
  'pay_time',
  'modified',
  'consign_time',
  'end_time',
  'payment',
  'total_fee',
  'post_fee',
  'discount_fee',
  'adjust_fee',
  'received_payment',
  'num',
  'shipping_type',
  'step_trade_status',
  'step_paid_fee',
  'mark_desc',
  // The handle `oaid` comes only along with name, address, mobile, phone and time of creation.
  'receiver_name',
  'receiver_country',
  'receiver_state',
  'receiver_city',
  'receiver_district',
  'receiver_town',
  'receiver_address',
  'receiver_zip',
  'receiver_mobile',
  'receiver_phone',
  'oaid',
  'has_buyer_message',
  'seller_flag',
  'orders',
] as const;

/** What `taobao.trade.fullinfo.get` has besides. */
const detailFields = [
  'buyer_message',
  'buyer_memo',
  'seller_memo',
  'est_con_time',
  'send_time',
  'step_pay_details',
  'promotion_details',
] as const;

const fullInfo = 'taobao.trade.fullinfo.get';
/** A trade that is not there, or not this seller's. */
const unknownTrade = /^\d+ isv\.(?:trade|order)-(?:not-(?:exist|found)|unexist)/;

/** A trade's number: beyond 2^53, so as text. */
export function tidOf(trade: Row): string {
  return textAt(trade, 'tid_str') || textAt(trade, 'tid');
}

export const tradeForm: RecordForm = {
  list: 'trades.trade',
  id: 'tid',
  idOf: tidOf,
  modifiedOf: (trade) => beijingTime(trade.modified),
};

export function linesOf(trade: Row): Row[] {
  return rowsAt(trade, 'orders', 'order');
}

/**
 * One trade; null when the seller has none by that number.
 *
 * @param fields all that an order needs unless told
 * @throws ChannelFault
 */
export async function tradeOf(
  top: Top,
  tid: string,
  signal: AbortSignal,
  fields: readonly string[] = [...listFields, ...detailFields],
): Promise<Row | null> {
  // What is no number cannot be a trade's.
  if (!/^\d{1,20}$/.test(tid)) return null;
  const request = {
    method: fullInfo,
    parameters: { tid, fields: fields.join(','), include_oaid: 'true' },
    repeatable: true,
  };
  try {
    return await top(
      request,
      ({ data }) => {
        const { trade } = data;
        if (typeof trade !== 'object' || trade === null) throw unexpected(fullInfo, 'trade');
        return trade as Row;
      },
      signal,
    );
  } catch (error) {
    if (ChannelFault.is(error) && unknownTrade.test(String(error.params.code))) return null;
    throw error;
  }
}
