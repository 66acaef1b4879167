import { type Kysely, type SqlBool, sql } from 'kysely';
import type { Database } from '../schema.ts';

type Db = Kysely<Database>;

/** How many orders stand where. Read from an index alone. */
export async function ordersByStatus(db: Db): Promise<{ status: string; count: number }[]> {
  const rows = await db
    .selectFrom('orders')
    .select((eb) => ['status', eb.fn.countAll<number>().as('count')])
    .groupBy('status')
    .orderBy('status')
    .execute();
  return rows.map((row) => ({ status: row.status, count: Number(row.count) }));
}

/** How the deliveries of a subscriber stand; finished ones are not counted. */
export interface SubscriberBacklog {
  subscriber: string;
  ready: number;
  leased: number;
  /** Dead ones that nobody has retried or dismissed. */
  dead: number;
  /** When the oldest waiting one was written, epoch milliseconds. */
  oldestAt: number | null;
}

/**
 * The backlog of every subscriber that has one. The state stands in the statements, not in their parameters, so
 * that the partial indexes serve them and finished deliveries cost nothing.
 */
export async function backlogs(db: Db): Promise<SubscriberBacklog[]> {
  const counted = (state: ReturnType<typeof sql<SqlBool>>) =>
    db
      .selectFrom('deliveries')
      .select(({ fn }) => ['subscriber', fn.countAll<number>().as('count'), fn.min<number>('id').as('first')])
      .where(state)
      .groupBy('subscriber')
      .execute();
  const ready = await counted(sql<SqlBool>`state = 'ready'`);
  const open = await counted(sql<SqlBool>`state in ('ready', 'leased')`);
  const dead = await counted(sql<SqlBool>`state = 'dead' and finished_at is null`);
  const written = await writtenAt(
    db,
    ready.map((row) => row.first),
  );
  const found = new Map<string, SubscriberBacklog>();
  const of = (subscriber: string): SubscriberBacklog => {
    const known = found.get(subscriber) ?? { subscriber, ready: 0, leased: 0, dead: 0, oldestAt: null };
    found.set(subscriber, known);
    return known;
  };
  for (const row of ready) {
    of(row.subscriber).ready = Number(row.count);
    of(row.subscriber).oldestAt = written.get(row.first) ?? null;
  }
  for (const row of open) {
    const backlog = of(row.subscriber);
    backlog.leased = Number(row.count) - backlog.ready;
  }
  for (const row of dead) of(row.subscriber).dead = Number(row.count);
  return [...found.values()].sort((one, two) => (one.subscriber < two.subscriber ? -1 : 1));
}

async function writtenAt(db: Db, ids: readonly number[]): Promise<Map<number, number>> {
  if (ids.length === 0) return new Map();
  const rows = await db
    .selectFrom('deliveries')
    .select(['id', 'created_at'])
    .where('id', 'in', ids)
    .execute();
  return new Map(rows.map((row) => [row.id, row.created_at]));
}

/** How many alerts there were by target. Read from an index alone. */
export async function alertsByTarget(db: Db): Promise<{ target: string; count: number }[]> {
  const rows = await db
    .selectFrom('alerts')
    .select((eb) => ['target', eb.fn.countAll<number>().as('count')])
    .groupBy('target')
    .orderBy('target')
    .execute();
  return rows.map((row) => ({ target: row.target, count: Number(row.count) }));
}
