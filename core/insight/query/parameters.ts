import { HubError } from '../../errors.ts';
import '../messages.ts';

/** What was asked, as text or numbers by name: a URL's query, or the fields of a node. */
export type Asked = Readonly<Record<string, unknown>>;

/** Rows of a page at most. */
export const mostRows = 500;
const usualRows = 100;

/** A field as text; undefined when it is absent or empty. @throws HubError query.bad-choice for a list or an object */
export function textOf(asked: Asked, field: string): string | undefined {
  const value = asked[field];
  if (value === undefined || value === null || value === '') return undefined;
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  throw new HubError('query.bad-choice', { field, value: JSON.stringify(value), choices: 'abc, 123' });
}

/** @throws HubError query.missing */
export function requiredText(asked: Asked, field: string): string {
  const text = textOf(asked, field);
  if (text === undefined) throw new HubError('query.missing', { field });
  return text;
}

/** Rows of a page. @throws HubError query.bad-limit */
export function limitOf(asked: Asked, field = 'limit', most = mostRows): number {
  const text = textOf(asked, field);
  if (text === undefined) return Math.min(usualRows, most);
  const value = Number(text);
  if (!/^\d{1,9}$/.test(text) || value < 1 || value > most)
    throw new HubError('query.bad-limit', { value: text, most });
  return value;
}

const instant = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:?\d{2}))?$/;

/**
 * A time as epoch milliseconds: ISO text with a zone, a date (midnight UTC) or epoch milliseconds.
 *
 * @throws HubError query.bad-time
 */
export function timeOf(asked: Asked, field: string): number | undefined {
  const text = textOf(asked, field);
  if (text === undefined) return undefined;
  if (/^\d{10,15}$/.test(text)) return Number(text);
  const value = instant.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(value)) throw new HubError('query.bad-time', { value: text });
  return value;
}

/** The id of a row. @throws HubError query.bad-id */
export function idOf(asked: Asked, field: string): number | undefined {
  const text = textOf(asked, field);
  if (text === undefined) return undefined;
  if (!/^\d{1,15}$/.test(text)) throw new HubError('query.bad-id', { value: text });
  return Number(text);
}

/** One of some values. @throws HubError query.bad-choice with all of them */
export function choiceOf<const C extends string>(
  asked: Asked,
  field: string,
  choices: readonly C[],
): C | undefined {
  const text = textOf(asked, field);
  if (text === undefined || choices.includes(text as C)) return text as C | undefined;
  throw new HubError('query.bad-choice', { field, value: text, choices: choices.join(', ') });
}

/** The value that continues a list: parts of its last row. */
export function cursorFrom(...parts: (string | number)[]): string {
  return Buffer.from(JSON.stringify(parts)).toString('base64url');
}

/** The parts of a `cursorFrom`. @throws HubError query.bad-cursor */
export function cursorOf<const T extends readonly ('string' | 'number')[]>(
  asked: Asked,
  types: T,
): { [I in keyof T]: T[I] extends 'string' ? string : number } | undefined {
  const text = textOf(asked, 'after');
  if (text === undefined) return undefined;
  try {
    const parts: unknown = JSON.parse(Buffer.from(text, 'base64url').toString());
    if (
      Array.isArray(parts) &&
      parts.length === types.length &&
      types.every((type, i) => typeof parts[i] === type)
    )
      return parts as never;
  } catch (cause) {
    throw new HubError('query.bad-cursor', { value: text }, { cause });
  }
  throw new HubError('query.bad-cursor', { value: text });
}
