import type { Node, NodeAPI } from 'node-red';
import { HubError, reasonOf } from '../../core/errors.ts';
import type { HubMessage } from './define-node.ts';

/** A typed input as the dialog saves it: what to read and how. */
export interface TypedProperty {
  value: string;
  /** A Node-RED typed input type: msg, flow, global, str, num, bool, json, jsonata, env, date. */
  type: string;
}

/**
 * Reads a typed input for a message.
 *
 * @throws HubError node.bad-property when the expression or the path cannot be read
 */
export async function readProperty(
  RED: NodeAPI,
  node: Node,
  property: TypedProperty,
  message: HubMessage,
  field: string,
): Promise<unknown> {
  try {
    return await new Promise((resolve, reject) => {
      RED.util.evaluateNodeProperty(property.value, property.type, node, message, (error, value) => {
        if (error) reject(error);
        else resolve(value);
      });
    });
  } catch (error) {
    throw new HubError('node.bad-property', { field, reason: reasonOf(error) }, { cause: error });
  }
}
