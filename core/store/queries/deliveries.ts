import { type CompiledQuery, type Expression, type Kysely, type SqlBool, sql } from 'kysely';
import type { Database, DeliveryState, Row } from '../schema.ts';
import { locksRows } from './row-locks.ts';

/*
 * Conditions on the state are written into the statement, not bound to it: only then do the partial indexes of
 * the deliveries table apply.
 */
const isReady = sql<SqlBool>`state = 'ready'`;
const isLeased = sql<SqlBool>`state = 'leased'`;
const isOpen = sql<SqlBool>`state in ('ready', 'leased')`;
/** Dead, and nobody has retried or dismissed it. */
const isOpenDead = sql<SqlBool>`state = 'dead' and finished_at is null`;

export type DeliveryRow = Row<'deliveries'>;

/** What part of a subscriber's waiting deliveries a claim looks at. */
export interface ClaimRange {
  subscriber: string;
  /** Looks at deliveries with a greater id. */
  after: number;
  /** Looks at so many waiting deliveries at most, which bounds what a claim costs whatever the backlog is. */
  window: number;
}

/**
 * Deliveries that may be handed over now, oldest first: due, and no earlier one of their key is open for the same
 * subscriber.
 */
export async function claimable(
  db: Kysely<Database>,
  range: ClaimRange,
  now: number,
  limit: number,
): Promise<DeliveryRow[]> {
  const { subscriber, after, window } = range;
  const query = prepared(db, 'claimable', () => claimableQuery(db), [subscriber, after, window, now, limit]);
  return (await db.executeQuery(query)).rows;
}

/**
 * The statement of `claimable`; its values are subscriber, after, window, now, limit in this order. Where rows need
 * locks, those that another process is claiming are passed over, and a row is taken only if it is ready in its
 * newest version: what it was when the statement began does not count.
 */
export function claimableQuery(db: Kysely<Database>): CompiledQuery<DeliveryRow> {
  const due = claimableRows(db);
  if (!locksRows(db)) return due.selectAll().compile();
  return db
    .with('due', () => due.select('waiting.id'))
    .selectFrom('deliveries')
    .selectAll()
    .where('id', 'in', (from) => from.selectFrom('due').select('due.id'))
    .where(isReady)
    .orderBy('id')
    .forUpdate()
    .skipLocked()
    .compile();
}

function claimableRows(db: Kysely<Database>) {
  return db
    .selectFrom((from) =>
      from
        .selectFrom('deliveries')
        .selectAll()
        .where('subscriber', '=', '')
        .where(isReady)
        .where('id', '>', 0)
        .orderBy('id')
        .limit(1)
        .as('waiting'),
    )
    .where('waiting.available_at', '<=', 0)
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom('deliveries as earlier')
            .select(sql`1`.as('one'))
            .whereRef('earlier.subscriber', '=', 'waiting.subscriber')
            .whereRef('earlier.key', '=', 'waiting.key')
            .where(sql<SqlBool>`earlier.state in ('ready', 'leased')`)
            .whereRef('earlier.id', '<', 'waiting.id'),
        ),
      ),
    )
    .orderBy('waiting.id')
    .limit(1);
}

/** What waits in the part of the backlog that a claim looked at. */
export interface Looked {
  /** Deliveries that wait there. */
  waiting: number;
  /** The last one's id; null when none waits. */
  upTo: number | null;
  /** Whether more may wait behind it. */
  more: boolean;
  /** When the next of them that is not due yet is due, epoch milliseconds. */
  nextDue: number | null;
}

export async function lookedAt(db: Kysely<Database>, range: ClaimRange, now: number): Promise<Looked> {
  const { subscriber, after, window } = range;
  const query = prepared(db, 'lookedAt', () => lookedAtQuery(db), [now, subscriber, after, window]);
  const { count, last, next } = (await db.executeQuery(query)).rows[0]!;
  return { waiting: Number(count), upTo: last, more: Number(count) === window, nextDue: next };
}

export function lookedAtQuery(
  db: Kysely<Database>,
): CompiledQuery<{ count: number; last: number | null; next: number | null }> {
  return db
    .selectFrom((from) =>
      from
        .selectFrom('deliveries')
        .select(['id', 'available_at'])
        .where('subscriber', '=', '')
        .where(isReady)
        .where('id', '>', 0)
        .orderBy('id')
        .limit(1)
        .as('waiting'),
    )
    .select(({ fn, ref }) => [
      fn.countAll<number>().as('count'),
      fn.max('waiting.id').as('last'),
      sql<
        number | null
      >`min(case when ${ref('waiting.available_at')} > ${0} then ${ref('waiting.available_at')} end)`.as(
        'next',
      ),
    ])
    .compile();
}

/** The oldest open delivery of each of some keys, if it may be handed over now. */
export async function claimableHeads(
  db: Kysely<Database>,
  subscriber: string,
  keys: readonly string[],
  now: number,
): Promise<DeliveryRow[]> {
  const rows: DeliveryRow[] = [];
  for (const key of keys) {
    const query = prepared(db, 'head', () => headQuery(db), [subscriber, key, 1]);
    const [head] = (await db.executeQuery(query)).rows;
    if (head?.state === 'ready' && head.available_at <= now) rows.push(head);
  }
  return rows;
}

export function headQuery(db: Kysely<Database>): CompiledQuery<DeliveryRow> {
  const head = db
    .selectFrom('deliveries')
    .where('subscriber', '=', '')
    .where('key', '=', '')
    .where(isOpen)
    .orderBy('id')
    .limit(1);
  if (!locksRows(db)) return head.selectAll().compile();
  return db
    .with('head', () => head.select('id'))
    .selectFrom('deliveries')
    .selectAll()
    .where('id', 'in', (from) => from.selectFrom('head').select('head.id'))
    .where(isReady)
    .forUpdate()
    .skipLocked()
    .compile();
}

/** Ids, tokens and so on of leases that ran out before `until`, or of all leases. */
export async function leases(
  db: Kysely<Database>,
  which: { lapsedAt: number } | 'all',
  limit: number,
): Promise<Pick<DeliveryRow, 'id' | 'subscriber' | 'token' | 'attempts' | 'lease_until' | 'last_error'>[]> {
  let query = db
    .selectFrom('deliveries')
    .select(['id', 'subscriber', 'token', 'attempts', 'lease_until', 'last_error'])
    .where(isLeased)
    .limit(limit);
  if (which !== 'all') query = query.where('lease_until', '<=', which.lapsedAt);
  return query.execute();
}

export interface DeliveryCounts {
  /** Waiting, due or not. */
  backlog: number;
  inFlight: number;
  /** Dead ones that nobody has retried or dismissed. */
  dead: number;
  /** When the oldest waiting one was written, epoch milliseconds. */
  oldestAt: number | null;
}

export async function deliveryCounts(db: Kysely<Database>, subscriber: string): Promise<DeliveryCounts> {
  const count = async (state: Expression<SqlBool>) => {
    const { count } = await db
      .selectFrom('deliveries')
      .select((eb) => eb.fn.countAll<number>().as('count'))
      .where('subscriber', '=', subscriber)
      .where(state)
      .executeTakeFirstOrThrow();
    return Number(count);
  };
  const backlog = await count(isReady);
  const open = await count(isOpen);
  const dead = await count(isOpenDead);
  const oldest = await db
    .selectFrom('deliveries')
    .select('created_at')
    .where('subscriber', '=', subscriber)
    .where(isReady)
    .orderBy('id')
    .limit(1)
    .executeTakeFirst();
  return { backlog, inFlight: open - backlog, dead, oldestAt: oldest?.created_at ?? null };
}

/** Whether one of the oldest that wait has been begun so often; looks at `window` of them. */
export async function begunOften(
  db: Kysely<Database>,
  subscriber: string,
  attempts: number,
  window: number,
): Promise<boolean> {
  const oldest = db
    .selectFrom('deliveries')
    .select(['attempts'])
    .where('subscriber', '=', subscriber)
    .where(isReady)
    .orderBy('id')
    .limit(window)
    .as('oldest');
  const found = await db
    .selectFrom(oldest)
    .select('attempts')
    .where('attempts', '>=', attempts)
    .limit(1)
    .execute();
  return found.length > 0;
}

/** Waiting deliveries that failed before and are not due yet: what their keys wait for. Oldest first. */
export async function backingOff(
  db: Kysely<Database>,
  subscriber: string,
  now: number,
  limit: number,
): Promise<Pick<DeliveryRow, 'id' | 'key' | 'attempts' | 'available_at' | 'last_error'>[]> {
  return db
    .selectFrom('deliveries')
    .select(['id', 'key', 'attempts', 'available_at', 'last_error'])
    .where('subscriber', '=', subscriber)
    .where(isReady)
    .where('attempts', '>', 0)
    .where('available_at', '>', now)
    .orderBy('id')
    .limit(limit)
    .execute();
}

/** Subscribers that have deliveries waiting, due or not. */
export async function waitingSubscribers(db: Kysely<Database>): Promise<string[]> {
  const rows = await db
    .selectFrom('deliveries')
    .select('subscriber')
    .where(isReady)
    .groupBy('subscriber')
    .execute();
  return rows.map((row) => row.subscriber);
}

/** `ref` of the delivery that was written last among a subscriber's waiting ones. */
export async function lastWaitingRef(db: Kysely<Database>, subscriber: string): Promise<number | undefined> {
  const row = await db
    .selectFrom('deliveries')
    .select('ref')
    .where('subscriber', '=', subscriber)
    .where(isReady)
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row?.ref;
}

/** Some of a subscriber's open deliveries. */
export async function openDeliveries(
  db: Kysely<Database>,
  subscriber: string,
  limit: number,
): Promise<Pick<DeliveryRow, 'id' | 'token'>[]> {
  return db
    .selectFrom('deliveries')
    .select(['id', 'token'])
    .where('subscriber', '=', subscriber)
    .where(isOpen)
    .limit(limit)
    .execute();
}

/** Which dead deliveries are meant. What is absent does not restrict. */
export interface DeadFilter {
  subscriber?: string;
  topic?: string;
  key?: string;
  /** Code of the last error. */
  code?: string;
  /** Written at or after this time, epoch milliseconds. */
  since?: number;
  /** Written before this time, epoch milliseconds. */
  until?: number;
  /** `open` (the default): nobody has retried or dismissed them; `closed`: somebody has; `all`: both. */
  trail?: 'open' | 'closed' | 'all';
}

/** A part of a listing: so many rows with an id below `before` (newest first) or above `after` (oldest first). */
export type DeadPage = { before?: number; limit: number } | { after: number; upTo: number; limit: number };

export async function deadDeliveries(
  db: Kysely<Database>,
  filter: DeadFilter,
  page: DeadPage,
): Promise<DeliveryRow[]> {
  let query = deadOnes(db, filter).selectAll().limit(page.limit);
  if ('after' in page) {
    query = query.where('id', '>', page.after).where('id', '<=', page.upTo).orderBy('id');
  } else {
    if (page.before !== undefined) query = query.where('id', '<', page.before);
    query = query.orderBy('id', 'desc');
  }
  return query.execute();
}

/** How many dead deliveries a filter means, and the greatest of their ids. */
export async function countDead(
  db: Kysely<Database>,
  filter: DeadFilter,
): Promise<{ count: number; last: number }> {
  const { count, last } = await deadOnes(db, filter)
    .select(({ fn }) => [fn.countAll<number>().as('count'), fn.max('id').as('last')])
    .executeTakeFirstOrThrow();
  return { count: Number(count), last: last ?? 0 };
}

function deadOnes(db: Kysely<Database>, filter: DeadFilter) {
  let query = db.selectFrom('deliveries').where(sql<SqlBool>`state = 'dead'`);
  const trail = filter.trail ?? 'open';
  if (trail !== 'all') query = query.where('finished_at', trail === 'open' ? 'is' : 'is not', null);
  if (filter.subscriber !== undefined) query = query.where('subscriber', '=', filter.subscriber);
  if (filter.topic !== undefined) query = query.where('topic', '=', filter.topic);
  if (filter.key !== undefined) query = query.where('key', '=', filter.key);
  if (filter.since !== undefined) query = query.where('created_at', '>=', filter.since);
  if (filter.until !== undefined) query = query.where('created_at', '<', filter.until);
  if (filter.code !== undefined) query = query.where(hasCode(filter.code));
  return query;
}

/** The last error's JSON text begins with its code; see the writer of deliveries. */
function hasCode(code: string): Expression<SqlBool> {
  const beginning = `{"code":${JSON.stringify(code)},`;
  return sql<SqlBool>`substr(last_error, 1, ${sql.lit(beginning.length)}) = ${beginning}`;
}

export async function deliveryById(db: Kysely<Database>, id: number): Promise<DeliveryRow | undefined> {
  return db.selectFrom('deliveries').selectAll().where('id', '=', id).executeTakeFirst();
}

/** A subscriber's deliveries in one state, or everybody's, newest first; a listing for people. */
export async function recentDeliveries(
  db: Kysely<Database>,
  filter: { subscriber?: string; state?: DeliveryState; before?: number },
  limit: number,
): Promise<DeliveryRow[]> {
  let query = db.selectFrom('deliveries').selectAll().orderBy('id', 'desc').limit(limit);
  if (filter.subscriber !== undefined) query = query.where('subscriber', '=', filter.subscriber);
  if (filter.state !== undefined) query = query.where(sql<SqlBool>`state = ${sql.lit(filter.state)}`);
  if (filter.before !== undefined) query = query.where('id', '<', filter.before);
  return query.execute();
}

/** Every delivery of some messages of one topic, oldest first. */
export async function deliveriesOf(
  db: Kysely<Database>,
  topic: string,
  refs: readonly number[],
): Promise<DeliveryRow[]> {
  if (refs.length === 0) return [];
  return db
    .selectFrom('deliveries')
    .selectAll()
    .where('ref', 'in', refs)
    .where('topic', '=', topic)
    .orderBy('id')
    .execute();
}

const statements = new WeakMap<Kysely<Database>, Map<string, CompiledQuery<unknown>>>();

/** A statement written once for a database, with other values: writing it costs more than running it. */
function prepared<R>(
  db: Kysely<Database>,
  name: string,
  write: () => CompiledQuery<R>,
  values: readonly unknown[],
): CompiledQuery<R> {
  let written = statements.get(db);
  if (!written) {
    written = new Map();
    statements.set(db, written);
  }
  let query = written.get(name) as CompiledQuery<R> | undefined;
  if (!query) {
    query = write();
    if (query.parameters.length !== values.length)
      throw new Error(`${name} takes ${query.parameters.length} values`);
    written.set(name, query);
  }
  return { ...query, parameters: values };
}
