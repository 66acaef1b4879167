import { HubError } from '../../core/errors.ts';
import type { LockLine } from '../../core/stock/stock.ts';
import { actorOf } from '../shared/actor.ts';
import { type BaseConfig, defineNode } from '../shared/define-node.ts';
import { orderOf, orderOpKey } from '../shared/message-order.ts';
import { numberIn } from '../shared/number-field.ts';
import { readProperty } from '../shared/typed-property.ts';

export interface StockLockConfig extends BaseConfig {
  pool: string;
  /** Where the lines to lock are read: a list of {lineId, sku, quantity}. */
  lines: string;
  linesType: string;
  scenario: string;
  bucket: 'committed' | 'held' | 'presale';
  /** Minutes after which the hold lapses by itself; empty for never. */
  minutes: string | number;
  partial: 'all-or-none' | 'what-there-is';
}

export default defineNode<StockLockConfig>({
  type: 'stock-lock',
  version: 1,
  usesHub: true,
  setup({ RED, node, config, hub, status }) {
    const ttlMs = timeLimit(config.minutes);
    let locked = 0;
    return {
      async input(message, send) {
        const { stock } = await hub.ready();
        const order = orderOf(message);
        const lines = await readProperty(
          RED,
          node,
          { value: config.lines || 'payload.lines', type: config.linesType || 'msg' },
          message,
          'lines',
        );
        const pool = config.pool || 'main';
        const answer = await stock.lock({
          pool,
          opKey: orderOpKey(message, node, { act: 'lock', orderKey: order.key, pool }),
          actor: actorOf(message, node.id),
          orderKey: order.key,
          scenario: config.scenario || 'normal',
          bucket: config.bucket || 'committed',
          ttlMs,
          partial: config.partial || 'all-or-none',
          lines: lines as LockLine[],
        });
        message.stock = answer;
        if (answer.state === 'locked') {
          locked += 1;
          status.ok(locked);
          send([message, null]);
        } else {
          status.refused(`stock-lock.status.${answer.state}`);
          send([null, message]);
        }
      },
    };
  },
});

/** Milliseconds of a time limit given in minutes; null for none. */
function timeLimit(minutes: string | number): number | null {
  const value = numberIn(minutes);
  if (value === undefined) return null;
  if (!Number.isFinite(value) || value <= 0)
    throw new HubError('stock.bad-time-limit', { value: String(minutes) });
  return Math.round(value * 60_000);
}
