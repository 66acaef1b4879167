import { pathToFileURL } from 'node:url';
import { middle, type Round, runRound } from './locks/contender.ts';
import { onSqlite } from './locks/core-stock.ts';
import { makeLoad } from './locks/load.ts';
import { markdownTable, perSecond, times } from './table.ts';

/* Locks in a pool of a million SKUs beside one of a thousand, in turns within one run. */

export interface ManySkusRow {
  skus: number;
  perSecond: number;
  ratio: number;
}

export async function runManySkus({
  orders = 20_000,
  rounds = 3,
  most = 1_000_000,
} = {}): Promise<ManySkusRow[]> {
  const sizes = [1_000, most].map((skus) => ({
    skus,
    load: makeLoad('spread', orders, skus),
    done: [] as Round[],
  }));
  for (let round = 0; round <= rounds; round += 1) {
    for (const { load, done } of sizes) {
      const figures = await runRound(load, onSqlite);
      if (round > 0) done.push(figures);
    }
  }
  const figures = sizes.map(({ skus, done }) => ({ skus, perSecond: middle(done).perSecond }));
  return figures.map((row) => ({ ...row, ratio: row.perSecond / figures[0]!.perSecond }));
}

export function manySkusTable(rows: readonly ManySkusRow[]): string {
  return markdownTable(
    ['SKUs in the pool', 'orders/s', 'ratio'],
    rows.map((row) => [row.skus.toLocaleString('en-US'), perSecond(row.perSecond), times(row.ratio)]),
  );
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href)
  process.stdout.write(`${manySkusTable(await runManySkus())}\n`);
