import { DateTime } from 'luxon';
import type { TimeWindow } from '../../connection/order-source.ts';

/** A day of the calendar in some zone: `2026-11-21`. */
export type Day = string;

/** From the first moment of a day to that of the next, in a zone: 23 or 25 hours where the clocks change. */
export function spanOfDay(day: Day, zone: string): TimeWindow {
  const begins = DateTime.fromISO(day, { zone }).startOf('day');
  return { from: begins.toMillis(), until: begins.plus({ days: 1 }).startOf('day').toMillis() };
}

export function dayOf(at: number, zone: string): Day {
  return DateTime.fromMillis(at, { zone }).toISODate()!;
}

export function daysAfter(day: Day, days: number): Day {
  return DateTime.fromISO(day, { zone: 'utc' }).plus({ days }).toISODate()!;
}

/** A hub that stood still counts no more than so many days back. */
const mostDays = 7;

/**
 * The next day to be counted as a whole: one that is over, was read to its end, and is at least partly what the hub
 * answers for. Null while there is none.
 */
export function dueDay(
  { counted, watermark, coveredFrom }: { counted: Day | null; watermark: number; coveredFrom: number },
  zone: string,
): Day | null {
  // The day of the watermark is not over; the one before it is.
  const last = daysAfter(dayOf(watermark, zone), -1);
  const first = [
    daysAfter(last, 1 - mostDays),
    dayOf(coveredFrom, zone),
    ...(counted === null ? [] : [daysAfter(counted, 1)]),
  ].reduce((a, b) => (a > b ? a : b));
  return first <= last ? first : null;
}
