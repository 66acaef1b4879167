import { clockAheadMs } from '../connection/clock-ahead.ts';
import type { ChannelAccess, ChannelConnection } from '../connection/connection.ts';
import { douyinOf } from './call.ts';
import { ordersOf, search, searchParameters } from './orders.ts';
import { shipmentsOf } from './shipments.ts';
import { stockOf } from './stock.ts';
import { tokensOf } from './tokens.ts';

/**
 * One shop on Douyin, through the gateway of its open platform.
 *
 * @throws ChannelFault `channel.credential-missing`
 */
export function connectDouyin(access: ChannelAccess): ChannelConnection {
  const tokens = tokensOf(access);
  const douyin = douyinOf(access, tokens);
  return {
    orders: ordersOf(douyin),
    stock: stockOf(douyin),
    shipments: shipmentsOf(douyin),
    async check(signal) {
      const now = access.now();
      // Needs the right to read orders, which is what the account is for.
      const parameters = searchParameters({ from: now - 60_000, until: now }, { page: 0, size: 1 });
      const headers = await douyin(
        { method: search, parameters, repeatable: true },
        (answer) => answer.headers,
        signal,
      );
      const { shop, endsAt } = tokens.known();
      return { shop, clockAheadMs: clockAheadMs(headers, access.now()), expiresAt: endsAt };
    },
    close: () => tokens.close(),
  };
}
