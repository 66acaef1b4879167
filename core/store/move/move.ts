import { HubError } from '../../errors.ts';
import { halfMoved } from '../migrations/migrate.ts';
import {
  type AnyRow,
  anyLease,
  hasRows,
  tableFigures,
  tablePage,
  unprovenBalances,
} from '../queries/move.ts';
import type { CommandHandler, Store } from '../store.ts';
import { RowsDigest } from './digest.ts';
import './messages.ts';
import { continueNumbers, lastNumbers } from './numbers.ts';
import { type MovedName, movedNames, movedTables } from './tables.ts';

export interface MoveProgress {
  table: MovedName;
  copied: number;
  total: number;
}

export interface MoveOptions {
  /** Told after every page, and once for a table without rows. */
  onProgress?(progress: MoveProgress): void;
  /** Told when all is copied and is about to be compared. */
  onChecking?(): void;
}

export interface Moved {
  tables: number;
  rows: number;
  /** Balances that were not the sum of their movements before the move, and are so no less after it. */
  unproven: number;
}

const mark: CommandHandler<null, void> = {
  name: 'move.mark',
  async run(tx, commands) {
    await tx.put('hub_migrations', [{ number: halfMoved, name: 'moving', applied_at: tx.now }]);
    return commands.map(() => undefined);
  },
};

const fill: CommandHandler<{ table: MovedName; rows: AnyRow[] }, void> = {
  name: 'move.fill',
  async run(tx, commands) {
    for (const { table, rows } of commands) {
      // Rows come as they were read from the same table of another store, numbers included.
      if (movedTables[table].key[0] === 'id' && table !== 'subscribers')
        await tx.insert(table as never, rows as never);
      else await tx.put(table as never, rows as never);
    }
    return commands.map(() => undefined);
  },
};

const complete: CommandHandler<{ kind: Store['kind']; last: ReadonlyMap<MovedName, number> }, void> = {
  name: 'move.complete',
  async run(tx, commands) {
    for (const { kind, last } of commands) {
      await continueNumbers(tx.db, kind, last);
      await tx.db.deleteFrom('hub_migrations').where('number', '=', halfMoved).execute();
    }
    return commands.map(() => undefined);
  },
};

/**
 * Copies everything a store holds into an empty one, page by page, and compares the two: rows and sums as each
 * store counts them, the contents row for row, and the ledger. Until that is through, the target is marked, and
 * nothing opens it. The source is only read.
 *
 * @throws HubError move.in-use, move.target-not-empty before anything is copied; move.differs, move.ledger-differs
 *   after it, and then the target stays marked
 */
export async function moveStore(source: Store, target: Store, options: MoveOptions = {}): Promise<Moved> {
  for (const store of [source, target])
    if (await anyLease(store.read, store.now()))
      throw new HubError('move.in-use', { location: store.health().location });
  for (const table of movedNames)
    if (await hasRows(target.read, table))
      throw new HubError('move.target-not-empty', { location: target.health().location, table });
  await target.execute(mark, null);

  const digests = new Map<MovedName, string>();
  for (const table of movedNames) digests.set(table, await copyTable(table, source, target, options));

  options.onChecking?.();
  let rows = 0;
  for (const table of movedNames) rows += await compareTable(table, source, target, digests.get(table)!);
  const [before, after] = [await unprovenBalances(source.read), await unprovenBalances(target.read)];
  if (before !== after) throw new HubError('move.ledger-differs', { source: before, target: after });
  await target.execute(complete, { kind: target.kind, last: await lastNumbers(source) });
  return { tables: movedNames.length, rows, unproven: after };
}

/** Answers the digest of what was read. */
async function copyTable(
  table: MovedName,
  source: Store,
  target: Store,
  { onProgress }: MoveOptions,
): Promise<string> {
  const { rows: total } = await tableFigures(source.read, table, []);
  const digest = new RowsDigest();
  let copied = 0;
  if (total === 0) onProgress?.({ table, copied, total });
  for await (const rows of pages(table, source)) {
    for (const row of rows) digest.add(row);
    await target.execute(fill, { table, rows });
    copied += rows.length;
    onProgress?.({ table, copied, total });
  }
  return digest.toString();
}

/** Answers how many rows the table has. */
async function compareTable(table: MovedName, source: Store, target: Store, copied: string): Promise<number> {
  const { sums } = movedTables[table];
  const before = await tableFigures(source.read, table, sums);
  const after = await tableFigures(target.read, table, sums);
  mustBeSame(table, 'rows', before.rows, after.rows);
  for (const [index, column] of sums.entries())
    mustBeSame(table, `sum of ${column}`, before.sums[index]!, after.sums[index]!);
  const digest = new RowsDigest();
  for await (const rows of pages(table, target)) for (const row of rows) digest.add(row);
  mustBeSame(table, 'contents', copied, digest.toString());
  return after.rows;
}

function mustBeSame(table: MovedName, what: string, source: number | string, target: number | string): void {
  if (source !== target) throw new HubError('move.differs', { table, what, source, target });
}

async function* pages(table: MovedName, { read }: Store): AsyncGenerator<AnyRow[]> {
  const { key, page } = movedTables[table];
  let after: unknown[] | null = null;
  for (;;) {
    const rows: AnyRow[] = await tablePage(read, table, key, after, page);
    if (rows.length > 0) yield rows;
    if (rows.length < page) return;
    after = key.map((column) => rows.at(-1)![column]);
  }
}
