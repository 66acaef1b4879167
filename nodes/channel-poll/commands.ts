import { spanOfDay } from '../../core/channel/polling/census/day.ts';
import type { ChannelPoller } from '../../core/channel/polling/channel-poller.ts';
import { HubError } from '../../core/errors.ts';
import { timeOf } from '../../core/insight/query/parameters.ts';
import type { HubMessage } from '../shared/define-node.ts';
import { pollFaults } from './poll-fields.ts';

/**
 * Does what a message asks for: `poll` reads now, `census` counts now, `back-fill` reads back to `payload.from` (or
 * the payload itself). A date without a time begins where the shop is.
 *
 * @throws HubError polling.bad-command, polling.bad-date, and what the poller refuses
 */
export async function obey(poller: ChannelPoller, message: HubMessage, zone: string): Promise<object> {
  const { topic, payload } = message;
  if (topic === 'poll') {
    poller.pollNow();
    return { poll: true };
  }
  if (topic === 'census') {
    poller.countNow();
    return { census: true };
  }
  if (topic !== 'back-fill') throw new HubError('polling.bad-command', { topic: String(topic ?? '') });
  const from = typeof payload === 'object' && payload !== null && 'from' in payload ? payload.from : payload;
  const { from: begins, until } = await poller.backfill(dateOf(from, zone));
  return { from: new Date(begins).toISOString(), until: new Date(until).toISOString() };
}

/** Where a date begins, epoch milliseconds. */
export function dateOf(value: unknown, zone: string): number {
  const text = String(value ?? '');
  if (/^\d{4}-\d{2}-\d{2}$/.test(text) && !pollFaults.since(text)) return spanOfDay(text, zone).from;
  try {
    const at = timeOf({ from: text }, 'from');
    if (at !== undefined && !/^\d{4}-\d{2}-\d{2}$/.test(text)) return at;
  } catch (cause) {
    throw new HubError('polling.bad-date', { value: text }, { cause });
  }
  throw new HubError('polling.bad-date', { value: text });
}
