import { lineTally } from '../../store/queries/stock-counts.ts';
import type { CountState, Row } from '../../store/schema.ts';
import type { CommandHandler } from '../../store/store.ts';

/** Brings a sheet's state up to date with its lines, all of which have been taken in. */
export const settleHandler: CommandHandler<number, Row<'stock_counts'>> = {
  name: 'stock.count.settle',
  async run(tx, ids) {
    const answers: Row<'stock_counts'>[] = [];
    for (const id of ids) {
      const [sheet] = await tx.find('stock_counts', [{ id }]);
      if (!sheet) throw new Error(`There is no count sheet ${id}`);
      const { refused = 0, uncounted = 0, waiting = 0, ...used } = await lineTally(tx.db, id);
      const anyUsed = Object.keys(used).length > 0;
      let state: CountState = 'applied';
      if (waiting > 0) state = 'waiting';
      else if (!anyUsed && refused > 0 && uncounted === 0) state = 'refused';
      const finished_at = waiting > 0 ? null : (sheet.finished_at ?? tx.now);
      await tx.update('stock_counts', [{ key: { id }, set: { state, finished_at } }]);
      answers.push({ ...sheet, state, finished_at });
    }
    return answers;
  },
};
