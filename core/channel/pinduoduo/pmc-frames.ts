import { parseJson } from '../../json.ts';
import { isRecord } from '../../order/mapping/path.ts';
import type { ChannelMessage } from '../connection/messages-in.ts';
import { fieldAt, type Row, textAt } from '../json-fields.ts';
import { isOrderNumber } from './order.ts';

/** A number in JSON with exactly these digits: ES2025, of which TypeScript's library does not tell yet. */
const { rawJSON } = JSON as unknown as { rawJSON(text: string): unknown };

/** A message as it came, and what its answer has to repeat. */
export interface PmcFrame {
  message: ChannelMessage;
  echo: Row;
}

/** The messages among what came; the answer to a heartbeat, for one, is none. */
export function framesIn(texts: readonly string[]): PmcFrame[] {
  return texts.map(frameOf).filter((frame) => frame !== null);
}

function frameOf(text: string): PmcFrame | null {
  const frame = parsed(text);
  const id = textAt(frame, 'id');
  const message = fieldAt(frame, 'message');
  // Without an id it could be neither told apart nor acknowledged; polling brings the order all the same.
  if (!isRecord(frame) || frame.commandType !== 'Common' || id === '' || !isRecord(message)) return null;
  const topic = textAt(message, 'type');
  return {
    message: { id, topic, channelOrderId: orderIn(frame), body: text },
    echo: {
      // Beyond 2^53, where parseJson keeps it as text; told back by the same digits.
      id: /^(?:0|[1-9]\d*)$/.test(id) ? rawJSON(id) : id,
      sendTime: frame.sendTime,
      type: topic,
      mallID: message.mallID,
    },
  };
}

/**
 * Tells that a message is durable, or that it has to come again.
 *
 * @param now epoch milliseconds
 */
export function answerTo({ echo }: PmcFrame, command: 'Ack' | 'Fail', now: number): string {
  return JSON.stringify({ commandType: command, time: now, ...echo });
}

export function heartbeat(now: number): string {
  return JSON.stringify({ commandType: 'HeartBeat', time: now });
}

/** The order that a frame is about; null when it is about none. Its `content` is JSON within JSON. */
export function orderIn(frame: unknown): string | null {
  const content = fieldAt(frame, 'message', 'content');
  const tid = textAt(typeof content === 'string' ? parsed(content) : content, 'tid');
  return isOrderNumber(tid) ? tid : null;
}

function parsed(text: string): unknown {
  try {
    return parseJson(text);
  } catch {
    // SyntaxError: what is in another form brings no message, and names no order.
    return null;
  }
}
