import type { AuditReport } from '../../stock/audit/auditor.ts';
import { findingFrom } from '../../stock/audit/record.ts';
import { tellFinding, tellRepair } from '../../stock/audit/tell.ts';
import { clearedFindings, findingCounts, lastRound, openFindings } from '../../store/queries/audit.ts';
import type { Row } from '../../store/schema.ts';
import { type Asking, isoTime } from './asking.ts';
import { type Asked, choiceOf, idOf, limitOf } from './parameters.ts';

/**
 * What the stock audit found: `state` (open when absent, or cleared), `limit`, `after` (an id; open ones only), how
 * many there are of each kind, and the last round.
 */
export async function askAudit(asked: Asked, { hub, language }: Pick<Asking, 'hub' | 'language'>) {
  const db = hub.store.read;
  const limit = limitOf(asked);
  const after = idOf(asked, 'after');
  const state = choiceOf(asked, 'state', ['open', 'cleared']) ?? 'open';
  const [rows, counts, round] = await Promise.all([
    state === 'open'
      ? openFindings(db, { limit, ...(after !== undefined && { after }) })
      : clearedFindings(db, limit),
    findingCounts(db),
    lastRound(db),
  ]);
  return {
    findings: rows.map((row) => toldFinding(row, language)),
    next: state === 'open' && rows.length === limit ? String(rows.at(-1)!.id) : null,
    counts,
    lastRound: round
      ? {
          startedAt: isoTime(round.started_at),
          finishedAt: isoTime(round.finished_at),
          whole: round.whole === 1,
          rows: round.rows_read,
          pages: round.pages,
          longestPageMs: round.longest_page_ms,
          open: round.found,
        }
      : null,
  };
}

/** A finding for a person: what is wrong, and what the smallest repair would do. */
export function toldFinding(row: Row<'audit_findings'>, language: Asking['language']) {
  const { repair, ...found } = findingFrom(row);
  return {
    id: row.id,
    ...found,
    sentence: tellFinding(found, language),
    repair: { ...repair, sentence: tellRepair(repair, language) },
    firstSeen: isoTime(row.first_seen),
    lastSeen: isoTime(row.last_seen),
    clearedAt: isoTime(row.cleared_at),
    requestedBy: row.requested_by,
    repairedBy: row.repaired_by,
    repairedAt: isoTime(row.repaired_at),
  };
}

/** A round just made, with what is open after it. */
export async function askAuditNow(asking: Pick<Asking, 'hub' | 'language'>) {
  const report = await asking.hub.audit.run();
  return { round: toldReport(report), ...(await askAudit({}, asking)) };
}

function toldReport({ startedAt, ...report }: AuditReport) {
  return { ...report, startedAt: isoTime(startedAt) };
}
