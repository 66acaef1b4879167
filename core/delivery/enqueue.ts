import type { NewRow } from '../store/schema.ts';
import type { Tx } from '../store/store.ts';

/**
 * What a delivery hands over: a raw record, an event of an order, the death of a delivery, a finding of the audit, an alert to send, what a
 * listing is to show. */
export type DeliveryTopic = 'inbox' | EventTopic | 'alert' | 'stock';
/** Topics whose messages are rows of the events table. */
export type EventTopic = 'order' | 'dead-letter' | 'audit';

/** A message for one subscriber that is due now. */
export interface NewDelivery {
  topic: DeliveryTopic;
  subscriber: string;
  /** Deliveries of one key are handed over one after another. */
  key: string;
  /** Id of the message in the table its topic names. */
  ref: number;
  /** JSON text of the message when a person edited it; null when the row at `ref` is the message. */
  payload?: string | null;
}

/**
 * Writes deliveries in the transaction of what they tell of, so that neither exists without the other, and
 * wakes their subscribers once it is durable. Answers their ids in order.
 */
export async function enqueue(tx: Tx, deliveries: readonly NewDelivery[]): Promise<number[]> {
  if (deliveries.length === 0) return [];
  const ids = await tx.insert(
    'deliveries',
    deliveries.map((delivery) => readyRow(delivery, tx.now)),
  );
  for (const { subscriber } of deliveries) tx.wake(subscriber);
  return ids;
}

function readyRow(delivery: NewDelivery, now: number): NewRow<'deliveries'> {
  return {
    topic: delivery.topic,
    subscriber: delivery.subscriber,
    key: delivery.key,
    ref: delivery.ref,
    payload: delivery.payload ?? null,
    state: 'ready',
    attempts: 0,
    token: 0,
    available_at: now,
    created_at: now,
  };
}
