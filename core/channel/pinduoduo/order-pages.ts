import { beijingTime } from '../beijing-time.ts';
import { type DescendingPage, descendingRows } from '../connection/descending.ts';
import type { TimeWindow } from '../connection/order-source.ts';
import { isTrue, type Row, rowsAt, textAt } from '../json-fields.ts';
import { type Pdd, title, unexpected } from './call.ts';
import { orderForm } from './order.ts';

export const increment = 'pdd.order.number.list.increment.get';
/** The most the platform gives. */
const pageSize = 100;

export interface OrderPages {
  pdd: Pdd;
  window: TimeWindow;
  /** How long a change may stay out of the index, milliseconds. */
  lagMs: number;
  now: number;
  signal: AbortSignal;
}

/** The orders that changed in a window, page by page; the index has the latest change first. */
export function orderPages({
  pdd,
  window,
  lagMs,
  now,
  signal,
}: OrderPages): AsyncIterable<DescendingPage<Row>> {
  return descendingRows<Row>({
    platform: title,
    call: increment,
    window,
    pageSize,
    lagMs,
    now,
    keyOf: (order) => `${orderForm.idOf(order)} ${textAt(order, 'updated_at')}`,
    modifiedOf: (order) => beijingTime(order.updated_at),
    read: ({ window: span, page, count }, check) =>
      pdd(
        {
          type: increment,
          parameters: incrementParameters(span, { page, pageSize, count }),
          repeatable: true,
        },
        ({ data }) => {
          const total = textAt(data, 'total_count');
          if (count ? !/^\d+$/.test(total) : data.has_next === undefined)
            throw unexpected(increment, count ? 'total_count' : 'has_next');
          const rows = rowsAt(data, 'order_sn_list');
          check(rows);
          return { rows, total: Number(total), hasNext: isTrue(data.has_next) };
        },
        signal,
      ),
  });
}

/** A question for orders by the time of their change, whatever state they are in. Each of these filters has to be there. */
export function incrementParameters(
  window: TimeWindow,
  of: { page: number; pageSize: number; count: boolean },
): Record<string, string | number | boolean> {
  return {
    start_updated_at: Math.floor(window.from / 1_000),
    end_updated_at: Math.ceil(window.until / 1_000),
    // Any, any, any.
    order_status: 5,
    refund_status: 5,
    is_lucky_flag: 0,
    page: of.page,
    page_size: of.pageSize,
    use_has_next: !of.count,
  };
}
