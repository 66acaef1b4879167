import type { Node } from 'node-red';

/** What Node-RED keeps on a node beside what its published types know. */
interface PlacedNode extends Node {
  /** Only inside a subflow instance: the node's id in the subflow's template. */
  _alias?: string;
  /** Ids from the tab over the subflow instances down to the node, joined with slashes. */
  _path?: string;
}

/**
 * An id of a node that stays the same over restarts, deploys and a move to another tab. A node in a subflow
 * gets its own `id` anew from Node-RED, so there it is told by the instances it is in and its id in the template.
 */
export function stableId(node: Node): string {
  const { id, _alias, _path } = node as PlacedNode;
  if (!_alias) return id;
  // The first part is the tab; without a path Node-RED has at least the instance and the template's id.
  return _path?.split('/').slice(1).join('-') || `${node.z}-${_alias}`;
}
