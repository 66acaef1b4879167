import type { Kysely } from 'kysely';
import type { Database, Row } from '../schema.ts';

/** What people did by hand, newest first; the next page is `before` the last id of this one. */
export function recentActs(
  db: Kysely<Database>,
  wanted: { actor?: string; act?: string; object?: string; before?: number; limit: number },
): Promise<Row<'acts'>[]> {
  let query = db.selectFrom('acts').selectAll().orderBy('id', 'desc').limit(wanted.limit);
  if (wanted.actor !== undefined) query = query.where('actor', '=', wanted.actor);
  if (wanted.act !== undefined) query = query.where('act', '=', wanted.act);
  if (wanted.object !== undefined) query = query.where('object', '=', wanted.object);
  if (wanted.before !== undefined) query = query.where('id', '<', wanted.before);
  return query.execute();
}
