import { type Kysely, sql } from 'kysely';
import type { Database } from '../schema.ts';

/**
 * What deliveries were about, as text a person can read, by their ids: the text somebody put in its place, else
 * the bytes a channel sent (taken as UTF-8), the event's data, the alert's message or what a listing is to show.
 *
 * @param limit bytes of each that are read at most; a text that is longer ends with `…`
 */
export async function rawInputs(
  db: Kysely<Database>,
  deliveries: readonly number[],
  limit: number,
): Promise<Map<number, string>> {
  const texts = new Map<number, string>();
  if (deliveries.length === 0) return texts;
  const rows = await db
    .selectFrom('deliveries')
    .select(['id', 'topic', 'ref', 'payload'])
    .where('id', 'in', deliveries)
    .execute();
  const refs = {
    inbox: new Set<number>(),
    events: new Set<number>(),
    alerts: new Set<number>(),
    share_states: new Set<number>(),
  };
  for (const row of rows) if (row.payload === null) refs[tableOf(row.topic)].add(row.ref);
  const found = {
    inbox: await bodies(db, [...refs.inbox], limit),
    events: await columns(db, 'events', 'data', [...refs.events]),
    alerts: await columns(db, 'alerts', 'message', [...refs.alerts]),
    share_states: await states(db, [...refs.share_states]),
  };
  for (const row of rows) {
    const bytes = row.payload === null ? found[tableOf(row.topic)].get(row.ref) : Buffer.from(row.payload);
    if (bytes) texts.set(row.id, cut(bytes, limit));
  }
  return texts;
}

/** The table whose rows are the messages of a topic. */
export function tableOf(topic: string): 'inbox' | 'events' | 'alerts' | 'share_states' {
  if (topic === 'inbox') return 'inbox';
  if (topic === 'stock') return 'share_states';
  return topic === 'alert' ? 'alerts' : 'events';
}

/** One byte more than the limit, so that it is known whether there is more. */
async function bodies(db: Kysely<Database>, ids: number[], limit: number): Promise<Map<number, Uint8Array>> {
  if (ids.length === 0) return new Map();
  const rows = await db
    .selectFrom('inbox')
    .select(['id', sql<Uint8Array>`substr(body, 1, ${sql.lit(limit + 1)})`.as('beginning')])
    .where('id', 'in', ids)
    .execute();
  return new Map(rows.map((row) => [row.id, row.beginning]));
}

async function columns(
  db: Kysely<Database>,
  table: 'events' | 'alerts',
  column: 'data' | 'message',
  ids: number[],
): Promise<Map<number, Uint8Array>> {
  if (ids.length === 0) return new Map();
  const rows = await db
    .selectFrom(table)
    .select(['id', sql<string>`${sql.ref(column)}`.as('text')])
    .where('id', 'in', ids)
    .execute();
  return new Map(rows.map((row) => [row.id, Buffer.from(row.text)]));
}

/** What listings are to show now: a delivery of stock has no text but the state it would hand over. */
async function states(db: Kysely<Database>, ids: number[]): Promise<Map<number, Uint8Array>> {
  if (ids.length === 0) return new Map();
  const rows = await db
    .selectFrom('share_states')
    .select(['id', 'channel', 'shop', 'listing', 'sku', 'sellable', 'open', 'version'])
    .where('id', 'in', ids)
    .execute();
  return new Map(rows.map(({ id, ...state }) => [id, Buffer.from(JSON.stringify(state))]));
}

/** Cuts between characters: `stream` keeps back a last one of which only the beginning is there. */
function cut(bytes: Uint8Array, limit: number): string {
  if (bytes.length <= limit) return new TextDecoder().decode(bytes);
  return `${new TextDecoder().decode(bytes.subarray(0, limit), { stream: true })}…`;
}
