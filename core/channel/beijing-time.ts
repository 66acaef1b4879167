import { timeReader } from '../order/time.ts';

const aheadOfUtcMs = 8 * 60 * 60_000;

/** `yyyy-MM-dd HH:mm:ss` in Beijing time (GMT+8, no daylight saving), whatever the zone of this machine. */
export function beijingText(at: number): string {
  return new Date(at + aheadOfUtcMs).toISOString().slice(0, 19).replace('T', ' ');
}

const read = timeReader({ format: 'iso', zone: 'Asia/Shanghai', sentinels: true });

/** Epoch milliseconds of such a text; null for what is none, and for the dates that stand for "never". */
export function beijingTime(value: unknown): number | null {
  if (typeof value !== 'string') return null;
  const result = read(value);
  return 'epochMs' in result ? result.epochMs : null;
}
