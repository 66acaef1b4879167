import type { NodeAPI } from 'node-red';
import { keptSecret } from './kept-secret.ts';

/** A node's credentials as its dialog shows them: what was typed, and for the rest what is kept. */
export function credentialsFor(
  RED: NodeAPI,
  id: string,
  names: readonly string[],
  typed: Readonly<Record<string, string>> = {},
): Record<string, string | undefined> {
  const kept = (RED.nodes.getCredentials(id) ?? {}) as Record<string, string | undefined>;
  return Object.fromEntries(
    names.map((name) => {
      const entry = typed[name];
      return [name, entry === undefined || entry === keptSecret ? kept[name] : entry];
    }),
  );
}
