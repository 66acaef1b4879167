import { clockAheadMs } from '../connection/clock-ahead.ts';
import type { ChannelAccess, ChannelConnection } from '../connection/connection.ts';
import { pddOf } from './call.ts';
import { increment, incrementParameters } from './order-pages.ts';
import { ordersOf } from './orders.ts';
import { messagesOf } from './pmc.ts';
import { shipmentsOf } from './shipments.ts';
import { stockOf } from './stock.ts';

/** One shop on Pinduoduo, through the gateway of its open platform and its message service (PMC). */
export function connectPinduoduo(access: ChannelAccess): ChannelConnection {
  const pdd = pddOf(access);
  return {
    orders: ordersOf(pdd, access),
    messages: messagesOf(pdd, access),
    stock: stockOf(pdd),
    shipments: shipmentsOf(pdd),
    async check(signal) {
      const now = access.now();
      // Needs the right to read orders, which is what the account is for.
      const window = { from: now - 60_000, until: now };
      const parameters = incrementParameters(window, { page: 1, pageSize: 1, count: false });
      const headers = await pdd(
        { type: increment, parameters, repeatable: true },
        (answer) => answer.headers,
        signal,
      );
      return { shop: null, clockAheadMs: clockAheadMs(headers, access.now()), expiresAt: null };
    },
  };
}
