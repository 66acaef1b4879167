import { DateTime, IANAZone } from 'luxon';
import { Refusal } from './refusal.ts';

/** An instant, and the text it was read from. */
export interface OrderTime {
  /** UTC, `YYYY-MM-DDTHH:mm:ss.sssZ`. */
  at: string;
  /** As the channel wrote it. */
  text: string;
}

export interface TimeForm {
  /** `iso`, `unix-seconds`, `unix-ms`, or a luxon format such as `yyyy/MM/dd HH:mm`. */
  format: string;
  /** IANA name that texts without an offset are read in; without one they are refused. */
  zone?: string;
  /** Take 0001-01-01, 1970-01-01 and 0 as "no time", as several channels write it. */
  sentinels?: boolean;
}

export type TimeResult =
  /** `later` is the other instant the same wall-clock time had, on the night clocks go back; `time` is the first. */
  { kind: 'time'; time: OrderTime; epochMs: number; later?: string } | { kind: 'none' } | Refusal;

/** True for a zone name that both luxon and the IANA data of this Node.js know. */
export function isZone(name: string): boolean {
  return name === 'UTC' || IANAZone.isValidZone(name);
}

/**
 * Prepares the reading of times of one form. An offset in the text always wins over the zone. Digits beyond
 * milliseconds are cut, never rounded up, so that a cursor made of the time never skips a record.
 *
 * @returns a reader; what cannot be read, or never was (the hour skipped in spring), is a Refusal
 */
export function timeReader(form: TimeForm): (value: string | number) => TimeResult {
  const read = reader(form);
  if (!form.sentinels) return read;
  return (value) => {
    if (/^(0001|1970)-01-01|^0+(\.0*)?$/.test(String(value).trim())) return none;
    const result = read(value);
    const isZero = 'epochMs' in result && result.epochMs < Date.UTC(1970, 0, 2);
    return isZero ? none : result;
  };
}

/** Reads one time; `timeReader` is for many of the same form. */
export function parseTime(value: string | number, form: TimeForm): TimeResult {
  return timeReader(form)(value);
}

const none: TimeResult = { kind: 'none' };

type WallClock = (localMs: number, text: string) => TimeResult;

function reader(form: TimeForm): (value: string | number) => TimeResult {
  if (form.format === 'unix-seconds') return (value) => unixTime(value, 1000);
  if (form.format === 'unix-ms') return (value) => unixTime(value, 1);
  const wallClock = inZone(form.zone);
  if (form.format === 'iso') return (value) => isoTime(String(value), wallClock);
  return customFormat(form.format, wallClock);
}

const wholeNumber = /^-?\d+$/;
/** Milliseconds of 1973 and seconds of the year 5138: no order is dated beyond either by its unit. */
const unitBorder = 100_000_000_000;

function unixTime(value: string | number, unitMs: number): TimeResult {
  const text = String(value).trim();
  const count = Number(text);
  if (!wholeNumber.test(text) || !Number.isSafeInteger(count))
    return new Refusal('order.time-not-unix', { text });
  const looksLikeSeconds = Math.abs(count) < unitBorder;
  if (count !== 0 && looksLikeSeconds !== (unitMs === 1000)) {
    return new Refusal(looksLikeSeconds ? 'order.time-is-seconds' : 'order.time-is-ms', { text });
  }
  return instant(count * unitMs, text);
}

const isoForm =
  /^(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:[.,](\d{1,9}))?)?)? ?(Z|z|[+-]\d\d(?::?\d\d)?)?$/;

function isoTime(value: string, wallClock: WallClock): TimeResult {
  const text = value.trim();
  const match = isoForm.exec(text);
  if (!match)
    return new Refusal('order.time-format', { text: text.slice(0, 80), format: 'YYYY-MM-DDTHH:mm:ss' });
  const [, year, month, day, hour = '0', minute = '0', second = '0', fraction = '', offset] = match;
  const local = utc(+year!, +month!, +day!, +hour, +minute, +second, +fraction.slice(0, 3).padEnd(3, '0'));
  if (local === undefined) return new Refusal('order.time-no-such-date', { text });
  if (offset === undefined) return wallClock(local, text);
  const offsetMs = offsetMinutes(offset) * 60_000;
  return Number.isNaN(offsetMs)
    ? new Refusal('order.time-no-such-date', { text })
    : instant(local - offsetMs, text);
}

/** The fields as epoch milliseconds if they were UTC; undefined for 30 February and 25 o'clock. */
function utc(
  y: number,
  m: number,
  d: number,
  h: number,
  min: number,
  s: number,
  ms: number,
): number | undefined {
  if (m < 1 || m > 12 || d < 1 || h > 23 || min > 59 || s > 59) return undefined;
  const date = new Date(0);
  // Date.UTC would move the years 0 to 99 to the twentieth century.
  date.setUTCFullYear(y, m - 1, d);
  if (date.getUTCMonth() !== m - 1) return undefined;
  return date.setUTCHours(h, min, s, ms);
}

function offsetMinutes(offset: string): number {
  if (offset === 'Z' || offset === 'z') return 0;
  const hours = Number(offset.slice(1, 3));
  const minutes = offset.length > 3 ? Number(offset.slice(-2)) : 0;
  if (hours > 14 || minutes > 59) return Number.NaN;
  return (offset[0] === '-' ? -1 : 1) * (hours * 60 + minutes);
}

/** How a text without an offset becomes an instant in a zone. */
function inZone(name: string | undefined): WallClock {
  if (name === undefined || name === '') return (_, text) => new Refusal('order.time-no-zone', { text });
  if (name === 'UTC') return instant;
  if (!isZone(name)) return () => new Refusal('order.time-zone-unknown', { zone: name });
  const zone = IANAZone.create(name);
  return (localMs, text) => {
    const before = zone.offset(localMs - 86_400_000);
    const after = zone.offset(localMs + 86_400_000);
    const first = localMs - before * 60_000;
    if (before === after && zone.offset(first) === before) return instant(first, text);
    const last = localMs - after * 60_000;
    const fits = [first, last].filter((epochMs) => localMs - zone.offset(epochMs) * 60_000 === epochMs);
    const [earlier, later] = [Math.min(...fits), Math.max(...fits)];
    if (fits.length === 0) return new Refusal('order.time-skipped', { text, zone: name });
    const result = instant(earlier, text);
    if (earlier !== later && 'epochMs' in result) result.later = new Date(later).toISOString();
    return result;
  };
}

function customFormat(format: string, wallClock: WallClock): (value: string | number) => TimeResult {
  const tokens = format.replace(/'[^']*'/g, '');
  const parser = DateTime.buildFormatParser(format, { locale: 'en-US' });
  const fixed = /[ZzXx]/.test(tokens);
  return (value) => {
    const text = String(value).trim();
    const parsed = DateTime.fromFormatParser(text, parser, { zone: 'utc', locale: 'en-US' });
    if (!parsed.isValid) {
      const code =
        parsed.invalidReason === 'unit out of range' ? 'order.time-no-such-date' : 'order.time-format';
      return new Refusal(code, { text: text.slice(0, 80), format });
    }
    const epochMs = parsed.toMillis();
    return fixed ? instant(epochMs, text) : wallClock(epochMs, text);
  };
}

/** 0000-01-01 and 10000-01-01: outside of them ISO text needs more than four digits for the year. */
const firstInstant = -62_167_219_200_000;
const endOfTime = 253_402_300_800_000;

function instant(epochMs: number, text: string): TimeResult {
  if (epochMs < firstInstant || epochMs >= endOfTime) return new Refusal('order.time-no-such-date', { text });
  return { kind: 'time', time: { at: new Date(epochMs).toISOString(), text }, epochMs };
}
