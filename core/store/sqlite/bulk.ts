import { type CompiledQuery, type Kysely, sql } from 'kysely';
import type { Database, TableName } from '../schema.ts';
import type { Connection, Statement } from './driver.ts';

type Anything = Record<string, unknown>;
type Columns = readonly string[];

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
  /** Of an insert: by the columns in which all rows of a statement have one value, one bit each. */
  layouts: Map<number, Layout>;
}

/** Rows that have one value in some columns. It is given to the statement once: most of the time of an insert goes into values. */
interface Layout {
  same: Columns;
  varying: Columns;
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
    const ids: number[] = new Array(rows.length);
    let at = 0;
    while (at < rows.length) {
      const shape = shapeOf(this.#inserts, table, rows[at] as Anything);
      let end = at + 1;
      while (end < rows.length && hasColumns(rows[end] as Anything, shape.columns)) end += 1;
      const layout = layoutOf(shape, rows, at, end);
      while (at < end) {
        const count = rowsAtOnce.findLast((size) => size <= end - at)!;
        this.#insertSome(table, shape, count === 1 ? layoutFor(shape, 0) : layout, rows, at, count, ids);
        at += count;
      }
    }
    return ids;
  }

  #insertSome(
    table: TableName,
    { columns }: Shape,
    { same, varying, statements }: Layout,
    rows: readonly object[],
    at: number,
    count: number,
    ids: number[],
  ): void {
    const values: unknown[] = new Array(count * varying.length);
    let next = 0;
    for (let index = at; index < at + count; index += 1) {
      const row = rows[index] as Anything;
      for (const column of varying) {
        values[next] = row[column] ?? null;
        next += 1;
      }
    }
    let statement = statements.get(count);
    if (!statement) {
      const make: Anything = {};
      for (const column of columns) make[column] = same.includes(column) ? sql.raw(`@${column}`) : 0;
      const query = this.#db.insertInto(table).values(new Array(count).fill(make) as never);
      statement = this.#connection.prepare(query.compile().sql);
      statements.set(count, statement);
    }
    const result =
      same.length === 0 ? statement.run(values) : statement.run(values, valuesOf(rows[at] as Anything, same));
    const last = result.lastInsertRowid as number;
    const given = columns.includes('id');
    for (let index = 0; index < count; index += 1)
      ids[at + index] = given ? ((rows[at + index] as Anything).id as number) : last - count + 1 + index;
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
      const result = statement.run(values);
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
      const found = statement.all(values);
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
      changed[at] = statement.run(values).changes;
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
    return statement.run(values).changes === count;
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

/** The layout of rows of one shape, from `at` up to `end`. */
function layoutOf(shape: Shape, rows: readonly object[], at: number, end: number): Layout {
  const { columns, layouts } = shape;
  let bits = 0;
  if (end - at >= rowsAtOnce[1]) {
    const first = rows[at] as Anything;
    for (let place = 0; place < columns.length && place < mostBits; place += 1) {
      const column = columns[place]!;
      const value = first[column];
      let index = at + 1;
      while (index < end && (rows[index] as Anything)[column] === value) index += 1;
      if (index === end) bits |= 1 << place;
    }
  }
  return layoutFor(shape, layouts.has(bits) || layouts.size < mostLayouts ? bits : 0);
}

function layoutFor({ columns, layouts }: Shape, bits: number): Layout {
  let layout = layouts.get(bits);
  if (!layout) {
    const isSame = (_: string, place: number): boolean => place < mostBits && (bits & (1 << place)) !== 0;
    layout = {
      same: columns.filter(isSame),
      varying: columns.filter((column, place) => !isSame(column, place)),
      statements: new Map(),
    };
    layouts.set(bits, layout);
  }
  return layout;
}

/** Some values of a row by name; SQLite knows no undefined. */
function valuesOf(row: Anything, columns: Columns): Anything {
  const values: Anything = {};
  for (const column of columns) values[column] = row[column] ?? null;
  return values;
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
