import { type Kysely, PostgresAdapter } from 'kysely';
import type { Database } from '../schema.ts';

/**
 * Whether rows must be locked that something is decided by: several processes write to a PostgreSQL at once, while
 * an SQLite file has one writer, whose transaction nobody comes in between of.
 */
export function locksRows(db: Kysely<Database>): boolean {
  return db.getExecutor().adapter instanceof PostgresAdapter;
}
