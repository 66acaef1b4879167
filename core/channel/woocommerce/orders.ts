import { isRecord } from '../../order/mapping/path.ts';
import { ascendingRows } from '../connection/ascending.ts';
import { ChannelFault } from '../connection/fault.ts';
import type { OrderPage, OrderSource, TimeWindow } from '../connection/order-source.ts';
import { type RecordForm, recordsOf, stampsOf } from '../connection/records.ts';
import { isNotFound, listIn, type Rest } from './rest.ts';

const call = 'GET wc/v3/orders';
/** The most rows of a page, by the documentation of the REST API v3. */
const pageSize = 100;
const day = 86_400_000;

/**
 * There is no limit to a window; six hours keep what has to be read again after a fault small. Times of orders have
 * whole seconds.
 * A shop may run what saves orders in the background: a minute behind is enough.
 */
const windowRules = {
  mostMs: day / 4,
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
        yield { total, stamps: stampsOf(records) };
      }
    },
  };
}

type Row = Record<string, unknown>;

function rowsOf(
  rest: Rest,
  window: TimeWindow,
  signal: AbortSignal,
  fields: Readonly<Record<string, string>> = {},
): AsyncIterable<{ rows: Row[]; total: number | null }> {
  return ascendingRows<Row>({
    platform: 'WooCommerce',
    call,
    window,
    pageSize,
    stepMs: windowRules.stepMs,
    keyOf: (row) =>
      isRecord(row) && form.idOf(row) !== ''
        ? `${form.idOf(row)} ${String(row.date_modified_gmt)}`
        : JSON.stringify(row),
    modifiedOf: (row) => (isRecord(row) ? form.modifiedOf(row) : null),
    async read({ after, page }, check) {
      const params = {
        ...fields,
        // Both ends are left out by the interface, and times have whole seconds.
        modified_after: gmt(after - windowRules.stepMs),
        modified_before: gmt(window.until),
        dates_are_gmt: 'true',
        orderby: 'modified',
        order: 'asc',
        per_page: String(pageSize),
        page: String(page),
      };
      const answer = await rest({ method: 'GET', path: 'wc/v3/orders', params }, signal);
      const rows = listIn(answer, call);
      check(rows);
      return { rows, total: countIn(answer.headers['x-wp-total']) };
    },
  });
}

function pageOf(rows: readonly Row[], page: number, total: number | null): OrderPage {
  const { records, bad } = recordsOf(rows, form);
  const pages = total === null ? null : Math.max(1, Math.ceil(total / pageSize));
  return { records, bad, page, pages, total };
}

const form: RecordForm = {
  list: '',
  id: 'id',
  idOf: ({ id }) => (typeof id === 'number' || typeof id === 'string' ? String(id) : ''),
  modifiedOf: (row) => timeOf(row.date_modified_gmt),
};

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
