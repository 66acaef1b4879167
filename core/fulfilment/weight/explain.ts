import { type MessageParams, sentence } from '../../message.ts';
import './messages.ts';

/** What is said of a weighing: a stable code, the values, and the sentence in the hub's language. */
export interface Explanation {
  code: string;
  params: MessageParams;
  sentence: string;
}

/** A code of the weight check with its sentence filled in. */
export function explain(code: string, params: MessageParams = {}): Explanation {
  return { code, params, sentence: sentence(code, params) };
}
