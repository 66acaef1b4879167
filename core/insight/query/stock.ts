import { HubError } from '../../errors.ts';
import { explain } from '../../stock/explain.ts';
import { skuFacts, stockLevels } from '../../store/queries/stock.ts';
import { type Asking, isoTime } from './asking.ts';
import { type Asked, cursorFrom, cursorOf, limitOf, requiredText, textOf } from './parameters.ts';

/** Stock by pool and SKU: `sku`, `pool`, `limit`, `after`. */
export async function askStock(asked: Asked, { hub }: Asking) {
  const limit = limitOf(asked);
  const place = cursorOf(asked, ['string', 'string']);
  const levels = await stockLevels(hub.store.read, {
    sku: textOf(asked, 'sku'),
    pool: textOf(asked, 'pool'),
    ...(place && { after: { pool: place[0], sku: place[1] } }),
    limit,
    now: hub.store.now(),
  });
  const last = levels.at(-1);
  return {
    stock: levels.map((level) => ({ ...level, updatedAt: isoTime(level.updatedAt) })),
    next: last && levels.length === limit ? cursorFrom(last.pool, last.sku) : null,
  };
}

/**
 * Why a number is what it is: `sku`, `pool` (main when absent), `limit` of the movements and holds shown.
 *
 * @throws HubError query.missing, query.no-sku
 */
export async function askExplain(asked: Asked, { hub, language }: Asking) {
  const sku = requiredText(asked, 'sku');
  const pool = textOf(asked, 'pool') ?? 'main';
  const limit = limitOf(asked, 'limit', 200);
  const facts = await skuFacts(hub.store.read, { pool, sku, limit, now: hub.store.now() });
  if (!facts.level) throw new HubError('query.no-sku', { sku, pool });
  return {
    ...explain(facts, language),
    level: { ...facts.level, updatedAt: isoTime(facts.level.updatedAt) },
    movements: facts.movements.map((row) => ({
      id: row.id,
      from: row.from_bucket,
      to: row.to_bucket,
      quantity: row.quantity,
      reason: row.reason,
      orderKey: row.order_key,
      lineId: row.line_id,
      holdId: row.hold_id,
      opKey: row.op_key,
      actor: row.actor,
      at: isoTime(row.at),
    })),
    holds: facts.holds.map((row) => ({
      id: row.id,
      orderKey: row.order_key,
      lineId: row.line_id,
      remaining: row.remaining,
      bucket: row.bucket,
      scenario: row.scenario,
      deadline: isoTime(row.deadline),
      createdAt: isoTime(row.created_at),
    })),
  };
}
