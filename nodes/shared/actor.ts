import type { HubMessage } from './define-node.ts';

/** Who an act in a flow is logged as: the person the flow names in `msg.actor`, else the flow's node. */
export function actorOf(message: HubMessage, nodeId: string): string {
  const actor = message.actor;
  return typeof actor === 'string' && actor.trim() !== '' ? actor.trim() : `flow:${nodeId}`;
}
