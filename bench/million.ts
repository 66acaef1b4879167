import { strict as assert } from 'node:assert';
import { pathToFileURL } from 'node:url';
import type { Contender } from './locks/contender.ts';
import { onSqlite } from './locks/core-stock.ts';
import { onPostgres } from './locks/postgres.ts';
import { startServer } from './postgres-server.ts';
import { markdownTable, perSecond } from './table.ts';

/*
 * A million locks of one unit against a hundred thousand units of one SKU, from 64 callers, on both stores: exactly
 * a hundred thousand may be told that they have theirs. `node bench/million.ts [locks] [units]`
 */

export interface MillionRow {
  store: 'SQLite' | 'PostgreSQL';
  locks: number;
  units: number;
  sold: number;
  perSecond: number;
}

const sku = 'SKU-ONE';

async function ask(
  store: MillionRow['store'],
  open: (stock: Map<string, number>) => Promise<Contender>,
  locks: number,
  units: number,
): Promise<MillionRow> {
  const contender = await open(new Map([[sku, units]]));
  try {
    let next = 0;
    let sold = 0;
    const caller = async (): Promise<void> => {
      while (next < locks) {
        next += 1;
        const key = `bench/million/${next}`;
        if (await contender.lock({ key, lines: [{ lineId: '1', sku, quantity: 1 }] })) sold += 1;
      }
    };
    const began = performance.now();
    await Promise.all(Array.from({ length: 64 }, caller));
    const rate = locks / ((performance.now() - began) / 1_000);
    assert.equal(sold, units, `${sold} of ${units} units were sold`);
    assert.deepEqual((await contender.account()).get(sku), { sold: units, left: 0, ledger: 0 });
    return { store, locks, units, sold, perSecond: rate };
  } finally {
    await contender.close();
  }
}

export async function runMillion({ locks = 1_000_000, units = 100_000 } = {}): Promise<MillionRow[]> {
  const rows = [
    await ask('SQLite', (stock) => onSqlite({ orders: [], stock, hotSku: undefined }), locks, units),
  ];
  const server = await startServer();
  try {
    rows.push(
      await ask(
        'PostgreSQL',
        (stock) => onPostgres(server.url, { orders: [], stock, hotSku: undefined }),
        locks,
        units,
      ),
    );
  } finally {
    await server.stop();
  }
  return rows;
}

export function millionTable(rows: readonly MillionRow[]): string {
  return markdownTable(
    ['store', 'locks asked', 'units there were', 'units sold', 'locks/s'],
    rows.map((row) => [
      row.store,
      row.locks.toLocaleString('en-US'),
      row.units.toLocaleString('en-US'),
      row.sold.toLocaleString('en-US'),
      perSecond(row.perSecond),
    ]),
  );
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const [locks, units] = process.argv.slice(2).map(Number);
  process.stdout.write(
    `${millionTable(await runMillion({ ...(locks && { locks }), ...(units && { units }) }))}\n`,
  );
}
