import { ChannelFault } from '../connection/fault.ts';
import type {
  BadRecord,
  ChannelRecord,
  OrderPage,
  OrderSource,
  OrderStamp,
  TimeWindow,
} from '../connection/order-source.ts';
import { isNotFound, listIn, type Rest } from './rest.ts';

const call = 'GET wc/v3/orders';
/** The most rows of a page, by the documentation of the REST API v3. */
const pageSize = 100;
const day = 86_400_000;

/** Times of orders have whole seconds. A shop may run what saves orders in the background: a minute behind is enough. */
const windowRules = {
  mostMs: 30 * day,
  lagMs: 60_000,
  overlapMs: 5 * 60_000,
  reachMs: 20 * 365 * day,
  stepMs: 1_000,
};

/** Orders of a WooCommerce shop, through its REST API v3. */
export function ordersOf(rest: Rest): OrderSource {
  return {
    window: windowRules,
    async *changed(window, signal) {
      let count = 0;
      for await (const { rows, total } of rowsOf(rest, window, signal)) {
        count += 1;
        yield pageOf(rows, count, total);
      }
    },
    async order(channelOrderId, signal) {
      try {
        const { data } = await rest(
          { method: 'GET', path: `wc/v3/orders/${encodeURIComponent(channelOrderId)}` },
          signal,
        );
        const { records, bad } = pageOf([data as Row], 1, 1);
        if (records[0]) return records[0];
        throw new ChannelFault('platform', bad[0]!.code, bad[0]!.params);
      } catch (error) {
        if (isNotFound(error)) return null;
        throw error;
      }
    },
    async *stamps(window, signal) {
      const fields = { _fields: 'id,date_modified_gmt' };
      for await (const { rows, total } of rowsOf(rest, window, signal, fields)) {
        const { records } = pageOf(rows, 1, total);
        const stamps: OrderStamp[] = records.map(({ channelOrderId, modifiedAt }) => ({
          channelOrderId,
          modifiedAt,
        }));
        yield { total, stamps };
      }
    },
  };
}

type Row = Record<string, unknown>;

/**
 * The rows of a window, oldest change first. Numbered pages would miss rows: an order that changes while one reads
 * leaves the window, all after it move up, and the first of the next page stands on the one that was read already.
 * So each request begins where the last page ended, by the time of its last row; only rows of one and the same second
 * that fill a page are read by number. What comes twice is left out.
 */
async function* rowsOf(
  rest: Rest,
  { from, until }: TimeWindow,
  signal: AbortSignal,
  fields: Readonly<Record<string, string>> = {},
): AsyncIterable<{ rows: Row[]; total: number | null }> {
  const seen = new Set<string>();
  let total: number | null = null;
  // Both ends are left out by the interface, and times have whole seconds.
  let after = from - 1_000;
  let page = 1;
  for (;;) {
    const answer = await rest(
      {
        method: 'GET',
        path: 'wc/v3/orders',
        params: {
          ...fields,
          modified_after: gmt(after),
          modified_before: gmt(until),
          dates_are_gmt: 'true',
          orderby: 'modified',
          order: 'asc',
          per_page: String(pageSize),
          page: String(page),
        },
      },
      signal,
    );
    const rows = listIn(answer, call);
    total ??= countIn(answer.headers['x-wp-total']);
    const fresh = rows.filter((row) => {
      const name = `${String(row.id)} ${String(row.date_modified_gmt)}`;
      if (seen.has(name)) return false;
      seen.add(name);
      return true;
    });
    if (fresh.length > 0) yield { rows: fresh, total };
    if (rows.length < pageSize) return;
    const last = Math.max(...rows.map((row) => timeOf(row.date_modified_gmt) ?? Number.NEGATIVE_INFINITY));
    if (last - 1_000 > after) {
      after = last - 1_000;
      page = 1;
    } else {
      // The first page may be all that was read before; a further one that is has no end.
      if (fresh.length === 0 && page > 1)
        throw new ChannelFault('platform', 'channel.page-repeats', { platform: 'WooCommerce', call, page });
      page += 1;
    }
  }
}

function pageOf(rows: readonly Row[], page: number, total: number | null): OrderPage {
  const records: ChannelRecord[] = [];
  const bad: BadRecord[] = [];
  for (const [index, row] of rows.entries()) {
    const body = JSON.stringify(row);
    const id = typeof row === 'object' && row !== null ? row.id : undefined;
    if (typeof id === 'number' || (typeof id === 'string' && id !== ''))
      records.push({ channelOrderId: String(id), modifiedAt: timeOf(row.date_modified_gmt), body });
    else bad.push({ at: `[${index}]`, code: 'channel.record-without-id', params: { field: 'id' }, body });
  }
  const pages = total === null ? null : Math.max(1, Math.ceil(total / pageSize));
  return { records, bad, page, pages, total };
}

/** A time without offset that is UTC, as the `_gmt` fields have it. */
function timeOf(value: unknown): number | null {
  if (typeof value !== 'string' || value === '') return null;
  const time = Date.parse(`${value}Z`);
  return Number.isNaN(time) ? null : time;
}

function gmt(time: number): string {
  return new Date(time).toISOString().slice(0, 19);
}

function countIn(header: string | undefined): number | null {
  return header !== undefined && /^\d+$/.test(header) ? Number(header) : null;
}
