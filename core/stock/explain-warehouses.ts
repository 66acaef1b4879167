import { type Language, sentence } from '../message.ts';
import type { BundleLevel, ComponentLevel } from './bundles/availability.ts';
import { explainBundle } from './bundles/availability.ts';
import './messages.ts';
import type { PolicyWarehouses, StockPolicy } from './policy/rule.ts';

/** What one of the warehouses behind a pool has of a SKU. */
export interface WarehouseLevel {
  pool: string;
  /** Units, or whole bundles, free for sale. */
  available: number;
  /** Units physically there; absent for a bundle, which is made of others. */
  onHand?: number;
  /** Of a bundle: what limits it. */
  components?: readonly ComponentLevel[];
  /** Why there are so many. */
  sentences: readonly string[];
}

/** The warehouses that a policy takes the units of a pool from; undefined when a pool stands for itself. */
export function warehousesBehind(
  policies: readonly StockPolicy[],
  pool: string,
): PolicyWarehouses | undefined {
  const found = policies.find((policy) => policy.pool === pool && (policy.warehouses?.pools.length ?? 0) > 0);
  return found?.warehouses;
}

/** A bundle as a warehouse has it. */
export function bundleInWarehouse(level: BundleLevel, language?: Language): WarehouseLevel {
  const { pool, available, components } = level;
  return { pool, available, components, sentences: [explainBundle(level, language)] };
}

/** The sum over the warehouses behind a pool, and the sentence that says it. */
export function explainWarehouses(
  { pool, sku, split }: { pool: string; sku: string; split: boolean },
  levels: readonly WarehouseLevel[],
  language?: Language,
): { available: number; sentences: string[] } {
  const available = levels.reduce((sum, level) => sum + level.available, 0);
  const most = Math.max(0, ...levels.map((level) => level.available));
  const each = levels
    .map((level) => `${level.pool} ${level.available}`)
    .join(language === 'zh-CN' ? '，' : ', ');
  const params = { pool, sku, available, count: levels.length, warehouses: each, most };
  // Who may not split gives one order no more than one warehouse has.
  const code = split || most === available ? 'stock.explain-warehouses' : 'stock.explain-one-warehouse';
  return {
    available,
    sentences: [sentence(code, params, language), ...levels.flatMap((level) => level.sentences)],
  };
}
