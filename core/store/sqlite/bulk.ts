import { type CompiledQuery, type Kysely, sql } from 'kysely';
import type { Database, TableName } from '../schema.ts';
import type { Connection, Statement } from './driver.ts';

type Anything = Record<string, unknown>;
type Columns = readonly string[];
/** Rows of one shape: a list for each of its columns, all of one length. */
type Lists = readonly (readonly unknown[])[];

/** Rows in one insert statement: a call into SQLite costs as much as several rows do. */
const rowsAtOnce = [1, 8, 32] as const;
/** Rows changed by one statement, where a number each tells them apart. */
const changesAtOnce = [8, 32] as const;
/** Combinations of columns with one value that are told apart, for each list of columns that is inserted. */
const mostLayouts = 12;
/** Columns that a combination can be told of: one bit each. */
const mostBits = 30;
/** Values looked for in one statement; the statement of the next size takes in what is left over. */
const keysAtOnce = [1, 8, 64] as const;

interface Entry {
  key: object;
  set: object;
}

/** A set of columns and the statements written for it. */
interface Shape {
  columns: Columns;
  /** Columns of the second part: of an update the key, else none. */
  keys: Columns;
  statements: Map<number, Statement>;
  /** Of an insert: by the columns in which its rows have one value, and those in which they count on. */
  layouts: Map<string, Layout>;
}

/**
 * Rows that have one value in some columns, and in others a number that is one more from row to row. Either is given
 * to the statement once: most of the time of an insert goes into values.
 */
interface Layout {
  /** Places of columns in the shape. */
  same: readonly number[];
  counting: readonly number[];
  /** `same` and `counting`. */
  once: readonly number[];
  varying: readonly number[];
  statements: Map<number, Statement>;
}

/**
 * The set-based verbs of a transaction on SQLite: statements are written by Kysely, prepared once for each set
 * of columns, and run for a few rows at a time, which beats one large statement (no parsing, no JSON in between).
 */
export class Bulk {
  readonly #connection: Connection;
  readonly #db: Kysely<Database>;
  readonly #inserts = new Map<TableName, Shape[]>();
  readonly #skips = new Map<TableName, Shape[]>();
  readonly #finds = new Map<TableName, Shape[]>();
  readonly #updates = new Map<TableName, Shape[]>();
  readonly #last = new Map<TableName, Statement>();

  constructor(connection: Connection, db: Kysely<Database>) {
    this.#connection = connection;
    this.#db = db;
  }

  /** Inserts rows and answers their ids; only one connection writes, so ids given by SQLite follow one another. */
  insert(table: TableName, rows: readonly object[]): number[] {
    const ids: number[] = [];
    let at = 0;
    while (at < rows.length) {
      const shape = shapeOf(this.#inserts, table, rows[at] as Anything);
      let end = at + 1;
      while (end < rows.length && hasColumns(rows[end] as Anything, shape.columns)) end += 1;
      const lists = shape.columns.map((column) => {
        const list: unknown[] = new Array(end - at);
        for (let index = at; index < end; index += 1) list[index - at] = (rows[index] as Anything)[column];
        return list;
      });
      const last = this.#insertLists(table, shape, lists);
      const given = shape.columns.indexOf('id');
      for (let index = at; index < end; index += 1)
        ids.push(given < 0 ? last - end + 1 + index : (lists[given]![index - at] as number));
      at = end;
    }
    return ids;
  }

  /** Inserts rows of one shape, a list for each of its columns; answers the number of the last one. */
  #insertLists(table: TableName, shape: Shape, lists: Lists): number {
    const { length } = lists[0]!;
    const layout = length < rowsAtOnce[1] ? layoutFor(shape, 0, 0) : layoutOf(shape, lists);
    let last = 0;
    let at = 0;
    while (at < length) {
      const count = rowsAtOnce.findLast((size) => size <= length - at)!;
      last = this.#insertSome(table, shape, count === 1 ? layoutFor(shape, 0, 0) : layout, lists, at, count);
      at += count;
    }
    return last;
  }

  #insertSome(
    table: TableName,
    { columns }: Shape,
    { same, counting, once, varying, statements }: Layout,
    lists: Lists,
    at: number,
    count: number,
  ): number {
    const values: unknown[] = new Array(count * varying.length);
    let place = 0;
    // SQLite knows no undefined.
    for (let index = at; index < at + count; index += 1) {
      for (const column of varying) {
        values[place] = lists[column]![index] ?? null;
        place += 1;
      }
    }
    let statement = statements.get(count);
    if (!statement) {
      const make = (_: unknown, row: number): Anything =>
        Object.fromEntries(
          columns.map((column, index) => {
            if (same.includes(index)) return [column, sql.raw(`@${column}`)];
            return [column, counting.includes(index) ? sql.raw(`@${column} + ${row}`) : 0];
          }),
        );
      const query = this.#db.insertInto(table).values(Array.from({ length: count }, make) as never);
      statement = this.#connection.prepare(query.compile().sql);
      statements.set(count, statement);
    }
    if (once.length > 0) {
      const given: Anything = {};
      for (const column of once) given[columns[column]!] = lists[column]![at] ?? null;
      values.push(given);
    }
    return statement.run(...values).lastInsertRowid as number;
  }

  /** Inserts rows but for those that meet a unique key already there, whose id is null. */
  insertNew(table: TableName, rows: readonly object[]): (number | null)[] {
    return (rows as readonly Anything[]).map((row) => {
      const shape = shapeOf(this.#skips, table, row);
      const statement =
        shape.statements.get(1) ??
        this.#prepare(shape, 1, () =>
          this.#db
            .insertInto(table)
            .values(row as never)
            .onConflict((conflict) => conflict.doNothing())
            .compile(),
        );
      const values: unknown[] = new Array(shape.columns.length);
      storeIn(values, 0, row);
      const result = statement.run(...values);
      return result.changes === 0 ? null : (result.lastInsertRowid as number);
    });
  }

  /** The next free ids of a table. */
  reserve(table: TableName, count: number): number[] {
    let statement = this.#last.get(table);
    if (!statement) {
      const query = this.#db.selectFrom(table).select(sql`max(id)`.as('id'));
      statement = this.#connection.prepare(query.compile().sql).pluck();
      this.#last.set(table, statement);
    }
    const last = (statement.get() as number | null) ?? 0;
    return Array.from({ length: count }, (_, index) => last + 1 + index);
  }

  /** Rows that match any of the keys, which name the same columns; each stretch of keys that differ only in the last is one list. */
  find(table: TableName, keys: readonly object[]): unknown[] {
    const rows: unknown[] = [];
    if (keys.length === 0) return rows;
    const shape = shapeOf(this.#finds, table, keys[0] as Anything);
    const { columns } = shape;
    const lead = columns.length - 1;
    const lastColumn = columns[lead]!;
    const most = keysAtOnce.at(-1)!;
    let at = 0;
    while (at < keys.length) {
      const first = keys[at] as Anything;
      let count = 1;
      while (
        count < most &&
        at + count < keys.length &&
        samePrefix(first, keys[at + count] as Anything, columns)
      )
        count += 1;
      const size = keysAtOnce.find((room) => room >= count)!;
      const values: unknown[] = new Array(lead + size);
      for (let index = 0; index < lead; index += 1) values[index] = first[columns[index]!] ?? null;
      for (let index = 0; index < size; index += 1) {
        // What is left over equals nothing, as null does.
        values[lead + index] = index < count ? ((keys[at + index] as Anything)[lastColumn] ?? null) : null;
      }
      const statement =
        shape.statements.get(size) ?? this.#prepare(shape, size, () => this.#findQuery(table, columns, size));
      const found = statement.all(...values);
      for (let index = 0; index < found.length; index += 1) rows.push(found[index]);
      at += count;
    }
    return rows;
  }

  #findQuery(table: TableName, columns: Columns, size: number): CompiledQuery {
    let query = this.#db.selectFrom(table).selectAll();
    for (const column of columns.slice(0, -1)) query = query.where(column as never, '=', 0 as never);
    return query.where(columns.at(-1) as never, 'in', new Array(size).fill(0) as never).compile();
  }

  /** Changes a row for each entry and answers how many changed for each. */
  update(table: TableName, entries: readonly Entry[]): number[] {
    const changed: number[] = new Array(entries.length);
    let shape: Shape | undefined;
    let at = 0;
    while (at < entries.length) {
      const key = entries[at]!.key as Anything;
      const set = entries[at]!.set as Anything;
      if (!shape || !hasColumns(set, shape.columns) || !hasColumns(key, shape.keys))
        shape = shapeOf(this.#updates, table, set, key);
      const alike = numberedAlike(entries, at, shape);
      const count = changesAtOnce.findLast((size) => size <= alike);
      if (count && this.#updateSome(table, shape, entries, at, count)) {
        changed.fill(1, at, at + count);
        at += count;
        continue;
      }
      const statement =
        shape.statements.get(1) ??
        this.#prepare(shape, 1, () => {
          let query = this.#db.updateTable(table).set(set as never);
          for (const column of Object.keys(key)) query = query.where(column as never, '=', 0 as never);
          return query.compile();
        });
      const values: unknown[] = new Array(shape.columns.length + shape.keys.length);
      storeIn(values, 0, set);
      storeIn(values, shape.columns.length, key);
      changed[at] = statement.run(...values).changes;
      at += 1;
    }
    return changed;
  }

  /** Changes so many rows in one statement; answers whether all of them were there. */
  #updateSome(table: TableName, shape: Shape, entries: readonly Entry[], at: number, count: number): boolean {
    const { columns } = shape;
    const values: unknown[] = [];
    for (let index = at; index < at + count; index += 1) {
      const { key, set } = entries[index] as { key: Anything; set: Anything };
      values.push(key.id);
      for (const column of columns) values.push(set[column] ?? null);
    }
    const statement =
      shape.statements.get(count) ??
      this.#prepare(shape, count, () => {
        const row = sql`(${sql.join([0, ...columns.map(() => 0)])})`;
        const given = columns.map(
          (column, index) => sql`${sql.ref(column)} = given.${sql.ref(`column${index + 2}`)}`,
        );
        return sql`update ${sql.table(table)} set ${sql.join(given)}
          from (values ${sql.join(new Array(count).fill(row))}) as given
          where ${sql.table(table)}.id = given.column1`.compile(this.#db);
      });
    return statement.run(...values).changes === count;
  }

  #prepare(shape: Shape, size: number, compile: () => CompiledQuery): Statement {
    const statement = this.#connection.prepare(compile().sql);
    shape.statements.set(size, statement);
    return statement;
  }
}

/** The shape a row has; told from its columns, so that a row of the same make costs no text. */
function shapeOf(
  shapes: Map<TableName, Shape[]>,
  table: TableName,
  row: Anything,
  key: Anything = {},
): Shape {
  let known = shapes.get(table);
  if (!known) {
    known = [];
    shapes.set(table, known);
  }
  for (const shape of known) if (hasColumns(row, shape.columns) && hasColumns(key, shape.keys)) return shape;
  const shape: Shape = {
    columns: Object.keys(row),
    keys: Object.keys(key),
    statements: new Map(),
    layouts: new Map(),
  };
  known.push(shape);
  return shape;
}

/** The layout that rows of one shape have. */
function layoutOf(shape: Shape, lists: Lists): Layout {
  const { layouts } = shape;
  let same = 0;
  let counting = 0;
  for (let place = 0; place < lists.length && place < mostBits; place += 1) {
    const list = lists[place]!;
    if (isSame(list)) same |= 1 << place;
    else if (counts(list)) counting |= 1 << place;
  }
  const known = layouts.has(nameOf(same, counting)) || layouts.size < mostLayouts;
  return known ? layoutFor(shape, same, counting) : layoutFor(shape, 0, 0);
}

function isSame(list: readonly unknown[]): boolean {
  const [first] = list;
  for (let index = 1; index < list.length; index += 1) if (list[index] !== first) return false;
  return true;
}

/** Whether each is one more than the one before it. */
function counts(list: readonly unknown[]): boolean {
  const [first] = list;
  if (typeof first !== 'number' || !Number.isSafeInteger(first + list.length)) return false;
  for (let index = 1; index < list.length; index += 1) if (list[index] !== first + index) return false;
  return true;
}

function layoutFor({ columns, layouts }: Shape, same: number, counting: number): Layout {
  let layout = layouts.get(nameOf(same, counting));
  if (!layout) {
    const places = [...columns.keys()];
    const among = (bits: number) => places.filter((place) => place < mostBits && (bits & (1 << place)) !== 0);
    const once = among(same | counting);
    layout = {
      same: among(same),
      counting: among(counting),
      once,
      varying: places.filter((place) => !once.includes(place)),
      statements: new Map(),
    };
    layouts.set(nameOf(same, counting), layout);
  }
  return layout;
}

function nameOf(same: number, counting: number): string {
  return `${same} ${counting}`;
}

/** How many entries from `at` on change the same columns of rows that are told by their numbers, each row once. */
function numberedAlike(entries: readonly Entry[], at: number, { columns, keys }: Shape): number {
  if (keys.length !== 1 || keys[0] !== 'id') return 0;
  const most = Math.min(changesAtOnce.at(-1)!, entries.length - at);
  let before = Number.NEGATIVE_INFINITY;
  for (let alike = 0; alike < most; alike += 1) {
    const { key, set } = entries[at + alike] as { key: Anything; set: Anything };
    const id = key.id as number;
    if (id <= before || !hasColumns(key, keys) || !hasColumns(set, columns)) return alike;
    before = id;
  }
  return most;
}

/** Whether a row has these columns in this order. */
function hasColumns(row: Anything, columns: Columns): boolean {
  let index = 0;
  for (const column in row) {
    if (column !== columns[index]) return false;
    index += 1;
  }
  return index === columns.length;
}

/** Whether two keys differ in the last column only. */
function samePrefix(a: Anything, b: Anything, columns: Columns): boolean {
  for (let index = 0; index < columns.length - 1; index += 1) {
    const column = columns[index]!;
    if (a[column] !== b[column]) return false;
  }
  return true;
}

/** Puts a row's values, whose columns are in the order of its shape, in place; SQLite knows no undefined. */
function storeIn(values: unknown[], from: number, row: Anything): void {
  const own = Object.values(row);
  for (let index = 0; index < own.length; index += 1) values[from + index] = own[index] ?? null;
}
