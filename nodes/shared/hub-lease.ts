import type { NodeAPI } from 'node-red';
import type { Hub } from '../../core/hub.ts';
import { apiOf } from './node-api.ts';
import type { NodeStatus } from './node-status.ts';

/** A node's claim on a hub: while it is held, the store stays open. */
export interface HubLease {
  /** The hub, once the store is open. @throws HubError store.not-open with the reason */
  ready(): Promise<Hub>;
  /** Calls `act` with the hub each time the store becomes usable; not after release. */
  whenOpen(act: (hub: Hub) => void): void;
  release(): void;
}

/** What a hub-store node offers. */
export interface HubStoreApi {
  readonly id: string;
  readonly name: string;
  acquire(user: HubUser): { ready(): Promise<Hub>; release(): void };
  /** The hub if the store is open at this moment. */
  current(): Hub | undefined;
}

export interface HubUser {
  opened(hub: Hub): void;
  failing(code: string): void;
}

/** Holds the hub of the store that a node names, and shows the store's state on the node. */
export function acquireHub(RED: NodeAPI, storeId: string | undefined, status: NodeStatus): HubLease {
  const listeners = new Set<(hub: Hub) => void>();
  let current: Hub | undefined;
  status.connecting();
  const lease = apiOf<HubStoreApi>(RED, storeId, 'hub-store').acquire({
    opened(hub) {
      current = hub;
      status.ready();
      for (const act of listeners) act(hub);
    },
    failing(code) {
      current = undefined;
      status.down(code === 'store.closed' ? 'hub.status.closed' : 'hub.status.store-down');
    },
  });
  return {
    ready: () => lease.ready(),
    whenOpen(act) {
      listeners.add(act);
      if (current) act(current);
    },
    release() {
      listeners.clear();
      lease.release();
    },
  };
}
