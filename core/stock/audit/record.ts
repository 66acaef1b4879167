import { publish } from '../../delivery/publish.ts';
import { forgetRounds, openFindings } from '../../store/queries/audit.ts';
import type { Row } from '../../store/schema.ts';
import type { CommandHandler, Store } from '../../store/store.ts';
import { type AuditFinding, keyOf } from './finding.ts';
import type { RoundResult } from './round.ts';

/** What changed with a round. */
export interface Recorded {
  opened: number;
  cleared: number;
  open: number;
}

/** Findings written in one transaction. */
const page = 100;
/** Rounds that are kept. */
const roundsKept = 100;

/** Writes down what a round found: new findings are opened once, what is gone is cleared, each with an event. */
export async function recordRound(
  store: Store,
  result: RoundResult,
  round: { startedAt: number; whole: boolean },
): Promise<Recorded> {
  const open = new Map((await openFindings(store.read)).map((row) => [keyOf(row), row]));
  const seen: { row: Row<'audit_findings'>; finding: AuditFinding }[] = [];
  const fresh: AuditFinding[] = [];
  for (const finding of result.findings) {
    const row = open.get(keyOf(finding));
    open.delete(keyOf(finding));
    if (row) seen.push({ row, finding });
    else fresh.push(finding);
  }
  // What was left out may be what is not seen here.
  const gone = result.leftOut > 0 ? [] : [...open.values()];
  let opened = 0;
  for (const findings of chunks(fresh)) opened += await store.execute(openHandler, findings);
  for (const findings of chunks(seen)) await store.execute(seenHandler, findings);
  for (const rows of chunks(gone)) await store.execute(clearHandler, rows);
  const left = seen.length + opened + (open.size - gone.length);
  await store.execute(roundHandler, { ...result, ...round, left });
  return { opened, cleared: gone.length, open: left };
}

const openHandler: CommandHandler<readonly AuditFinding[], number> = {
  name: 'audit.open',
  async run(tx, commands) {
    const answers: number[] = [];
    for (const findings of commands) {
      const ids = await tx.insertNew(
        'audit_findings',
        findings.map((finding) => ({ ...columns(finding), first_seen: tx.now, last_seen: tx.now })),
      );
      // Another process may have opened one of them first.
      const mine = findings.flatMap((finding, index) => {
        const id = ids[index];
        return id === null || id === undefined ? [] : [{ id, finding }];
      });
      await publish(
        tx,
        mine.map(({ id, finding }) => ({
          topic: 'audit',
          type: 'finding-opened',
          orderKey: null,
          channel: null,
          data: { id, ...finding },
          at: tx.now,
        })),
      );
      answers.push(mine.length);
    }
    return answers;
  },
};

const seenHandler: CommandHandler<
  readonly { row: Row<'audit_findings'>; finding: AuditFinding }[],
  undefined
> = {
  name: 'audit.seen',
  async run(tx, commands) {
    await tx.update(
      'audit_findings',
      commands.flat().map(({ row, finding }) => {
        const { params, repair, level } = columns(finding);
        return { key: { id: row.id }, set: { params, repair, level, last_seen: tx.now } };
      }),
    );
    return commands.map(() => undefined);
  },
};

const clearHandler: CommandHandler<readonly Row<'audit_findings'>[], undefined> = {
  name: 'audit.clear',
  async run(tx, commands) {
    const rows = commands.flat();
    await tx.update(
      'audit_findings',
      rows.map(({ id }) => ({ key: { id }, set: { cleared_at: tx.now } })),
    );
    await publish(
      tx,
      rows.map((row) => ({
        topic: 'audit',
        type: 'finding-cleared',
        orderKey: null,
        channel: null,
        data: { id: row.id, ...findingFrom(row), repairedBy: row.repaired_by },
        at: tx.now,
      })),
    );
    return commands.map(() => undefined);
  },
};

type RoundRow = RoundResult & { startedAt: number; whole: boolean; left: number };

const roundHandler: CommandHandler<RoundRow, undefined> = {
  name: 'audit.round',
  async run(tx, commands) {
    const ids = await tx.insert(
      'audit_rounds',
      commands.map(({ startedAt, whole, rows, pages, longestPageMs, left }) => ({
        started_at: startedAt,
        finished_at: tx.now,
        whole: whole ? 1 : 0,
        rows_read: rows,
        pages,
        longest_page_ms: Math.ceil(longestPageMs),
        found: left,
      })),
    );
    await forgetRounds(tx.db, ids.at(-1)! - roundsKept);
    return commands.map(() => undefined);
  },
};

function columns({ code, object, level, params, repair }: AuditFinding) {
  return { code, object, level, params: JSON.stringify(params), repair: JSON.stringify(repair) };
}

/** A finding as it was kept. */
export function findingFrom(row: Row<'audit_findings'>): AuditFinding {
  return {
    code: row.code,
    object: row.object,
    level: row.level as AuditFinding['level'],
    params: JSON.parse(row.params) as AuditFinding['params'],
    repair: JSON.parse(row.repair) as AuditFinding['repair'],
  };
}

function* chunks<T>(rows: readonly T[]): Generator<T[]> {
  for (let at = 0; at < rows.length; at += page) yield rows.slice(at, at + page);
}
