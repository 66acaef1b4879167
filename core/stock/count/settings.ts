import { HubError } from '../../errors.ts';
import './messages.ts';
import { moneyOf, type Thresholds } from './threshold.ts';

/** What holds for a sheet as long as it lives. */
export interface CountSettings {
  thresholds: Thresholds;
  /** What becomes of SKUs of the pool that a full count does not have: they are named, or count as none there. */
  missing: 'report' | 'zero';
}

/** Limits as somebody entered them; empty for none. */
export interface EnteredThresholds {
  units?: string | number | null | undefined;
  percent?: string | number | null | undefined;
  /** In the currency of the unit costs. */
  value?: string | number | null | undefined;
}

/** @throws HubError count.bad-threshold */
export function thresholdsFrom(entered: EnteredThresholds): Thresholds {
  return {
    units: limit('units', entered.units, (text) => numberOf(text, true)),
    percent: limit('percent', entered.percent, (text) => numberOf(text, false)),
    value: limit('value', entered.value, moneyOf),
  };
}

function limit(
  field: string,
  value: string | number | null | undefined,
  read: (text: string) => number | undefined,
): number | null {
  const text = String(value ?? '').trim();
  if (text === '') return null;
  const found = read(text);
  if (found === undefined) throw new HubError('count.bad-threshold', { field, value: text.slice(0, 60) });
  return found;
}

function numberOf(text: string, whole: boolean): number | undefined {
  const value = Number(text);
  const good = Number.isFinite(value) && value >= 0 && value <= 1e9 && (!whole || Number.isInteger(value));
  return good ? value : undefined;
}
