import { type Kysely, sql } from 'kysely';
import type { Database } from '../schema.ts';
import type { Migration } from './migrate.ts';

/** What left and came back for orders that are not stored, and counts that agreed with the ledger. */
export const unsavedLines: Migration = { number: 8, name: 'unsaved lines', up };

async function up(db: Kysely<Database>): Promise<void> {
  await db.schema
    .createTable('stock_unsaved_lines')
    .addColumn('order_key', 'text', (c) => c.notNull())
    .addColumn('line_id', 'text', (c) => c.notNull())
    .addColumn('shipped', 'bigint', (c) => c.notNull())
    .addColumn('returned', 'bigint', (c) => c.notNull())
    .addPrimaryKeyConstraint('stock_unsaved_lines_key', ['order_key', 'line_id'])
    .execute();
  await db.schema
    .createTable('stock_confirmations')
    .addColumn('balance_id', 'bigint', (c) => c.primaryKey().notNull())
    .addColumn('movement_id', 'bigint', (c) => c.notNull())
    .addColumn('at', 'bigint', (c) => c.notNull())
    .execute();

  // What happened before this table was there, from the ledger. The components of a bundle go and come together.
  await sql`
    insert into stock_unsaved_lines (order_key, line_id, shipped, returned)
    select order_key, line_id, cast(sum(shipped) as bigint), cast(sum(returned) as bigint) from (
      select order_key, line_id,
        case when bundle = '' then sum(shipped) else max(shipped) end as shipped,
        case when bundle = '' then sum(returned) else max(returned) end as returned
      from (
        select o.order_key, coalesce(h.line_id, m.line_id) as line_id, coalesce(h.bundle, '') as bundle, i.sku,
          sum(case when m.to_bucket = 'customer' then m.quantity else 0 end / coalesce(h.per_unit, 1)) as shipped,
          sum(case when m.from_bucket = 'customer' then m.quantity else 0 end / coalesce(h.per_unit, 1)) as returned
        from stock_movements as m
          join stock_operations as o on o.id = m.op_id
          join stock_items as i on i.balance_id = m.balance_id
          left join stock_holds as h on h.order_key = o.order_key and h.id = m.hold_id
        where 'customer' in (m.from_bucket, m.to_bucket)
          and not exists (select 1 from orders where orders.key = o.order_key)
        group by o.order_key, coalesce(h.line_id, m.line_id), coalesce(h.bundle, ''), i.sku
      ) as by_sku
      where order_key is not null and line_id is not null
      group by order_key, line_id, bundle
    ) as by_bundle
    group by order_key, line_id`.execute(db);
}
