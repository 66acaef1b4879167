import { realpathSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import type { HubError } from '../../core/errors.ts';
import type { Store } from '../../core/store/store.ts';
import { StoreConnection } from './store-connection.ts';

/** One node's part in the connection to a file. */
export interface ConnectionShare {
  connection: StoreConnection;
  /** Gives the part up; the last one ends the connection, and waits for its users so many milliseconds. */
  release(patience: number): Promise<void>;
}

interface Shared {
  connection: StoreConnection;
  /** What each holder wants to be told of failures with. */
  holders: Set<(error: HubError) => void>;
}

const connections = new Map<string, Shared>();

/**
 * The connection to a file, the same for all nodes of the process that name it: a file has one owner, and two
 * config nodes with the same path are one store.
 */
export function shareConnection(
  location: string,
  open: (location: string) => Promise<Store>,
  onFailure: (error: HubError) => void,
): ConnectionShare {
  const file = canonical(location);
  const shared = connections.get(file) ?? start(file, open);
  // A function of its own, so that two holders with the same one are still two.
  const holder = (error: HubError) => onFailure(error);
  shared.holders.add(holder);
  return {
    connection: shared.connection,
    async release(patience) {
      if (!shared.holders.delete(holder) || shared.holders.size > 0) return;
      // Gone from the map at once: who asks from now on gets a new one, which waits for the file to be free.
      if (connections.get(file) === shared) connections.delete(file);
      await shared.connection.close(patience);
    },
  };
}

function start(file: string, open: (location: string) => Promise<Store>): Shared {
  const holders: Shared['holders'] = new Set();
  const connection = new StoreConnection({
    open: () => open(file),
    onFailure(error) {
      for (const holder of holders) holder(error);
    },
  });
  const shared = { connection, holders };
  connections.set(file, shared);
  return shared;
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
