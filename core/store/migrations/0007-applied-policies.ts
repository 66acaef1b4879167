import type { Kysely } from 'kysely';
import type { Database } from '../schema.ts';
import type { Migration } from './migrate.ts';

/** The stock policies that processes apply, for those of the same store that do not. */
export const appliedPolicies: Migration = { number: 7, name: 'applied policies', up };

async function up(db: Kysely<Database>): Promise<void> {
  await db.schema
    .createTable('applied_policies')
    .addColumn('owner', 'text', (c) => c.notNull())
    .addColumn('place', 'integer', (c) => c.notNull())
    .addColumn('policy', 'text', (c) => c.notNull())
    .addColumn('seen_at', 'bigint', (c) => c.notNull())
    .addPrimaryKeyConstraint('applied_policies_key', ['owner', 'place'])
    .execute();
}
