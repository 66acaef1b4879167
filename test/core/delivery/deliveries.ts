import { enqueue } from '../../../core/delivery/enqueue.ts';
import { type NewEvent, publish } from '../../../core/delivery/publish.ts';
import type { Row } from '../../../core/store/schema.ts';
import type { Store, Tx } from '../../../core/store/store.ts';

/** Runs `act` in a transaction of its own and answers what it answers. */
export function inTx<A>(store: Store, act: (tx: Tx) => Promise<A>): Promise<A> {
  return store.execute({ name: 'test', run: async (tx: Tx) => [await act(tx)] }, null);
}

export function event(more: Partial<NewEvent> = {}): NewEvent {
  return {
    topic: 'order',
    type: 'paid',
    orderKey: 'shopify/main/1001',
    channel: 'shopify',
    data: { total: 1990 },
    at: Date.UTC(2026, 0, 5),
    ...more,
  };
}

export function publishAll(store: Store, events: readonly NewEvent[]): Promise<number[]> {
  return inTx(store, (tx) => publish(tx, events));
}

/** Writes an event and a delivery of it for each key given, for one subscriber; answers the deliveries' ids. */
export async function deliver(store: Store, subscriber: string, keys: readonly string[]): Promise<number[]> {
  return inTx(store, async (tx) => {
    const refs = await publish(
      tx,
      keys.map((key) => event({ type: 'test', orderKey: key })),
    );
    return enqueue(
      tx,
      keys.map((key, index) => ({ topic: 'order', subscriber, key, ref: refs[index]! })),
    );
  });
}

export async function deliveryRow(store: Store, id: number): Promise<Row<'deliveries'>> {
  return store.read.selectFrom('deliveries').selectAll().where('id', '=', id).executeTakeFirstOrThrow();
}

export async function rowsFor(store: Store, subscriber: string): Promise<Row<'deliveries'>[]> {
  return store.read
    .selectFrom('deliveries')
    .selectAll()
    .where('subscriber', '=', subscriber)
    .orderBy('id')
    .execute();
}
