import { setImmediate } from 'node:timers/promises';
import type { MessageParams } from '../../message.ts';
import type { StockRefusal } from '../answers.ts';
import { isName, mostUnits } from '../check.ts';
import { refusalFrom } from '../refusals.ts';
import { countTime } from './count-time.ts';
import './messages.ts';
import { isBlank } from './table.ts';
import { moneyOf } from './threshold.ts';

/** A row as it was received, before anybody looked at it. */
export interface RawRow {
  /** From 1; of a file the number a spreadsheet shows. */
  row: number;
  sku: unknown;
  counted: unknown;
  at?: unknown;
  cost?: unknown;
}

/** A row that says how many units of a SKU were counted. */
export interface CountedRow {
  row: number;
  sku: string;
  counted: number;
  /** Epoch milliseconds; null for the opening of the sheet. */
  at: number | null;
  /** Cost of a unit in ten-thousandths of the currency's unit. */
  unitCost: number | null;
}

/** A row that changes nothing: it cannot be used, or nobody entered a count. */
export interface IdleRow {
  row: number;
  /** As far as it could be read; empty when it could not. */
  sku: string;
  state: 'refused' | 'uncounted';
  reason: StockRefusal;
}

export interface ReadRows {
  counted: CountedRow[];
  idle: IdleRow[];
}

export interface RowRules {
  /** Zone of times without one. */
  zone: string;
  /** Epoch milliseconds; nothing can have been counted later. */
  now: number;
  /** Two rows of one SKU: a mistake, or counts of several places. */
  duplicates: 'refuse' | 'sum';
}

/** After so many rows the process sees to other things. */
const rowsAtOnce = 2_000;
/** Clocks of scanners and shops differ a little. */
const clockToleranceMs = 60_000;

/** Reads rows: each is a count, or is refused for itself; none stands in the way of the others. */
export async function readRows(raw: readonly RawRow[], rules: RowRules): Promise<ReadRows> {
  const counted: CountedRow[] = [];
  const idle: IdleRow[] = [];
  const bySku = new Map<string, Reading[]>();
  for (const [index, one] of raw.entries()) {
    if (index % rowsAtOnce === rowsAtOnce - 1) await setImmediate();
    const reading = readRow(one, rules);
    if (reading === undefined) continue;
    if ('state' in reading && (reading.sku === '' || reading.state === 'uncounted')) idle.push(reading);
    else {
      const readings = bySku.get(reading.sku);
      if (readings) readings.push(reading);
      else bySku.set(reading.sku, [reading]);
    }
  }
  for (const readings of bySku.values()) {
    if (readings.length === 1 || rules.duplicates === 'sum') settle(readings, counted, idle);
    else refuseAll(readings, 'count.row-duplicate', idle);
  }
  counted.sort((a, b) => a.row - b.row);
  idle.sort((a, b) => a.row - b.row);
  return { counted, idle };
}

type Reading = CountedRow | IdleRow;

/** Readings of one SKU that count together. */
function settle(readings: readonly Reading[], counted: CountedRow[], idle: IdleRow[]): void {
  const good = readings.filter((reading) => 'counted' in reading);
  const bad = readings.filter((reading) => 'state' in reading);
  const [first] = good;
  if (bad.length > 0 || !first) {
    idle.push(...bad);
    if (good.length > 0) refuseAll(good, 'count.row-part-refused', idle, bad);
    return;
  }
  if (good.some(({ at }) => at !== first.at)) {
    refuseAll(good, 'count.row-times-differ', idle);
    return;
  }
  const sum = good.reduce((units, reading) => units + reading.counted, 0);
  if (sum > mostUnits) {
    const { row, sku } = first;
    for (const one of good)
      idle.push(refused(one.row, sku, 'count.row-bad-quantity', { row, sku, value: sum, most: mostUnits }));
    return;
  }
  counted.push({
    ...first,
    counted: sum,
    unitCost: good.find(({ unitCost }) => unitCost !== null)?.unitCost ?? null,
  });
}

/** Refuses rows, each naming the others (or those that are the reason). */
function refuseAll(
  readings: readonly Reading[],
  code: string,
  idle: IdleRow[],
  because: readonly Reading[] = readings,
): void {
  for (const { row, sku } of readings) {
    const others = because.filter((other) => other.row !== row).map((other) => other.row);
    idle.push(refused(row, sku, code, { row, sku, others: listed(others) }));
  }
}

function listed(rows: readonly number[]): string {
  const shown = rows.slice(0, 10).join(', ');
  return rows.length > 10 ? `${shown} …` : shown;
}

/** One row by itself; undefined for one that is empty. */
function readRow(
  { row, sku: rawSku, counted: rawCounted, at: rawAt, cost }: RawRow,
  rules: RowRules,
): Reading | undefined {
  if (isBlank(rawSku) && isBlank(rawCounted)) return undefined;
  const sku = skuOf(rawSku);
  if (sku === undefined) return refused(row, '', 'count.row-no-sku', { row });
  if (isBlank(rawCounted)) {
    return {
      row,
      sku,
      state: 'uncounted',
      reason: refusalFrom({ code: 'count.row-empty', params: { row, sku } }),
    };
  }
  const counted = unitsOf(rawCounted);
  if (counted === undefined)
    return refused(row, sku, 'count.row-bad-quantity', {
      row,
      sku,
      value: shown(rawCounted),
      most: mostUnits,
    });
  const at = isBlank(rawAt) ? null : countTime(rawAt, rules.zone);
  if (at === undefined) return refused(row, sku, 'count.row-bad-time', { row, sku, value: shown(rawAt) });
  if (at !== null && at > rules.now + clockToleranceMs)
    return refused(row, sku, 'count.row-future', { row, sku, at: new Date(at).toISOString() });
  const unitCost = isBlank(cost) ? null : moneyOf(cost);
  if (unitCost === undefined)
    return refused(row, sku, 'count.row-bad-cost', { row, sku, value: shown(cost) });
  return { row, sku, counted, at: at === null ? null : Math.min(at, rules.now), unitCost };
}

/** A SKU as text; spreadsheets turn those of digits only into numbers. */
function skuOf(value: unknown): string | undefined {
  if (typeof value === 'number') return Number.isSafeInteger(value) && value >= 0 ? String(value) : undefined;
  if (typeof value !== 'string') return undefined;
  const sku = value.trim();
  return isName(sku) ? sku : undefined;
}

/** Whole units; `12.0` is what spreadsheets make of 12, and wide digits are how a Chinese keyboard writes them. */
function unitsOf(value: unknown): number | undefined {
  if (typeof value !== 'number' && typeof value !== 'string') return undefined;
  const text = String(value).normalize('NFKC').trim();
  if (!/^\d{1,12}(\.0+)?$/.test(text)) return undefined;
  const units = Number(text);
  return units <= mostUnits ? units : undefined;
}

function refused(row: number, sku: string, code: string, params: MessageParams): IdleRow {
  return { row, sku, state: 'refused', reason: refusalFrom({ code, params }) };
}

function shown(value: unknown): string {
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? String(value));
  return text.replace(/[\0\p{Cs}]/gu, '�').slice(0, 60);
}
