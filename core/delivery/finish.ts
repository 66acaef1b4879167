import { tableOf } from '../store/queries/raw-input.ts';
import type { Row } from '../store/schema.ts';
import type { CommandHandler, Tx } from '../store/store.ts';
import type { Lease } from './delivery.ts';
import type { DeliveryError } from './failure.ts';
import { publish } from './publish.ts';

/** How a delivery ended: done, to be tried again at a time (epoch milliseconds), or dead. */
export type Outcome = 'done' | { retry: DeliveryError; at: number } | { dead: DeliveryError };

export interface Finish {
  lease: Lease;
  outcome: Outcome;
}

/** What the dead-letter event says. */
export interface Died {
  deliveryId: number;
  subscriber: string;
  topic: string;
  key: string;
  attempts: number;
  reason: DeliveryError;
}

/**
 * Ends deliveries; answers whether each was still the caller's to end. The token decides, not the clock: one
 * whose lease ran out may still be finished while nobody else has claimed it, which spares doing it twice. With
 * the end the token changes, so the same finish does not count again.
 *
 * A dead delivery does not block its key: what comes later for the order goes on and is judged on its own. Later
 * versions of an order carry its whole state, and what does depend on the dead one (units that were never locked)
 * is refused by rules of its own, with a reason; blocking would let one bad message stop an order for good.
 */
export const finishHandler: CommandHandler<Finish, boolean> = {
  name: 'delivery.finish',
  async run(tx, finishes) {
    const changed = await tx.update(
      'deliveries',
      finishes.map(({ lease, outcome }) => ({
        key: { id: lease.id, token: lease.token },
        set: changesFor(outcome, lease.token, tx.now),
      })),
    );
    const dead = finishes.filter(
      ({ outcome }, index) => changed[index] === 1 && outcome !== 'done' && 'dead' in outcome,
    );
    if (dead.length > 0)
      await tellOfDeath(
        tx,
        new Map(dead.map(({ lease, outcome }) => [lease.id, (outcome as { dead: DeliveryError }).dead])),
      );
    return changed.map((count) => count === 1);
  },
};

function changesFor(outcome: Outcome, token: number, now: number) {
  const ended = { token: token + 1, owner: null, lease_until: null };
  if (outcome === 'done') return { state: 'done' as const, ...ended, finished_at: now };
  if ('retry' in outcome) {
    const { retry, at } = outcome;
    return { state: 'ready' as const, ...ended, available_at: at, last_error: errorText(retry) };
  }
  return { state: 'dead' as const, ...ended, last_error: errorText(outcome.dead, { diedAt: now }) };
}

/** The error as it is kept. The code comes first: dead deliveries are found by the text's beginning. */
export function errorText({ code, params, sentence, openNodes }: DeliveryError, trail: object = {}): string {
  return JSON.stringify({ code, params, sentence, ...(openNodes && { openNodes }), ...trail });
}

/**
 * Tells of deliveries that died, by their ids, why. Deaths of messages that tell of a death are not told of: that
 * would go round for ever.
 */
export async function tellOfDeath(tx: Tx, reasons: ReadonlyMap<number, DeliveryError>): Promise<void> {
  const rows = await tx.find(
    'deliveries',
    [...reasons.keys()].map((id) => ({ id })),
  );
  const told = rows.filter((row) => row.topic !== 'dead-letter');
  const orders = await ordersOf(tx, told);
  await publish(
    tx,
    told.map((row) => {
      const { orderKey = null, channel = null } = orders.get(row.id) ?? {};
      const data: Died = {
        deliveryId: row.id,
        subscriber: row.subscriber,
        topic: row.topic,
        key: row.key,
        attempts: row.attempts,
        reason: reasons.get(row.id)!,
      };
      return { topic: 'dead-letter', type: 'died', orderKey, channel, data, at: tx.now };
    }),
  );
}

/** The order and channel of deliveries whose message is an event. */
async function ordersOf(
  tx: Tx,
  rows: readonly Row<'deliveries'>[],
): Promise<Map<number, { orderKey: string | null; channel: string | null }>> {
  const ofEvents = rows.filter((row) => tableOf(row.topic) === 'events');
  if (ofEvents.length === 0) return new Map();
  const events = await tx.find(
    'events',
    ofEvents.map((row) => ({ id: row.ref })),
  );
  const byId = new Map(events.map((event) => [event.id, event]));
  return new Map(
    ofEvents.map((row) => {
      const event = byId.get(row.ref);
      return [row.id, { orderKey: event?.order_key ?? null, channel: event?.channel ?? null }];
    }),
  );
}
