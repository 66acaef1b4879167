import { beijingText, beijingTime } from '../beijing-time.ts';
import { type DescendingPage, descendingRows } from '../connection/descending.ts';
import type { TimeWindow } from '../connection/order-source.ts';
import { isTrue, type Row, rowsAt, textAt } from '../json-fields.ts';
import { type Top, title, unexpected } from './call.ts';
import { tidOf } from './trade.ts';

export const increment = 'taobao.trades.sold.increment.get';
/** 40 to 50 are advised by the platform, 100 the most. */
const pageSize = 50;

export interface TradePages {
  top: Top;
  fields: readonly string[];
  window: TimeWindow;
  /** How long a change may stay out of the index, milliseconds. */
  lagMs: number;
  now: number;
  signal: AbortSignal;
}

/** The trades that changed in a window, page by page; the index has the latest change first. */
export function tradePages(of: TradePages): AsyncIterable<DescendingPage<Row>> {
  const { top, fields, signal, window, lagMs, now } = of;
  return descendingRows<Row>({
    platform: title,
    call: increment,
    window,
    pageSize,
    lagMs,
    now,
    keyOf: (trade) => `${tidOf(trade)} ${textAt(trade, 'modified')}`,
    modifiedOf: (trade) => beijingTime(trade.modified),
    read: ({ window: span, page, count }, check) =>
      top(
        {
          method: increment,
          parameters: incrementParameters(span, { fields, page, pageSize, count }),
          repeatable: true,
        },
        ({ data }) => {
          // Without any trade the list is not there.
          const rows = rowsAt(data, 'trades', 'trade');
          const total = textAt(data, 'total_results');
          if (count ? !/^\d+$/.test(total) : data.has_next === undefined)
            throw unexpected(increment, count ? 'total_results' : 'has_next');
          check(rows);
          return { rows, total: Number(total), hasNext: isTrue(data.has_next) };
        },
        signal,
      ),
  });
}

/** A question for trades by the time of their change. */
export function incrementParameters(
  window: TimeWindow,
  of: { fields: readonly string[]; page: number; pageSize: number; count: boolean },
): Record<string, string> {
  return {
    fields: of.fields.join(','),
    start_modified: beijingText(window.from),
    end_modified: beijingText(window.until),
    page_no: String(of.page),
    page_size: String(of.pageSize),
    use_has_next: String(!of.count),
  };
}
