import type { Node, NodeAPI } from 'node-red';
import type { ReceiveBucket } from '../../core/stock/buckets.ts';
import type { Adjustment } from '../../core/stock/stock.ts';
import { actorOf } from '../shared/actor.ts';
import { type BaseConfig, defineNode, type HubMessage } from '../shared/define-node.ts';
import { deliveryOf, orderOf } from '../shared/message-order.ts';
import { stableId } from '../shared/stable-id.ts';
import { readProperty } from '../shared/typed-property.ts';
import { type FieldOfVersion2, newInVersion2 } from './settings.ts';

export interface StockAdjustConfig extends BaseConfig, Record<FieldOfVersion2, string> {
  /**
   * What is done: goods arrive, units are corrected by a difference, a count is entered, goods come back from a customer,
   * units change their place in the pool, or go to another pool.
   */
  action: Adjustment['kind'];
  pool: string;
  /** Where goods that arrive are put. */
  bucket: ReceiveBucket;
  lines: string;
  linesType: string;
  /** What makes the act happen once; empty for the delivery that brought the message, else the message. */
  once: string;
  onceType: string;
  reason: string;
  reasonType: string;
}

export default defineNode<StockAdjustConfig>({
  type: 'stock-adjust',
  version: 2,
  migrations: [{ version: 2, up: (config) => ({ ...newInVersion2, ...config }) }],
  usesHub: true,
  setup({ RED, node, config, hub, status }) {
    const read = (field: 'lines' | 'reason', usual: string, usualType: string) => {
      const value = config[field] || usual;
      return { value, type: config[`${field}Type`] || usualType };
    };
    return {
      async input(message, send) {
        const { stock } = await hub.ready();
        const value = await readProperty(RED, node, read('lines', 'payload', 'msg'), message, 'lines');
        const reason = await readProperty(RED, node, read('reason', 'reason', 'msg'), message, 'reason');
        const act = {
          pool: config.pool || 'main',
          opKey: await opKeyFor(RED, node, config, message),
          actor: actorOf(message, node.id),
          ...(typeof reason === 'string' && reason !== '' && { reason }),
        };
        const lines = Array.isArray(value) ? value : [value];
        const answer = await stock.adjust({ ...actOf(config, message), ...act, lines } as Adjustment);
        message.stock = answer;
        if (answer.state === 'done') {
          status.ok();
          send([message, null]);
        } else {
          status.refused();
          send([null, message]);
        }
      },
    };
  },
});

/** The key that makes the act happen once. */
async function opKeyFor(
  RED: NodeAPI,
  node: Node,
  config: StockAdjustConfig,
  message: HubMessage,
): Promise<string> {
  if (config.once) {
    const property = { value: config.once, type: config.onceType || 'msg' };
    return `adjust|${config.action}|${String(await readProperty(RED, node, property, message, 'once'))}`;
  }
  // One delivery may reach several nodes, and in several parts: each of them is an act of its own.
  const part = (message.parts as { index?: number } | undefined)?.index;
  const cause = deliveryOf(message)?.id ?? message._msgid;
  return ['adjust', config.action, stableId(node), cause, ...(part === undefined ? [] : [part])].join('|');
}

/** The kind of act and what it needs besides its lines; what is wrong with either is core/stock's to say. */
function actOf(
  config: StockAdjustConfig,
  message: HubMessage,
): Pick<Adjustment, 'kind'> & Record<string, unknown> {
  const kind = config.action || 'receive';
  switch (kind) {
    case 'return':
      return { kind, orderKey: orderOf(message).key, bucket: config.returnTo };
    case 'move':
      return { kind, from: config.moveFrom, to: config.moveTo };
    case 'transfer':
      return { kind, to: config.toPool, bucket: config.arriveIn };
    case 'receive':
      return { kind, bucket: config.bucket || 'available' };
    default:
      return { kind };
  }
}
