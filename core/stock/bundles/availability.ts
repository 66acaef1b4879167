import type { Language } from '../../message.ts';
import { sentence } from '../../message.ts';
import type { BundleBook } from './bundle-book.ts';
import './messages.ts';

/** What a bundle takes of one SKU with stock of its own, and how many bundles that is enough for. */
export interface ComponentLevel {
  sku: string;
  /** Units in one bundle. */
  perUnit: number;
  /** Units free for sale. */
  available: number;
  /** Whole bundles that these units are enough for. */
  bundles: number;
}

/** How many of a bundle a pool can make. */
export interface BundleLevel {
  pool: string;
  sku: string;
  /** Whole bundles: as many as the scarcest component allows. */
  available: number;
  components: ComponentLevel[];
}

/**
 * Availability of a bundle by pool: the minimum over its components of floor(available / units in one bundle).
 * Pools that know none of its components are left out.
 */
export function bundleLevels(
  book: BundleBook,
  bundle: string,
  levels: readonly { pool: string; sku: string; available: number }[],
): BundleLevel[] {
  const parts = book.explode(bundle);
  const pools = [...new Set(levels.map((level) => level.pool))].sort();
  return pools.map((pool) => {
    const components = parts.map(({ sku, perUnit }) => {
      const level = levels.find((one) => one.pool === pool && one.sku === sku);
      const available = level?.available ?? 0;
      return { sku, perUnit, available, bundles: Math.floor(available / perUnit) };
    });
    const available = Math.min(...components.map(({ bundles }) => bundles));
    return { pool, sku: bundle, available, components };
  });
}

/** Why there are so many of a bundle, in a sentence. */
export function explainBundle(
  { pool, sku, available, components }: BundleLevel,
  language?: Language,
): string {
  const scarcest = components.find(({ bundles }) => bundles === available);
  const each = components.map((component) => sentence('stock.explain-component', { ...component }, language));
  const params = { pool, sku, available, component: scarcest?.sku ?? '–', components: each.join(' ') };
  return sentence('stock.explain-bundle', params, language);
}
