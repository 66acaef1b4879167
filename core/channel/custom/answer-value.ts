import { compilePath } from '../../order/mapping/path.ts';
import { Refusal } from '../../order/refusal.ts';

export interface Answered {
  /** The parsed body. */
  data: unknown;
  /** Names in lower case. */
  headers: Readonly<Record<string, string>>;
}

const headerPrefix = '$header.';

/** Reads what stands at a path that was checked before; all of it for the empty path. */
export function valueAt(path: string): (from: unknown) => unknown {
  if (path === '') return (from) => from;
  const compiled = compilePath(path);
  if (compiled instanceof Refusal) throw new Error(compiled.sentence);
  return (from) => compiled.get(from, from);
}

/** Reads from an answer: a path in its body, or a header by `$header.<name>`. Nothing for the empty one. */
export function valueIn(source: string): (answer: Answered) => unknown {
  if (source === '') return () => undefined;
  if (source.startsWith(headerPrefix)) {
    const name = source.slice(headerPrefix.length).toLowerCase();
    return ({ headers }) => headers[name];
  }
  const get = valueAt(source);
  return ({ data }) => get(data);
}

/** A value as text; empty for what is none. */
export function plainText(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
    ? String(value)
    : '';
}

/** A whole number from zero on, which some channels write as text; null for anything else. */
export function countIn(value: unknown): number | null {
  const text = plainText(value);
  return /^\d{1,15}$/.test(text) ? Number(text) : null;
}
