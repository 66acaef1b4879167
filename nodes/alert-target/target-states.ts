/** How a target is doing, for the nodes that raise alerts: a config node has no status of its own to be seen. */
export interface TargetState {
  name: string;
  /** Why the last attempt failed, or why nothing is sent at all; null when the last one went through. */
  failing: string | null;
}

type Listener = (id: string, state: TargetState | undefined) => void;

const states = new Map<string, TargetState>();
const listeners = new Set<Listener>();

/** Tells how a target is doing; nothing when it is gone. */
export function reportTarget(id: string, state: TargetState | undefined): void {
  const before = states.get(id);
  if (state) states.set(id, state);
  else states.delete(id);
  if (before?.failing === state?.failing && before?.name === state?.name) return;
  for (const listener of listeners) listener(id, state);
}

export function targetState(id: string): TargetState | undefined {
  return states.get(id);
}

/** Calls back with each change; answers how to stop that. */
export function watchTargets(listener: Listener): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
