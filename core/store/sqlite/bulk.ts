import type { CompiledQuery, Kysely } from 'kysely';
import type { Database, TableName } from '../schema.ts';
import type { Connection, Statement } from './driver.ts';

type Values = readonly unknown[];
type Anything = Record<string, unknown>;

/**
 * The set-based verbs of a transaction on SQLite: statements are written by Kysely and prepared once for each
 * set of columns, then run a row at a time, which beats one large statement (no parsing, no JSON in between).
 */
export class Bulk {
  readonly #connection: Connection;
  readonly #db: Kysely<Database>;
  readonly #prepared = new Map<string, Statement>();

  constructor(connection: Connection, db: Kysely<Database>) {
    this.#connection = connection;
    this.#db = db;
  }

  /** Inserts rows; with `skip` a row that meets a unique key already there is left out (its id is null). */
  insert(table: TableName, rows: readonly object[], skip: boolean): (number | null)[] {
    return rows.map((row) => {
      const columns = Object.keys(row);
      const statement = this.#statement(`insert ${skip} ${table} ${columns}`, () => {
        const insert = this.#db.insertInto(table).values(row as never);
        return (skip ? insert.onConflict((conflict) => conflict.doNothing()) : insert).compile();
      });
      const result = statement.run(...storable(row as Anything, columns));
      return result.changes === 0 ? null : Number(result.lastInsertRowid);
    });
  }

  find(table: TableName, keys: readonly object[]): unknown[] {
    const rows: unknown[] = [];
    for (const key of keys) {
      const columns = Object.keys(key);
      const statement = this.#statement(`find ${table} ${columns}`, () => {
        let query = this.#db.selectFrom(table).selectAll();
        for (const column of columns) query = query.where(column as never, '=', 0 as never);
        return query.compile();
      });
      rows.push(...statement.all(...storable(key as Anything, columns)));
    }
    return rows;
  }

  update(table: TableName, entries: readonly { key: object; set: object }[]): number[] {
    return entries.map(({ key, set }) => {
      const keys = Object.keys(key);
      const columns = Object.keys(set);
      const statement = this.#statement(`update ${table} ${columns} by ${keys}`, () => {
        let query = this.#db.updateTable(table).set(set as never);
        for (const column of keys) query = query.where(column as never, '=', 0 as never);
        return query.compile();
      });
      return statement.run(...storable(set as Anything, columns), ...storable(key as Anything, keys)).changes;
    });
  }

  #statement(name: string, compile: () => CompiledQuery): Statement {
    let statement = this.#prepared.get(name);
    if (!statement) {
      statement = this.#connection.prepare(compile().sql);
      this.#prepared.set(name, statement);
    }
    return statement;
  }
}

/** A row's values in the columns' order; SQLite knows no undefined. */
function storable(row: Anything, columns: readonly string[]): Values {
  return columns.map((column) => row[column] ?? null);
}
