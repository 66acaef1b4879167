import type { Kysely } from 'kysely';
import { keptSkus, openedAt, orderDetails } from '../../store/queries/audit.ts';
import type { Database } from '../../store/schema.ts';
import type { Suspicion } from './check-orders.ts';
import { type AuditFinding, noRepair, type RepairPlan } from './finding.ts';
import { type PolicyWants, policyWants } from './policy-wants.ts';
import type { AuditSettings } from './settings.ts';

/** Refund of one line as the canonical order has it. */
interface DocumentLine {
  lineId: string;
  refundStatus?: string;
}

/**
 * Of what looks wrong about orders, what is: an order that just changed is given the time its flow needs, a
 * refunded line needs no stock, a SKU that no pool knows is none of the hub's, and a stock policy that is applied says
 * whether a line is to be covered at all.
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
  const wanted = await wantsOf(db, suspicions, details, now, settings);
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
    const wants = wanted.get(orderKey);
    if (!wants) return [{ ...finding, repair: lockIn(finding.repair, pools) }];
    const units = wants.units.get(unless.lineId ?? '') ?? 0;
    return units > Number(finding.params.locked)
      ? [{ ...finding, repair: lockAs(finding.repair, wants) }]
      : [];
  });
}

/** What the policies that are applied want of the orders whose lines look uncovered. */
async function wantsOf(
  db: Kysely<Database>,
  suspicions: readonly Suspicion[],
  details: ReadonlyMap<string, { scenario: string }>,
  now: number,
  { policies }: AuditSettings,
): Promise<Map<string, PolicyWants>> {
  const wanted = new Map<string, PolicyWants>();
  if (policies.length === 0) return wanted;
  for (const { unless, orderKey } of suspicions) {
    const row = details.get(orderKey);
    if (!row || wanted.has(orderKey) || !(unless && 'sku' in unless)) continue;
    const wants = await policyWants(db, { orderKey, scenario: row.scenario, now }, policies);
    if (wants) wanted.set(orderKey, wants);
  }
  return wanted;
}

/** The lock that the policy would make. */
function lockAs({ before, target }: RepairPlan, { pool, bucket, units }: PolicyWants): RepairPlan {
  const sum = [...units.values()].reduce((all, one) => all + one, 0);
  const after = { ...Object.fromEntries(units), bucket };
  return { act: 'lock', target: { ...target, pool }, before, after, units: sum };
}

function refunded(document: string, lineId: string | undefined): boolean {
  const { lines } = JSON.parse(document) as { lines?: DocumentLine[] };
  return lines?.some((line) => line.lineId === lineId && line.refundStatus === 'full') ?? false;
}

/** A lock of an order that holds nothing yet is only clear when one pool knows the SKU. */
function lockIn(repair: RepairPlan, pools: readonly string[]): RepairPlan {
  if (repair.act !== 'lock' || repair.target.pool !== undefined) return repair;
  if (pools.length !== 1) return noRepair;
  return { ...repair, target: { ...repair.target, pool: pools[0]! } };
}
