import { type Kysely, sql } from 'kysely';
import type { Database } from '../schema.ts';
import type { Migration } from './migrate.ts';

/** Bundles, and holds that know their share of one and whose they are. */
export const bundles: Migration = { number: 2, name: 'bundles', up };

async function up(db: Kysely<Database>): Promise<void> {
  await db.schema
    .alterTable('stock_holds')
    .addColumn('per_unit', 'bigint', (c) => c.notNull().defaultTo(1))
    .execute();
  await db.schema.alterTable('stock_holds').addColumn('bundle', 'text').execute();
  await db.schema.alterTable('stock_holds').addColumn('buyer_key', 'text').execute();
  // What unpaid orders hold of a SKU is asked for wherever stock is shown.
  await db.schema
    .createIndex('stock_holds_held')
    .on('stock_holds')
    .columns(['balance_id'])
    .where(sql<boolean>`state = 'open' and bucket = 'held'`)
    .execute();
  await db.schema
    .createIndex('stock_holds_buyer')
    .on('stock_holds')
    .columns(['buyer_key', 'balance_id'])
    .where(sql<boolean>`state = 'open' and buyer_key is not null`)
    .execute();

  await db.schema
    .createTable('bundle_components')
    .addColumn('bundle', 'text', (c) => c.notNull())
    .addColumn('sku', 'text', (c) => c.notNull())
    .addColumn('quantity', 'bigint', (c) => c.notNull().check(sql`quantity > 0`))
    .addColumn('actor', 'text', (c) => c.notNull())
    .addColumn('updated_at', 'bigint', (c) => c.notNull())
    .addPrimaryKeyConstraint('bundle_components_key', ['bundle', 'sku'])
    .execute();
  await db.schema.createIndex('bundle_components_sku').on('bundle_components').columns(['sku']).execute();
  // Whether any pool knows a SKU is asked without naming one.
  await db.schema.createIndex('stock_items_sku').on('stock_items').columns(['sku']).execute();
}
