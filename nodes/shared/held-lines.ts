import type { Node, NodeAPI } from 'node-red';
import type { HeldLine } from '../../core/stock/stock.ts';
import type { BaseConfig, HubMessage } from './define-node.ts';
import { readProperty } from './typed-property.ts';

/** Fields of the nodes that end an order's holds. */
export interface HoldActConfig extends BaseConfig {
  pool: string;
  /** Everything the order holds, or the lines a message names. */
  what: 'all' | 'lines';
  lines: string;
  linesType: string;
}

/** The lines to act on; undefined for all that the order holds. */
export async function heldLines(
  RED: NodeAPI,
  node: Node,
  config: HoldActConfig,
  message: HubMessage,
): Promise<readonly HeldLine[] | undefined> {
  if (config.what !== 'lines') return undefined;
  const property = { value: config.lines || 'payload.lines', type: config.linesType || 'msg' };
  return (await readProperty(RED, node, property, message, 'lines')) as readonly HeldLine[];
}
