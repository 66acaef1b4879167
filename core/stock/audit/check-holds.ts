import type { AuditedHold } from '../../store/queries/audit.ts';
import { type AuditFinding, noRepair, type RepairPlan } from './finding.ts';
import type { LedgerTrack } from './ledger-track.ts';

/** Compares holds with their own state and with the movements behind them; both as they stood at one moment. */
export function checkHolds(holds: readonly AuditedHold[], ledger: LedgerTrack): AuditFinding[] {
  const found: AuditFinding[] = [];
  for (const hold of holds) {
    const units = ledger.heldBy(hold.id);
    const open = hold.state === 'open';
    if (hold.remaining === units && open === units > 0 && hold.remaining <= hold.quantity) {
      const bucket = ledger.bucketOf(hold.id);
      if (bucket === undefined || bucket === hold.bucket) continue;
      found.push(differing('audit.hold-bucket', hold, { bucket: hold.bucket, ledger: bucket }));
      continue;
    }
    const params = { state: hold.state, quantity: hold.quantity, remaining: hold.remaining, ledger: units };
    const code = hold.remaining === units ? 'audit.hold-state' : 'audit.hold-differs';
    found.push({ ...differing(code, hold, params), repair: rebuildOf(hold, units, ledger) });
  }
  return found;
}

/** Holds that the ledger tells of and that have no row. */
export function missingHolds(
  rows: readonly { id: number; order_key: string | null; balance_id: number }[],
  ledger: LedgerTrack,
): AuditFinding[] {
  return rows.map(({ id, order_key }) => ({
    code: 'audit.hold-missing',
    object: `hold:${order_key ?? '–'}#${id}`,
    params: { hold: id, orderKey: order_key, units: ledger.heldBy(id) },
    level: 'wrong',
    repair: noRepair,
  }));
}

function differing(code: string, hold: AuditedHold, params: AuditFinding['params']): AuditFinding {
  return {
    code,
    object: `hold:${hold.order_key}#${hold.id}`,
    params: {
      hold: hold.id,
      orderKey: hold.order_key,
      line: hold.line_id,
      pool: hold.pool ?? '–',
      sku: hold.sku ?? `#${hold.balance_id}`,
      ...params,
    },
    level: 'wrong',
    repair: noRepair,
  };
}

/** The hold as its movements have it; not where these say what cannot be. */
function rebuildOf(hold: AuditedHold, units: number, ledger: LedgerTrack): RepairPlan {
  if (units < 0 || units > hold.quantity || ledger.isBroken(hold.balance_id)) return noRepair;
  return {
    act: 'rebuild-hold',
    target: { orderKey: hold.order_key, holdId: hold.id, balanceId: hold.balance_id },
    before: { remaining: hold.remaining, state: hold.state },
    // How a hold ended stands in its last movement, which is looked up when it is repaired.
    after: { remaining: units, state: units > 0 ? 'open' : hold.state === 'open' ? 'released' : hold.state },
    units: Math.abs(hold.remaining - units),
  };
}
