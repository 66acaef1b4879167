import type { PolicyWarehouses } from './rule.ts';

/**
 * Which of the names of a receiver's place the warehouses' regions are compared with: the one that fits any of them
 * best, for a shop may write provinces (浙江), codes (CN-33) or countries (US).
 */
export function regionFor(
  places: readonly string[],
  { pools }: Pick<PolicyWarehouses, 'pools'>,
): string | undefined {
  let best = places[0];
  let longest = 0;
  for (const place of places) {
    for (const { regions } of pools) {
      for (const region of regions) {
        if (region.length <= longest || !place.startsWith(region)) continue;
        longest = region.length;
        best = place;
      }
    }
  }
  return best;
}
