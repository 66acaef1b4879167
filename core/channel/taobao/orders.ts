import type { ChannelAccess } from '../connection/connection.ts';
import type { DescendingPage } from '../connection/descending.ts';
import type { ChannelRecord, OrderSource, TimeWindow } from '../connection/order-source.ts';
import { completedRecords, recordsOf, stampsOf } from '../connection/records.ts';
import type { Row } from '../json-fields.ts';
import type { Top } from './call.ts';
import { FullTrades } from './full-trades.ts';
import { listFields, tradeForm, tradeOf } from './trade.ts';
import { tradePages } from './trade-pages.ts';

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
  ): AsyncIterable<DescendingPage<Row>> =>
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
      for await (const { rows, total, pages } of pagesOf(window, listFields, signal)) {
        page += 1;
        const { records, bad } = await completedRecords(rows, tradeForm, {
          needs: (trade) => full.needs(trade),
          known: (trade) => full.known(trade),
          read: (tid) => inFull(tid, signal),
        });
        yield { records, bad, page, pages: Math.max(page, pages), total };
      }
    },
    order: inFull,
    async *stamps(window, signal) {
      for await (const { rows, total } of pagesOf(window, ['tid', 'modified'], signal))
        yield { total, stamps: stampsOf(recordsOf(rows, tradeForm).records) };
    },
  };
}

function recordOf(trade: Row, channelOrderId: string): ChannelRecord {
  return { channelOrderId, modifiedAt: tradeForm.modifiedOf(trade), body: JSON.stringify(trade) };
}
