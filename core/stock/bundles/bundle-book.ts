import type { Row } from '../../store/schema.ts';

/** Units of one SKU that one ordered unit takes. */
export interface Part {
  sku: string;
  perUnit: number;
}

/** The most levels of bundles within bundles. */
export const mostLevels = 5;

/** What bundles are made of, as it was read for a batch: of each that may be asked for, every level. */
export class BundleBook {
  readonly #components = new Map<string, Part[]>();
  readonly #exploded = new Map<string, readonly Part[]>();

  constructor(rows: readonly Pick<Row<'bundle_components'>, 'bundle' | 'sku' | 'quantity'>[]) {
    for (const { bundle, sku, quantity } of rows) {
      const parts = this.#components.get(bundle);
      if (parts) parts.push({ sku, perUnit: quantity });
      else this.#components.set(bundle, [{ sku, perUnit: quantity }]);
    }
  }

  get empty(): boolean {
    return this.#components.size === 0;
  }

  has(sku: string): boolean {
    return this.#components.has(sku);
  }

  /** One level of a bundle. */
  components(bundle: string): readonly Part[] {
    return this.#components.get(bundle) ?? [];
  }

  /** Levels of bundles in a SKU: 0 for one that is no bundle. */
  levels(sku: string): number {
    return this.#levels(sku, 0);
  }

  /** The SKUs with stock of their own in one bundle, each once and in the order of their names. */
  explode(bundle: string): readonly Part[] {
    let parts = this.#exploded.get(bundle);
    if (!parts) {
      const units = new Map<string, number>();
      this.#add(bundle, 1, units, 0);
      parts = [...units].map(([sku, perUnit]) => ({ sku, perUnit })).sort((a, b) => (a.sku < b.sku ? -1 : 1));
      this.#exploded.set(bundle, parts);
    }
    return parts;
  }

  #add(sku: string, times: number, units: Map<string, number>, depth: number): void {
    const components = this.#components.get(sku);
    if (!components) {
      units.set(sku, (units.get(sku) ?? 0) + times);
      return;
    }
    this.#bound(sku, depth);
    for (const part of components) this.#add(part.sku, times * part.perUnit, units, depth + 1);
  }

  #levels(sku: string, depth: number): number {
    this.#bound(sku, depth);
    let deepest = 0;
    const components = this.#components.get(sku);
    for (const part of components ?? []) deepest = Math.max(deepest, this.#levels(part.sku, depth + 1));
    return components ? deepest + 1 : 0;
  }

  /** Definitions are refused before they get so deep; rows that were changed by hand must not run on for ever. */
  #bound(sku: string, depth: number): void {
    if (depth > 2 * mostLevels) throw new Error(`The bundle ${sku} contains itself or is too deep`);
  }
}
