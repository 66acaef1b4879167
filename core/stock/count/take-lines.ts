import { rowsTaken, skusTaken } from '../../store/queries/stock-counts.ts';
import type { NewRow, Row } from '../../store/schema.ts';
import type { CommandHandler, Tx } from '../../store/store.ts';
import type { StockRefusal } from '../answers.ts';
import type { Expectation } from './expected.ts';
import { type Claim, type Judging, judge } from './judge.ts';
import type { Moment } from './moment.ts';

/** A line that is compared with the ledger. */
export interface CountingLine {
  /** Null for a SKU of the pool that is not on the sheet and counts as none. */
  row: number | null;
  sku: string;
  counted: number;
  at: number | null;
  unitCost: number | null;
}

/** A line that is only kept: it cannot be used, or nothing was counted. */
export interface KeptLine {
  row: number | null;
  sku: string;
  state: 'refused' | 'uncounted';
  expected: number | null;
  reason: StockRefusal;
}

export interface TakeLines {
  sheet: Row<'stock_counts'>;
  judging: Judging;
  counting: readonly CountingLine[];
  kept: readonly KeptLine[];
  known: ReadonlyMap<string, Expectation>;
}

/** When a line of a sheet was counted. */
export function momentOf(sheet: Row<'stock_counts'>, at: number | null): Moment {
  return at === null
    ? { at: sheet.opened_at, movementId: sheet.opened_movement_id }
    : { at, movementId: null };
}

/** Takes in a page of a sheet's lines and books what may be booked; answers how many were new. */
export const takeHandler: CommandHandler<TakeLines, number> = {
  name: 'stock.count.take',
  async run(tx, commands) {
    const answers: number[] = [];
    // One after another: two sheets may have counted one SKU.
    for (const command of commands) answers.push(await take(tx, command));
    return answers;
  },
};

async function take(tx: Tx, { sheet, judging, counting, kept, known }: TakeLines): Promise<number> {
  const all: readonly (CountingLine | KeptLine)[] = [...counting, ...kept];
  const fresh = await notTaken(tx, sheet, all);
  if (fresh.length === 0) return 0;
  const ids = await tx.reserve('stock_count_lines', fresh.length);
  const claims = new Map<number, Claim>();
  fresh.forEach((line, index) => {
    if (!('counted' in line)) return;
    const { sku, counted, at, unitCost } = line;
    const lineId = ids[index]!;
    const moment = momentOf(sheet, at);
    claims.set(lineId, { lineId, sku, counted, unitCost, moment, attempts: 0, approved: null });
  });
  const verdicts = await judge(tx, judging, [...claims.values()], known);
  await tx.insert(
    'stock_count_lines',
    fresh.map((line, index): NewRow<'stock_count_lines'> => {
      const id = ids[index]!;
      const verdict = verdicts.get(id);
      const counting = 'counted' in line ? line : undefined;
      const moment = momentOf(sheet, counting?.at ?? null);
      const reason = verdict ? verdict.reason : 'reason' in line ? line.reason : null;
      return {
        id,
        count_id: sheet.id,
        row: line.row,
        sku: line.sku,
        counted: counting?.counted ?? null,
        counted_at: moment.at,
        dated: moment.movementId === null ? 1 : 0,
        expected: verdict ? verdict.expected : 'expected' in line ? line.expected : null,
        difference: verdict?.difference ?? null,
        unit_cost: counting?.unitCost ?? null,
        state: verdict ? verdict.state : (line as KeptLine).state,
        reason: reason && JSON.stringify(reason),
        attempts: verdict?.attempts ?? 0,
        decided_by: null,
        decided_at: null,
        decision_key: null,
        decision_reason: null,
      };
    }),
  );
  return fresh.length;
}

/** Lines that are not there from a time before, when taking in the sheet was interrupted. */
async function notTaken<L extends { row: number | null; sku: string }>(
  tx: Tx,
  sheet: Row<'stock_counts'>,
  lines: readonly L[],
): Promise<L[]> {
  const rows = lines.map(({ row }) => row).filter((row) => row !== null);
  const taken = await rowsTaken(tx.db, sheet.id, rows);
  const skus = lines.filter(({ row }) => row === null).map(({ sku }) => sku);
  const present = await skusTaken(tx.db, sheet.id, skus);
  return lines.filter(({ row, sku }) => (row === null ? !present.has(sku) : !taken.has(row)));
}
