import type { CompiledQuery, Kysely } from 'kysely';
import type { Database } from '../schema.ts';

type Db = Kysely<Database>;

/** Stands in a query for a value that is given when it runs. */
class Gap {
  readonly name: string;

  constructor(name: string) {
    this.name = name;
  }
}

interface Written<R> {
  query: CompiledQuery<R>;
  parameters: readonly unknown[];
}

/**
 * A query of a hot path: Kysely writes it once for each connection, which takes longer than the query itself,
 * and from then on only its values change. They must all be values of the statement, not shape its text.
 */
export function writtenOnce<V extends object, R>(
  write: (db: Db, values: V) => { compile(): CompiledQuery<R> },
): (db: Db, values: V) => Promise<R[]> {
  const known = new WeakMap<Db, Written<R>>();
  return async (db, values) => {
    let written = known.get(db);
    if (!written) {
      const gaps = Object.fromEntries(Object.keys(values).map((name) => [name, new Gap(name)]));
      const query = write(db, gaps as V).compile();
      written = { query, parameters: query.parameters };
      known.set(db, written);
    }
    const parameters = written.parameters.map((value) =>
      value instanceof Gap ? (values as Record<string, unknown>)[value.name] : value,
    );
    const { rows } = await db.executeQuery<R>({ ...written.query, parameters });
    return rows;
  };
}
