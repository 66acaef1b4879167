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
