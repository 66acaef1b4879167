import { HubError } from '../../errors.ts';
import { clockAheadMs } from '../connection/clock-ahead.ts';
import type { ChannelAccess, ChannelConnection } from '../connection/connection.ts';
import { ChannelFault } from '../connection/fault.ts';
import type { CustomChannel } from './config.ts';
import { dryRun } from './dry-run.ts';
import { interfaceOf } from './interface.ts';
import { ordersOf } from './orders.ts';
import { readCustomChannel } from './read-config.ts';
import { shipmentsOf } from './shipments.ts';
import { stockOf } from './stock.ts';

/**
 * A channel that is said by its configuration alone: the account's setting `custom`, JSON text.
 *
 * @throws ChannelFault of kind `caller`: what is wrong with the configuration; `channel.credential-missing`
 */
export function connectCustom(access: ChannelAccess): ChannelConnection {
  const rules = configOf(access);
  const address = access.address!;
  const api = interfaceOf(rules, access);
  const { orders, order, stock, shipments } = rules;
  return {
    ...(orders && { orders: ordersOf(api, { list: orders, detail: order, zone: access.zone, address }) }),
    ...(stock && { stock: stockOf(api, stock, rules.outcome) }),
    ...(shipments && { shipments: shipmentsOf(api, shipments) }),
    async check(signal) {
      let ahead: number | null = null;
      const listening: ChannelAccess = {
        ...access,
        call: (request, judge, until) =>
          access.call(
            request,
            (answer) => {
              ahead = clockAheadMs(answer.headers, access.now()) ?? ahead;
              return judge(answer);
            },
            until,
          ),
      };
      const { fault } = await dryRun(rules, listening, signal);
      if (fault) throw fault;
      // Tokens that end are renewed without anybody's doing.
      return { shop: new URL(address).host, clockAheadMs: ahead, expiresAt: null };
    },
    dryRun: (signal) => dryRun(rules, access, signal),
    close: () => api.close(),
  };
}

function configOf({ settings }: ChannelAccess): CustomChannel {
  try {
    return readCustomChannel(String(settings.custom ?? ''));
  } catch (error) {
    if (!HubError.is(error)) throw error;
    throw new ChannelFault('caller', error.code, error.params);
  }
}
