import assert from 'node:assert/strict';
import { answerOf } from '../../../core/channel/connection/call/answer.ts';
import type { ChannelAccess, ChannelConnection } from '../../../core/channel/connection/connection.ts';
import { ChannelFault } from '../../../core/channel/connection/fault.ts';
import type { CallRequest } from '../../../core/channel/connection/http-call.ts';

/** A signal that is never aborted. */
export const idle = new AbortController().signal;

export interface Answer {
  status?: number;
  body: unknown;
  headers?: Record<string, string>;
}

export type Answering = (url: URL, request: CallRequest) => Answer;

/** A connection whose requests are answered by a function; remembers what was asked. Its clock stands still. */
export function answeringChannel(
  connect: (access: ChannelAccess) => ChannelConnection,
  answer: Answering,
  { address = 'https://shop.example.test', ...access }: Partial<ChannelAccess> = {},
): { connection: ChannelConnection; asked: CallRequest[] } {
  const asked: CallRequest[] = [];
  const connection = connect({
    shop: 'main',
    address,
    credentials: {},
    settings: {},
    zone: 'UTC',
    currency: 'EUR',
    now: () => Date.parse('2026-09-01T08:00:00Z'),
    async call(request, judge, signal) {
      signal.throwIfAborted();
      const made = request();
      asked.push(made);
      const { status = 200, body, headers = {} } = answer(new URL(made.url), made);
      const text = typeof body === 'string' ? body : JSON.stringify(body);
      return judge(answerOf(made.name, 'shop.example.test', status, headers, Buffer.from(text)));
    },
    ...access,
  });
  return { connection, asked };
}

/** The channel's fault that a promise ends with; fails for any other end. */
export async function faultOf(promised: Promise<unknown>): Promise<ChannelFault> {
  const error = await promised.then(
    () => assert.fail('It went through'),
    (reason: unknown) => reason,
  );
  assert.ok(ChannelFault.is(error), String(error));
  return error;
}
