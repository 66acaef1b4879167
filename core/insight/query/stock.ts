import { HubError } from '../../errors.ts';
import { sentence } from '../../message.ts';
import { type BundleLevel, explainBundle } from '../../stock/bundles/availability.ts';
import { type Disagreement, explain } from '../../stock/explain.ts';
import {
  bundleInWarehouse,
  explainWarehouses,
  type WarehouseLevel,
  warehousesBehind,
} from '../../stock/explain-warehouses.ts';
import { unknownSkusOf } from '../../stock/unknown-skus.ts';
import { bundlesOf } from '../../store/queries/shares.ts';
import { type StockLevel, skuFacts, stockLevels } from '../../store/queries/stock.ts';
import { type Asking, isoTime } from './asking.ts';
import { levelsOfBundle } from './bundles.ts';
import { type Asked, cursorFrom, cursorOf, limitOf, requiredText, textOf } from './parameters.ts';

interface ShownLevel extends Omit<StockLevel, 'updatedAt'> {
  updatedAt: string | null;
}

/**
 * Stock by pool and SKU: `sku`, `pool`, `limit`, `after`. A bundle is answered with what its components allow; a SKU
 * that was not found a moment ago is not looked for again.
 */
export async function askStock(
  asked: Asked,
  asking: Asking,
): Promise<{ stock: (ShownLevel | BundleLevel)[]; next: string | null }> {
  const { hub } = asking;
  const limit = limitOf(asked);
  const place = cursorOf(asked, ['string', 'string']);
  const sku = textOf(asked, 'sku');
  const pool = textOf(asked, 'pool');
  const unknown = unknownSkusOf(hub.store);
  const { epoch } = unknown;
  if (sku !== undefined && unknown.has(pool ?? null, sku)) return { stock: [], next: null };
  const levels = await stockLevels(hub.store.read, {
    sku,
    pool,
    ...(place && { after: { pool: place[0], sku: place[1] } }),
    limit,
    now: hub.store.now(),
  });
  if (sku !== undefined && !place && levels.every((level) => level.onHand + level.inbound === 0)) {
    const bundle = await levelsOfBundle(asking, sku, pool);
    if (bundle) return { stock: bundle, next: null };
    if (levels.length === 0) unknown.add(pool ?? null, sku, epoch);
  }
  const last = levels.at(-1);
  return {
    stock: levels.map((level) => ({ ...level, updatedAt: isoTime(level.updatedAt) })),
    next: last && levels.length === limit ? cursorFrom(last.pool, last.sku) : null,
  };
}

/**
 * Why a number is what it is: `sku`, `pool` (main when absent), `limit` of the movements and holds shown. Of a pool with
 * warehouses behind it, each of them by its number and what stands behind that.
 *
 * @throws HubError query.missing, query.no-sku
 */
export async function askExplain(asked: Asked, asking: Asking) {
  const sku = requiredText(asked, 'sku');
  const pool = textOf(asked, 'pool') ?? 'main';
  const limit = limitOf(asked, 'limit', 200);
  const behind = await askWarehouses({ pool, sku, limit }, asking);
  if (behind) return behind;
  return await explainIn({ pool, sku, limit }, asking);
}

interface Explained {
  pool: string;
  sku: string;
  /** Movements and holds shown. */
  limit: number;
}

/** The warehouses that the units of a pool are taken from, each with its number and why; undefined without any. */
async function askWarehouses({ pool, sku, limit }: Explained, asking: Asking) {
  const { hub, language } = asking;
  const behind = warehousesBehind(await hub.policies.inForce(), pool);
  if (!behind) return undefined;
  const bundles = await levelsOfBundle(asking, sku, undefined);
  const levels: WarehouseLevel[] = [];
  const disagreements: Disagreement[] = [];
  for (const warehouse of behind.pools) {
    const facts = await skuFacts(hub.store.read, { pool: warehouse.pool, sku, limit, now: hub.store.now() });
    const bundle = bundles?.find((level) => level.pool === warehouse.pool);
    if (facts.level && (facts.level.onHand + facts.level.inbound > 0 || !bundle)) {
      const { available, onHand } = facts.level;
      const { sentences, disagreements: found } = explain(facts, language);
      levels.push({ pool: warehouse.pool, available, onHand, sentences });
      disagreements.push(...found);
    } else if (bundle) levels.push(bundleInWarehouse(bundle, language));
  }
  if (levels.length === 0) return undefined;
  return {
    pool,
    sku,
    ...explainWarehouses({ pool, sku, split: behind.split }, levels, language),
    warehouses: levels,
    addsUp: disagreements.length === 0,
    disagreements,
  };
}

async function explainIn({ pool, sku, limit }: Explained, asking: Asking) {
  const { hub, language } = asking;
  const facts = await skuFacts(hub.store.read, { pool, sku, limit, now: hub.store.now() });
  if (!facts.level || facts.level.onHand + facts.level.inbound === 0) {
    const bundle = (await levelsOfBundle(asking, sku, pool))?.find((level) => level.pool === pool);
    if (bundle) return { ...bundle, addsUp: true, sentences: [explainBundle(bundle, language)] };
  }
  if (!facts.level) throw new HubError('query.no-sku', { sku, pool });
  const explained = explain(facts, language);
  const sold = await bundlesOf(hub.store.read, [sku]);
  if (sold.length > 0) {
    const partOf = sentence('stock.explain-part-of', { sku, bundles: sold.sort().join(', ') }, language);
    explained.sentences.splice(1, 0, partOf);
  }
  return {
    ...explained,
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
