import type { Kysely } from 'kysely';
import type { Database } from '../schema.ts';

/**
 * Id of the record that a repeat repeats: the one with the sender's delivery id, else the one with the same
 * content. Undefined when there is neither.
 */
export async function findRepeated(
  db: Kysely<Database>,
  account: string,
  deliveryKey: string | null,
  contentKey: string | null,
): Promise<number | undefined> {
  const by = (column: 'delivery_key' | 'content_key', value: string) =>
    db
      .selectFrom('inbox')
      .select('id')
      .where('account', '=', account)
      .where(column, '=', value)
      .executeTakeFirst();
  const first = deliveryKey === null ? undefined : await by('delivery_key', deliveryKey);
  const found = first ?? (contentKey === null ? undefined : await by('content_key', contentKey));
  return found?.id;
}

/** The newest of the last `among` records of the inbox that came by an account. */
export async function lastRecord(db: Kysely<Database>, account: string, among: number) {
  const { newest } = await db
    .selectFrom('inbox')
    .select((eb) => eb.fn.max('id').as('newest'))
    .executeTakeFirstOrThrow();
  return db
    .selectFrom('inbox')
    .select(['id', 'topic', 'body', 'received_at'])
    .where('id', '>', (newest ?? 0) - among)
    .where('account', '=', account)
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst();
}
