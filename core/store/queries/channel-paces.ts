import { type Kysely, sql } from 'kysely';
import type { Database } from '../schema.ts';

type Db = Kysely<Database>;

/** Until when an account's platform wants no requests, epoch milliseconds; 0 when it never said so. */
export async function heldUntil(db: Db, account: string): Promise<number> {
  const row = await db
    .selectFrom('channel_paces')
    .select('held_until')
    .where('account', '=', account)
    .executeTakeFirst();
  return row?.held_until ?? 0;
}

/** Keeps how long a platform wants no requests. Of two that say so, the longer time counts. */
export async function keepHeld(
  db: Db,
  { account, until }: { account: string; until: number },
): Promise<void> {
  await db
    .insertInto('channel_paces')
    .values({ account, arrival_us: 0, held_until: until })
    .onConflict((conflict) =>
      conflict
        .column('account')
        .doUpdateSet({ held_until: until })
        .where('channel_paces.held_until', '<', until),
    )
    .execute();
}

export interface TurnAsked {
  account: string;
  /** What the request takes of the account's time: its weight through the rate. Microseconds. */
  costUs: number;
  /** How far requests may run ahead of the rate. Microseconds. */
  aheadUs: number;
}

/** Times are epoch milliseconds by the database's clock. */
export interface Turn {
  now: number;
  /** When the request may go; it has its place in the order then. Means nothing while the account is held. */
  at: number;
  /** Until when the platform wants no requests; such a request has taken no place. Null when it takes them. */
  heldUntil: number | null;
}

/**
 * Gives a request of an account its turn among those of all processes, by the generic cell rate algorithm (ITU-T
 * I.371, virtual scheduling): a request may go once the theoretical arrival time is no further than `aheadUs` away,
 * and moves that on by its cost. One statement, decided by the database's clock. PostgreSQL only: where one process
 * has the store, it paces itself.
 */
export async function takeTurn(db: Db, { account, costUs, aheadUs }: TurnAsked): Promise<Turn> {
  // The same in all parts of the statement, so that being held and taking a place cannot contradict one another.
  const nowUs = sql<number>`(extract(epoch from statement_timestamp()) * 1000000)::bigint`;
  const row = await db
    .insertInto('channel_paces')
    .values({ account, arrival_us: sql<number>`${nowUs} + ${costUs}::bigint`, held_until: 0 })
    .onConflict((conflict) =>
      conflict.column('account').doUpdateSet({
        arrival_us: sql<number>`case when channel_paces.held_until * 1000 > ${nowUs} then channel_paces.arrival_us
          else greatest(channel_paces.arrival_us, ${nowUs}) + ${costUs}::bigint end`,
      }),
    )
    .returning(['arrival_us', 'held_until', nowUs.as('now_us')])
    .executeTakeFirstOrThrow();
  const now = row.now_us / 1_000;
  return {
    now,
    at: (row.arrival_us - costUs - aheadUs) / 1_000,
    heldUntil: row.held_until > now ? row.held_until : null,
  };
}
