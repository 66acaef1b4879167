import type { Row } from '../store/schema.ts';
import type { Tx } from '../store/store.ts';
import { type EventTopic, enqueue, type NewDelivery } from './enqueue.ts';

/** Something that happened, about to be written with the change it tells of. */
export interface NewEvent {
  topic: EventTopic;
  /** What happened: `created`, `paid`, `short`, `died`, … */
  type: string;
  orderKey: string | null;
  channel: string | null;
  /** What the event says beyond its type; must survive JSON. */
  data: object;
  /** When it happened, epoch milliseconds. */
  at: number;
}

/**
 * Writes events and one delivery for each subscriber that wants them, in the transaction of the change they
 * tell of, and wakes those subscribers once it is durable. Events of one order reach a subscriber one after
 * another; an event without an order stands in nobody's way. Answers the events' ids in order.
 */
export async function publish(tx: Tx, events: readonly NewEvent[]): Promise<number[]> {
  if (events.length === 0) return [];
  const ids = await tx.insert(
    'events',
    events.map((event) => ({
      topic: event.topic,
      type: event.type,
      order_key: event.orderKey,
      channel: event.channel,
      data: JSON.stringify(event.data),
      at: event.at,
    })),
  );
  const topics = [...new Set(events.map((event) => event.topic))];
  const subscribers = await tx.find(
    'subscribers',
    topics.map((topic) => ({ topic })),
  );
  if (subscribers.length === 0) return ids;
  const filters = subscribers.map((row) => ({ row, wants: wantedBy(row) }));
  const copies: NewDelivery[] = [];
  events.forEach((event, index) => {
    for (const { row, wants } of filters) {
      if (row.topic === event.topic && wants(event.type, event.channel)) {
        copies.push(copyFor(row.id, event.topic, event.orderKey, ids[index]!));
      }
    }
  });
  await enqueue(tx, copies);
  return ids;
}

/**
 * Whether a subscriber's filters let an event through. A filter by channel lets nothing through that belongs
 * to no channel.
 */
export function wantedBy(
  subscriber: Pick<Row<'subscribers'>, 'types' | 'channels'>,
): (type: string, channel: string | null) => boolean {
  const types = setOf(subscriber.types);
  const channels = setOf(subscriber.channels);
  return (type, channel) =>
    (types === null || types.has(type)) && (channels === null || (channel !== null && channels.has(channel)));
}

/** An event's delivery to one subscriber. */
export function copyFor(
  subscriber: string,
  topic: EventTopic,
  orderKey: string | null,
  eventId: number,
): NewDelivery {
  return { topic, subscriber, key: orderKey ?? `event:${eventId}`, ref: eventId };
}

function setOf(json: string | null): ReadonlySet<string> | null {
  return json === null ? null : new Set(JSON.parse(json) as string[]);
}
