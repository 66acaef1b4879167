import { ascendingRows } from '../connection/ascending.ts';
import { ChannelFault } from '../connection/fault.ts';
import type { TimeWindow } from '../connection/order-source.ts';
import { type Answered, plainText, valueIn } from './answer-value.ts';
import type { OrderListRules, Paging } from './config.ts';

/** One answer of the list. */
export interface Listed {
  answered: Answered;
  rows: readonly unknown[];
  /** What the channel counts for the window, when it says so. */
  total: number | null;
}

export interface Asking {
  /** Where an answer before said that the page is. */
  url?: string | undefined;
  /** Throws for what cannot be the page that was asked for, so that it is asked for again. */
  check?(listed: Listed): void;
}

export interface ListReading {
  /** For sentences. */
  platform: string;
  call: string;
  rules: OrderListRules;
  window: TimeWindow;
  /** The smallest difference of the times it writes, milliseconds. */
  stepMs: number;
  /** The origin that requests go to. */
  origin: string;
  /** Asks for one page. */
  ask(values: Readonly<Record<string, unknown>>, asking?: Asking): Promise<Listed>;
  /** Tells one state of an order from all others. */
  keyOf(row: unknown): string;
  modifiedOf(row: unknown): number | null;
}

export interface ListPage {
  rows: readonly unknown[];
  total: number | null;
}

/**
 * The pages of a window, in the way in which the least can be missed while orders change: sorted by the time of their
 * last change, each question goes on from the last time read; numbered pages are read from the last to the first where
 * the channel counts them, for an order that leaves the window moves those behind it to pages that are read later.
 *
 * @throws ChannelFault `channel.page-repeats`, `channel.cursor-back`, `custom.page-short`, `custom.link-elsewhere`
 */
export function pagesOf(reading: ListReading): AsyncIterable<ListPage> {
  const { paging, sorted } = reading.rules;
  switch (paging.kind) {
    case 'none':
      return singlePage(reading);
    case 'page':
    case 'offset':
      return sorted === 'modified' ? ascendingPages(reading) : numberedPages(reading);
    case 'cursor':
    case 'link':
      return followedPages(reading, paging);
  }
}

async function* singlePage(reading: ListReading): AsyncIterable<ListPage> {
  const { rows, total } = await reading.ask(windowValues(reading));
  yield { rows, total };
}

async function* ascendingPages(reading: ListReading): AsyncIterable<ListPage> {
  const { platform, call, rules, window, stepMs, keyOf, modifiedOf } = reading;
  const { pageSize } = rules;
  let isFirst = true;
  yield* ascendingRows<unknown>({
    platform,
    call,
    window,
    // Where nothing is counted, a channel that gives fewer than were asked for is known by a page without any.
    pageSize: rules.total === '' ? 1 : pageSize,
    stepMs,
    keyOf,
    modifiedOf,
    async read({ after, page }, check) {
      const values = { ...windowValues(reading), from: after, ...numberValues(reading, page) };
      const { rows, total } = await reading.ask(values, { check: (listed) => check(listed.rows) });
      if (isFirst) notShort(reading, rows, total);
      isFirst = false;
      return { rows, total };
    },
  });
}

async function* numberedPages(reading: ListReading): AsyncIterable<ListPage> {
  const first = await askPage(reading, 1);
  const { total } = first;
  if (total === null) {
    yield* forwardPages(reading, first);
    return;
  }
  notShort(reading, first.rows, total);
  const count = Math.ceil(total / reading.rules.pageSize);
  const firstKey = pageKey(reading, first.rows);
  for (let page = count; page > 1; page -= 1) {
    const check = ({ rows }: Listed): void => {
      if (rows.length > 0 && pageKey(reading, rows) === firstKey) throw repeats(reading, page);
    };
    const { rows } = await askPage(reading, page, { check });
    yield { rows, total };
  }
  // Since it was asked, orders may have moved to it.
  yield { rows: count > 1 ? (await askPage(reading, 1)).rows : first.rows, total };
}

/** Ends at a page without rows: one with fewer than were asked for may be as long as the channel makes them. */
async function* forwardPages(reading: ListReading, first: Listed): AsyncIterable<ListPage> {
  const seen = new Set<string>();
  let offset = 0;
  let longest = 0;
  for (let page = 1, { rows } = first; rows.length > 0; page += 1) {
    note(reading, rows, seen);
    yield { rows, total: null };
    if (rows.length < longest) return;
    longest = rows.length;
    offset += rows.length;
    const check = (next: Listed): void => {
      if (next.rows.length > 0 && !hasNew(reading, next.rows, seen)) throw repeats(reading, page + 1);
    };
    ({ rows } = await askPage(reading, page + 1, { offset, check }));
  }
}

/** Pages that may come empty in a row before they are taken for endless. */
const mostEmptyPages = 50;

async function* followedPages(
  reading: ListReading,
  paging: Extract<Paging, { kind: 'cursor' | 'link' }>,
): AsyncIterable<ListPage> {
  const nextOf = paging.kind === 'cursor' ? cursorReader(paging) : linkReader(reading);
  const seenRows = new Set<string>();
  const seenNext = new Set<string>();
  let next = '';
  let empty = 0;
  for (let page = 1; ; page += 1) {
    const check = ({ answered, rows }: Listed): void => {
      if (rows.length > 0 && !hasNew(reading, rows, seenRows)) throw repeats(reading, page);
      if (seenNext.has(nextOf(answered)))
        throw new ChannelFault('platform', 'channel.cursor-back', {
          platform: reading.platform,
          call: reading.call,
        });
    };
    const { answered, rows, total } =
      paging.kind === 'cursor'
        ? await reading.ask({ ...windowValues(reading), cursor: next || null }, { check })
        : await reading.ask(windowValues(reading), { url: next || undefined, check });
    empty = rows.length === 0 ? empty + 1 : 0;
    if (empty > mostEmptyPages) throw repeats(reading, page);
    note(reading, rows, seenRows);
    yield { rows, total };
    next = nextOf(answered);
    if (next === '') return;
    seenNext.add(next);
  }
}

/** The cursor of the next page; empty after the last one. */
function cursorReader({ next, more }: Extract<Paging, { kind: 'cursor' }>): (answered: Answered) => string {
  const nextOf = valueIn(next);
  const moreOf = valueIn(more);
  return (answered) => {
    const goesOn = more === '' || ['true', '1'].includes(plainText(moreOf(answered)).toLowerCase());
    return goesOn ? plainText(nextOf(answered)) : '';
  };
}

function linkReader(reading: ListReading): (answered: Answered) => string {
  return ({ headers }) => {
    const target = nextLink(headers.link ?? '');
    if (target === undefined) return '';
    const url = URL.canParse(target, reading.origin) ? new URL(target, reading.origin) : undefined;
    // The proof of who asks goes along with the request.
    if (url?.origin === reading.origin) return url.href;
    throw new ChannelFault('caller', 'custom.link-elsewhere', {
      platform: reading.platform,
      call: reading.call,
      host: url?.host ?? target,
    });
  };
}

/** The target of rel="next" in a header Link (RFC 8288 section 3). */
export function nextLink(header: string): string | undefined {
  for (const [, target, parameters] of header.matchAll(
    /<([^>]*)>((?:\s*;\s*[\w*-]+(?:\s*=\s*(?:"[^"]*"|[^\s",;]+))?)*)/g,
  )) {
    const relation = /;\s*rel\s*=\s*(?:"([^"]*)"|([^\s",;]+))/i.exec(parameters!);
    const names = (relation?.[1] ?? relation?.[2] ?? '').toLowerCase().split(/\s+/);
    if (names.includes('next')) return target!;
  }
  return undefined;
}

function askPage(
  reading: ListReading,
  page: number,
  { offset, check }: Pick<Asking, 'check'> & { offset?: number } = {},
): Promise<Listed> {
  const values = { ...windowValues(reading), ...numberValues(reading, page, offset) };
  return reading.ask(values, check && { check });
}

function windowValues({ window, rules }: ListReading): Record<string, unknown> {
  return { from: window.from, until: window.until, size: rules.pageSize, offset: 0 };
}

function numberValues(
  { rules: { paging, pageSize } }: ListReading,
  page: number,
  offset = (page - 1) * pageSize,
): Record<string, unknown> {
  return { page: page - 1 + (paging.kind === 'page' ? paging.first : 1), offset };
}

/** A channel that cuts pages shorter than asked would have orders between them. */
function notShort(
  { platform, call, rules }: ListReading,
  rows: readonly unknown[],
  total: number | null,
): void {
  if (total === null || rows.length >= Math.min(total, rules.pageSize)) return;
  const params = { platform, call, rows: rows.length, size: rules.pageSize, total };
  throw new ChannelFault('caller', 'custom.page-short', params);
}

/** Whether any of the rows was not there before. */
function hasNew({ keyOf }: ListReading, rows: readonly unknown[], seen: ReadonlySet<string>): boolean {
  return rows.some((row) => !seen.has(keyOf(row)));
}

function note({ keyOf }: ListReading, rows: readonly unknown[], seen: Set<string>): void {
  for (const row of rows) seen.add(keyOf(row));
}

function pageKey({ keyOf }: ListReading, rows: readonly unknown[]): string {
  return JSON.stringify(rows.map(keyOf));
}

function repeats({ platform, call }: ListReading, page: number): ChannelFault {
  return new ChannelFault('platform', 'channel.page-repeats', { platform, call, page });
}
