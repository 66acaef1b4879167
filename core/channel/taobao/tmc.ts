import { parseJson } from '../../json.ts';
import type { ChannelAccess } from '../connection/connection.ts';
import { ChannelFault } from '../connection/fault.ts';
import { errorOf, pause, type RetryWaits, retryIn } from '../connection/listening.ts';
import type { ChannelMessage, MessageSource, MessageSourceEvents } from '../connection/messages-in.ts';
import { fieldAt, type Row, rowsAt, textAt } from '../json-fields.ts';
import type { Top } from './call.ts';

const group = 'default';
/** Messages of one request; the platform takes 10 to 200 to consume, and up to 200 to confirm. */
const mostAtOnce = 100;

/** Milliseconds. */
export interface MessageWaits extends RetryWaits {
  /** Between two questions when there was nothing; the platform wants at least 100. */
  empty: number;
}
const usualWaits: MessageWaits = { empty: 2_000, firstRetry: 1_000, longestRetry: 60_000 };

/**
 * The messages of TMC, pulled. They are hints: they come late, twice and out of order. One that is not confirmed comes
 * again some minutes later.
 */
export function messagesOf(
  top: Top,
  { now }: Pick<ChannelAccess, 'now'>,
  waits: MessageWaits = usualWaits,
): MessageSource {
  return {
    transport: 'pull',
    async listen(events, signal) {
      events.onState({ kind: 'connecting' });
      let isOpen = false;
      let failures = 0;
      while (!signal.aborted) {
        try {
          // Topics are inherited from the app; permitting a seller again changes nothing.
          if (!isOpen) await permit(top, signal);
          const messages = await consume(top, signal);
          if (!isOpen) events.onState({ kind: 'open' });
          isOpen = true;
          failures = 0;
          if (messages.length === 0) await pause(waits.empty, signal);
          else await handOn(top, messages, events, signal);
        } catch (error) {
          if (signal.aborted) return;
          if (ChannelFault.is(error) && !error.retryable) throw error;
          isOpen = false;
          failures += 1;
          const wait = retryIn(error, failures, waits);
          events.onState({ kind: 'waiting', reason: errorOf(error), retryAt: now() + wait });
          await pause(wait, signal);
        }
      }
    },
  };
}

async function permit(top: Top, signal: AbortSignal): Promise<void> {
  const request = { method: 'taobao.tmc.user.permit', parameters: {}, repeatable: true };
  await top(request, () => undefined, signal);
}

function consume(top: Top, signal: AbortSignal): Promise<Row[]> {
  const parameters = { group_name: group, quantity: String(mostAtOnce) };
  // What was taken and lost on the way comes again by itself.
  return top(
    { method: 'taobao.tmc.messages.consume', parameters, repeatable: true },
    ({ data }) => rowsAt(data, 'messages', 'tmc_message'),
    signal,
  );
}

/** Confirms what is durable, and nothing else. */
async function handOn(
  top: Top,
  rows: readonly Row[],
  events: MessageSourceEvents,
  signal: AbortSignal,
): Promise<void> {
  await events.onMessages(rows.map(messageOf));
  const parameters = { group_name: group, s_message_ids: rows.map((row) => textAt(row, 'id')).join(',') };
  await top({ method: 'taobao.tmc.messages.confirm', parameters, repeatable: true }, () => undefined, signal);
}

function messageOf(row: Row): ChannelMessage {
  return {
    id: textAt(row, 'id'),
    topic: textAt(row, 'topic'),
    channelOrderId: orderIn(row),
    body: JSON.stringify(row),
  };
}

/** The trade that a message is about; null when it is about none. Its `content` is JSON within JSON. */
export function orderIn(message: unknown): string | null {
  const content = fieldAt(message, 'content');
  const tid = textAt(typeof content === 'string' ? parsed(content) : content, 'tid');
  return /^\d{1,20}$/.test(tid) && tid !== '0' ? tid : null;
}

function parsed(text: string): unknown {
  try {
    return parseJson(text);
  } catch {
    // SyntaxError: a content in another form names no trade.
    return null;
  }
}
