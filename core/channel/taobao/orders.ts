import type { ChannelAccess } from '../connection/connection.ts';
import { ChannelFault } from '../connection/fault.ts';
import type { BadRecord, ChannelRecord, OrderSource, TimeWindow } from '../connection/order-source.ts';
import { recordsOf, stampsOf } from '../connection/records.ts';
import { isTrue, type Row, textAt } from '../json-fields.ts';
import type { Top } from './call.ts';
import { linesOf, listFields, tidOf, tradeForm, tradeOf } from './trade.ts';
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

/** Trades that were read in full, of which it is remembered that they have to be. */
const mostRemembered = 20_000;

/** The trades of one seller. */
export function ordersOf(top: Top, { now }: Pick<ChannelAccess, 'now'>): OrderSource {
  const readInFull = new Set<string>();
  const pagesOf = (
    window: TimeWindow,
    fields: readonly string[],
    signal: AbortSignal,
  ): AsyncIterable<TradePage> =>
    tradePages({ top, fields, window, lagMs: windowRules.lagMs, now: now(), signal });
  const inFull = async (tid: string, signal: AbortSignal): Promise<Row | null> => {
    const trade = await tradeOf(top, tid, signal);
    if (trade) remember(readInFull, tid);
    return trade;
  };

  return {
    window: windowRules,
    async *changed(window, signal) {
      let page = 0;
      for await (const { trades, total, pages } of pagesOf(window, listFields, signal)) {
        page += 1;
        const { records, bad } = await completed(trades, readInFull, (tid) => inFull(tid, signal));
        yield { records, bad, page, pages: Math.max(page, pages), total };
      }
    },
    async order(channelOrderId, signal) {
      const trade = await inFull(channelOrderId, signal);
      return trade && recordOf(trade, channelOrderId);
    },
    async *stamps(window, signal) {
      for await (const { trades, total } of pagesOf(window, ['tid', 'modified'], signal))
        yield { total, stamps: stampsOf(recordsOf(trades, tradeForm).records) };
    },
  };
}

/**
 * A list leaves out the buyer's message, notes and the stages of a presale; who has any is read in full. The seller's
 * note shows in the list only by its flag, so what was read in full once, when a message told of it, stays so: it would
 * lose its note again otherwise.
 */
function needsAll(trade: Row, readInFull: ReadonlySet<string>): boolean {
  const flag = textAt(trade, 'seller_flag');
  return (
    isTrue(trade.has_buyer_message) ||
    (flag !== '' && flag !== '0') ||
    trade.type === 'step' ||
    linesOf(trade).length === 0 ||
    readInFull.has(tidOf(trade))
  );
}

/** A page's records, each with all that an order needs. */
async function completed(
  trades: readonly Row[],
  readInFull: ReadonlySet<string>,
  read: (tid: string) => Promise<Row | null>,
): Promise<{ records: ChannelRecord[]; bad: BadRecord[] }> {
  const known = recordsOf(trades, tradeForm);
  const bad = [...known.bad];
  const wanting = trades.filter((trade) => tidOf(trade) !== '' && needsAll(trade, readInFull));
  const full = new Map<string, ChannelRecord | BadRecord>();
  await Promise.all(wanting.map(async (trade) => full.set(tidOf(trade), await fullRecord(trade, read))));
  const records = known.records.flatMap((record) => {
    const found = full.get(record.channelOrderId);
    if (found === undefined) return record;
    if ('channelOrderId' in found) return found;
    bad.push(found);
    return [];
  });
  return { records, bad };
}

/** One trade that the platform refuses to show stands aside; the page goes on. */
async function fullRecord(
  listed: Row,
  read: (tid: string) => Promise<Row | null>,
): Promise<ChannelRecord | BadRecord> {
  const tid = tidOf(listed);
  try {
    // Gone since it was listed: what the list said is all there is.
    return recordOf((await read(tid)) ?? listed, tid);
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

function remember(tids: Set<string>, tid: string): void {
  tids.add(tid);
  if (tids.size <= mostRemembered) return;
  const [oldest] = tids;
  if (oldest !== undefined) tids.delete(oldest);
}
