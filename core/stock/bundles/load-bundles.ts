import type { Row } from '../../store/schema.ts';
import type { Tx } from '../../store/store.ts';
import { mostLevels } from './bundle-book.ts';

/** The components of those SKUs that are bundles, and of the bundles in them, level by level. */
export async function loadBundles(tx: Tx, skus: Iterable<string>): Promise<Row<'bundle_components'>[]> {
  const rows: Row<'bundle_components'>[] = [];
  const asked = new Set<string>();
  let level = [...new Set(skus)];
  for (let depth = 0; level.length > 0 && depth <= 2 * mostLevels; depth += 1) {
    for (const sku of level) asked.add(sku);
    const found = await tx.find(
      'bundle_components',
      level.sort().map((bundle) => ({ bundle })),
    );
    for (const row of found) rows.push(row);
    level = [...new Set(found.map((row) => row.sku))].filter((sku) => !asked.has(sku));
  }
  return rows;
}
