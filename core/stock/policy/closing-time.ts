import { DateTime } from 'luxon';
import type { ClosingTime, StockPolicy } from './rule.ts';

/** When a shop closes: its own time, else that of all others. */
export function closingOf({ shops, closing }: StockPolicy, shop: string | undefined): ClosingTime {
  return shops.find((one) => one.shop === shop) ?? closing;
}

/**
 * The next time a shop closes, epoch milliseconds, always later than `now`. On the night clocks go forward a time
 * that is skipped is that much later; on the night they go back a time that there is twice is the later one: units
 * are never freed while the shop is open.
 */
export function nextClosing({ zone, closes }: ClosingTime, now: number): number {
  const [hour = 0, minute = 0] = closes === '24:00' ? [0, 0] : closes.split(':').map(Number);
  const today = DateTime.fromMillis(now, { zone });
  for (let days = 0; days < 3; days += 1) {
    const { year, month, day } = today.plus({ days });
    const closing = DateTime.fromObject({ year, month, day, hour, minute }, { zone });
    const times = closing.getPossibleOffsets().map((one) => one.toMillis());
    const at = Math.max(...times);
    if (at > now) return at;
  }
  throw new Error(`No closing time ${closes} in ${zone} after ${new Date(now).toISOString()}`);
}
