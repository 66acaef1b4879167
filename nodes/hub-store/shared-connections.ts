import type { HubError } from '../../core/errors.ts';
import type { Store } from '../../core/store/store.ts';
import { StoreConnection } from './store-connection.ts';

/** Where a store is, and how it is opened there. */
export interface StorePlace {
  /** The same for all descriptions of one place. */
  readonly key: string;
  /** For people: without user and password. */
  readonly location: string;
  open(): Promise<Store>;
}

/** One node's part in the connection to a place. */
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
 * The connection to a place, the same for all nodes of the process that name it: a file has one owner, a database
 * need not be connected to twice, and two config nodes with one place are one store.
 */
export function shareConnection(place: StorePlace, onFailure: (error: HubError) => void): ConnectionShare {
  const { key } = place;
  const shared = connections.get(key) ?? start(place);
  // A function of its own, so that two holders with the same one are still two.
  const holder = (error: HubError) => onFailure(error);
  shared.holders.add(holder);
  return {
    connection: shared.connection,
    async release(patience) {
      if (!shared.holders.delete(holder) || shared.holders.size > 0) return;
      // Gone from the map at once: who asks from now on gets a new one, which waits for the file to be free.
      if (connections.get(key) === shared) connections.delete(key);
      await shared.connection.close(patience);
    },
  };
}

function start(place: StorePlace): Shared {
  const holders: Shared['holders'] = new Set();
  const connection = new StoreConnection({
    open: () => place.open(),
    onFailure(error) {
      for (const holder of holders) holder(error);
    },
  });
  const shared = { connection, holders };
  connections.set(place.key, shared);
  return shared;
}
