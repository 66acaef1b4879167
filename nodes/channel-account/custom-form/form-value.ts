import { parseJson } from '../../../core/json.ts';

/** What is entered, as JSON has it: not yet judged. */
export type Entered = Readonly<Record<string, unknown>>;

export function isGroup(value: unknown): value is Entered {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The value at a place such as `orders.paging.kind`. */
export function valueAt(entered: unknown, at: string): unknown {
  return at.split('.').reduce<unknown>((value, name) => (isGroup(value) ? value[name] : undefined), entered);
}

/** The same with another value at a place; nothing takes it away. */
export function withValue(entered: Entered, at: string, value: unknown): Entered {
  const [name = '', ...rest] = at.split('.');
  const old = entered[name];
  const made = rest.length === 0 ? value : withValue(isGroup(old) ? old : {}, rest.join('.'), value);
  if (made !== undefined) return { ...entered, [name]: made };
  return Object.fromEntries(Object.entries(entered).filter(([key]) => key !== name));
}

/** A text that is not JSON yet, kept as it was typed: it makes the whole configuration invalid, and is not lost. */
export class Unfinished {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/** What was typed into a field for JSON. */
export function enteredJson(text: string): unknown {
  if (text.trim() === '') return undefined;
  try {
    return parseJson(text);
  } catch (error) {
    if (error instanceof SyntaxError) return new Unfinished(text);
    throw error;
  }
}

/** The configuration as its text. */
export function textOf(entered: Entered): string {
  const unfinished: string[] = [];
  const mark = (index: number): string => `\u0000unfinished ${index}\u0000`;
  const text = JSON.stringify(
    entered,
    (_, value: unknown) => (value instanceof Unfinished ? mark(unfinished.push(value.text) - 1) : value),
    2,
  );
  return unfinished.reduce(
    (whole, typed, index) => whole.replace(JSON.stringify(mark(index)), () => typed),
    text,
  );
}

/** Names and values, one `name = value` a line. */
export function linesOf(value: unknown): string {
  if (!isGroup(value)) return '';
  return Object.entries(value)
    .map(([name, text]) => `${name} = ${String(text)}`)
    .join('\n');
}

export function enteredLines(text: string): Record<string, string> | undefined {
  const pairs = text
    .split('\n')
    .map((line) => /^\s*([^=\s][^=]*?)\s*(?:=\s*(.*?))?\s*$/.exec(line))
    .filter((found) => found !== null)
    .map(([, name = '', value = '']) => [name, value] as const);
  return pairs.length === 0 ? undefined : Object.fromEntries(pairs);
}

/** Several texts in one field, parted by commas. */
export function enteredList(text: string): string[] | undefined {
  const parts = text
    .split(/[,，]/)
    .map((part) => part.trim())
    .filter(Boolean);
  return parts.length === 0 ? undefined : parts;
}

/** JSON as a field shows it, also while it is unfinished. */
export function jsonOf(value: unknown): string {
  if (value === undefined) return '';
  return value instanceof Unfinished ? value.text : JSON.stringify(value, null, 2);
}

/** Line ends and tabs as `\n` and `\t`: a field of one line cannot hold them. */
export function escaped(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n').replaceAll('\t', '\\t');
}

export function unescaped(text: string): string {
  return text.replace(/\\([nt\\])/g, (_, name: string) => ({ n: '\n', t: '\t' })[name] ?? '\\');
}
