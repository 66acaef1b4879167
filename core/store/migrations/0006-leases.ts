import type { Kysely } from 'kysely';
import type { Database } from '../schema.ts';
import type { Migration } from './migrate.ts';

/** Which of the processes on a shared store does the work that one at a time does. */
export const leases: Migration = { number: 6, name: 'leases', up };

async function up(db: Kysely<Database>): Promise<void> {
  await db.schema
    .createTable('leases')
    .addColumn('name', 'text', (c) => c.primaryKey().notNull())
    .addColumn('owner', 'text', (c) => c.notNull())
    .addColumn('until', 'bigint', (c) => c.notNull())
    .execute();
}
