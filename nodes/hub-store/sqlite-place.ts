import { realpathSync } from 'node:fs';
import { basename, dirname, isAbsolute, join, resolve } from 'node:path';
import { openSqlite } from '../../core/store/sqlite/sqlite-store.ts';
import type { StorePlace } from './shared-connections.ts';

/** The file's place when the dialog names none. */
const defaultPath = 'order-hub/hub.sqlite';

/** A SQLite file. A relative path starts in `folder`; an empty one is the usual file there. */
export function sqlitePlace(path: string | undefined, folder: string): StorePlace {
  const wanted = path?.trim() || defaultPath;
  const location = isAbsolute(wanted) ? wanted : join(folder, wanted);
  const file = canonical(location);
  return { key: `sqlite:${file}`, location, open: () => openSqlite({ location: file, fullLog: true }) };
}

/** The file's path with links in its folder resolved, as far as the folder exists. */
function canonical(location: string): string {
  const path = resolve(location);
  try {
    return join(realpathSync(dirname(path)), basename(path));
  } catch (error) {
    // The folder is made when the store is opened, or opening it says why not.
    if (['ENOENT', 'ENOTDIR', 'EACCES'].includes((error as NodeJS.ErrnoException).code ?? '')) return path;
    throw error;
  }
}
