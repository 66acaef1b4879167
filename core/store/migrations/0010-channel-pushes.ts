import type { Kysely } from 'kysely';
import type { Database } from '../schema.ts';
import type { Migration } from './migrate.ts';

/** Which state of each listing went to its channel, and what was last told about its sale. */
export const channelPushes: Migration = { number: 10, name: 'channel-pushes', up };

async function up(db: Kysely<Database>): Promise<void> {
  await db.schema
    .createTable('channel_pushes')
    .addColumn('share', 'text', (c) => c.notNull())
    .addColumn('channel', 'text', (c) => c.notNull())
    .addColumn('shop', 'text', (c) => c.notNull())
    .addColumn('listing', 'text', (c) => c.notNull())
    .addColumn('account', 'text', (c) => c.notNull())
    .addColumn('claimed_version', 'bigint', (c) => c.notNull())
    .addColumn('owner', 'text')
    .addColumn('claimed_until', 'bigint')
    .addColumn('version', 'bigint')
    .addColumn('sellable', 'bigint')
    .addColumn('open', 'integer')
    .addColumn('result', 'text')
    .addColumn('params', 'text')
    .addColumn('pushed_at', 'bigint')
    .addColumn('read_at', 'bigint')
    .addColumn('read_sellable', 'bigint')
    .addColumn('read_open', 'integer')
    .addColumn('differs', 'integer', (c) => c.notNull())
    .addPrimaryKeyConstraint('channel_pushes_key', ['share', 'channel', 'shop', 'listing'])
    .execute();
  await db.schema
    .createIndex('channel_pushes_account')
    .on('channel_pushes')
    .columns(['account', 'listing', 'share'])
    .execute();

  await db.schema
    .createTable('channel_sales')
    .addColumn('channel', 'text', (c) => c.notNull())
    .addColumn('shop', 'text', (c) => c.notNull())
    .addColumn('unit', 'text', (c) => c.notNull())
    .addColumn('open', 'integer', (c) => c.notNull())
    .addColumn('at', 'bigint', (c) => c.notNull())
    .addPrimaryKeyConstraint('channel_sales_key', ['channel', 'shop', 'unit'])
    .execute();
}
