import { DateTime } from 'luxon';
import { HubError } from '../../errors.ts';
import './messages.ts';

const pattern =
  /^(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?[T\s]+(\d{1,2})[:：](\d{2})(?:[:：](\d{2})(?:[.,]\d+)?)?\s*(Z|[+-]\d{2}:?\d{2})?$/i;

/** @throws HubError count.bad-zone */
export function checkZone(zone: string): void {
  if (!DateTime.now().setZone(zone).isValid) throw new HubError('count.bad-zone', { zone });
}

/**
 * When a row was counted: a Date, epoch milliseconds, or text with the day and the time of day, in the zone it
 * names or else the one given. A day alone is too vague for what moved on it.
 *
 * @returns epoch milliseconds; undefined for what is no time
 */
export function countTime(value: unknown, zone: string): number | undefined {
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? undefined : value.getTime();
  if (typeof value === 'number') return Number.isSafeInteger(value) && value >= 1e11 ? value : undefined;
  const match = typeof value === 'string' ? pattern.exec(value.trim()) : null;
  if (!match) return undefined;
  const [year, month, day, hour, minute, second = 0] = match.slice(1, 7).map((part) => Number(part ?? 0));
  const parts = { year, month, day, hour, minute, second };
  const offset = match[7];
  const zoneName =
    offset === undefined ? zone : offset.toUpperCase() === 'Z' ? 'utc' : `utc${withColon(offset)}`;
  const time = DateTime.fromObject(parts, { zone: zoneName });
  // An hour that a change of clocks skips would be moved quietly.
  return time.isValid && time.hour === hour && time.minute === minute ? time.toMillis() : undefined;
}

function withColon(offset: string): string {
  return offset.includes(':') ? offset : `${offset.slice(0, 3)}:${offset.slice(3)}`;
}
