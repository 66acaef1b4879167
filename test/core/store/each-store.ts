import type Database from 'better-sqlite3';
import type { Migration } from '../../../core/store/migrations/migrate.ts';
import type { Store } from '../../../core/store/store.ts';
import { makePostgresPlace } from './postgres-place.ts';
import { makeSqlitePlace } from './sqlite-place.ts';

export interface AnyPlaceOptions {
  now?: () => number;
  batch?: number;
  migrations?: readonly Migration[];
  probeMs?: readonly number[];
}

/** A place where one store can be opened, closed and opened again; made anew for each test. */
export interface AnyPlace {
  open(options?: AnyPlaceOptions): Promise<Store>;
  /** What the store holds now, in memory and read past the store. The caller closes it. */
  read(): Promise<Database.Database>;
  /** Closes what is open and removes the place. */
  dispose(): Promise<void>;
}

const kinds: readonly [name: string, makePlace: () => Promise<AnyPlace>][] = [
  ['SQLite', makeSqlitePlace],
  ['PostgreSQL', makePostgresPlace],
];

/** One suite for each kind of store: what holds on one holds on the other. */
export function onEachStore(
  title: string,
  body: (this: Mocha.Suite, makePlace: () => Promise<AnyPlace>) => void,
): void {
  for (const [name, makePlace] of kinds) {
    describe(`${title} on ${name}`, function () {
      body.call(this, makePlace);
    });
  }
}
