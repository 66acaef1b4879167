import { ChannelFault } from './fault.ts';
import type { TimeWindow } from './order-source.ts';

/** A question for one page of the orders that changed in a window, latest change first. */
export interface PageAsked {
  window: TimeWindow;
  /** From 1. */
  page: number;
  /** Asks how many there are, instead of whether there is a next page, which costs the platform much less. */
  count: boolean;
}

export interface PageAnswered<Row> {
  rows: readonly Row[];
  /** Of the whole window, when it was asked for. */
  total: number;
  hasNext: boolean;
}

export interface DescendingRows<Row> {
  /** For sentences. */
  platform: string;
  call: string;
  window: TimeWindow;
  pageSize: number;
  /** How long a change may stay out of the index, milliseconds. */
  lagMs: number;
  /** Epoch milliseconds. */
  now: number;
  /** @param check throws for rows that cannot be the answer to this question, so that it may be asked again */
  read(asked: PageAsked, check: (rows: readonly Row[]) => void): Promise<PageAnswered<Row>>;
  /** Tells one state of an order from all others. */
  keyOf(row: Row): string;
  modifiedOf(row: Row): number | null;
}

export interface DescendingPage<Row> {
  rows: readonly Row[];
  /** Of the whole window. */
  total: number;
  pages: number;
}

/** Beyond this clock error platforms refuse requests, so their now is nearer to ours. */
const mostClockErrorMs = 10 * 60_000;

/**
 * The orders that changed in a window, page by page. The index has the latest change first, so an order that changes
 * meanwhile leaves its place and moves all behind it one up: read from the last page to the first, none is passed over.
 *
 * What enters the index late would move others down instead, past the page that is read next. That happens where the
 * window reaches into the last minutes; those are read for themselves, after the rest stands still, and again with the
 * next window.
 *
 * @throws ChannelFault `channel.page-repeats`
 */
export async function* descendingRows<Row>(of: DescendingRows<Row>): AsyncIterable<DescendingPage<Row>> {
  const { window, pageSize, lagMs, now } = of;
  const first = await ask(of, { window, page: 1, count: true });
  // One answer is one moment: nothing can move within it.
  if (first.total <= pageSize) {
    yield { rows: first.rows, total: first.total, pages: 1 };
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
    const { total } = await ask(of, { window: part, page: 1, count: true });
    for await (const page of backwards(of, part, total)) yield { ...page, total: first.total };
  }
}

async function* backwards<Row>(
  of: DescendingRows<Row>,
  window: TimeWindow,
  total: number,
): AsyncIterable<DescendingPage<Row>> {
  const counted = Math.max(1, Math.ceil(total / of.pageSize));
  let last = counted;
  let before: string | undefined;
  const read = async (page: number): Promise<Answer<Row>> => {
    const answer = await ask(of, { window, page, count: false }, before);
    before = answer.digest;
    return answer;
  };
  // What came in since it was counted stands behind the last page.
  for (;;) {
    const { rows, hasNext } = await read(last);
    yield { rows, total, pages: Math.max(counted, last) };
    if (!hasNext || rows.length === 0) break;
    last += 1;
  }
  for (let page = counted - 1; page >= 1; page -= 1) {
    const { rows } = await read(page);
    yield { rows, total, pages: Math.max(counted, last) };
  }
}

interface Answer<Row> extends PageAnswered<Row> {
  /** Which orders in which state the page holds. */
  digest: string;
}

/** @param before digest of the page read before: the same again is no answer */
async function ask<Row>(of: DescendingRows<Row>, asked: PageAsked, before?: string): Promise<Answer<Row>> {
  const beginning = Math.floor(asked.window.from / 1_000) * 1_000;
  let digest = '';
  const answer = await of.read(asked, (rows) => {
    digest = rows.map((row) => of.keyOf(row)).join('\n');
    // What changed before the window, or comes twice, is another question's answer.
    const isForeign = rows.some((row) => (of.modifiedOf(row) ?? asked.window.until) < beginning);
    if (isForeign || (rows.length > 0 && digest === before))
      throw new ChannelFault('platform', 'channel.page-repeats', {
        platform: of.platform,
        call: of.call,
        page: asked.page,
      });
  });
  return { ...answer, digest };
}
