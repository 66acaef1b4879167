import type { NodeAPI } from 'node-red';

/** What a node does when the flows have all been started, and when a deploy or a stop begins. */
export interface FlowPhaseWatcher {
  started(): void;
  stopping(): void;
}

type RuntimeEvents = NodeAPI['events'];

interface Watched {
  watchers: Set<FlowPhaseWatcher>;
  unlisten(): void;
}

const watched = new Map<RuntimeEvents, Watched>();

/**
 * Tells a node of its runtime's deploys; answers how to stop that. However many nodes watch, the runtime has one
 * listener for them: more than ten would make Node.js warn of a leak.
 */
export function watchFlowPhase({ events }: Pick<NodeAPI, 'events'>, watcher: FlowPhaseWatcher): () => void {
  const shared = watched.get(events) ?? listen(events);
  shared.watchers.add(watcher);
  return () => {
    if (!shared.watchers.delete(watcher) || shared.watchers.size > 0) return;
    shared.unlisten();
    watched.delete(events);
  };
}

function listen(events: RuntimeEvents): Watched {
  const watchers = new Set<FlowPhaseWatcher>();
  const started = () => {
    for (const watcher of [...watchers]) watcher.started();
  };
  const stopping = () => {
    for (const watcher of [...watchers]) watcher.stopping();
  };
  events.on('flows:started', started);
  events.on('flows:stopping', stopping);
  const shared = {
    watchers,
    unlisten() {
      events.off('flows:started', started);
      events.off('flows:stopping', stopping);
    },
  };
  watched.set(events, shared);
  return shared;
}
