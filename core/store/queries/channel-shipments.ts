import type { Kysely } from 'kysely';
import type { Database, NewRow } from '../schema.ts';

/** Makes a parcel known unless it is. */
export async function beginShipment(db: Kysely<Database>, row: NewRow<'channel_shipments'>): Promise<void> {
  await db
    .insertInto('channel_shipments')
    .values(row)
    .onConflict((conflict) => conflict.column('key').doNothing())
    .execute();
}

/** The channel's ids of an order's parcels that were told, but for one parcel. */
export async function otherShipments(
  db: Kysely<Database>,
  { account, orderKey, key }: { account: string; orderKey: string; key: string },
): Promise<string[]> {
  const rows = await db
    .selectFrom('channel_shipments')
    .select('channel_shipment_id')
    .where('order_key', '=', orderKey)
    .where('account', '=', account)
    .where('key', '!=', key)
    .where('channel_shipment_id', 'is not', null)
    .execute();
  return rows.flatMap(({ channel_shipment_id: id }) => (id === null ? [] : [id]));
}
