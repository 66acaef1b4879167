import type { Kysely } from 'kysely';
import { HubError, reasonOf } from '../errors.ts';
import type { BackgroundFault } from '../hub.ts';
import { type Language, type MessageParams, sentence } from '../message.ts';
import type { AuditFinding } from '../stock/audit/finding.ts';
import { findingFrom } from '../stock/audit/record.ts';
import { tellFinding } from '../stock/audit/tell.ts';
import { findingCounts, openFindings } from '../store/queries/audit.ts';
import { backlogs, ordersByStatus, type SubscriberBacklog } from '../store/queries/health.ts';
import type { Database } from '../store/schema.ts';
import type { StoreHealth, StoreUsage } from '../store/store.ts';
import './messages.ts';
import { type Asking, isoTime } from './query/asking.ts';

/** How long a message may wait before it is a finding. */
const longWaitMs = 15 * 60_000;

/** How long a message may wait for a node that does not run before it is a finding. */
const absenceMs = 60_000;

/** Something a person should look at. */
export interface Finding {
  level: 'warning' | 'failing';
  code: string;
  params: MessageParams;
  sentence: string;
}

/** What the findings are made of. */
export interface HealthFacts {
  store: StoreHealth;
  usage: StoreUsage;
  backlogs: readonly SubscriberBacklog[];
  faults: readonly BackgroundFault[];
  /** Open findings of the stock audit that are no mere hints, and the first of them. */
  audit: { count: number; first: Pick<AuditFinding, 'code' | 'params'> | null };
  /** Whether anybody takes a subscriber's messages, as far as this process can know. */
  attended(subscriber: string): boolean;
  /** The store's clock, epoch milliseconds. */
  now: number;
}

/** What is wrong or soon will be, the worst first. */
export function findingsOf(facts: HealthFacts, language: Language): Finding[] {
  const findings: Finding[] = [];
  const find = (level: Finding['level'], code: string, params: MessageParams = {}) =>
    findings.push({ level, code, params, sentence: sentence(code, params, language) });
  if (facts.store.state !== 'open')
    find('failing', 'health.store-failing', { reason: facts.store.fault?.sentence ?? facts.store.state });
  else
    for (const { work, error } of facts.faults)
      find('warning', 'health.background-failing', { work, reason: told(error, language) });
  const dead = facts.backlogs.reduce((sum, backlog) => sum + backlog.dead, 0);
  if (dead > 0) find('warning', 'health.dead-letters', { count: dead });
  for (const { subscriber, ready, oldestAt } of facts.backlogs) {
    const waited = oldestAt === null ? 0 : facts.now - oldestAt;
    if (waited >= absenceMs && !facts.attended(subscriber)) {
      find('warning', 'health.nobody-takes', { subscriber, count: ready });
      continue;
    }
    if (waited < longWaitMs) continue;
    find('warning', 'health.waiting-long', {
      subscriber,
      minutes: Math.floor(waited / 60_000),
      count: ready - 1,
    });
  }
  const { count, first } = facts.audit;
  if (first) find('warning', 'health.audit-findings', { count, first: tellFinding(first, language) });
  // Copies of a database are its server's affair, and made where the hub does not see them.
  if (facts.store.kind === 'sqlite' && facts.usage.lastBackup === null) find('warning', 'health.no-backup');
  return findings;
}

/** How the hub is: its store, its backlog and its orders, and what a person should look at. */
export async function askHealth({ hub, language }: Pick<Asking, 'hub' | 'language'>) {
  const { store } = hub;
  const [usage, waiting, orders, audit] = await Promise.all([
    store.usage(),
    backlogs(store.read),
    ordersByStatus(store.read),
    auditState(store.read),
  ]);
  const now = store.now();
  const findings = findingsOf(
    {
      store: store.health(),
      usage,
      backlogs: waiting,
      faults: hub.faults(),
      audit,
      // An embedded store has one process; who works for a shared one elsewhere is not known here.
      attended: (subscriber) => store.kind !== 'sqlite' || hub.attendance.has(subscriber),
      now,
    },
    language,
  );
  return {
    state: store.health().state === 'open' ? ('open' as const) : ('failing' as const),
    findings,
    store: { ...store.health(), ...usageAnswer(usage) },
    orders: Object.fromEntries(orders.map(({ status, count }) => [status, count])),
    deliveries: waiting.map(({ oldestAt, ...backlog }) => ({
      ...backlog,
      oldestAt: isoTime(oldestAt),
      oldestAgeMs: oldestAt === null ? null : now - oldestAt,
    })),
    at: isoTime(now),
  };
}

/** Figures for a board: orders by status, and what waits or has failed. */
export async function askTotals({ hub }: Pick<Asking, 'hub'>) {
  const { store } = hub;
  const [orders, waiting] = await Promise.all([ordersByStatus(store.read), backlogs(store.read)]);
  const sum = (of: 'ready' | 'leased' | 'dead') => waiting.reduce((total, row) => total + row[of], 0);
  const oldest = waiting.flatMap((row) => (row.oldestAt === null ? [] : [row.oldestAt]));
  return {
    orders: {
      total: orders.reduce((total, row) => total + row.count, 0),
      byStatus: Object.fromEntries(orders.map((row) => [row.status, row.count])),
    },
    deliveries: {
      waiting: sum('ready'),
      inFlight: sum('leased'),
      dead: sum('dead'),
      oldestAgeMs: oldest.length === 0 ? null : store.now() - Math.min(...oldest),
    },
    at: isoTime(store.now()),
  };
}

async function auditState(db: Kysely<Database>): Promise<HealthFacts['audit']> {
  const counts = (await findingCounts(db)).filter(({ level }) => level === 'wrong');
  const count = counts.reduce((sum, row) => sum + row.count, 0);
  if (count === 0) return { count, first: null };
  const [row] = await openFindings(db, { level: 'wrong', limit: 1 });
  return { count, first: row ? findingFrom(row) : null };
}

function told(error: unknown, language: Language): string {
  return HubError.is(error) ? error.told(language) : reasonOf(error);
}

function usageAnswer({ bytes, lastBackup }: StoreUsage) {
  return { bytes, lastBackup: lastBackup && { ...lastBackup, at: isoTime(lastBackup.at) } };
}
