import { HubError } from '../../core/errors.ts';
import type { LockAnswer, LockLine } from '../../core/stock/stock.ts';
import { actorOf } from '../shared/actor.ts';
import { type BaseConfig, defineNode } from '../shared/define-node.ts';
import { orderOf, orderOpKey } from '../shared/message-order.ts';
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
        const wanted = withoutCancelled(lines);
        const answer = allCancelled(lines, wanted)
          ? nothingToLock()
          : await stock.lock({
              pool,
              opKey: orderOpKey(message, node, { act: 'lock', orderKey: order.key, pool }),
              actor: actorOf(message, node.id),
              orderKey: order.key,
              scenario: config.scenario || 'normal',
              bucket: config.bucket || 'committed',
              ttlMs,
              partial: config.partial || 'all-or-none',
              lines: wanted as LockLine[],
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

/** The lines that still want units: an order keeps its cancelled lines, with a quantity of 0. */
function withoutCancelled(lines: unknown): unknown {
  if (!Array.isArray(lines)) return lines;
  return lines.filter(
    (line: { quantity?: unknown } | null) => line?.quantity !== 0 && line?.quantity !== '0',
  );
}

/** Whether there were lines and none is left; no lines at all are a mistake, which the stock names. */
function allCancelled(lines: unknown, wanted: unknown): boolean {
  return Array.isArray(lines) && lines.length > 0 && Array.isArray(wanted) && wanted.length === 0;
}

/** The answer for an order with nothing left to lock: all that it wants is locked. */
function nothingToLock(): LockAnswer {
  return { state: 'locked', lines: [], holds: [], refusals: [], replayed: false };
}

/** Milliseconds of a time limit given in minutes; null for none. */
function timeLimit(minutes: string | number): number | null {
  if (minutes === '' || minutes === undefined || minutes === null) return null;
  const value = Number(minutes);
  if (!Number.isFinite(value) || value <= 0)
    throw new HubError('stock.bad-time-limit', { value: String(minutes) });
  return Math.round(value * 60_000);
}
