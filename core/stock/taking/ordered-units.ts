import type { Hold } from '../ledger.ts';

/** The SKU that the line of a hold ordered: of a component the bundle. */
export function orderedSku({ row }: Hold): string {
  return row.bundle ?? row.sku;
}

/** Holds that stand and fall together: one, or those on all components of a line's bundle in one pool. */
export interface Lot {
  lineId: string;
  /** The SKU that was ordered. */
  sku: string;
  pool: string;
  holds: Hold[];
}

/** Holds of an order by lot, oldest first. */
export function lotsOf(holds: Iterable<Hold>): Lot[] {
  const lots: Lot[] = [];
  let bundles: Map<string, Lot> | undefined;
  for (const hold of holds) {
    const { line_id: lineId, pool, bundle } = hold.row;
    const lot: Lot = { lineId, sku: orderedSku(hold), pool, holds: [hold] };
    if (bundle !== null) {
      bundles ??= new Map();
      const name = `${lineId}\0${pool}\0${bundle}`;
      const known = bundles.get(name);
      if (known) {
        known.holds.push(hold);
        continue;
      }
      bundles.set(name, lot);
    }
    lots.push(lot);
  }
  return lots;
}

/** Whole ordered units that a lot still holds. */
export function unitsLeft({ holds }: Lot): number {
  let units = Number.POSITIVE_INFINITY;
  for (const { row } of holds) units = Math.min(units, Math.floor(row.remaining / row.per_unit));
  return units;
}

/** Whole ordered units that a lot was opened with. */
export function unitsOpened({ holds }: Lot): number {
  let units = Number.POSITIVE_INFINITY;
  for (const { row } of holds) units = Math.min(units, row.quantity / row.per_unit);
  return units;
}

/** Ordered units of a line that these holds of it have left. */
export function orderedUnits(holds: readonly Hold[]): number {
  if (holds.length === 1) return Math.floor(holds[0]!.row.remaining / holds[0]!.row.per_unit);
  let units = 0;
  for (const lot of lotsOf(holds)) units += unitsLeft(lot);
  return units;
}
