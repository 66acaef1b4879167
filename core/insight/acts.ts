import { recentActs } from '../store/queries/acts.ts';
import type { CommandHandler, Store } from '../store/store.ts';
import { type Asking, isoTime } from './query/asking.ts';
import { type Asked, idOf, limitOf, textOf } from './query/parameters.ts';

/** What somebody did by hand. */
export interface Act {
  /** User name, or `anonymous` where nobody has to log in. */
  actor: string;
  /** `area.verb`, such as `stock.adjust`. */
  act: string;
  /** What it was done to. */
  object: string;
  /** What else is worth knowing; must survive JSON. No personal data, no secrets. */
  detail: object;
}

const actHandler: CommandHandler<Act, number> = {
  name: 'insight.act',
  run: (tx, commands) =>
    tx.insert(
      'acts',
      commands.map((command) => ({ ...command, detail: JSON.stringify(command.detail), at: tx.now })),
    ),
};

/** Writes down what somebody did; resolves to the row's id when it is durable. */
export function recordAct(store: Store, act: Act): Promise<number> {
  return store.execute(actHandler, act);
}

/** What people did, newest first: `actor`, `act`, `object`, `limit`, `after` (an id). */
export async function askActs(asked: Asked, { hub }: Asking) {
  const limit = limitOf(asked);
  const rows = await recentActs(hub.store.read, {
    actor: textOf(asked, 'actor'),
    act: textOf(asked, 'act'),
    object: textOf(asked, 'object'),
    before: idOf(asked, 'after'),
    limit,
  });
  return {
    acts: rows.map((row) => ({ ...row, detail: JSON.parse(row.detail) as unknown, at: isoTime(row.at) })),
    next: rows.length === limit ? String(rows.at(-1)!.id) : null,
  };
}
