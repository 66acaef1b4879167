import { DateTime } from 'luxon';
import { timeReader } from '../../order/time.ts';

const second = 1_000;

/**
 * Writes instants in one form: `iso`, `iso-seconds` (both UTC), `unix-seconds`, `unix-ms`, or a luxon pattern in the
 * zone. Numbers stay numbers.
 */
export function timeWriter(format: string, zone: string): (epochMs: number) => string | number {
  switch (format) {
    case 'iso':
      return (epochMs) => new Date(epochMs).toISOString();
    case 'iso-seconds':
      return (epochMs) => `${new Date(epochMs).toISOString().slice(0, 19)}Z`;
    case 'unix-seconds':
      return (epochMs) => Math.floor(epochMs / second);
    case 'unix-ms':
      return (epochMs) => epochMs;
    default:
      return (epochMs) => DateTime.fromMillis(epochMs, { zone, locale: 'en-US' }).toFormat(format);
  }
}

/** Reads what a channel writes in that form; null for what is no time, or stands for "never". */
export function channelTimeReader(format: string, zone: string): (value: unknown) => number | null {
  const read = timeReader({ format: format === 'iso-seconds' ? 'iso' : format, zone, sentinels: true });
  return (value) => {
    if (typeof value !== 'string' && typeof value !== 'number') return null;
    const result = read(value);
    return 'epochMs' in result ? result.epochMs : null;
  };
}

/** The smallest difference that the form can tell, milliseconds. */
export function stepOf(format: string): number {
  if (format === 'iso' || format === 'unix-ms') return 1;
  if (format === 'iso-seconds' || format === 'unix-seconds') return second;
  const tokens = format.replace(/'[^']*'/g, '');
  if (/[Su]/.test(tokens)) return 1;
  if (/s/.test(tokens)) return second;
  return /m/.test(tokens) ? 60 * second : 24 * 3_600 * second;
}
