import type { TableName } from '../schema.ts';
import type { Catalog, TableShape } from './catalog.ts';
import { isDivisionByZero } from './faults.ts';
import { arrayText, type WireValue, wireValue } from './wire-values.ts';

type Anything = Readonly<Record<string, unknown>>;

/** Runs a statement in the open transaction, prepared under its name. */
export interface Ask {
  /** Rows come as lists of values. */
  lists(statement: Statement, values: readonly WireValue[]): Promise<unknown[][]>;
  /** Rows come as objects. */
  objects(statement: Statement, values: readonly WireValue[]): Promise<object[]>;
  /**
   * Nobody waits for it: its failure is that of the transaction.
   *
   * @param explain makes of the server's error what is to be told
   */
  send(statement: Statement, values: readonly WireValue[], explain?: (error: unknown) => unknown): void;
}

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

/** Combinations of columns with one value that are told apart, for each list of columns that is inserted. */
const mostSame = 12;

/** Text of a statement and the name it is prepared under. */
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
  /** By table and columns: which of these all rows of a statement had one value in. */
  readonly #sameColumns = new Map<string, Set<string>>();

  constructor(catalog: Catalog) {
    this.#catalog = catalog;
  }

  /** The next free ids of a table, ascending; other processes never get them. */
  async reserve(ask: Ask, table: TableName, count: number): Promise<number[]> {
    if (count <= 0) return [];
    // One process at a time takes numbers, as a rule, so that the first and the last tell all of them. Rows of an array,
    // whose number the planner does not look for in the parameter: with generate_series it plans anew each time, which
    // takes longer than the numbers.
    const statement = this.#statement(
      `reserve ${table}`,
      () => `select min(n), max(n), case when max(n) - min(n) + 1 > count(*) then array_agg(n)::text end
        from (select nextval(${this.#sequence(table)}) as n from unnest(array_fill(0, array[$1::int]))) as taken`,
    );
    const [row] = await ask.lists(statement, [String(count)]);
    const [first, , scattered] = row as [number, number, string | null];
    return scattered === null
      ? Array.from({ length: count }, (_, index) => first + index)
      : scattered
          .slice(1, -1)
          .split(',')
          .map(Number)
          .sort((a, b) => a - b);
  }

  async insert(ask: Ask, table: TableName, rows: readonly object[]): Promise<number[]> {
    const ids: number[] = new Array(rows.length);
    for (const { columns, places } of byColumns(rows)) {
      const given = columns.includes('id');
      const numbered = !given && this.#shape(table).sequence !== null;
      const same = this.#sameOf(table, rows, places, columns);
      const statement = this.#statement(`insert ${table} ${columns.join()} ${same.join()}`, () =>
        this.#insertText(table, columns, same, numbered),
      );
      const answered = await ask.lists(statement, valuesOf(rows, places, columns, same));
      const made = numbered ? ascending(answered) : [];
      places.forEach((place, index) => {
        ids[place] = given ? ((rows[place] as Anything).id as number) : made[index]!;
      });
    }
    return ids;
  }

  #insertText(
    table: TableName,
    columns: readonly string[],
    same: readonly string[],
    numbered: boolean,
  ): string {
    const taken = columns.map((column, index) =>
      same.includes(column) ? `$${index + 1}::${this.#type(table, column)}` : `input.${quoted(column)}`,
    );
    return [
      `insert into ${quoted(table)} (${columns.map(quoted).join(', ')})`,
      `select ${taken.join(', ')} from ${this.#input(table, columns, same)}`,
      // Numbers are given in the order of the rows: the sort comes first.
      ...(numbered ? ['order by input."#" returning id'] : []),
    ].join(' ');
  }

  /** Inserts rows whose keys are given. */
  put(ask: Ask, table: TableName, rows: readonly object[]): void {
    for (const { columns, places } of byColumns(rows)) {
      const same = this.#sameOf(table, rows, places, columns);
      const statement = this.#statement(`put ${table} ${columns.join()} ${same.join()}`, () =>
        this.#insertText(table, columns, same, false),
      );
      ask.send(statement, valuesOf(rows, places, columns, same));
    }
  }

  /**
   * Columns in which all rows have one value, which travels once: most of what an act writes is the same in all its
   * rows. Each combination makes a statement of its own, so that only the first few of a table are told apart.
   */
  #sameOf(
    table: TableName,
    rows: readonly object[],
    places: readonly number[],
    columns: readonly string[],
  ): readonly string[] {
    if (places.length < 2) return [];
    const first = rows[places[0]!] as Anything;
    const same = columns.filter((column) => {
      const value = first[column];
      return places.every((place) => (rows[place] as Anything)[column] === value);
    });
    // One of them has to say how many rows there are.
    if (same.length === columns.length) same.pop();
    const make = `${table} ${columns.join()}`;
    const known = this.#sameColumns.get(make) ?? new Set<string>();
    this.#sameColumns.set(make, known);
    if (known.size >= mostSame && !known.has(same.join())) return [];
    known.add(same.join());
    return same;
  }

  /** Inserts rows but for those that meet a unique key already there, whose id is null. */
  async insertNew(ask: Ask, table: TableName, rows: readonly object[]): Promise<(number | null)[]> {
    const ids: (number | null)[] = new Array(rows.length);
    for (const { columns, places } of byColumns(rows)) {
      const list = columns.map(quoted).join(', ');
      const statement = this.#statement(`insert new ${table} ${columns.join()}`, () =>
        [
          // Each row gets its number first: only by that is it known which of them were taken in.
          `with numbered as materialized (select nextval(${this.#sequence(table)}) as id, input.*`,
          `from ${this.#input(table, columns)}),`,
          `made as (insert into ${quoted(table)} (id, ${list}) select id, ${list} from numbered`,
          'order by "#" on conflict do nothing returning id)',
          'select made.id from numbered left join made on made.id = numbered.id order by numbered."#"',
        ].join(' '),
      );
      const answered = await ask.lists(statement, valuesOf(rows, places, columns));
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
    const places = keys.map((_, index) => index);
    const same = this.#sameOf(table, keys, places, columns);
    const statement = this.#statement(`find ${table} ${columns.join()} ${same.join()}`, () => {
      const all = [...shape.types.keys()].map((column) => `found.${quoted(column)}`);
      return [
        `select ${all.join(', ')} from ${quoted(table)} as found where ${this.#wanted(table, columns, same)}`,
        `order by ${shape.key.map((column) => `found.${quoted(column)}`).join(', ')}`,
        // In one order everywhere, so that two transactions wait for one another and not in a circle.
        ...(unlocked.has(table) ? [] : ['for update of found']),
      ].join(' ');
    });
    // The connection does one after the other; only the answers are waited for together.
    const values = valuesOf(keys, places, columns, same);
    const [found] = await Promise.all([ask.objects(statement, values), locked]);
    return found;
  }

  /** The condition by which rows are found: the index is gone through once for each key. */
  #wanted(table: TableName, columns: readonly string[], same: readonly string[]): string {
    const place = (column: string) => `$${columns.indexOf(column) + 1}::${this.#type(table, column)}`;
    const own = columns.filter((column) => !same.includes(column));
    const arrays = own.map((column) => `${place(column)}[]`).join(', ');
    return [
      ...same.map((column) => `found.${quoted(column)} = ${place(column)}`),
      own.length === 1
        ? `found.${quoted(own[0]!)} = any(${arrays})`
        : `(${own.map((column) => `found.${quoted(column)}`).join(', ')}) in (select * from unnest(${arrays}))`,
    ].join(' and ');
  }

  /** Of the names of orders, those that no other transaction has; they are this one's from now on. */
  async takeFree(ask: Ask, orderKeys: readonly string[]): Promise<string[]> {
    if (orderKeys.length === 0) return [];
    const statement = this.#statement(
      'take free',
      () => `select key from unnest($1::text[], $2::text[]) as given(key, name)
        where pg_try_advisory_xact_lock(hashtextextended(name, 0))`,
    );
    const names = orderKeys.map((key) => this.#nameOf('stock_holds', key));
    const free = await ask.lists(statement, [wireValue(orderKeys), wireValue(names)]);
    return free.map(([key]) => key as string);
  }

  /** Keeps names for this transaction. They are hashed: two names that meet wait for one another for nothing. */
  async #lockNames(ask: Ask, table: TableName, column: string, keys: readonly object[]): Promise<void> {
    const names = new Set(keys.map((key) => (key as Anything)[column] as string));
    const statement = this.#statement(
      `lock ${table}`,
      () =>
        `select pg_advisory_xact_lock(name) from (select distinct hashtextextended(name, 0) as name
         from unnest($1::text[]) as given(name) order by 1) as names`,
    );
    await ask.lists(statement, [wireValue([...names].map((name) => this.#nameOf(table, name)))]);
  }

  /** The schema is part of the name: locks of this kind belong to the whole database. */
  #nameOf(table: TableName, name: string): string {
    return `${this.#catalog.schema}.${table} ${name}`;
  }

  /** Changes one row per entry; of entries with the same key the later ones see what the earlier ones did. */
  async update(ask: Ask, table: TableName, entries: readonly Entry[]): Promise<number[]> {
    const changed: number[] = new Array(entries.length).fill(0);
    for (const { round, parts } of this.#parts(table, entries)) {
      const { name, places, values } = round;
      const statement = this.#statement(
        `update ${name}`,
        () => `${this.#updateText(table, parts, true)} returning input."#"`,
      );
      for (const [ordinal] of await ask.lists(statement, values)) changed[places[Number(ordinal) - 1]!]! += 1;
    }
    return changed;
  }

  /** Changes one row per entry. A row that is missing makes the statement divide by zero, and so fail. */
  change(ask: Ask, table: TableName, entries: readonly Entry[]): void {
    for (const { round, parts } of this.#parts(table, entries)) {
      const { name, places, values } = round;
      const statement = this.#statement(
        `change ${name}`,
        () =>
          `with done as (${this.#updateText(table, parts, false)} returning 1)
           select 1 / (count(*) = $${values.length + 1}::int)::int from done`,
      );
      ask.send(statement, [...values, String(places.length)], (error) =>
        isDivisionByZero(error)
          ? new Error(`A row of ${table} that was to be changed is not there`, { cause: error })
          : error,
      );
    }
  }

  /** What statements the entries make: those with the same columns together, no row twice in one. */
  *#parts(table: TableName, entries: readonly Entry[]): Iterable<{ round: Round; parts: EntryColumns }> {
    for (const places of this.#rounds(table, entries)) {
      for (const { places: alike, ...parts } of entriesByColumns(entries, places)) {
        const { set, key } = parts;
        const valuesFor = (of: 'set' | 'key', columns: readonly string[]) =>
          columns.map((column) =>
            arrayText(alike.length, (index) => (entries[alike[index]!]![of] as Anything)[column]),
          );
        const values = [...valuesFor('set', set), ...valuesFor('key', key)];
        yield { round: { name: `${table} ${set.join()} by ${key.join()}`, places: alike, values }, parts };
      }
    }
  }

  #updateText(table: TableName, { set, key }: EntryColumns, numbered: boolean): string {
    const columns = [...set.map((column) => `set ${column}`), ...key.map((column) => `key ${column}`)];
    const arrays = [...set, ...key].map((column, index) => `$${index + 1}::${this.#type(table, column)}[]`);
    return [
      `update ${quoted(table)} as changed set`,
      set.map((column) => `${quoted(column)} = input.${quoted(`set ${column}`)}`).join(', '),
      `from unnest(${arrays.join(', ')})`,
      numbered ? 'with ordinality as' : 'as',
      `input(${[...columns, ...(numbered ? ['#'] : [])].map(quoted).join(', ')})`,
      `where ${key.map((column) => `changed.${quoted(column)} = input.${quoted(`key ${column}`)}`).join(' and ')}`,
    ].join(' ');
  }

  /** Places of entries, in turns in which no row is named twice: one statement changes a row once. */
  #rounds(table: TableName, entries: readonly Entry[]): number[][] {
    const { key: own } = this.#shape(table);
    const seen = new Map<unknown, number>();
    const rounds: number[][] = [];
    entries.forEach(({ key }, place) => {
      const wanted = key as Anything;
      const columns = own.every((column) => column in wanted) ? own : Object.keys(wanted);
      const name =
        columns.length === 1 ? wanted[columns[0]!] : JSON.stringify(columns.map((column) => wanted[column]));
      const round = seen.get(name) ?? 0;
      seen.set(name, round + 1);
      rounds[round] ??= [];
      rounds[round].push(place);
    });
    return rounds;
  }

  /** The rows of a statement: one array a column but for those in which all have one value. */
  #input(table: TableName, columns: readonly string[], same: readonly string[] = []): string {
    const own = columns.filter((column) => !same.includes(column));
    const arrays = own.map((column) => `$${columns.indexOf(column) + 1}::${this.#type(table, column)}[]`);
    return `unnest(${arrays.join(', ')}) with ordinality as input(${own.map(quoted).join(', ')}, "#")`;
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

/** A row to be changed: by what it is found, and what it becomes. */
export interface Entry {
  key: object;
  set: object;
}

interface EntryColumns {
  set: readonly string[];
  key: readonly string[];
}

/** One statement's share of the entries. */
interface Round {
  /** The table and columns. */
  name: string;
  places: readonly number[];
  values: readonly WireValue[];
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

/** One array a column, and one value where all rows have the same. */
function valuesOf(
  rows: readonly object[],
  places: readonly number[],
  columns: readonly string[],
  same: readonly string[] = [],
): WireValue[] {
  return columns.map((column) =>
    same.includes(column)
      ? wireValue((rows[places[0]!] as Anything)[column])
      : arrayText(places.length, (index) => (rows[places[index]!] as Anything)[column]),
  );
}

/** Entries that name the same columns go into one statement. */
function entriesByColumns(
  entries: readonly Entry[],
  places: readonly number[],
): Iterable<EntryColumns & { places: number[] }> {
  const groups = new Map<string, EntryColumns & { places: number[] }>();
  for (const place of places) {
    const { set, key } = entries[place]!;
    const named = Object.keys(set);
    const keyed = Object.keys(key);
    const make = `${named.join()} by ${keyed.join()}`;
    const group = groups.get(make);
    if (group) group.places.push(place);
    else groups.set(make, { set: named, key: keyed, places: [place] });
  }
  return groups.values();
}

function ascending(rows: readonly unknown[][]): number[] {
  return rows.map(([id]) => id as number).sort((a, b) => a - b);
}

function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
