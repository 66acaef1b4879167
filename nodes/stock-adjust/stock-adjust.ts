import type { Node, NodeAPI } from 'node-red';
import type { ReceiveBucket } from '../../core/stock/buckets.ts';
import type { AdjustAnswer, CountLine, SkuLine, Stock } from '../../core/stock/stock.ts';
import { actorOf } from '../shared/actor.ts';
import { type BaseConfig, defineNode, type HubMessage } from '../shared/define-node.ts';
import { deliveryOf } from '../shared/message-order.ts';
import { stableId } from '../shared/stable-id.ts';
import { readProperty } from '../shared/typed-property.ts';

export interface StockAdjustConfig extends BaseConfig {
  /** What is done: goods arrive, units are corrected by a difference, or a count is entered. */
  action: 'receive' | 'correct' | 'set';
  pool: string;
  /** Where received goods are put. */
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
  version: 1,
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
        const answer = await adjust(stock, config, act, lines);
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

function adjust(
  stock: Stock,
  config: StockAdjustConfig,
  act: { pool: string; opKey: string; actor: string; reason?: string },
  lines: unknown[],
): Promise<AdjustAnswer> {
  switch (config.action) {
    case 'correct':
      return stock.correct({ ...act, lines: lines as SkuLine[] });
    case 'set':
      return stock.set({ ...act, lines: lines as CountLine[] });
    default:
      return stock.receive({ ...act, lines: lines as SkuLine[], bucket: config.bucket || 'available' });
  }
}
