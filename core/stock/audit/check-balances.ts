import type { NamedBalance } from '../../store/queries/audit.ts';
import { buckets, holdBuckets } from '../buckets.ts';
import { type AuditFinding, noRepair, type RepairPlan } from './finding.ts';
import type { LedgerTrack } from './ledger-track.ts';

/**
 * Compares balances with what the ledger adds up to; both as they stood at one moment. A bucket that differs is one
 * finding, and a negative one is told as such.
 */
export function checkBalances(rows: readonly NamedBalance[], ledger: LedgerTrack): AuditFinding[] {
  const found: AuditFinding[] = [];
  for (const row of rows) {
    const wrong = buckets.filter(
      (bucket) => row[bucket] !== ledger.unitsIn(row.id, bucket) || row[bucket] < 0,
    );
    const last = ledger.lastOf(row.id);
    const stray = ledger.strayOf(row.id);
    if (wrong.length === 0 && row.last_movement_id === last && stray === 0) continue;
    const name = nameOf(row);
    const place = { pool: row.pool ?? '–', sku: row.sku ?? `#${row.id}` };
    const repair = rebuildOf(row, ledger);
    for (const bucket of wrong) {
      found.push({
        code: row[bucket] < 0 ? 'audit.negative' : 'audit.balance-differs',
        object: `stock:${name}#${bucket}`,
        params: { ...place, bucket, balance: row[bucket], ledger: ledger.unitsIn(row.id, bucket) },
        level: 'wrong',
        repair,
      });
    }
    if (row.last_movement_id !== last) {
      found.push({
        code: 'audit.chain-end',
        object: `stock:${name}#last`,
        params: { ...place, found: row.last_movement_id ?? '–', expected: last ?? '–' },
        level: 'wrong',
        repair,
      });
    }
    if (stray !== 0) {
      found.push({
        code: 'audit.units-without-hold',
        object: `stock:${name}#stray`,
        params: { ...place, units: stray, buckets: holdBuckets.join(', ') },
        level: 'wrong',
        repair: noRepair,
      });
    }
  }
  return found;
}

/** Movements of balances that are not there. */
export function missingBalances(ids: readonly number[], ledger: LedgerTrack): AuditFinding[] {
  return ids.map((id) => ({
    code: 'audit.balance-missing',
    object: `balance:${id}`,
    params: { balance: id, movement: ledger.lastOf(id) },
    level: 'wrong',
    repair: noRepair,
  }));
}

export function nameOf({ id, pool, sku }: Pick<NamedBalance, 'id' | 'pool' | 'sku'>): string {
  return pool === null || sku === null ? `#${id}` : `${pool}/${sku}`;
}

/** The balance as the ledger has it; not where the ledger itself is in doubt. */
function rebuildOf(row: NamedBalance, ledger: LedgerTrack): RepairPlan {
  const units = ledger.unitsOf(row.id);
  if (ledger.isBroken(row.id) || buckets.some((bucket) => units[bucket] < 0)) return noRepair;
  const changed = buckets.filter((bucket) => row[bucket] !== units[bucket]);
  const last = ledger.lastOf(row.id);
  return {
    act: 'rebuild-balance',
    target: { balanceId: row.id },
    before: {
      ...Object.fromEntries(changed.map((bucket) => [bucket, row[bucket]])),
      last_movement_id: row.last_movement_id,
    },
    after: {
      ...Object.fromEntries(changed.map((bucket) => [bucket, units[bucket]])),
      last_movement_id: last,
    },
    units: changed.reduce((sum, bucket) => sum + Math.abs(row[bucket] - units[bucket]), 0),
  };
}
