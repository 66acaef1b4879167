import Database from 'better-sqlite3';
import pg from 'pg';

export interface SchemaAddress {
  connectionString: string;
  schema: string;
}

/**
 * What a schema of PostgreSQL holds at one moment, in a SQLite database in memory, so that one set of plain statements
 * can be asked of either store. It is read past the product, for it is to prove it. The caller closes it.
 */
export async function snapshotOf({ connectionString, schema }: SchemaAddress): Promise<Database.Database> {
  const client = new pg.Client({ connectionString, types: { getTypeParser: parserOf as never } });
  await client.connect();
  try {
    await client.query('begin isolation level repeatable read read only');
    const copy = new Database(':memory:');
    for (const [table, columns] of await columnsOf(client, schema)) {
      copy.exec(`create table ${name(table)} (${columns.map(name).join(', ')})`);
      const { rows } = await client.query<unknown[]>({
        text: `select ${columns.map(name).join(', ')} from ${name(schema)}.${name(table)}`,
        rowMode: 'array',
      });
      const insert = copy.prepare(`insert into ${name(table)} values (${columns.map(() => '?').join(', ')})`);
      copy.transaction(() => {
        for (const row of rows) insert.run(...row);
      })();
    }
    for (const { table, columns } of await indexesOf(client, schema))
      copy.exec(`create index ${name(`${table}: ${columns}`)} on ${name(table)} (${columns.map(name)})`);
    return copy;
  } finally {
    await client.end();
  }
}

async function columnsOf(client: pg.Client, schema: string): Promise<Map<string, string[]>> {
  const { rows } = await client.query<{ table: string; column: string }>(
    `select table_name as "table", column_name as "column" from information_schema.columns
     where table_schema = $1 order by table_name, ordinal_position`,
    [schema],
  );
  const tables = new Map<string, string[]>();
  for (const { table, column } of rows) tables.set(table, [...(tables.get(table) ?? []), column]);
  if (tables.size === 0) throw new Error(`There is no store in the schema ${schema}.`);
  return tables;
}

/** Columns that are looked for together; without them the statements would read everything for each row. */
async function indexesOf(client: pg.Client, schema: string): Promise<{ table: string; columns: string[] }[]> {
  const { rows } = await client.query<{ table: string; columns: string[] }>(
    `select c.relname as "table", array_agg(a.attname::text order by k.place) as columns
     from pg_index i join pg_class c on c.oid = i.indrelid
       join lateral unnest(i.indkey::int2[]) with ordinality k(number, place) on true
       join pg_attribute a on a.attrelid = c.oid and a.attnum = k.number
     where c.relnamespace = $1::regnamespace and i.indexprs is null
     group by i.indexrelid, c.relname`,
    [name(schema)],
  );
  const once = new Map(rows.map((row) => [`${row.table}: ${row.columns}`, row]));
  return [...once.values()];
}

function name(text: string): string {
  return `"${text.replaceAll('"', '""')}"`;
}

/** Integers as numbers: those of the store are all below 2^53. */
function parserOf(type: number, format?: string): unknown {
  if (type === pg.types.builtins.INT8 && format !== 'binary') return Number;
  return pg.types.getTypeParser(type, format as 'text');
}
