import { type Kysely, sql } from 'kysely';
import type { Database } from '../schema.ts';
import type { Store } from '../store.ts';
import { type MovedName, movedNames, movedTables } from './tables.ts';

/** Tables whose rows the store numbers. */
const numbered = movedNames.filter((name) => movedTables[name].key[0] === 'id' && name !== 'subscribers');

/**
 * The highest number that each table has ever given, as far as the store remembers it: a number whose row is gone
 * must not be given to another one, for something may still name it.
 */
export async function lastNumbers({
  kind,
  read,
}: Pick<Store, 'kind' | 'read'>): Promise<Map<MovedName, number>> {
  const last = new Map<MovedName, number>();
  for (const name of numbered) {
    const row = await sql<{ id: number | null }>`select max(id) as id from ${sql.table(name)}`.execute(read);
    last.set(name, Math.max(Number(row.rows[0]?.id ?? 0), await given(read, kind, name)));
  }
  return last;
}

/** Sees to it that each table goes on behind the number given. */
export async function continueNumbers(
  db: Kysely<Database>,
  kind: Store['kind'],
  last: ReadonlyMap<MovedName, number>,
): Promise<void> {
  for (const [name, number] of last) {
    if (number === 0) continue;
    if (kind === 'postgres') {
      await sql`select setval(pg_get_serial_sequence(${name}, 'id'), ${number}, true)`.execute(db);
    } else {
      // Tables that take the next free number by themselves have no row here and need none.
      await sql`update sqlite_sequence set seq = ${number} where name = ${name} and seq < ${number}`.execute(
        db,
      );
    }
  }
}

async function given(db: Kysely<Database>, kind: Store['kind'], name: MovedName): Promise<number> {
  const query =
    kind === 'postgres'
      ? sql<{ number: number | null }>`select last_value as number from pg_sequences
          where format('%I.%I', schemaname, sequencename) = pg_get_serial_sequence(${name}, 'id')`
      : sql<{ number: number | null }>`select seq as number from sqlite_sequence where name = ${name}`;
  return Number((await query.execute(db)).rows[0]?.number ?? 0);
}
