import type { ChannelAccess } from '../connection/connection.ts';
import type { DescendingPage } from '../connection/descending.ts';
import type { ChannelRecord, OrderSource, TimeWindow } from '../connection/order-source.ts';
import { completedRecords, recordsOf, stampsOf } from '../connection/records.ts';
import type { Row } from '../json-fields.ts';
import type { Pdd } from './call.ts';
import { itemsOf, orderForm, orderOf } from './order.ts';
import { orderPages } from './order-pages.ts';

const minute = 60_000;

const windowRules = {
  mostMs: 30 * minute,
  // The platform warns of the last three minutes before now.
  lagMs: 3 * minute,
  overlapMs: 5 * minute,
  // Orders of the last three months are listed.
  reachMs: 90 * 24 * 60 * minute,
  stepMs: 1_000,
};

/** The orders of one shop, once their group is complete; unpaid ones are not listed. */
export function ordersOf(pdd: Pdd, { now }: Pick<ChannelAccess, 'now'>): OrderSource {
  const pagesOf = (window: TimeWindow, signal: AbortSignal): AsyncIterable<DescendingPage<Row>> =>
    orderPages({ pdd, window, lagMs: windowRules.lagMs, now: now(), signal });
  const inFull = async (channelOrderId: string, signal: AbortSignal): Promise<ChannelRecord | null> => {
    const order = await orderOf(pdd, channelOrderId, signal);
    return order && { channelOrderId, modifiedAt: orderForm.modifiedOf(order), body: JSON.stringify(order) };
  };

  return {
    window: windowRules,
    async *changed(window, signal) {
      let page = 0;
      for await (const { rows, total, pages } of pagesOf(window, signal)) {
        page += 1;
        const { records, bad } = await completedRecords(rows, orderForm, {
          needs: (order) => itemsOf(order).length === 0,
          read: (orderSn) => inFull(orderSn, signal),
        });
        yield { records, bad, page, pages: Math.max(page, pages), total };
      }
    },
    order: inFull,
    // Nothing cheaper: the list has no choice of fields.
    async *stamps(window, signal) {
      for await (const { rows, total } of pagesOf(window, signal))
        yield { total, stamps: stampsOf(recordsOf(rows, orderForm).records) };
    },
  };
}
