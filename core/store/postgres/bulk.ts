import type { TableName } from '../schema.ts';
import type { Catalog, TableShape } from './catalog.ts';

type Anything = Readonly<Record<string, unknown>>;

/** Runs a statement in the open transaction, prepared under its name; rows come as lists of values. */
export type Ask = (name: string, text: string, values: readonly unknown[]) => Promise<unknown[][]>;

/**
 * Tables whose rows never change, or of which nothing is decided that another process could change meanwhile: what
 * is found in them is not locked. Of all others it is, so that who decides by it decides by what is true.
 */
const unlocked: ReadonlySet<string> = new Set<TableName>([
  'inbox',
  'events',
  'subscribers',
  'order_versions',
  'stock_items',
  'stock_movements',
  'stock_operations',
  'bundle_components',
  'weighings',
  'alerts',
  'acts',
]);

/**
 * Tables in which somebody looks for all rows of one order, present or not. A row that is not there cannot be locked,
 * so the order's name is.
 */
const lockedByName: Readonly<Record<string, string>> = { stock_holds: 'order_key' };

/** Columns and the statements written for them. */
interface Statement {
  name: string;
  text: string;
}

/**
 * The set-based verbs of a transaction on PostgreSQL: one statement, one round trip. Rows travel as one array for
 * each column, so that the text does not depend on their number and is prepared once a connection.
 */
export class Bulk {
  readonly #catalog: Catalog;
  readonly #statements = new Map<string, Statement>();

  constructor(catalog: Catalog) {
    this.#catalog = catalog;
  }

  /** The next free ids of a table, ascending; other processes never get them. */
  async reserve(ask: Ask, table: TableName, count: number): Promise<number[]> {
    if (count === 0) return [];
    const { name, text } = this.#statement(
      `reserve ${table}`,
      () => `select nextval(${this.#sequence(table)}) from generate_series(1, $1::int)`,
    );
    return ascending(await ask(name, text, [count]));
  }

  async insert(ask: Ask, table: TableName, rows: readonly object[]): Promise<number[]> {
    const ids: number[] = new Array(rows.length);
    for (const { columns, places } of byColumns(rows)) {
      const given = columns.includes('id');
      const numbered = !given && this.#shape(table).sequence !== null;
      const { name, text } = this.#statement(`insert ${table} ${columns.join()}`, () =>
        [
          `insert into ${quoted(table)} (${columns.map(quoted).join(', ')})`,
          `select ${columns.map((column) => `input.${quoted(column)}`).join(', ')}`,
          // Numbers are given in the order of the rows: the sort comes first.
          `from ${this.#input(table, columns)} order by input."#"`,
          ...(numbered ? ['returning id'] : []),
        ].join(' '),
      );
      const answered = await ask(name, text, valuesOf(rows, places, columns));
      const made = numbered ? ascending(answered) : [];
      places.forEach((place, index) => {
        ids[place] = given ? ((rows[place] as Anything).id as number) : made[index]!;
      });
    }
    return ids;
  }

  /** Inserts rows but for those that meet a unique key already there, whose id is null. */
  async insertNew(ask: Ask, table: TableName, rows: readonly object[]): Promise<(number | null)[]> {
    const ids: (number | null)[] = new Array(rows.length);
    for (const { columns, places } of byColumns(rows)) {
      const list = columns.map(quoted).join(', ');
      const { name, text } = this.#statement(`insert new ${table} ${columns.join()}`, () =>
        [
          // Each row gets its number first: only by that is it known which of them were taken in.
          `with numbered as materialized (select nextval(${this.#sequence(table)}) as id, input.*`,
          `from ${this.#input(table, columns)}),`,
          `made as (insert into ${quoted(table)} (id, ${list}) select id, ${list} from numbered`,
          'order by "#" on conflict do nothing returning id)',
          'select made.id from numbered left join made on made.id = numbered.id order by numbered."#"',
        ].join(' '),
      );
      const answered = await ask(name, text, valuesOf(rows, places, columns));
      places.forEach((place, index) => {
        ids[place] = (answered[index]![0] as number | null) ?? null;
      });
    }
    return ids;
  }

  /** Rows that match any of the keys, locked one after another in the order of the table's own key. */
  async find(ask: Ask, table: TableName, keys: readonly object[]): Promise<object[]> {
    const [first] = keys;
    if (!first) return [];
    const columns = Object.keys(first);
    const shape = this.#shape(table);
    const named = lockedByName[table];
    const locked =
      named !== undefined && columns.includes(named) ? this.#lockNames(ask, table, named, keys) : undefined;
    const all = [...shape.types.keys()];
    const { name, text } = this.#statement(`find ${table} ${columns.join()}`, () => {
      const parameters = columns.map((column, index) => `$${index + 1}::${this.#type(table, column)}[]`);
      return [
        `select ${all.map((column) => `found.${quoted(column)}`).join(', ')} from ${quoted(table)} as found`,
        columns.length === 1
          ? `where found.${quoted(columns[0]!)} = any(${parameters[0]})`
          : `where (${columns.map((column) => `found.${quoted(column)}`).join(', ')}) in (select * from unnest(${parameters.join(', ')}))`,
        `order by ${shape.key.map((column) => `found.${quoted(column)}`).join(', ')}`,
        // In one order everywhere, so that two transactions wait for one another and not in a circle.
        ...(unlocked.has(table) ? [] : ['for update of found']),
      ].join(' ');
    });
    const places = keys.map((_, index) => index);
    // The connection does one after the other; only the answers are waited for together.
    const [answered] = await Promise.all([ask(name, text, valuesOf(keys, places, columns)), locked]);
    return answered.map((values) => Object.fromEntries(all.map((column, index) => [column, values[index]])));
  }

  /** Keeps names for this transaction. They are hashed: two names that meet wait for one another for nothing. */
  async #lockNames(ask: Ask, table: TableName, column: string, keys: readonly object[]): Promise<void> {
    const names = new Set(keys.map((key) => (key as Anything)[column]));
    const { name, text } = this.#statement(
      `lock ${table}`,
      () =>
        `select pg_advisory_xact_lock(name) from (select distinct hashtextextended(name, 0) as name
         from unnest($1::text[]) as given(name) order by 1) as names`,
    );
    // The schema is part of the name: locks of this kind belong to the whole database.
    await ask(name, text, [[...names].map((each) => `${this.#catalog.schema}.${table} ${each}`)]);
  }

  /** Changes one row per entry; of entries with the same key the later ones see what the earlier ones did. */
  async update(
    ask: Ask,
    table: TableName,
    entries: readonly { key: object; set: object }[],
  ): Promise<number[]> {
    const changed: number[] = new Array(entries.length).fill(0);
    for (const round of this.#rounds(table, entries)) {
      const sets = round.map((place) => entries[place]!.set);
      const keys = round.map((place) => entries[place]!.key);
      const both = sets.map((set, index) => ({ ...prefixed('set', set), ...prefixed('key', keys[index]!) }));
      for (const { columns, places } of byColumns(both)) {
        const { name, text } = this.#statement(`update ${table} ${columns.join()}`, () =>
          this.#updateText(table, columns),
        );
        for (const [ordinal] of await ask(name, text, valuesOf(both, places, columns))) {
          changed[round[places[Number(ordinal) - 1]!]!]! += 1;
        }
      }
    }
    return changed;
  }

  #updateText(table: TableName, columns: readonly string[]): string {
    const of = (kind: string) =>
      columns.filter((column) => column.startsWith(kind)).map((column) => column.slice(kind.length));
    const arrays = columns.map((column, index) => `$${index + 1}::${this.#type(table, column.slice(4))}[]`);
    return [
      `update ${quoted(table)} as changed set`,
      of('set ')
        .map((column) => `${quoted(column)} = input.${quoted(`set ${column}`)}`)
        .join(', '),
      `from unnest(${arrays.join(', ')}) with ordinality as input(${columns.map(quoted).join(', ')}, "#")`,
      `where ${of('key ')
        .map((column) => `changed.${quoted(column)} = input.${quoted(`key ${column}`)}`)
        .join(' and ')}`,
      'returning input."#"',
    ].join(' ');
  }

  /** Places of entries, in turns in which no row is named twice: one statement changes a row once. */
  #rounds(table: TableName, entries: readonly { key: object }[]): number[][] {
    const { key: own } = this.#shape(table);
    const seen = new Map<string, number>();
    const rounds: number[][] = [];
    entries.forEach(({ key }, place) => {
      const wanted = key as Anything;
      const columns = own.every((column) => column in wanted) ? own : Object.keys(wanted);
      const name = JSON.stringify(columns.map((column) => wanted[column]));
      const round = seen.get(name) ?? 0;
      seen.set(name, round + 1);
      rounds[round] ??= [];
      rounds[round].push(place);
    });
    return rounds;
  }

  #input(table: TableName, columns: readonly string[]): string {
    const arrays = columns.map((column, index) => `$${index + 1}::${this.#type(table, column)}[]`);
    return `unnest(${arrays.join(', ')}) with ordinality as input(${columns.map(quoted).join(', ')}, "#")`;
  }

  #shape(table: TableName): TableShape {
    const shape = this.#catalog.tables.get(table);
    if (!shape) throw new Error(`There is no table ${table}`);
    return shape;
  }

  #type(table: TableName, column: string): string {
    const type = this.#shape(table).types.get(column);
    if (!type) throw new Error(`The table ${table} has no column ${column}`);
    return type;
  }

  #sequence(table: TableName): string {
    const { sequence } = this.#shape(table);
    if (sequence === null) throw new Error(`The table ${table} does not number its rows`);
    return `'${sequence.replaceAll("'", "''")}'::regclass`;
  }

  #statement(shape: string, write: () => string): Statement {
    let statement = this.#statements.get(shape);
    if (!statement) {
      statement = { name: `bulk${this.#statements.size}`, text: write() };
      this.#statements.set(shape, statement);
    }
    return statement;
  }
}

interface Alike {
  columns: string[];
  /** Which of the rows have them. */
  places: number[];
}

/** Rows with the same columns, whatever order these were named in, go into one statement. */
function byColumns(rows: readonly object[]): Iterable<Alike> {
  const groups = new Map<string, Alike>();
  // Rows of one make name their columns in one order: they are sorted once for all of them.
  const known = new Map<string, Alike>();
  rows.forEach((row, place) => {
    const named = Object.keys(row);
    const make = named.join();
    let group = known.get(make);
    if (!group) {
      const columns = named.sort();
      const name = columns.join();
      group = groups.get(name) ?? { columns, places: [] };
      groups.set(name, group);
      known.set(make, group);
    }
    group.places.push(place);
  });
  return groups.values();
}

/** One array a column. */
function valuesOf(
  rows: readonly object[],
  places: readonly number[],
  columns: readonly string[],
): unknown[][] {
  return columns.map((column) => places.map((place) => (rows[place] as Anything)[column] ?? null));
}

function prefixed(kind: 'set' | 'key', row: object): Anything {
  return Object.fromEntries(Object.entries(row).map(([column, value]) => [`${kind} ${column}`, value]));
}

function ascending(rows: readonly unknown[][]): number[] {
  return rows.map(([id]) => id as number).sort((a, b) => a - b);
}

function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
