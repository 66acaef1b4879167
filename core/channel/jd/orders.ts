import { beijingText, beijingTime } from '../beijing-time.ts';
import { ascendingRows, refuseDisorder } from '../connection/ascending.ts';
import type { OrderSource, TimeWindow } from '../connection/order-source.ts';
import { type RecordForm, recordsOf, stampsOf } from '../connection/records.ts';
import { fieldAt, type Row, rowsAt, textAt } from '../json-fields.ts';
import { assertSuccess, type Jos, title, unexpected } from './call.ts';

export const search = 'jingdong.pop.order.enSearch';
const detail = 'jingdong.pop.order.enGet';
const pageSize = 100;
const day = 86_400_000;

/** A month is the most the platform takes; a day is read again sooner when it was broken off. */
const windowRules = {
  mostMs: day,
  lagMs: 3 * 60_000,
  overlapMs: 5 * 60_000,
  // Changes of the last three months.
  reachMs: 90 * day,
  stepMs: 1_000,
};

/** What is to come back of each order: nothing does that is not named. */
const fields = [
  'orderId',
  'venderId',
  'parentOrderId',
  'directParentOrderId',
  'orderType',
  'payType',
  'orderSource',
  'deliveryType',
  'orderState',
  'orderStateRemark',
  'orderStartTime',
  'paymentConfirmTime',
  'modified',
  'orderEndTime',
  'orderTotalPrice',
  'orderSellerPrice',
  'orderPayment',
  'actualPay',
  'shouldPay',
  'freightPrice',
  'sellerDiscount',
  'balanceUsed',
  'totalSellerReceivable',
  'couponDetailList',
  'itemInfoList',
  'consigneeInfo',
  'pin',
  'open_id_buyer',
  'orderRemark',
  'venderRemark',
  'waybill',
  'logisticsId',
  'storeOrder',
  'storeId',
  'idSopShipmenttype',
  'returnOrder',
].join(',');

const form: RecordForm = {
  list: 'orderInfoList',
  id: 'orderId',
  idOf: (order) => textAt(order, 'orderId'),
  modifiedOf: (order) => beijingTime(order.modified),
};

/** The paid orders of one shop; unpaid ones are not listed here. */
export function ordersOf(jos: Jos): OrderSource {
  return {
    window: windowRules,
    async *changed(window, signal) {
      let page = 0;
      for await (const { rows, total } of rowsOf(jos, window, fields, signal)) {
        page += 1;
        const pages = total === null ? null : Math.max(page, Math.ceil(total / pageSize));
        yield { ...recordsOf(rows, form), page, pages, total };
      }
    },
    async order(channelOrderId, signal) {
      const order = await orderOf(jos, channelOrderId, signal);
      return order && { channelOrderId, modifiedAt: form.modifiedOf(order), body: JSON.stringify(order) };
    },
    async *stamps(window, signal) {
      for await (const { rows, total } of rowsOf(jos, window, 'orderId,modified', signal))
        yield { total, stamps: stampsOf(recordsOf(rows, form).records) };
    },
  };
}

/** The rows of a window, never as far as the hundredth page, behind which the platform shows nothing. */
function rowsOf(
  jos: Jos,
  window: TimeWindow,
  wanted: string,
  signal: AbortSignal,
): AsyncIterable<{ rows: Row[]; total: number | null }> {
  return ascendingRows<Row>({
    platform: title,
    call: search,
    window,
    pageSize,
    stepMs: windowRules.stepMs,
    // Rows without an id are told apart by all there is of them: each is put aside.
    keyOf: (row) =>
      form.idOf(row) === '' ? JSON.stringify(row) : `${form.idOf(row)} ${textAt(row, 'modified')}`,
    modifiedOf: form.modifiedOf,
    read: ({ after, page }, check) =>
      jos(
        {
          method: search,
          // Nobody says whether the beginning is in the span: a second more shows what is of that moment.
          parameters: searchParameters(
            { from: after - windowRules.stepMs, until: window.until },
            { wanted, page, pageSize },
          ),
          repeatable: true,
        },
        ({ data }) => {
          const result = data.searchorderinfo_result;
          assertSuccess(fieldAt(result, 'apiResult'), search);
          const rows = rowsAt(result, 'orderInfoList');
          const total = textAt(result, 'orderTotal');
          if (!/^\d+$/.test(total)) throw unexpected(search, 'orderTotal');
          check(rows);
          refuseDisorder(rows, form, { platform: title, call: search });
          return { rows, total: Number(total) };
        },
        signal,
      ),
  });
}

/** A question for orders by the time of their change, oldest first. */
export function searchParameters(
  window: TimeWindow,
  { wanted, page, pageSize: size }: { wanted: string; page: number; pageSize: number },
): Record<string, string> {
  return {
    start_date: beijingText(window.from),
    end_date: beijingText(window.until),
    order_state: 'ALL',
    optional_fields: wanted,
    page: String(page),
    page_size: String(size),
    // Anything but 1 is ascending, and by the time of change.
    sortType: '0',
    dateType: '0',
    source_id: 'JOS',
  };
}

/**
 * One order; null when the shop has none by that id.
 *
 * @throws ChannelFault
 */
export async function orderOf(jos: Jos, orderId: string, signal: AbortSignal): Promise<Row | null> {
  if (!/^\d{1,20}$/.test(orderId)) return null;
  const request = {
    method: detail,
    parameters: { order_id: orderId, optional_fields: fields },
    repeatable: true,
  };
  return jos(
    request,
    ({ data }) => {
      const info = data.orderDetailInfo;
      const result = fieldAt(info, 'apiResult');
      if (isUnknown(result)) return null;
      assertSuccess(result, detail);
      const order = fieldAt(info, 'orderInfo');
      return typeof order === 'object' ? (order as Row | null) : null;
    },
    signal,
  );
}

/** An order that is not there has no code of its own, only words. */
function isUnknown(result: unknown): boolean {
  const words = `${textAt(result, 'chineseErrCode')} ${textAt(result, 'englishErrCode')}`;
  return /不存在|not exist|not found/i.test(words);
}
