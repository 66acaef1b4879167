import type { Kysely } from 'kysely';
import type { Database } from '../schema.ts';

/** An act on stock as it is kept. */
export interface KeptOperation {
  opKey: string;
  kind: string;
  /** json: the first answer, its own or the one it shares; null when there is none. */
  answer: string | null;
}

/** The acts on stock that were done under any of these keys, in the order they were done. */
export async function operationsByKey(
  db: Kysely<Database>,
  opKeys: readonly string[],
): Promise<KeptOperation[]> {
  const rows = await db
    .selectFrom('stock_operations as o')
    .leftJoin('stock_operations as first', 'first.id', 'o.same_as')
    .select(['o.op_key', 'o.kind', 'o.answer', 'first.answer as shared'])
    .where('o.op_key', 'in', [...opKeys])
    .orderBy('o.id')
    .execute();
  return rows.map(({ op_key, kind, answer, shared }) => ({
    opKey: op_key ?? '',
    kind,
    answer: answer ?? shared,
  }));
}
