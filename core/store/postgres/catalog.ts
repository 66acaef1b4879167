import type { ClientBase } from 'pg';

export interface TableShape {
  /** Type of each column, as SQL writes it. */
  types: ReadonlyMap<string, string>;
  /** Columns of the primary key, in its order. */
  key: readonly string[];
  /** Sequence of the column `id`, as SQL writes it; null where rows have keys of their own. */
  sequence: string | null;
}

export interface Catalog {
  schema: string;
  tables: ReadonlyMap<string, TableShape>;
}

/** What the tables of the store's schema look like. */
export async function readCatalog(client: ClientBase): Promise<Catalog> {
  const { rows } = await client.query<{ schema: string }>('select current_schema() as schema');
  const columns = await client.query<{ table: string; column: string; type: string }>(
    `select c.relname as table, a.attname as column, format_type(a.atttypid, null) as type
     from pg_class c join pg_attribute a on a.attrelid = c.oid
     where c.relnamespace = current_schema()::regnamespace and c.relkind in ('r', 'p')
       and a.attnum > 0 and not a.attisdropped`,
  );
  const keys = await client.query<{ table: string; column: string }>(
    `select c.relname as table, a.attname as column
     from pg_index i join pg_class c on c.oid = i.indrelid
       cross join unnest(i.indkey::int2[]) with ordinality as part(number, place)
       join pg_attribute a on a.attrelid = c.oid and a.attnum = part.number
     where i.indisprimary and c.relnamespace = current_schema()::regnamespace
     order by c.relname, part.place`,
  );
  const sequences = await client.query<{ table: string; sequence: string }>(
    `select c.relname as table, pg_get_serial_sequence(c.oid::regclass::text, 'id') as sequence
     from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attname = 'id' and a.attidentity <> ''
     where c.relnamespace = current_schema()::regnamespace`,
  );
  const shapes = new Map<string, { types: Map<string, string>; key: string[]; sequence: string | null }>();
  for (const { table, column, type } of columns.rows) {
    const shape = shapes.get(table) ?? { types: new Map(), key: [], sequence: null };
    shape.types.set(column, type);
    shapes.set(table, shape);
  }
  for (const { table, column } of keys.rows) shapes.get(table)!.key.push(column);
  for (const { table, sequence } of sequences.rows) shapes.get(table)!.sequence = sequence;
  return { schema: rows[0]!.schema, tables: shapes };
}
