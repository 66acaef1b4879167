import { ascendingRows, refuseDisorder } from '../connection/ascending.ts';
import { ChannelFault } from '../connection/fault.ts';
import type { ChannelRecord, OrderSource, TimeWindow } from '../connection/order-source.ts';
import { completedRecords, recordsOf, stampsOf } from '../connection/records.ts';
import { type Row, rowsAt, textAt } from '../json-fields.ts';
import { title, unexpected } from './answer.ts';
import type { Douyin } from './call.ts';
import './messages.ts';
import { linesOf, orderForm, orderOf } from './order.ts';

export const search = 'order.searchList';
/** The most the platform gives. */
const pageSize = 100;
/** Rows that a question shows at most, by the strictest of the sources; behind it there is nothing to be had. */
const deepest = 10_000;

const day = 86_400_000;

/** The platform knows no longest span; a day is read again sooner when it was broken off. */
const windowRules = {
  mostMs: day,
  lagMs: 3 * 60_000,
  overlapMs: 5 * 60_000,
  // Orders of the last 90 days, by their creation.
  reachMs: 90 * day,
  stepMs: 1_000,
};

/** The orders of one shop, unpaid ones included. */
export function ordersOf(douyin: Douyin): OrderSource {
  const inFull = async (channelOrderId: string, signal: AbortSignal): Promise<ChannelRecord | null> => {
    const order = await orderOf(douyin, channelOrderId, signal);
    return order && { channelOrderId, modifiedAt: orderForm.modifiedOf(order), body: JSON.stringify(order) };
  };
  return {
    window: windowRules,
    async *changed(window, signal) {
      let page = 0;
      for await (const { rows, total } of rowsOf(douyin, window, signal)) {
        page += 1;
        const { records, bad } = await completedRecords(rows, orderForm, {
          needs: (order) => linesOf(order).length === 0,
          read: (orderId) => inFull(orderId, signal),
        });
        const pages = total === null ? null : Math.max(page, Math.ceil(total / pageSize));
        yield { records, bad, page, pages, total };
      }
    },
    order: inFull,
    // Nothing cheaper: the list has no choice of fields.
    async *stamps(window, signal) {
      for await (const { rows, total } of rowsOf(douyin, window, signal))
        yield { total, stamps: stampsOf(recordsOf(rows, orderForm).records) };
    },
  };
}

/**
 * The rows of a window. Each question begins where the last page ended, so that the window shrinks page by page, and only
 * what changed within one second comes near the depth of a question.
 */
function rowsOf(
  douyin: Douyin,
  window: TimeWindow,
  signal: AbortSignal,
): AsyncIterable<{ rows: Row[]; total: number | null }> {
  return ascendingRows<Row>({
    platform: title,
    call: search,
    window,
    pageSize,
    stepMs: windowRules.stepMs,
    keyOf: (row) => `${orderForm.idOf(row)} ${textAt(row, 'update_time')}`,
    modifiedOf: orderForm.modifiedOf,
    read: async ({ after, page }, check) => {
      if (page * pageSize > deepest)
        throw new ChannelFault('platform', 'douyin.too-many-at-once', {
          time: new Date(after).toISOString(),
          most: deepest,
        });
      return douyin(
        {
          method: search,
          // Nobody says whether the beginning is in the span: a second more shows what is of that moment.
          parameters: searchParameters(
            { from: after - windowRules.stepMs, until: window.until },
            { page: page - 1, size: pageSize },
          ),
          repeatable: true,
        },
        ({ data }) => {
          const rows = rowsAt(data, 'shop_order_list');
          const total = textAt(data, 'total');
          if (!/^\d{1,15}$/.test(total)) throw unexpected(search, 'total');
          check(rows);
          refuseDisorder(rows, orderForm, { platform: title, call: search });
          return { rows, total: Number(total) };
        },
        signal,
      );
    },
  });
}

/**
 * A question for orders by the time of their change, oldest first. Times are seconds; both ends have to be there, and two
 * different ones.
 *
 * @param page from 0
 */
export function searchParameters(
  window: TimeWindow,
  { page, size }: { page: number; size: number },
): Record<string, unknown> {
  const start = Math.floor(window.from / 1_000);
  return {
    update_time_start: start,
    update_time_end: Math.max(start + 1, Math.ceil(window.until / 1_000)),
    order_by: 'update_time',
    order_asc: true,
    page,
    size,
  };
}
