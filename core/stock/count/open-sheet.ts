import { newestMovement } from '../../store/queries/stock-counts.ts';
import type { Row } from '../../store/schema.ts';
import type { CommandHandler } from '../../store/store.ts';

export interface OpenSheet {
  pool: string;
  kind: 'full' | 'cycle';
  name: string;
  contentKey: string;
  source: string;
  actor: string;
  /** json */
  settings: string;
}

export interface Opened {
  sheet: Row<'stock_counts'>;
  /** Whether the same had been received before, and this is that sheet. */
  replayed: boolean;
}

/** Opens a sheet at this place of the ledger, or finds the one that was opened for the same content. */
export const openHandler: CommandHandler<OpenSheet, Opened> = {
  name: 'stock.count.open',
  async run(tx, commands) {
    const answers: Opened[] = [];
    for (const command of commands) {
      const { pool, kind, name, source, actor, settings, contentKey: content_key } = command;
      const row = {
        ...{ pool, kind, name, content_key, source, actor, settings },
        opened_at: tx.now,
        opened_movement_id: await newestMovement(tx.db),
        state: 'open' as const,
        finished_at: null,
      };
      const [id] = await tx.insertNew('stock_counts', [row]);
      const [sheet] = await tx.find('stock_counts', [{ pool, content_key }]);
      if (!sheet) throw new Error(`The count sheet ${content_key} is not there after it was opened`);
      answers.push({ sheet, replayed: typeof id !== 'number' });
    }
    return answers;
  },
};
