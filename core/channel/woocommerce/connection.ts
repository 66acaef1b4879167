import { clockAheadMs } from '../connection/clock-ahead.ts';
import type { ChannelAccess, ChannelConnection } from '../connection/connection.ts';
import { ordersOf } from './orders.ts';
import { restOf } from './rest.ts';
import { shipmentsOf } from './shipments.ts';
import { stockOf } from './stock.ts';

/** The REST API v3 of one WooCommerce shop. */
export function connectWooCommerce(access: ChannelAccess): ChannelConnection {
  const rest = restOf(access);
  return {
    orders: ordersOf(rest),
    stock: stockOf(rest),
    shipments: shipmentsOf(rest),
    async check(signal) {
      // Needs the right to read orders, which is what the account is for.
      const { headers } = await rest(
        { method: 'GET', path: 'wc/v3/orders', params: { per_page: '1', _fields: 'id' } },
        signal,
      );
      return {
        shop: new URL(access.address!).host,
        clockAheadMs: clockAheadMs(headers, access.now()),
        expiresAt: null,
      };
    },
  };
}
