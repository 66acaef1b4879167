import { mkdirSync, renameSync, rmSync } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { basename, dirname, extname, join } from 'node:path';
import { HubError, reasonOf } from '../../errors.ts';
import type { StoreCopy } from '../store.ts';
import type { Connection } from './driver.ts';
import { sqliteFault } from './faults.ts';

/** Ending of a copy that is being written; it is renamed when it is whole. */
const unfinished = '.part';

function folderOf(location: string): string {
  return join(dirname(location), 'backups');
}

/** The beginning and the end of the names of a store's copies. */
function namesOf(location: string): { start: string; end: string } {
  const end = extname(location);
  return { start: `${basename(location, end)}-`, end };
}

/**
 * Copies a store while it is used, into the folder `backups` beside it. A copy gets its name when it is whole, so
 * a name never stands for half of one.
 *
 * @param label why it is made; becomes part of the name
 * @throws HubError store.full, store.read-only, store.failed with the copy's path
 */
export async function copyStore(
  connection: Connection,
  location: string,
  label: string,
  now: number,
): Promise<string> {
  const { start, end } = namesOf(location);
  const stamp = new Date(now).toISOString().replace(/[:.]/g, '-');
  const target = join(folderOf(location), `${start}${label}-${stamp}${end}`);
  const partial = `${target}${unfinished}`;
  try {
    mkdirSync(folderOf(location), { recursive: true });
  } catch (error) {
    throw new HubError('store.failed', { location: target, reason: reasonOf(error) }, { cause: error });
  }
  try {
    // On the connection that writes: pages changed meanwhile are copied again, where a copy through another
    // connection would start over with every commit.
    await connection.backup(partial);
    renameSync(partial, target);
  } catch (error) {
    rmSync(partial, { force: true });
    throw (
      sqliteFault(error, target) ??
      new HubError('store.failed', { location: target, reason: reasonOf(error) }, { cause: error })
    );
  }
  return target;
}

/** The newest whole copy of a store, if there is one. */
export async function newestCopy(location: string): Promise<StoreCopy | null> {
  const { start, end } = namesOf(location);
  const copies = (await namesIn(folderOf(location))).filter(
    (name) => name.startsWith(start) && name.endsWith(end) && !name.endsWith(unfinished),
  );
  const found = await Promise.all(
    copies.map(async (name) => {
      const path = join(folderOf(location), name);
      const { mtimeMs, size } = await stat(path);
      return { path, at: Math.round(mtimeMs), bytes: size };
    }),
  );
  return found.sort((a, b) => b.at - a.at || (a.path < b.path ? 1 : -1))[0] ?? null;
}

async function namesIn(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}
