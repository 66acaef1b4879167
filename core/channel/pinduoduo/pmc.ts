import type { ChannelAccess } from '../connection/connection.ts';
import { ChannelFault } from '../connection/fault.ts';
import { errorOf, pause, type RetryWaits, retryIn } from '../connection/listening.ts';
import type { MessageSource, MessageSourceEvents } from '../connection/messages-in.ts';
import { type Pdd, refuseFailure } from './call.ts';
import './messages.ts';
import { pmcAddress } from './pmc-address.ts';
import { answerTo, framesIn, type PmcFrame } from './pmc-frames.ts';
import { type PmcTimes, textsOver } from './pmc-socket.ts';

const permission = 'pdd.pmc.user.permit';

/** Milliseconds. */
export interface PmcWaits extends PmcTimes, RetryWaits {}

const usualWaits: PmcWaits = {
  heartbeat: 8_000,
  connect: 30_000,
  quiet: 5 * 60_000,
  firstRetry: 1_000,
  longestRetry: 60_000,
};

/**
 * The messages of PMC, over a websocket. They are hints: they come late, twice and out of order. One that is not
 * acknowledged comes again some minutes later.
 *
 * @param Socket what to connect by; undefined where this Node.js has none
 */
export function messagesOf(
  pdd: Pdd,
  access: ChannelAccess,
  waits: PmcWaits = usualWaits,
  Socket: typeof WebSocket | undefined = globalThis.WebSocket,
): MessageSource {
  return {
    transport: 'websocket',
    async listen(events, signal) {
      if (!Socket) throw new ChannelFault('caller', 'pinduoduo.no-websocket', { version: process.version });
      let failures = 0;
      while (!signal.aborted) {
        events.onState({ kind: 'connecting' });
        let openSince = Number.POSITIVE_INFINITY;
        try {
          // Also tells by an HTTP answer what may be wrong with the account, which a websocket cannot.
          await permit(pdd, signal);
          const address = pmcAddress(access);
          const socket = new Socket(address);
          const onOpen = (): void => {
            openSince = performance.now();
            events.onState({ kind: 'open' });
          };
          const { host } = new URL(address);
          const { now } = access;
          for await (const texts of textsOver({ socket, host, times: waits, now, onOpen }, signal)) {
            await handOn(framesIn(texts), (answer) => socket.send(answer), { now, events });
            failures = 0;
          }
          failures = 0;
        } catch (error) {
          if (signal.aborted) return;
          if (ChannelFault.is(error) && !error.retryable) throw error;
          // What held for long was no failure, though nothing came.
          failures = performance.now() - openSince > waits.longestRetry ? 1 : failures + 1;
          const wait = retryIn(error, failures, waits);
          events.onState({ kind: 'waiting', reason: errorOf(error), retryAt: access.now() + wait });
          await pause(wait, signal);
        }
      }
    },
  };
}

/** Topics are inherited from the application; permitting a shop again changes nothing. */
async function permit(pdd: Pdd, signal: AbortSignal): Promise<void> {
  const request = { type: permission, parameters: {}, repeatable: true };
  await pdd(request, ({ data }) => refuseFailure(data, permission), signal);
}

/** Messages that become durable together at most. */
const mostAtOnce = 100;

/** Acknowledges what is durable. What cannot be kept is said to have failed, and comes again. */
async function handOn(
  frames: readonly PmcFrame[],
  send: (answer: string) => void,
  { now, events }: { now(): number; events: MessageSourceEvents },
): Promise<void> {
  for (let start = 0; start < frames.length; start += mostAtOnce) {
    const batch = frames.slice(start, start + mostAtOnce);
    const answerAll = (command: 'Ack' | 'Fail'): void => {
      for (const frame of batch) send(answerTo(frame, command, now()));
    };
    try {
      await events.onMessages(batch.map(({ message }) => message));
    } catch (error) {
      answerAll('Fail');
      throw error;
    }
    answerAll('Ack');
  }
}
