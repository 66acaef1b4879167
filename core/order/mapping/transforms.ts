import { addMoney, parseMajor, parseMinor } from '../money.ts';
import { Refusal, shown } from '../refusal.ts';
import { composed } from '../text.ts';
import { type OrderTime, type TimeForm, timeReader } from '../time.ts';
import { isMissing } from './path.ts';
import type { AccountContext, Transform } from './types.ts';

export interface TransformScope {
  account: AccountContext;
  /** Of the order being made; undefined while there is none. */
  currency: string | undefined;
  /** Says something about a value that is used all the same. */
  warn(code: string, params: Record<string, string>): void;
}

/** Makes the written value of a found one: undefined for nothing, a Refusal when it cannot. */
export type Transformer = (value: unknown, scope: TransformScope) => unknown;

/** Compiles a transform. What it is given is never missing (`isMissing`). */
export function compileTransform(transform: Transform): Transformer {
  switch (transform.kind) {
    case 'text':
      return textTransform(transform.after);
    case 'integer':
      return (value) => sumOf(value, wholeNumber, addUnits);
    case 'money':
      return moneyTransform(transform);
    case 'time':
      return timeTransform(transform);
    case 'lookup':
      return lookupTransform(transform);
    case 'weight':
      return (value) => sumOf(value, (one) => grams(one, transform.unit), addUnits) || undefined;
  }
}

function textTransform(after: string | undefined): Transformer {
  if (after === undefined) return asText;
  return (value) => {
    const text = asText(value);
    if (text instanceof Refusal) return text;
    const at = text.lastIndexOf(after);
    return at < 0 ? text : text.slice(at + after.length);
  };
}

/** One text out of a value of the record; numbers keep the digits they were sent with. */
function asText(value: unknown): string | Refusal {
  if (typeof value === 'string') return composed(value);
  if (typeof value === 'number') {
    // JSON read by the hub keeps long numbers as text; one that is still a number was rounded before it came.
    const rounded = Number.isInteger(value) && !Number.isSafeInteger(value);
    return rounded || !Number.isFinite(value)
      ? new Refusal('map.digits-lost', { value: String(value) })
      : String(value);
  }
  if (typeof value === 'boolean' || typeof value === 'bigint') return String(value);
  if (Array.isArray(value)) {
    const said = value.filter((one) => !isMissing(one));
    if (said.length === 1) return asText(said[0]);
    return new Refusal('map.several-values', { value: shown(value), count: said.length });
  }
  return new Refusal('map.not-a-value', { value: shown(value) });
}

/** Reads each value of a list and adds them up; a single value is read as it is. */
function sumOf(
  value: unknown,
  read: (one: unknown) => number | Refusal,
  add: (a: number, b: number) => number | Refusal,
): number | Refusal {
  if (!Array.isArray(value)) return read(value);
  let sum = 0;
  for (const one of value) {
    if (isMissing(one)) continue;
    const number = read(one);
    if (number instanceof Refusal) return number;
    const next = add(sum, number);
    if (next instanceof Refusal) return next;
    sum = next;
  }
  return sum;
}

function addUnits(a: number, b: number): number | Refusal {
  const sum = a + b;
  return Number.isSafeInteger(sum) ? sum : new Refusal('map.not-whole', { value: `${a} + ${b}` });
}

function wholeNumber(value: unknown): number | Refusal {
  if (typeof value === 'number' && Number.isSafeInteger(value)) return value;
  const text = asText(value);
  if (text instanceof Refusal) return text;
  const number = Number(text);
  const isWhole = /^\s*[+-]?\d+(\.0*)?\s*$/.test(text) && Number.isSafeInteger(number);
  return isWhole ? number + 0 : new Refusal('map.not-whole', { value: shown(text) });
}

function moneyTransform(transform: Extract<Transform, { kind: 'money' }>): Transformer {
  const positive = transform.sign === 'positive';
  const onlyAbove = transform.sign === 'leave-out';
  const leaveOut = transform.excess === 'leave-out';
  return (value, scope) => {
    const read = (one: unknown): number | Refusal => {
      const text = asText(one);
      if (text instanceof Refusal) return text;
      const minor = transform.unit === 'minor' ? parseMinor(text) : parseMajor(text, scope.currency ?? '');
      return positive && typeof minor === 'number' ? Math.abs(minor) : minor;
    };
    // The missing currency is told once; repeating it for every amount would bury it.
    if (scope.currency === undefined && transform.unit === 'major') return undefined;
    const minor = sumOf(value, read, addMoney);
    if (onlyAbove && typeof minor === 'number' && minor < 0) return undefined;
    const tooPrecise = minor instanceof Refusal && minor.code === 'order.money-decimals';
    return tooPrecise && leaveOut ? undefined : minor;
  };
}

function timeTransform(transform: Extract<Transform, { kind: 'time' }>): Transformer {
  const { format, sentinels } = transform;
  const readerIn = (zone: string | undefined) => timeReader({ format, zone, sentinels } satisfies TimeForm);
  const readers = new Map<string | undefined, ReturnType<typeof timeReader>>();
  if (transform.zone !== 'account') readers.set(transform.zone, readerIn(transform.zone));
  return (value, scope): OrderTime | Refusal | undefined => {
    const text = asText(value);
    if (text instanceof Refusal) return text;
    const zone = transform.zone === 'account' ? scope.account.zone : transform.zone;
    let read = readers.get(zone);
    if (!read) {
      read = readerIn(zone);
      readers.set(zone, read);
    }
    const result = read(text);
    if (result instanceof Refusal) return result;
    if (result.kind === 'none') return undefined;
    if (result.later !== undefined)
      scope.warn('order.time-twice', { text, zone: zone ?? '', at: result.time.at });
    return result.time;
  };
}

function lookupTransform(transform: Extract<Transform, { kind: 'lookup' }>): Transformer {
  const table = new Map(transform.table.map(({ from, to }) => [composed(from), to]));
  const known = shown([...table.keys()].join(', '));
  const { otherwise } = transform;
  return (value) => {
    const text = asText(value);
    if (text instanceof Refusal) return text;
    const to = table.get(text);
    if (to !== undefined) return to;
    if (otherwise === undefined) return new Refusal('map.not-in-table', { value: shown(text), known });
    return otherwise ?? undefined;
  };
}

/** Billionths of a gram in a unit, exactly: the international pound is 453.59237 g and has 16 ounces. */
const nanograms = { g: 1_000_000_000n, kg: 1_000_000_000_000n, lb: 453_592_370_000n, oz: 28_349_523_125n };
const decimalForm = /^\s*\+?(\d{1,15})(?:\.(\d{1,12})\d*)?\s*$/;

/** Whole grams, rounded half up, worked out in integers. 0 is what channels write when nobody filled it in. */
function grams(value: unknown, unit: keyof typeof nanograms): number | Refusal {
  const text = asText(value);
  if (text instanceof Refusal) return text;
  const match = decimalForm.exec(text);
  if (!match) return new Refusal('map.not-a-weight', { value: shown(text), unit });
  const fraction = match[2] ?? '';
  const scaled = BigInt(match[1] + fraction) * nanograms[unit];
  const divisor = 1_000_000_000n * 10n ** BigInt(fraction.length);
  const rounded = Number((scaled * 2n + divisor) / (divisor * 2n));
  return Number.isSafeInteger(rounded)
    ? rounded
    : new Refusal('map.not-a-weight', { value: shown(text), unit });
}
