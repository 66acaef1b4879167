import { beijingText, beijingTime } from '../beijing-time.ts';
import { ChannelFault } from '../connection/fault.ts';
import type { TimeWindow } from '../connection/order-source.ts';
import { isTrue, type Row, rowsAt, textAt } from '../json-fields.ts';
import { type Top, title, unexpected } from './call.ts';
import { tidOf } from './trade.ts';

export const increment = 'taobao.trades.sold.increment.get';
/** 40 to 50 are advised by the platform, 100 the most. */
const pageSize = 50;
/** Beyond this clock error the platform refuses requests, so its now is nearer to ours. */
const mostClockErrorMs = 10 * 60_000;

export interface TradePage {
  trades: Row[];
  /** Of the whole window. */
  total: number;
  pages: number;
}

export interface TradePages {
  top: Top;
  fields: readonly string[];
  window: TimeWindow;
  /** How long a change may stay out of the index, milliseconds. */
  lagMs: number;
  now: number;
  signal: AbortSignal;
}

/**
 * The trades that changed in a window, page by page. The index has the latest change first, so a trade that changes
 * meanwhile leaves its place and moves all behind it one up: read from the last page to the first, none is passed over.
 *
 * What enters the index late would move others down instead, past the page that is read next. That happens where the
 * window reaches into the last minutes; those are read for themselves, after the rest stands still, and again with the
 * next window.
 */
export async function* tradePages(of: TradePages): AsyncIterable<TradePage> {
  const { window, lagMs, now } = of;
  const first = await ask(of, window, 1, true);
  // One answer is one moment: nothing can move within it.
  if (first.total <= pageSize) {
    yield { trades: first.trades, total: first.total, pages: 1 };
    return;
  }
  const settled = Math.floor((window.until - lagMs) / 1_000) * 1_000;
  const isLive = window.until > now - lagMs - mostClockErrorMs;
  if (!isLive || settled <= window.from) {
    yield* backwards(of, window, first.total);
    return;
  }
  for (const part of [
    { from: window.from, until: settled },
    { from: settled, until: window.until },
  ]) {
    const { total } = await ask(of, part, 1, true);
    for await (const page of backwards(of, part, total)) yield { ...page, total: first.total };
  }
}

async function* backwards(of: TradePages, window: TimeWindow, total: number): AsyncIterable<TradePage> {
  const counted = Math.max(1, Math.ceil(total / pageSize));
  let last = counted;
  let before: string | undefined;
  const read = async (page: number): Promise<Answer> => {
    const answer = await ask(of, window, page, false, before);
    before = answer.digest;
    return answer;
  };
  // What came in since it was counted stands behind the last page.
  for (;;) {
    const { trades, hasNext } = await read(last);
    yield { trades, total, pages: Math.max(counted, last) };
    if (!hasNext || trades.length === 0) break;
    last += 1;
  }
  for (let page = counted - 1; page >= 1; page -= 1) {
    const { trades } = await read(page);
    yield { trades, total, pages: Math.max(counted, last) };
  }
}

interface Answer {
  trades: Row[];
  total: number;
  hasNext: boolean;
  /** Which trades in which state the page holds. */
  digest: string;
}

/**
 * One page.
 *
 * @param count asks how many there are, instead of whether there is a next page, which costs the platform much less
 * @param before digest of the page read before: the same again is no answer
 */
function ask(
  { top, fields, signal }: TradePages,
  window: TimeWindow,
  page: number,
  count: boolean,
  before?: string,
): Promise<Answer> {
  const beginning = Math.floor(window.from / 1_000) * 1_000;
  const parameters = incrementParameters(window, { fields, page, pageSize, count });
  return top(
    { method: increment, parameters, repeatable: true },
    ({ data }) => {
      // Without any trade the list is not there.
      const trades = rowsAt(data, 'trades', 'trade');
      const total = textAt(data, 'total_results');
      if (count ? !/^\d+$/.test(total) : data.has_next === undefined)
        throw unexpected(increment, count ? 'total_results' : 'has_next');
      const digest = trades.map((trade) => `${tidOf(trade)} ${textAt(trade, 'modified')}`).join('\n');
      // What changed before the window, or comes twice, is another question's answer.
      const isForeign = trades.some((trade) => (beijingTime(trade.modified) ?? window.until) < beginning);
      if (isForeign || (trades.length > 0 && digest === before))
        throw new ChannelFault('platform', 'channel.page-repeats', {
          platform: title,
          call: increment,
          page,
        });
      return { trades, total: Number(total), hasNext: isTrue(data.has_next), digest };
    },
    signal,
  );
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
