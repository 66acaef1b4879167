import { type MessageParams, sentence } from '../message.ts';
import './messages.ts';

/** Why a value was not taken: the code of a sentence and the values in it. */
export class Refusal {
  readonly code: string;
  readonly params: MessageParams;

  constructor(code: string, params: MessageParams = {}) {
    this.code = code;
    this.params = params;
  }

  get sentence(): string {
    return sentence(this.code, this.params);
  }
}

/** One thing that is wrong with an order or a mapping. */
export interface ValidationProblem {
  /** Where, as people write it: `lines[0].sku`; empty for the whole. */
  path: string;
  /** Stable code, such as `order.required`. */
  code: string;
  /** The values of the sentence, to tell it again in another language. */
  params: MessageParams;
  /** The problem in the hub's language. */
  sentence: string;
}

/** A problem with its sentence filled in. */
export function problemAt(path: string, code: string, params: MessageParams = {}): ValidationProblem {
  const all = { path: path === '' ? '(order)' : path, ...params };
  return { path, code, params: all, sentence: sentence(code, all) };
}

const shownLength = 80;

/** A value as it may stand in a sentence: at most 80 characters, no half characters, control characters escaped. */
export function shown(value: unknown): string {
  const text = typeof value === 'string' ? value.slice(0, shownLength * 2) : asJson(value);
  const characters = [...text.slice(0, shownLength * 2)];
  const cut = characters.length > shownLength || (typeof value === 'string' && value.length > text.length);
  const kept = cut ? [...characters.slice(0, shownLength - 1), '…'] : characters;
  return kept.join('').replace(/[\p{Cc}\p{Cs}]/gu, escaped);
}

function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

function asJson(value: unknown): string {
  if (value === undefined) return '';
  if (typeof value === 'bigint' || typeof value === 'function') return String(value);
  try {
    return JSON.stringify(value) ?? String(value);
  } catch {
    // A structure that contains itself has no JSON; its kind is all there is to show.
    return Object.prototype.toString.call(value);
  }
}
