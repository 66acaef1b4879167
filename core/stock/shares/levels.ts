import type { Kysely } from 'kysely';
import { bundleRows } from '../../store/queries/bundles.ts';
import { unitsInPools } from '../../store/queries/shares.ts';
import type { Database } from '../../store/schema.ts';
import { BundleBook } from '../bundles/bundle-book.ts';
import type { SharePolicy } from './policy.ts';

/** What may be shared out of one SKU. */
export interface SharedLevel {
  /** Units free for sale in all pools of the policy. */
  available: number;
  /** The policy that applies: a bundle's buffer is kept of its components. */
  policy: SharePolicy;
  /** The SKUs whose stock it is: itself, or its components. */
  parts: readonly string[];
}

/** What is available of each SKU now; those that are neither in a pool of the policy nor a bundle are absent. */
export async function levelsOf(
  db: Kysely<Database>,
  skus: readonly string[],
  policy: SharePolicy,
  now: number,
): Promise<Map<string, SharedLevel>> {
  const { pools, buffer } = policy;
  const book = new BundleBook(await bundleRows(db, skus));
  const all = new Set(skus.flatMap((sku) => book.explode(sku).map((part) => part.sku)));
  const units = await unitsInPools(db, { skus: [...all, ...skus], pools, now });
  const levels = new Map<string, SharedLevel>();
  const ofBundle = { ...policy, buffer: 0 };
  for (const sku of skus) {
    if (!book.has(sku)) {
      const available = units.get(sku);
      if (available !== undefined) levels.set(sku, { available, policy, parts: [sku] });
      continue;
    }
    const components = book.explode(sku);
    if (!components.some((part) => units.has(part.sku))) continue;
    const whole = components.map((part) =>
      Math.floor(Math.max(0, (units.get(part.sku) ?? 0) - buffer) / part.perUnit),
    );
    const parts = components.map((part) => part.sku);
    levels.set(sku, { available: Math.min(...whole), policy: ofBundle, parts });
  }
  return levels;
}
