import type { ReadySkuLine } from './commands.ts';

/** What lines ask of each SKU together, in the order in which they name them. */
export function unitsBySku(lines: readonly ReadySkuLine[]): Map<string, number> {
  const units = new Map<string, number>();
  for (const { sku, quantity } of lines) units.set(sku, (units.get(sku) ?? 0) + quantity);
  return units;
}
