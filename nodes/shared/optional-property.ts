import type { Node, NodeAPI } from 'node-red';
import type { HubMessage } from './define-node.ts';
import { readProperty, type TypedProperty } from './typed-property.ts';

/**
 * Reads a typed input that a message need not have: a path that leads nowhere (`payload.lines` where the payload
 * is missing) is undefined.
 *
 * @throws HubError node.bad-property when the expression or the path itself cannot be read
 */
export async function readOptionalProperty(
  RED: NodeAPI,
  node: Node,
  property: TypedProperty,
  message: HubMessage,
  field: string,
): Promise<unknown> {
  if (property.type === 'msg' && leadsNowhere(RED, property.value, message)) return undefined;
  return readProperty(RED, node, property, message, field);
}

function leadsNowhere(RED: NodeAPI, path: string, message: HubMessage): boolean {
  try {
    return RED.util.getMessageProperty(message, path) === undefined;
  } catch (error) {
    // Node-RED's own way of saying that a part in the middle is missing; a malformed path has another error.
    return error instanceof TypeError;
  }
}
