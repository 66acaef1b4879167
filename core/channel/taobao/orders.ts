import type { ChannelAccess } from '../connection/connection.ts';
import { ChannelFault } from '../connection/fault.ts';
import type { BadRecord, ChannelRecord, OrderSource, TimeWindow } from '../connection/order-source.ts';
import { recordsOf, stampsOf } from '../connection/records.ts';
import type { Row } from '../json-fields.ts';
import type { Top } from './call.ts';
import { FullTrades } from './full-trades.ts';
import { listFields, tidOf, tradeForm, tradeOf } from './trade.ts';
import { type TradePage, tradePages } from './trade-pages.ts';

const day = 86_400_000;

const windowRules = {
  mostMs: day,
  lagMs: 3 * 60_000,
  overlapMs: 5 * 60_000,
  // Trades of the last three months are listed.
  reachMs: 90 * day,
  stepMs: 1_000,
};

/** The trades of one seller. */
export function ordersOf(top: Top, { now }: Pick<ChannelAccess, 'now'>): OrderSource {
  const full = new FullTrades(windowRules.lagMs);
  const pagesOf = (
    window: TimeWindow,
    fields: readonly string[],
    signal: AbortSignal,
  ): AsyncIterable<TradePage> =>
    tradePages({ top, fields, window, lagMs: windowRules.lagMs, now: now(), signal });
  const inFull = async (tid: string, signal: AbortSignal): Promise<ChannelRecord | null> => {
    const askedAt = now();
    const trade = await tradeOf(top, tid, signal);
    if (!trade) return null;
    const record = recordOf(trade, tid);
    full.keep(record, askedAt);
    return record;
  };

  return {
    window: windowRules,
    async *changed(window, signal) {
      let page = 0;
      for await (const { trades, total, pages } of pagesOf(window, listFields, signal)) {
        page += 1;
        const { records, bad } = await completed(trades, full, (tid) => inFull(tid, signal));
        yield { records, bad, page, pages: Math.max(page, pages), total };
      }
    },
    order: inFull,
    async *stamps(window, signal) {
      for await (const { trades, total } of pagesOf(window, ['tid', 'modified'], signal))
        yield { total, stamps: stampsOf(recordsOf(trades, tradeForm).records) };
    },
  };
}

/** A page's records, each with all that an order needs. */
async function completed(
  trades: readonly Row[],
  full: FullTrades,
  read: (tid: string) => Promise<ChannelRecord | null>,
): Promise<{ records: ChannelRecord[]; bad: BadRecord[] }> {
  const known = recordsOf(trades, tradeForm);
  const bad = [...known.bad];
  const wanting = trades.filter((trade) => tidOf(trade) !== '' && full.needs(trade));
  const found = new Map<string, ChannelRecord | BadRecord>();
  await Promise.all(
    wanting.map(async (trade) =>
      found.set(tidOf(trade), full.known(trade) ?? (await fullRecord(trade, read))),
    ),
  );
  const records = known.records.flatMap((record) => {
    const better = found.get(record.channelOrderId);
    if (better === undefined) return record;
    if ('channelOrderId' in better) return better;
    bad.push(better);
    return [];
  });
  return { records, bad };
}

/** One trade that the platform refuses to show stands aside; the page goes on. */
async function fullRecord(
  listed: Row,
  read: (tid: string) => Promise<ChannelRecord | null>,
): Promise<ChannelRecord | BadRecord> {
  const tid = tidOf(listed);
  try {
    // Gone since it was listed: what the list said is all there is.
    return (await read(tid)) ?? recordOf(listed, tid);
  } catch (error) {
    if (!ChannelFault.is(error) || error.code !== 'channel.request-refused') throw error;
    const params = Object.fromEntries(
      Object.entries(error.params).map(([name, value]) => [name, value === undefined ? null : String(value)]),
    );
    return { at: `tid ${tid}`, code: error.code, params, body: JSON.stringify(listed) };
  }
}

function recordOf(trade: Row, channelOrderId: string): ChannelRecord {
  return { channelOrderId, modifiedAt: tradeForm.modifiedOf(trade), body: JSON.stringify(trade) };
}
