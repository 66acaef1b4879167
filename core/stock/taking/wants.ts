import type { Batch } from '../batch.ts';
import type { Part } from '../bundles/bundle-book.ts';
import type { ReadyLine } from '../commands.ts';
import type { Hold } from '../ledger.ts';
import { refuse, type Told } from '../refusals.ts';

/** A line and what one unit of it takes of SKUs with stock of their own. */
export interface Want {
  line: ReadyLine;
  parts: readonly Part[];
  /** Whether it is a bundle. */
  bundle: boolean;
}

/** The open holds of an order, by line. */
export type OwnHolds = ReadonlyMap<string, readonly Hold[]>;

/**
 * What the lines of a command take, bundles exploded. A line that holds units of a bundle goes on taking what that was
 * made of when it was locked, whatever the bundle is made of now.
 *
 * @param pools where units may come from
 * @param pool what the caller calls them
 * @param unknown filled with a refusal for every SKU that none of the pools knows
 */
export function wantsOf(
  batch: Batch,
  lines: readonly ReadyLine[],
  pools: readonly string[],
  pool: string,
  own: OwnHolds | undefined,
  unknown: Told[],
): Want[] {
  const wants: Want[] = [];
  const missing = (sku: string): void => {
    if (!unknown.some((told) => told.refusal.params.sku === sku))
      unknown.push(refuse('stock.unknown-sku', { sku, pool }));
  };
  for (const line of lines) {
    const { sku } = line;
    const frozen = own && partsHeld(own.get(line.lineId), sku);
    if (frozen) {
      wants.push({ line, parts: frozen, bundle: true });
      continue;
    }
    if (!batch.isBundle(pools, sku)) {
      // What the line holds elsewhere, in the pool itself, it may keep though no warehouse knows it.
      const holds = own?.get(line.lineId)?.some(({ row }) => row.sku === sku);
      if (holds || isKnown(batch, pools, sku))
        wants.push({ line, parts: [{ sku, perUnit: 1 }], bundle: false });
      else missing(sku);
      continue;
    }
    const parts = batch.bundles.explode(sku);
    const unheard = parts.filter((part) => !isKnown(batch, pools, part.sku));
    for (const part of unheard) missing(part.sku);
    if (unheard.length === 0) wants.push({ line, parts, bundle: true });
  }
  return wants;
}

function isKnown(batch: Batch, pools: readonly string[], sku: string): boolean {
  for (const pool of pools) if (batch.ledger.balance(pool, sku)) return true;
  return false;
}

/** What one unit of a bundle that a line holds was made of; undefined when it holds none. */
function partsHeld(holds: readonly Hold[] | undefined, bundle: string): readonly Part[] | undefined {
  let parts: Map<string, number> | undefined;
  for (const { row } of holds ?? []) {
    if (row.bundle !== bundle) continue;
    parts ??= new Map();
    parts.set(row.sku, row.per_unit);
  }
  return parts && [...parts].map(([sku, perUnit]) => ({ sku, perUnit }));
}
