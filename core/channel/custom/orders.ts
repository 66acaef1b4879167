import { isRecord } from '../../order/mapping/path.ts';
import { ChannelFault } from '../connection/fault.ts';
import type {
  BadRecord,
  ChannelRecord,
  OrderPage,
  OrderSource,
  TimeWindow,
} from '../connection/order-source.ts';
import { type RecordForm, recordsOf, stampsOf } from '../connection/records.ts';
import { type Answered, countIn, plainText, valueAt, valueIn } from './answer-value.ts';
import type { OrderDetailRules, OrderListRules } from './config.ts';
import { type CustomInterface, nameOf } from './interface.ts';
import { isTold } from './outcome.ts';
import { type Asking, type Listed, pagesOf } from './paging.ts';
import { placeholdersOfRequest } from './read-config.ts';
import { channelTimeReader, stepOf, timeWriter } from './times.ts';

const day = 86_400_000;
const second = 1_000;

export interface OrderRules {
  list: OrderListRules;
  detail: OrderDetailRules | undefined;
  /** The account's, for lists that name none. */
  zone: string;
  address: string;
}

/** Orders of a custom channel. */
export function ordersOf(api: CustomInterface, { list, detail, zone, address }: OrderRules): OrderSource {
  const { window } = list;
  const call = nameOf(list.request);
  const writeTime = timeWriter(list.timeFormat, list.zone || zone);
  const readTime = channelTimeReader(list.timeFormat, list.zone || zone);
  const stepMs = stepOf(list.timeFormat);
  const rowsOf = valueAt(list.records);
  const totalOf = valueIn(list.total);
  const modifiedAt = list.modified === '' ? () => undefined : valueAt(list.modified);
  const idAt = valueAt(list.id);
  const recordAt = valueAt(detail?.record ?? '');
  const used = placeholdersOfRequest(list.request);
  // What is counted without the window's ends is not what the window holds.
  const countsWindow = used.includes('from') && used.includes('until');

  const form: RecordForm = {
    list: list.records,
    id: list.id,
    idOf: (row) => plainText(idAt(row)),
    modifiedOf: (row) => readTime(modifiedAt(row)),
  };

  async function ask(
    values: Readonly<Record<string, unknown>>,
    { url, check }: Asking,
    signal: AbortSignal,
  ): Promise<Listed> {
    const times = { from: writeTime(values.from as number), until: writeTime(values.until as number) };
    const sending = {
      values: { ...values, ...times },
      repeatable: true,
      ...(url !== undefined && { url }),
      check: (answered: Answered) => check?.(listedIn(answered)),
    };
    return listedIn(await api.send(list.request, sending, signal));
  }

  function listedIn(answered: Answered): Listed {
    const rows = rowsOf(answered.data);
    if (!Array.isArray(rows))
      throw new ChannelFault('platform', 'channel.answer-unexpected', {
        platform: api.title,
        call,
        field: list.records || '[]',
      });
    return { answered, rows: rows as unknown[], total: countIn(totalOf(answered)) };
  }

  async function* listed(span: TimeWindow, signal: AbortSignal): AsyncIterable<OrderPage> {
    let page = 0;
    const pages = pagesOf({
      platform: api.title,
      call,
      rules: list,
      window: span,
      stepMs,
      origin: new URL(address).origin,
      ask: (values, asking) => ask(values, asking ?? {}, signal),
      keyOf: (row) => keyOf(row),
      modifiedOf: (row) => (isRecord(row) ? form.modifiedOf(row) : null),
    });
    for await (const { rows, total } of pages) {
      page += 1;
      const { records, bad } = recordsOf(rows, form);
      yield {
        records: records.filter(isWanted(span)),
        bad,
        page,
        pages:
          total === null || list.paging.kind === 'none'
            ? null
            : Math.max(1, Math.ceil(total / list.pageSize)),
        total: countsWindow ? total : null,
      };
    }
  }

  /** One state of an order; of a channel that tells no time, its whole content. */
  function keyOf(row: unknown): string {
    if (!isRecord(row)) return JSON.stringify(row);
    const [id, time] = [form.idOf(row), plainText(modifiedAt(row))];
    return id === '' || time === '' ? JSON.stringify(row) : `${id} ${time}`;
  }

  /** A list that cannot be asked for an end of the window gives more than the window. */
  function isWanted({ from, until }: TimeWindow): (record: ChannelRecord) => boolean {
    return ({ modifiedAt: at }) =>
      at === null || ((used.includes('from') || at >= from) && (used.includes('until') || at < until));
  }

  async function one(channelOrderId: string, signal: AbortSignal): Promise<ChannelRecord | null> {
    if (!detail) throw new ChannelFault('caller', 'custom.no-detail', { platform: api.title });
    const { data } = await api
      .send(detail.request, { values: { order: channelOrderId }, repeatable: true }, signal)
      .catch((error: unknown) => {
        if (ChannelFault.is(error) && isTold(error, ['404', '410'])) return { data: undefined };
        throw error;
      });
    const found = recordAt(data);
    if (found === undefined || found === null) return null;
    const { records, bad } = recordsOf([found], {
      ...form,
      list: detail.record,
      idOf: (row) => form.idOf(row) || channelOrderId,
    });
    if (records[0]) return records[0];
    throw new ChannelFault('platform', bad[0]!.code, bad[0]!.params);
  }

  /** The page with each order as the channel has it in whole; those it knows no more are put aside. */
  async function detailed(page: OrderPage, signal: AbortSignal): Promise<OrderPage> {
    const records: ChannelRecord[] = [];
    const bad: BadRecord[] = [...page.bad];
    for (const [index, stub] of page.records.entries()) {
      const whole = await one(stub.channelOrderId, signal);
      if (whole) records.push({ ...whole, modifiedAt: whole.modifiedAt ?? stub.modifiedAt });
      else
        bad.push({
          at: `${list.records}[${index}]`,
          code: 'channel.order-unknown',
          params: { platform: api.title, order: stub.channelOrderId },
          body: stub.body,
        });
    }
    return { ...page, records, bad };
  }

  return {
    window: {
      mostMs: window.mostDays * day,
      lagMs: window.lagSeconds * second,
      overlapMs: window.overlapSeconds * second,
      reachMs: window.reachDays * day,
      stepMs,
    },
    async *changed(span, signal) {
      for await (const page of listed(span, signal)) yield detail?.each ? await detailed(page, signal) : page;
    },
    order: one,
    async *stamps(span, signal) {
      for await (const { total, records } of listed(span, signal)) yield { total, stamps: stampsOf(records) };
    },
  };
}
