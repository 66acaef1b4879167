import { claimable, claimableHeads, type Looked, lookedAt } from '../store/queries/deliveries.ts';
import { tableOf } from '../store/queries/raw-input.ts';
import type { Row } from '../store/schema.ts';
import type { CommandHandler, Tx } from '../store/store.ts';
import { type ClaimedDelivery, deliveryFrom, type Messages } from './delivery.ts';
import type { DeliveryError } from './failure.ts';

/** Waiting deliveries a claim looks at; what waits behind them is looked at by the next claim. */
export const claimWindow = 2_000;

/** Asks for deliveries of a subscriber. */
export interface ClaimRequest {
  subscriber: string;
  limit: number;
  /** Milliseconds from the store's clock until the claim lapses, unless it is extended. */
  leaseMs: number;
  /** Looks only at deliveries with a greater id; 0 unless an earlier claim answered otherwise. */
  after?: number;
  /** Keys whose oldest open delivery is looked at first, wherever it stands. */
  keys?: readonly string[];
}

export interface Claim {
  /** Oldest first. */
  deliveries: ClaimedDelivery[];
  /** Claimed, but there is no message to hand over. */
  unreadable: { row: Row<'deliveries'>; error: DeliveryError }[];
  /** What waits besides, where it looked; known only when it found fewer than were asked for. */
  looked: Looked | null;
}

interface ClaimCommand extends ClaimRequest {
  owner: string;
}

interface RawClaim {
  rows: Row<'deliveries'>[];
  messages: Messages;
  looked: Looked | null;
}

/**
 * Hands due deliveries to one holder: never one whose key has an earlier one open for the same subscriber. An
 * attempt counts from here, so that one that kills the process is counted too.
 */
export const claimHandler: CommandHandler<ClaimCommand, RawClaim> = {
  name: 'delivery.claim',
  async run(tx, commands) {
    const claims: RawClaim[] = [];
    for (const command of commands) claims.push(await claim(tx, command));
    return claims;
  },
};

export function readable({ rows, messages, looked }: RawClaim): Claim {
  const claimed: Claim = { deliveries: [], unreadable: [], looked };
  for (const row of rows) {
    const delivery = deliveryFrom(row, messages);
    if ('sentence' in delivery) {
      claimed.unreadable.push({ row, error: delivery });
    } else claimed.deliveries.push(delivery);
  }
  return claimed;
}

async function claim(tx: Tx, command: ClaimCommand): Promise<RawClaim> {
  const { subscriber, limit, keys = [], after = 0 } = command;
  const range = { subscriber, after, window: claimWindow };
  const heads = (await claimableHeads(tx.db, subscriber, keys, tx.now)).slice(0, limit);
  const taken = new Set(heads.map((row) => row.id));
  const found = [...heads];
  if (heads.length < limit) {
    // A head may stand in the range as well, so as many more are asked for.
    const rows = await claimable(tx.db, range, tx.now, limit);
    for (const row of rows) if (found.length < limit && !taken.has(row.id)) found.push(row);
  }
  const rows = found.map((row) => ({
    ...row,
    state: 'leased' as const,
    token: row.token + 1,
    attempts: row.attempts + 1,
    owner: command.owner,
    lease_until: tx.now + command.leaseMs,
  }));
  await tx.update(
    'deliveries',
    rows.map(({ id, state, token, attempts, owner, lease_until }) => ({
      key: { id },
      set: { state, token, attempts, owner, lease_until },
    })),
  );
  const looked = found.length < limit ? await lookedAt(tx.db, range, tx.now) : null;
  return { rows, messages: await messagesOf(tx, rows), looked };
}

async function messagesOf(tx: Tx, rows: readonly Row<'deliveries'>[]): Promise<Messages> {
  const refs = { inbox: new Set<number>(), events: new Set<number>(), alerts: new Set<number>() };
  for (const row of rows) {
    const table = tableOf(row.topic);
    // What a listing is to show is read when it is handed over, not when it is claimed.
    if (table !== 'share_states') refs[table].add(row.ref);
  }
  const load = async <T extends 'inbox' | 'events' | 'alerts'>(table: T): Promise<Map<number, Row<T>>> => {
    const keys = [...refs[table]].map((id) => ({ id }));
    const found: Row<T>[] = keys.length === 0 ? [] : await tx.find(table, keys as never);
    return new Map(found.map((row) => [(row as { id: number }).id, row]));
  };
  return { inbox: await load('inbox'), events: await load('events'), alerts: await load('alerts') };
}
