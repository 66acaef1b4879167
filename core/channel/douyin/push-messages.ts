import { parseJson } from '../../json.ts';
import { isRecord } from '../../order/mapping/path.ts';
import { fieldAt, textAt } from '../json-fields.ts';

/** One message of a push, whichever way its envelope is written. */
export interface PushMessage {
  /** What happened, as a number; empty where it says nothing. */
  tag: string;
  /** The same when the message comes again; null where it has none. */
  id: string | null;
  /** JSON text: the message as it came, ids beyond 2^53 as texts. */
  body: string;
}

/**
 * The messages of a push: a list of them, or a single one.
 *
 * @returns undefined for a body that is neither
 */
export function messagesIn(body: Buffer): PushMessage[] | undefined {
  const found = jsonIn(body.toString());
  if (isRecord(found)) return [messageOf(found)];
  return Array.isArray(found) ? found.map(messageOf) : undefined;
}

function messageOf(message: unknown): PushMessage {
  return {
    tag: textAt(message, 'tag'),
    id: textAt(message, 'msg_id') || textAt(message, 'msgId') || null,
    body: JSON.stringify(message),
  };
}

/** Asks whether the address is there. */
export function isAddressCheck({ tag }: PushMessage): boolean {
  return tag === '0';
}

/** The order that a message is about, all of which only hint at it; null for one about none. */
export function orderIn(message: unknown): string | null {
  const data = fieldAt(message, 'data');
  const content = typeof data === 'string' ? jsonIn(data) : data;
  const id = textAt(content, 'p_id');
  return /^[1-9]\d{0,19}$/.test(id) ? id : null;
}

function jsonIn(text: string): unknown {
  try {
    return parseJson(text);
  } catch {
    // What is not JSON holds no message; it is stored as it came.
    return undefined;
  }
}
