import { isRecord } from '../../order/mapping/path.ts';
import { ChannelFault } from '../connection/fault.ts';
import { gatewayAnswer } from '../connection/gateway.ts';
import type { CallAnswer } from '../connection/http-call.ts';
import { codeOf, faultIn } from './errors.ts';

export const title = 'Douyin';

/** Done; done for some rows and not for others; done, as old interfaces say it. */
const successes: ReadonlySet<string> = new Set(['10000', '10001', '0']);

export interface DouyinAnswer {
  /** What stands in the envelope. */
  data: unknown;
  headers: Readonly<Record<string, string>>;
}

/**
 * What Douyin answered a call.
 *
 * @param now epoch milliseconds
 * @throws ChannelFault
 */
export function answerIn(call: string, answer: CallAnswer, now: number): DouyinAnswer {
  const envelope = gatewayAnswer(title, call, answer, now);
  if (!isRecord(envelope) || codeOf(envelope) === '') throw unexpected(call, 'code');
  if (!successes.has(codeOf(envelope))) throw faultIn({ platform: title, call }, envelope);
  return { data: envelope.data, headers: answer.headers };
}

export function unexpected(call: string, field: string): ChannelFault {
  return new ChannelFault('platform', 'channel.answer-unexpected', { platform: title, call, field });
}
