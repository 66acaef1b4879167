import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { HubError } from '../core/errors.ts';
import '../core/store/move/messages.ts';
import { openPostgres } from '../core/store/postgres/postgres-store.ts';
import { openSqlite } from '../core/store/sqlite/sqlite-store.ts';
import type { Store } from '../core/store/store.ts';

/** A store as a person names it in a command. */
export interface NamedStore {
  /** The same for all ways to name one place. */
  readonly key: string;
  /** Without user and password. */
  readonly location: string;
  open(): Promise<Store>;
}

/**
 * A file, or a PostgreSQL address with the schema as a parameter of its own: `postgres://…/database?schema=name`.
 *
 * @param folder where a relative path starts
 * @param mustExist for a store that is read: a file that is not there is a slip of the pen, not an empty store
 * @throws HubError move.bad-address, move.no-file
 */
export function namedStore(text: string, folder: string, mustExist: boolean): NamedStore {
  if (/^[a-z][a-z0-9+.-]+:\/\//i.test(text)) return databaseAt(text);
  const location = resolve(folder, text);
  if (mustExist && !existsSync(location)) throw new HubError('move.no-file', { location });
  return { key: location, location, open: () => openSqlite({ location }) };
}

function databaseAt(text: string): NamedStore {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url || !/^postgres(?:ql)?:$/.test(url.protocol) || !url.hostname || url.pathname.length < 2)
    throw new HubError('move.bad-address');
  const schema = url.searchParams.get('schema') || 'public';
  url.searchParams.delete('schema');
  const location = `postgres://${url.hostname}:${url.port || 5432}${url.pathname}?schema=${schema}`;
  return { key: location, location, open: () => openPostgres({ connectionString: url.href, schema }) };
}
