import { type Kysely, sql } from 'kysely';
import type { Database } from '../schema.ts';

type Db = Kysely<Database>;
export type AnyRow = Record<string, unknown>;

/** Rows of any table in the order of its key, behind the row with the key `after`. */
export async function tablePage(
  db: Db,
  table: string,
  key: readonly string[],
  after: readonly unknown[] | null,
  limit: number,
): Promise<AnyRow[]> {
  const columns = sql.join(key.map((column) => sql.ref(column)));
  const behind = after === null ? sql`` : sql`where (${columns}) > (${sql.join(after)})`;
  const query = sql<AnyRow>`select * from ${sql.table(table)} ${behind} order by ${columns} limit ${sql.lit(limit)}`;
  return (await query.execute(db)).rows;
}

/** How many rows a table has, and the sums of some of its columns, in their order. */
export async function tableFigures(
  db: Db,
  table: string,
  sums: readonly string[],
): Promise<{ rows: number; sums: number[] }> {
  const summed = sums.map((column, index) => sql`, sum(${sql.ref(column)}) as ${sql.ref(`sum_${index}`)}`);
  const query = sql<AnyRow>`select count(*) as rows ${sql.join(summed, sql` `)} from ${sql.table(table)}`;
  const row = (await query.execute(db)).rows[0]!;
  return { rows: Number(row.rows), sums: sums.map((_, index) => Number(row[`sum_${index}`] ?? 0)) };
}

/** Whether a table has any row. */
export async function hasRows(db: Db, table: string): Promise<boolean> {
  const query = sql<AnyRow>`select 1 as one from ${sql.table(table)} limit 1`;
  return (await query.execute(db)).rows.length > 0;
}

/** Whether a process was heard of so lately that its lease still runs. */
export async function anyLease(db: Db, now: number): Promise<boolean> {
  const row = await db.selectFrom('leases').select('name').where('until', '>', now).executeTakeFirst();
  return row !== undefined;
}

const cached = ['available', 'held', 'committed', 'presale', 'qc', 'damaged', 'inbound'] as const;

/** How many balances are not, in some bucket, what all of their movements add up to. Reads the whole ledger. */
export async function unprovenBalances(db: Db): Promise<number> {
  const moved = sql.join(
    cached.map(
      (bucket) => sql`sum(case when to_bucket = ${sql.lit(bucket)} then quantity else 0 end
        - case when from_bucket = ${sql.lit(bucket)} then quantity else 0 end) as ${sql.ref(bucket)}`,
    ),
  );
  const differs = sql.join(
    cached.map((bucket) => sql`balances.${sql.ref(bucket)} <> coalesce(moved.${sql.ref(bucket)}, 0)`),
    sql` or `,
  );
  const query = sql<{ count: number }>`select count(*) as count from stock_balances as balances
    left join (select balance_id, ${moved} from stock_movements group by balance_id) as moved
      on moved.balance_id = balances.id
    where ${differs}`;
  return Number((await query.execute(db)).rows[0]!.count);
}
