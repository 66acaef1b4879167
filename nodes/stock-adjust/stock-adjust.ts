import type { ReceiveBucket } from '../../core/stock/buckets.ts';
import type { AdjustAnswer, CountLine, SkuLine, Stock } from '../../core/stock/stock.ts';
import { actorOf } from '../shared/actor.ts';
import { type BaseConfig, defineNode } from '../shared/define-node.ts';
import { readProperty } from '../shared/typed-property.ts';

export interface StockAdjustConfig extends BaseConfig {
  /** What is done: goods arrive, units are corrected by a difference, or a count is entered. */
  action: 'receive' | 'correct' | 'set';
  pool: string;
  /** Where received goods are put. */
  bucket: ReceiveBucket;
  lines: string;
  linesType: string;
  /** What makes the act happen once. */
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
    const read = (field: 'lines' | 'once' | 'reason', usual: string, usualType: string) => {
      const value = config[field] || usual;
      return { value, type: config[`${field}Type`] || usualType };
    };
    return {
      async input(message, send) {
        const { stock } = await hub.ready();
        const value = await readProperty(RED, node, read('lines', 'payload', 'msg'), message, 'lines');
        const once = await readProperty(RED, node, read('once', '_msgid', 'msg'), message, 'once');
        const reason = await readProperty(RED, node, read('reason', 'reason', 'msg'), message, 'reason');
        const act = {
          pool: config.pool || 'main',
          opKey: `adjust|${config.action}|${String(once)}`,
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
