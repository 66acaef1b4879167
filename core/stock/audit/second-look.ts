import type { Kysely } from 'kysely';
import { keptSkus, openedAt, orderDetails } from '../../store/queries/audit.ts';
import type { Database } from '../../store/schema.ts';
import type { Suspicion } from './check-orders.ts';
import { type AuditFinding, noRepair } from './finding.ts';
import type { AuditSettings } from './settings.ts';

/** Refund of one line as the canonical order has it. */
interface DocumentLine {
  lineId: string;
  refundStatus?: string;
}

/**
 * Of what looks wrong about orders, what is: an order that just changed is given the time its flow needs, a
 * refunded line needs no stock, and a SKU that no pool knows is none of the hub's.
 */
export async function confirmed(
  db: Kysely<Database>,
  suspicions: readonly Suspicion[],
  now: number,
  settings: AuditSettings,
): Promise<AuditFinding[]> {
  if (suspicions.length === 0) return [];
  const changed = suspicions.filter(({ unless }) => unless && 'changed' in unless);
  const details = new Map(
    changed.length === 0
      ? []
      : (await orderDetails(db, [...new Set(changed.map(({ orderKey }) => orderKey))])).map((row) => [
          row.key,
          row,
        ]),
  );
  const skus = new Set<string>();
  const holds: number[] = [];
  for (const { unless } of suspicions) {
    if (unless && 'sku' in unless && unless.sku !== undefined) skus.add(unless.sku);
    if (unless && 'holds' in unless) holds.push(...unless.holds);
  }
  const kept = await keptSkus(db, [...skus]);
  const opened = await openedAt(db, holds);
  return suspicions.flatMap((suspicion): AuditFinding[] => {
    const { unless, orderKey, ...finding } = suspicion;
    if (!unless) return [finding];
    if ('holds' in unless)
      return unless.holds.every((id) => (opened.get(id) ?? 0) <= unless.openedBefore) ? [finding] : [];
    const row = details.get(orderKey);
    if (!row || row.updated_at > now - settings.graceMs) return [];
    if (unless.sku === undefined) return [finding];
    const pools = kept.get(unless.sku);
    if (!pools || refunded(row.document, unless.lineId)) return [];
    return [{ ...finding, repair: lockIn(finding.repair, pools) }];
  });
}

function refunded(document: string, lineId: string | undefined): boolean {
  const { lines } = JSON.parse(document) as { lines?: DocumentLine[] };
  return lines?.some((line) => line.lineId === lineId && line.refundStatus === 'full') ?? false;
}

/** A lock of an order that holds nothing yet is only clear when one pool knows the SKU. */
function lockIn(repair: AuditFinding['repair'], pools: readonly string[]): AuditFinding['repair'] {
  if (repair.act !== 'lock' || repair.target.pool !== undefined) return repair;
  if (pools.length !== 1) return noRepair;
  return { ...repair, target: { ...repair.target, pool: pools[0]! } };
}
