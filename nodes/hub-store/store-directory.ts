import type { StoreConnection } from './store-connection.ts';

/** A hub-store node of the running flows. */
export interface RunningStore {
  id: string;
  name: string;
  /** Path of its file, or address of its database without user and password. */
  location: string;
  connection: StoreConnection;
}

const running = new Map<string, RunningStore>();

/** Makes a node's store known to the admin API; answers how to take it out again. */
export function listStore(store: RunningStore): () => void {
  running.set(store.id, store);
  return () => {
    if (running.get(store.id) === store) running.delete(store.id);
  };
}

/** The stores of the running flows, in the order their nodes were started. */
export function runningStores(): readonly RunningStore[] {
  return [...running.values()];
}

export function runningStore(id: string): RunningStore | undefined {
  return running.get(id);
}
