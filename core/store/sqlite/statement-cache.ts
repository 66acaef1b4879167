import type { SqliteDatabase, SqliteStatement } from 'kysely';
import type { Connection } from './driver.ts';

/** Statements kept at most; lists of varying length make a text of their own for each. */
const most = 100;

/**
 * A connection that prepares each text once while it is in use: parsing and planning cost more than most of
 * the queries themselves. For queries read to their end, never for streams, which cannot share a statement.
 */
export function withStatementCache(connection: Connection): SqliteDatabase {
  const kept = new Map<string, SqliteStatement>();
  return {
    prepare(text) {
      let statement = kept.get(text);
      if (statement) kept.delete(text);
      else statement = connection.prepare(text) as unknown as SqliteStatement;
      // The oldest in use goes first: a map keeps the order in which its keys were set.
      kept.set(text, statement);
      if (kept.size > most) kept.delete(kept.keys().next().value!);
      return statement;
    },
    close() {
      kept.clear();
      connection.close();
    },
  };
}
