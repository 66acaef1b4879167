import type { Row } from '../../store/schema.ts';
import type { CommandHandler, Tx } from '../../store/store.ts';
import type { Expectation } from './expected.ts';
import { type Claim, type Judging, judge } from './judge.ts';
import type { Moment } from './moment.ts';

export interface DecideLines {
  verdict: 'approve' | 'reject';
  sheet: Row<'stock_counts'>;
  judging: Judging;
  /** Lines as they were shown to whoever decides. */
  lines: readonly Row<'stock_count_lines'>[];
  known: ReadonlyMap<string, Expectation>;
  opKey: string;
  reason: string | null;
}

/** When a kept line was counted. */
export function momentOfLine(sheet: Row<'stock_counts'>, line: Row<'stock_count_lines'>): Moment {
  return { at: line.counted_at, movementId: line.dated === 1 ? null : sheet.opened_movement_id };
}

/** Books or turns down a page of lines that wait; answers how many it decided. */
export const decideHandler: CommandHandler<DecideLines, number> = {
  name: 'stock.count.decide',
  async run(tx, commands) {
    const answers: number[] = [];
    for (const command of commands) answers.push(await decide(tx, command));
    return answers;
  },
};

async function decide(tx: Tx, command: DecideLines): Promise<number> {
  const { sheet, judging, known, verdict: wanted } = command;
  const current = await tx.find(
    'stock_count_lines',
    command.lines.map(({ id }) => ({ id })),
  );
  const waiting = current.filter((line) => line.state === 'waiting');
  const claims = waiting.map(
    (line): Claim => ({
      lineId: line.id,
      sku: line.sku,
      counted: line.counted!,
      unitCost: line.unit_cost,
      moment: momentOfLine(sheet, line),
      attempts: line.attempts,
      approved: line.difference,
    }),
  );
  const verdicts = wanted === 'approve' ? await judge(tx, judging, claims, known) : undefined;
  await tx.update(
    'stock_count_lines',
    waiting.map((line) => {
      const verdict = verdicts?.get(line.id);
      const reason = verdict ? verdict.reason && JSON.stringify(verdict.reason) : line.reason;
      return {
        key: { id: line.id },
        set: {
          state: verdict ? verdict.state : ('rejected' as const),
          expected: verdict ? verdict.expected : line.expected,
          difference: verdict ? verdict.difference : line.difference,
          reason,
          attempts: verdict?.attempts ?? line.attempts,
          decided_by: judging.actor,
          decided_at: tx.now,
          decision_key: command.opKey,
          decision_reason: command.reason,
        },
      };
    }),
  );
  return waiting.length;
}
