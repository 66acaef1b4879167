import { clockAheadMs } from '../connection/clock-ahead.ts';
import type { ChannelAccess, ChannelConnection } from '../connection/connection.ts';
import { fieldAt } from '../json-fields.ts';
import { assertSuccess, josOf } from './call.ts';
import { ordersOf, search, searchParameters } from './orders.ts';
import { shipmentsOf } from './shipments.ts';
import { stockOf } from './stock.ts';

/** One shop on JD, through the gateway of its open platform (JOS). */
export function connectJd(access: ChannelAccess): ChannelConnection {
  const jos = josOf(access);
  return {
    orders: ordersOf(jos),
    stock: stockOf(jos),
    shipments: shipmentsOf(jos),
    async check(signal) {
      const now = access.now();
      // Needs the right to read orders, which is what the account is for.
      const window = { from: now - 60_000, until: now };
      const parameters = searchParameters(window, { wanted: 'orderId', page: 1, pageSize: 1 });
      const headers = await jos(
        { method: search, parameters, repeatable: true },
        (answer) => {
          assertSuccess(fieldAt(answer.data, 'searchorderinfo_result', 'apiResult'), search);
          return answer.headers;
        },
        signal,
      );
      return { shop: null, clockAheadMs: clockAheadMs(headers, access.now()), expiresAt: null };
    },
  };
}
