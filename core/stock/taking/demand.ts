import type { PoolSku } from '../../store/queries/stock.ts';
import type { BundleBook } from '../bundles/bundle-book.ts';
import type { KeyedCommand, ReadyLine } from '../commands.ts';

interface Wanted {
  /** Units that the batch may take. */
  units: number;
  /** Units that must stay, or below which what is left gets scarce. */
  spared: number;
}

/** Units that a batch may take of each SKU, by pool: what tells which rows it needs. */
export class Demand {
  readonly #wanted = new Map<string, Map<string, Wanted>>();
  #size = 0;

  /** Names of a SKU in a pool, each once. */
  get size(): number {
    return this.#size;
  }

  addOf(command: KeyedCommand): void {
    switch (command.kind) {
      case 'release':
      case 'deduct':
        return;
      case 'set':
        // A count may leave anything; whether there is enough cannot be told beforehand.
        for (const { sku } of command.lines) this.#add(command.pool, sku, Number.POSITIVE_INFINITY, 0);
        return;
      case 'receive':
        for (const { sku } of command.lines) this.#add(command.pool, sku, 0, 0);
        return;
      case 'return':
        for (const { sku } of command.lines) this.#add(command.pool, sku, 0, 0);
        return;
      case 'move':
        for (const { sku, quantity } of command.lines)
          this.#add(command.pool, sku, command.from === 'available' ? quantity : 0, 0);
        return;
      case 'transfer':
        for (const { sku, quantity } of command.lines) {
          this.#add(command.pool, sku, quantity, 0);
          this.#add(command.target, sku, 0, 0);
        }
        return;
      case 'correct':
        for (const { sku, quantity } of command.lines)
          this.#add(command.pool, sku, Math.max(0, -quantity), 0);
        return;
      case 'lock': {
        const spared = command.keepBack + (command.scarce?.below ?? 0);
        this.#addLines(command.warehouses?.pools ?? command.pools, command.lines, spared);
        return;
      }
      case 'sale':
        this.#addLines(command.warehouses?.pools ?? [command.pool], command.lines, 0);
        return;
    }
  }

  /** Units that may be wanted of a SKU, with those that must be there besides. */
  of(pool: string, sku: string): number {
    const wanted = this.#wanted.get(pool)?.get(sku);
    return wanted ? wanted.units + wanted.spared : 0;
  }

  names(pool: string, sku: string): boolean {
    return this.#wanted.get(pool)?.has(sku) ?? false;
  }

  /** Pools and SKUs that are named, pool by pool. */
  keys(): PoolSku[] {
    const keys: PoolSku[] = [];
    for (const [pool, skus] of this.#wanted) for (const sku of skus.keys()) keys.push({ pool, sku });
    return keys;
  }

  /** Named SKUs of which a pool has none of these items. */
  missingFrom(items: readonly PoolSku[]): Set<string> {
    const known = new Set(items.map(({ pool, sku }) => `${pool}\0${sku}`));
    const missing = new Set<string>();
    for (const { pool, sku } of this.keys()) if (!known.has(`${pool}\0${sku}`)) missing.add(sku);
    return missing;
  }

  /** Adds what the named bundles take of their components; answers the names that are new by it. */
  explode(bundles: BundleBook): PoolSku[] {
    const before = this.#wanted;
    const named = new Set(this.keys().map(({ pool, sku }) => `${pool}\0${sku}`));
    for (const [pool, skus] of [...before]) {
      for (const [sku, { units, spared }] of [...skus]) {
        if (!bundles.has(sku)) continue;
        for (const part of bundles.explode(sku)) this.#add(pool, part.sku, units * part.perUnit, spared);
      }
    }
    return this.keys().filter(({ pool, sku }) => !named.has(`${pool}\0${sku}`));
  }

  #addLines(pools: readonly string[], lines: readonly ReadyLine[], spared: number): void {
    for (const pool of pools) for (const { sku, quantity } of lines) this.#add(pool, sku, quantity, spared);
  }

  #add(pool: string, sku: string, units: number, spared: number): void {
    let skus = this.#wanted.get(pool);
    if (!skus) {
      skus = new Map();
      this.#wanted.set(pool, skus);
    }
    const wanted = skus.get(sku);
    if (wanted) {
      wanted.units += units;
      wanted.spared = Math.max(wanted.spared, spared);
      return;
    }
    skus.set(sku, { units, spared });
    this.#size += 1;
  }
}
