import type { Kysely } from 'kysely';
import type { Database } from '../schema.ts';
import type { Migration } from './migrate.ts';

/** How fast accounts may call their platforms, shared by all processes on the store. */
export const channelPaces: Migration = { number: 12, name: 'channel-paces', up };

async function up(db: Kysely<Database>): Promise<void> {
  await db.schema
    .createTable('channel_paces')
    .addColumn('account', 'text', (c) => c.primaryKey().notNull())
    .addColumn('arrival_us', 'bigint', (c) => c.notNull())
    .addColumn('held_until', 'bigint', (c) => c.notNull())
    .execute();
}
