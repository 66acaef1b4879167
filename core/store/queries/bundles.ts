import type { Kysely } from 'kysely';
import type { Database, Row } from '../schema.ts';

type Db = Kysely<Database>;

/** The components of those SKUs that are bundles, and of the bundles in them, level by level. */
export async function bundleRows(db: Db, skus: Iterable<string>): Promise<Row<'bundle_components'>[]> {
  const rows: Row<'bundle_components'>[] = [];
  const asked = new Set<string>();
  let level = [...new Set(skus)];
  while (level.length > 0) {
    for (const sku of level) asked.add(sku);
    const found = await db
      .selectFrom('bundle_components')
      .selectAll()
      .where('bundle', 'in', level)
      .orderBy('bundle')
      .orderBy('sku')
      .execute();
    rows.push(...found);
    level = [...new Set(found.map((row) => row.sku))].filter((sku) => !asked.has(sku));
  }
  return rows;
}

/** Names of bundles, in their order. */
export async function bundleNames(
  db: Db,
  { after, limit }: { after?: string | undefined; limit: number },
): Promise<string[]> {
  let query = db.selectFrom('bundle_components').select('bundle').distinct().orderBy('bundle').limit(limit);
  if (after !== undefined) query = query.where('bundle', '>', after);
  return (await query.execute()).map((row) => row.bundle);
}
