import { clockAheadMs } from '../connection/clock-ahead.ts';
import type { ChannelAccess, ChannelConnection } from '../connection/connection.ts';
import { topOf } from './call.ts';
import { ordersOf } from './orders.ts';
import { shipmentsOf } from './shipments.ts';
import { stockOf } from './stock.ts';
import { messagesOf } from './tmc.ts';
import { increment, incrementParameters } from './trade-pages.ts';

/** One seller on Taobao or Tmall, through the Taobao open platform (TOP). */
export function connectTaobao(access: ChannelAccess): ChannelConnection {
  const top = topOf(access);
  return {
    orders: ordersOf(top, access),
    messages: messagesOf(top, access),
    stock: stockOf(top),
    shipments: shipmentsOf(top),
    async check(signal) {
      const now = access.now();
      // Needs the right to read trades, which is what the account is for.
      const window = { from: now - 60_000, until: now };
      const parameters = incrementParameters(window, {
        fields: ['tid'],
        page: 1,
        pageSize: 1,
        count: false,
      });
      const headers = await top(
        { method: increment, parameters, repeatable: true },
        (answer) => answer.headers,
        signal,
      );
      return { shop: null, clockAheadMs: clockAheadMs(headers, access.now()), expiresAt: null };
    },
  };
}
