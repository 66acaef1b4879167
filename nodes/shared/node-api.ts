import type { Node, NodeAPI } from 'node-red';
import { HubError } from '../../core/errors.ts';
import './messages.ts';

/** Under which a config node of ours keeps what it offers; shared by every copy of this module. */
const apiKey = Symbol.for('order-hub.node-api');

type Offering = Node & { [apiKey]?: object };

/** Lets other nodes ask this one for its api. */
export function offerApi(node: Node, api: object): void {
  (node as Offering)[apiKey] = api;
}

/** What a config node of ours offers to others; undefined when there is none that works. */
export function offeredBy<Api>(RED: NodeAPI, id: string | undefined): Api | undefined {
  const node = id ? (RED.nodes.getNode(id) as Offering | null) : null;
  return node?.[apiKey] as Api | undefined;
}

/**
 * What a config node of ours offers to others.
 *
 * @throws HubError node.config-missing when none is chosen, or it was deleted, disabled or is itself in error
 */
export function apiOf<Api>(RED: NodeAPI, id: string | undefined, type: string): Api {
  const api = offeredBy<Api>(RED, id);
  if (!api) throw new HubError('node.config-missing', { type });
  return api;
}
