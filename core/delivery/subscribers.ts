import { lastWaitingRef, openDeliveries } from '../store/queries/deliveries.ts';
import { allSubscribers, lastEventId, pastEvents, removeSubscriber } from '../store/queries/events.ts';
import type { Row } from '../store/schema.ts';
import type { CommandHandler, Store, Tx } from '../store/store.ts';
import { type EventTopic, enqueue } from './enqueue.ts';
import { deliveryError } from './failure.ts';
import { errorText } from './finish.ts';
import './messages.ts';
import { copyFor, wantedBy } from './publish.ts';

/** Who wants copies of events, and of which. */
export interface Subscription {
  id: string;
  /** Subscribers to `stock` are told by who works the numbers out; they have no past to begin with. */
  topic: EventTopic | 'stock';
  /** Event types; null for all. */
  types: readonly string[] | null;
  /** Channels; null for all. */
  channels: readonly string[] | null;
  /** Name for people. */
  label: string;
  /**
   * Where a new subscriber begins: with what happens from now on, or with what happened since a time (epoch
   * milliseconds). One that is known keeps its place, whatever stands here.
   */
  startFrom?: 'now' | number;
}

export interface Registered {
  /** False when the subscriber was known already. */
  isNew: boolean;
  /** Past events it was given copies of, in this call. */
  replayed: number;
}

export interface Subscriber {
  id: string;
  topic: string;
  types: string[] | null;
  channels: string[] | null;
  label: string;
  createdAt: number;
  lastSeenAt: number;
}

/** Events looked at, and deliveries written or closed, in one transaction at most. */
const page = 500;

/**
 * Who gets copies of events. A subscriber stays registered while its node is disabled or its tab is away, and
 * its copies wait for it.
 */
export class Subscribers {
  readonly #store: Store;

  constructor(store: Store) {
    this.#store = store;
  }

  /**
   * Makes a subscriber known, or renews its label and filters; other filters apply to what happens from then on.
   * A new one that starts in the past first gets copies of past events, a page a transaction, and becomes known
   * with the last page: so they come before all that happens later, order by order, and a start that was broken
   * off goes on where it stopped.
   */
  async register(subscription: Subscription): Promise<Registered> {
    let replayed = 0;
    let first = 1;
    for (;;) {
      const step = await this.#store.execute(registerHandler, { subscription, first });
      replayed += step.replayed;
      first = step.next;
      if (step.known) return { isNew: step.isNew, replayed };
    }
  }

  /**
   * Forgets a subscriber for good and closes everything that waits for it or is being handled; those who still
   * handle something can no longer end it. What is closed or dead stays as the trail. Answers how many deliveries
   * were closed.
   */
  async forget(id: string, actor: string): Promise<number> {
    let closed = 0;
    for (;;) {
      const step = await this.#store.execute(forgetHandler, { id, actor, before: closed });
      closed += step.closed;
      if (step.finished) return closed;
    }
  }

  async list(): Promise<Subscriber[]> {
    return (await allSubscribers(this.#store.read)).map((row) => ({
      id: row.id,
      topic: row.topic,
      types: listFrom(row.types),
      channels: listFrom(row.channels),
      label: row.label,
      createdAt: row.created_at,
      lastSeenAt: row.last_seen_at,
    }));
  }
}

interface Register {
  subscription: Subscription;
  /** First past event that was not looked at yet. */
  first: number;
}

interface RegisterStep {
  known: boolean;
  isNew: boolean;
  replayed: number;
  /** `first` of the next step. */
  next: number;
}

const registerHandler: CommandHandler<Register, RegisterStep> = {
  name: 'subscriber.register',
  async run(tx, commands) {
    const answers: RegisterStep[] = [];
    for (const command of commands) answers.push(await register(tx, command));
    return answers;
  },
};

async function register(tx: Tx, { subscription, first }: Register): Promise<RegisterStep> {
  const { id, topic, label, startFrom = 'now' } = subscription;
  const wanted = {
    topic,
    types: textOf(subscription.types),
    channels: textOf(subscription.channels),
    label,
    last_seen_at: tx.now,
  };
  const [renewed] = await tx.update('subscribers', [{ key: { id }, set: wanted }]);
  if (renewed === 1) return { known: true, isNew: false, replayed: 0, next: first };
  // Whoever writes an event now looks for its subscribers before or after this: no event falls in between.
  await tx.alone('events');
  const step =
    startFrom === 'now' || topic === 'stock'
      ? { replayed: 0, next: first, finished: true }
      : await replay(tx, { id, topic, filters: wanted, since: startFrom }, first);
  if (step.finished) await tx.put('subscribers', [{ id, ...wanted, created_at: tx.now }]);
  return { known: step.finished, isNew: step.finished, replayed: step.replayed, next: step.next };
}

interface Replay {
  id: string;
  topic: EventTopic;
  filters: Pick<Row<'subscribers'>, 'types' | 'channels'>;
  since: number;
}

/** Copies a page of past events to a subscriber that is not known yet; its last copy says where to go on. */
async function replay(
  tx: Tx,
  { id, topic, filters, since }: Replay,
  from: number,
): Promise<{ replayed: number; next: number; finished: boolean }> {
  const first = Math.max(from, ((await lastWaitingRef(tx.db, id)) ?? 0) + 1);
  const last = first + page - 1;
  const wants = wantedBy(filters);
  const copies = (await pastEvents(tx.db, topic, since, { first, last }))
    .filter((event) => wants(event.type, event.channel))
    .map((event) => copyFor(id, topic, event.order_key, event.id));
  await enqueue(tx, copies);
  return { replayed: copies.length, next: last + 1, finished: last >= (await lastEventId(tx.db)) };
}

interface Forget {
  id: string;
  actor: string;
  /** Deliveries closed by the steps before this one. */
  before: number;
}

const forgetHandler: CommandHandler<Forget, { closed: number; finished: boolean }> = {
  name: 'subscriber.forget',
  async run(tx, commands) {
    const answers: { closed: number; finished: boolean }[] = [];
    for (const { id, actor, before } of commands) {
      // Nobody who still knows the subscriber writes copies for it behind its back.
      await tx.alone('events');
      const closed = await closeOpen(tx, id, actor);
      const finished = closed < page;
      // Last, so that a step that is broken off leaves a subscriber that can be forgotten again.
      const known = finished && (await removeSubscriber(tx.db, id));
      if (known || before + closed > 0) {
        const detail = JSON.stringify({ closed: before + closed });
        if (finished)
          await tx.insert('acts', [{ actor, act: 'subscriber.forget', object: id, detail, at: tx.now }]);
      }
      answers.push({ closed, finished });
    }
    return answers;
  },
};

/**
 * Closes a page of a subscriber's open deliveries and answers how many. The rows stay: a number that came free
 * could be given to a delivery that somebody else would then end by mistake.
 */
async function closeOpen(tx: Tx, subscriber: string, by: string): Promise<number> {
  const open = await openDeliveries(tx.db, subscriber, page);
  const closed = {
    state: 'done' as const,
    owner: null,
    lease_until: null,
    finished_at: tx.now,
    last_error: errorText(deliveryError('delivery.forgotten', { by })),
  };
  await tx.update(
    'deliveries',
    open.map(({ id, token }) => ({ key: { id }, set: { ...closed, token: token + 1 } })),
  );
  return open.length;
}

function textOf(list: readonly string[] | null): string | null {
  return list === null ? null : JSON.stringify(list);
}

function listFrom(text: string | null): string[] | null {
  return text === null ? null : (JSON.parse(text) as string[]);
}
