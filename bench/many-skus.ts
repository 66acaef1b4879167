import { pathToFileURL } from 'node:url';
import { middle, type Round, runRound } from './locks/contender.ts';
import { onSqlite } from './locks/core-stock.ts';
import { makeLoad } from './locks/load.ts';
import { rawGroups } from './locks/sqlite.ts';
import { markdownTable, perSecond, times } from './table.ts';

/*
 * Locks in a pool of a million SKUs beside one of a thousand, in turns within one run. The same orders over a
 * thousand SKUs say what the size of the pool costs. Orders over all the million besides touch a page of the file a
 * line that no order before has touched, whatever the store: the raw group commit in the same pool shows how much of
 * it is SQLite's.
 */

export interface ManySkusRow {
  /** SKUs that have stock. */
  pool: number;
  /** SKUs that are ordered. */
  ordered: number;
  perSecond: number;
  /** Of the speed among the fewest SKUs. */
  ratio: number;
  /** Orders a second of the raw group commit in the same pool, and of its speed among the fewest. */
  raw: { perSecond: number; ratio: number };
}

export async function runManySkus({
  orders = 20_000,
  rounds = 3,
  most = 1_000_000,
} = {}): Promise<ManySkusRow[]> {
  const few = 1_000;
  const kinds = [
    { pool: few, ordered: few },
    { pool: most, ordered: few },
    { pool: most, ordered: most },
  ].map(({ pool, ordered }) => ({
    pool,
    ordered,
    load: makeLoad('spread', orders, ordered, pool),
    done: [] as Round[],
    raw: [] as Round[],
  }));
  for (let round = 0; round <= rounds; round += 1) {
    for (const { load, done, raw } of kinds) {
      const figures = await runRound(load, onSqlite);
      const rawFigures = await runRound(load, rawGroups);
      if (round > 0) {
        done.push(figures);
        raw.push(rawFigures);
      }
    }
  }
  const first = middle(kinds[0]!.done).perSecond;
  const firstRaw = middle(kinds[0]!.raw).perSecond;
  return kinds.map(({ pool, ordered, done, raw }) => {
    const rate = middle(done).perSecond;
    const rawRate = middle(raw).perSecond;
    return {
      pool,
      ordered,
      perSecond: rate,
      ratio: rate / first,
      raw: { perSecond: rawRate, ratio: rawRate / firstRaw },
    };
  });
}

export function manySkusTable(rows: readonly ManySkusRow[]): string {
  const count = (value: number): string => value.toLocaleString('en-US');
  return markdownTable(
    ['SKUs in the pool', 'of these ordered', 'orders/s', 'ratio', 'raw group commit, orders/s', 'its ratio'],
    rows.map((row) => [
      count(row.pool),
      count(row.ordered),
      perSecond(row.perSecond),
      times(row.ratio),
      perSecond(row.raw.perSecond),
      times(row.raw.ratio),
    ]),
  );
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href)
  process.stdout.write(`${manySkusTable(await runManySkus())}\n`);
