import type { StockRefusal } from '../answers.ts';
import { refusalFrom } from '../refusals.ts';
import './messages.ts';

/** Differences up to these are corrected at once; what exceeds any of them waits. An absent one sets no limit. */
export interface Thresholds {
  /** Units more or less than expected. */
  units: number | null;
  /** Share of the expected units, in percent. */
  percent: number | null;
  /** Value of the difference in ten-thousandths of the currency's unit; needs a unit cost on the line. */
  value: number | null;
}

/** Money of costs and thresholds is counted in ten-thousandths of the currency's unit. */
export const moneyScale = 10_000;

/** Why a difference needs a second person; undefined when it does not. */
export function aboveThreshold(
  line: { sku: string; expected: number; difference: number; unitCost: number | null },
  thresholds: Thresholds,
): StockRefusal | undefined {
  const { sku, expected, difference, unitCost } = line;
  const size = Math.abs(difference);
  const params = { sku, difference, expected, counted: expected + difference };
  if (thresholds.units !== null && size > thresholds.units)
    return refusalFrom({ code: 'count.above-units', params: { ...params, most: thresholds.units } });
  // Of nothing expected any difference is beyond every share.
  if (thresholds.percent !== null && size * 100 > thresholds.percent * expected)
    return refusalFrom({ code: 'count.above-percent', params: { ...params, most: thresholds.percent } });
  if (thresholds.value !== null && unitCost !== null) {
    // The product of units and costs may leave the integers a number holds exactly.
    const value = BigInt(size) * BigInt(unitCost);
    if (value > BigInt(thresholds.value)) {
      const [worth, most] = [moneyText(value), moneyText(BigInt(thresholds.value))];
      return refusalFrom({ code: 'count.above-value', params: { ...params, value: worth, most } });
    }
  }
  return undefined;
}

function moneyText(value: bigint): string {
  const scale = BigInt(moneyScale);
  const part = (value % scale)
    .toString()
    .padStart(4, '0')
    .replace(/0{1,2}$/, '');
  return `${value / scale}.${part}`;
}

const money = /^(\d{1,11})(?:\.(\d{1,4})0*)?$/;

/** Reads money of up to four decimals, as text or number, exactly; undefined for what is none. */
export function moneyOf(value: unknown): number | undefined {
  const match = money.exec(
    typeof value === 'number' || typeof value === 'string' ? String(value).trim() : '',
  );
  return match ? Number(match[1]) * moneyScale + Number((match[2] ?? '').padEnd(4, '0')) : undefined;
}
