import type { Kysely } from 'kysely';
import type { Database } from '../schema.ts';
import type { Migration } from './migrate.ts';

/** Parcels that channels were told of, each once. */
export const channelShipments: Migration = { number: 11, name: 'channel-shipments', up };

async function up(db: Kysely<Database>): Promise<void> {
  await db.schema
    .createTable('channel_shipments')
    .addColumn('key', 'text', (c) => c.primaryKey().notNull())
    .addColumn('account', 'text', (c) => c.notNull())
    .addColumn('order_key', 'text', (c) => c.notNull())
    .addColumn('carrier', 'text', (c) => c.notNull())
    .addColumn('tracking', 'text', (c) => c.notNull())
    .addColumn('lines', 'text')
    .addColumn('state', 'text', (c) => c.notNull())
    .addColumn('channel_shipment_id', 'text')
    .addColumn('result', 'text')
    .addColumn('params', 'text')
    .addColumn('attempts', 'bigint', (c) => c.notNull())
    .addColumn('owner', 'text')
    .addColumn('claimed_until', 'bigint')
    .addColumn('created_at', 'bigint', (c) => c.notNull())
    .addColumn('finished_at', 'bigint')
    .execute();
  await db.schema
    .createIndex('channel_shipments_order')
    .on('channel_shipments')
    .columns(['order_key'])
    .execute();
}
