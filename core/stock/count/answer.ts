import { linesOfCount, lineTally } from '../../store/queries/stock-counts.ts';
import type { CountLineState, CountState, Row } from '../../store/schema.ts';
import type { Store } from '../../store/store.ts';
import type { StockRefusal } from '../answers.ts';
import { moneyScale } from './threshold.ts';

/** A sheet as others see it. Times are epoch milliseconds. */
export interface CountSheet {
  id: number;
  pool: string;
  kind: string;
  name: string;
  source: string;
  actor: string;
  state: CountState;
  openedAt: number;
  /** When its last line was settled. */
  finishedAt: number | null;
}

export interface CountLine {
  id: number;
  /** Row of the file, or place in the list; null for a SKU that was not on the sheet. */
  row: number | null;
  sku: string;
  counted: number | null;
  countedAt: number;
  /** Units on hand by the ledger when it was counted. */
  expected: number | null;
  difference: number | null;
  /** Cost of a unit in the currency's unit. */
  unitCost: number | null;
  state: CountLineState;
  reason: StockRefusal | null;
  decidedBy: string | null;
  decidedAt: number | null;
  decisionReason: string | null;
}

/** What came of a sheet, in lines; and those lines that somebody should look at. */
export interface CountAnswer {
  state: CountState;
  /** Undefined when nothing was taken in. */
  count: CountSheet | undefined;
  agreed: number;
  corrected: number;
  waiting: number;
  /** Rows that cannot be used. */
  refused: number;
  rejected: number;
  superseded: number;
  uncounted: number;
  /** Lines that differ, wait or were refused: the first of each kind. */
  lines: CountLine[];
  /** Whether there are more such lines than shown. */
  more: boolean;
  /** Why the sheet as a whole was refused. */
  refusals: StockRefusal[];
  /** Whether the same had been received, or decided, before. */
  replayed: boolean;
}

/** Lines of each kind that an answer shows at most. */
export const shownLines = 200;

/** Lines that agree are only counted. */
const shownStates: readonly (readonly CountLineState[])[] = [
  ['corrected', 'rejected', 'superseded', 'uncounted'],
  ['waiting'],
  ['refused'],
];

export function sheetOf(row: Row<'stock_counts'>): CountSheet {
  const { id, pool, kind, name, source, actor, state } = row;
  return { id, pool, kind, name, source, actor, state, openedAt: row.opened_at, finishedAt: row.finished_at };
}

export function lineOf(row: Row<'stock_count_lines'>): CountLine {
  return {
    id: row.id,
    row: row.row,
    sku: row.sku,
    counted: row.counted,
    countedAt: row.counted_at,
    expected: row.expected,
    difference: row.difference,
    unitCost: row.unit_cost === null ? null : row.unit_cost / moneyScale,
    state: row.state,
    reason: row.reason === null ? null : (JSON.parse(row.reason) as StockRefusal),
    decidedBy: row.decided_by,
    decidedAt: row.decided_at,
    decisionReason: row.decision_reason,
  };
}

/** Where a sheet stands. */
export async function answerFor(
  store: Store,
  sheet: Row<'stock_counts'>,
  replayed: boolean,
): Promise<CountAnswer> {
  const tally = await lineTally(store.read, sheet.id);
  const lines: CountLine[] = [];
  let more = false;
  // Each kind by itself: thousands of corrections must not hide the line that waits.
  for (const states of shownStates) {
    const rows = await linesOfCount(store.read, { countId: sheet.id, states, limit: shownLines + 1 });
    lines.push(...rows.slice(0, shownLines).map(lineOf));
    more ||= rows.length > shownLines;
  }
  return {
    state: sheet.state,
    count: sheetOf(sheet),
    agreed: tally.agrees ?? 0,
    corrected: tally.corrected ?? 0,
    waiting: tally.waiting ?? 0,
    refused: tally.refused ?? 0,
    rejected: tally.rejected ?? 0,
    superseded: tally.superseded ?? 0,
    uncounted: tally.uncounted ?? 0,
    lines: lines.sort((a, b) => a.id - b.id),
    more,
    refusals: [],
    replayed,
  };
}
