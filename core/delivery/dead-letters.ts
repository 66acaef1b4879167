import { HubError, reasonOf } from '../errors.ts';
import { countDead, type DeadFilter, type DeliveryRow, deadDeliveries } from '../store/queries/deliveries.ts';
import type { CommandHandler, Store, Tx } from '../store/store.ts';
import { type DeliveryTopic, enqueue } from './enqueue.ts';
import type { DeliveryError } from './failure.ts';
import { errorText } from './finish.ts';
import './messages.ts';

export type { DeadFilter } from '../store/queries/deliveries.ts';

/** What became of a dead delivery: retried as another one, or dismissed. */
export type Trail =
  | { retriedAs: number; by: string; at: number }
  | { dismissedFor: string; by: string; at: number };

/** A delivery that failed for good. */
export interface DeadLetter {
  id: number;
  topic: string;
  subscriber: string;
  key: string;
  /** Id of its message in the table the topic names. */
  ref: number;
  /** JSON text a person had put in the message's place. */
  payload: string | null;
  attempts: number;
  createdAt: number;
  /** Epoch milliseconds. */
  diedAt: number;
  reason: DeliveryError;
  /** Null while nobody has retried or dismissed it. */
  trail: Trail | null;
}

/** What the last error of a dead delivery holds besides the error. */
interface KeptError extends DeliveryError {
  diedAt: number;
  trail?: Trail;
}

/** Deliveries retried in one transaction at most. */
const retryPage = 100;

/**
 * Deliveries that failed for good. Retrying one writes a new delivery of the same message (or of the message a
 * person put in its place) behind the others of its key; the dead one stays as the trail. It is `open` until it
 * is retried or dismissed, once.
 */
export class DeadLetters {
  readonly #store: Store;

  constructor(store: Store) {
    this.#store = store;
  }

  /** Newest first; the next page is `before` the last id of this one. */
  async list(filter: DeadFilter = {}, page: { before?: number; limit?: number } = {}): Promise<DeadLetter[]> {
    const { before, limit = 100 } = page;
    const rows = await deadDeliveries(this.#store.read, filter, {
      limit,
      ...(before !== undefined && { before }),
    });
    return rows.map(letterFrom);
  }

  async count(filter: DeadFilter = {}): Promise<number> {
    return (await countDead(this.#store.read, filter)).count;
  }

  /**
   * Retries one; answers the new delivery's id.
   *
   * @param change `payload` is JSON text that takes the message's place
   * @throws HubError delivery.unknown, delivery.not-dead, delivery.already-retried, delivery.already-dismissed,
   *   delivery.payload-not-json
   */
  async retryOne(id: number, change: { payload?: string; actor: string }): Promise<number> {
    const { payload, actor } = change;
    if (payload !== undefined) checkJson(id, payload);
    return this.#store.execute(retryOneHandler, { id, actor, ...(payload !== undefined && { payload }) });
  }

  /**
   * Retries open ones that a filter means, oldest first, at most `cap`, a page a transaction. Those that die
   * anew meanwhile are not taken again. Answers how many were retried.
   */
  async retryMany(filter: DeadFilter, cap: number, actor: string): Promise<number> {
    const open: DeadFilter = { ...filter, trail: 'open' };
    const { last } = await countDead(this.#store.read, open);
    let retried = 0;
    let after = 0;
    while (retried < cap) {
      const limit = Math.min(retryPage, cap - retried);
      const step = await this.#store.execute(retryManyHandler, {
        filter: open,
        after,
        upTo: last,
        limit,
        actor,
      });
      retried += step.count;
      if (step.count < limit) break;
      after = step.last;
    }
    return retried;
  }

  /**
   * Closes one without retrying it, for a reason that is kept.
   *
   * @throws HubError delivery.unknown, delivery.not-dead, delivery.already-retried, delivery.already-dismissed
   */
  async dismiss(id: number, act: { actor: string; reason: string }): Promise<void> {
    await this.#store.execute(dismissHandler, { id, ...act });
  }
}

interface RetryOne {
  id: number;
  payload?: string;
  actor: string;
}

const retryOneHandler: CommandHandler<RetryOne, number> = {
  name: 'dead-letter.retry-one',
  async run(tx, commands) {
    const answers: (number | Error)[] = [];
    for (const { id, payload, actor } of commands) {
      const row = await openDead(tx, id);
      if (row instanceof Error) {
        answers.push(row);
        continue;
      }
      const [retriedAs] = await retry(tx, [row], actor, payload);
      const detail = JSON.stringify({ retriedAs, edited: payload !== undefined });
      await tx.insert('acts', [
        { actor, act: 'delivery.retry', object: `delivery:${id}`, detail, at: tx.now },
      ]);
      answers.push(retriedAs!);
    }
    return answers;
  },
};

interface RetryMany {
  filter: DeadFilter;
  after: number;
  upTo: number;
  limit: number;
  actor: string;
}

const retryManyHandler: CommandHandler<RetryMany, { count: number; last: number }> = {
  name: 'dead-letter.retry-many',
  async run(tx, commands) {
    const answers: { count: number; last: number }[] = [];
    for (const { filter, after, upTo, limit, actor } of commands) {
      const rows = await deadDeliveries(tx.db, filter, { after, upTo, limit });
      const last = rows.at(-1)?.id ?? upTo;
      if (rows.length > 0) {
        await retry(tx, rows, actor);
        const detail = JSON.stringify({ filter, count: rows.length, first: rows[0]!.id, last });
        await tx.insert('acts', [
          { actor, act: 'delivery.retry-many', object: 'deliveries', detail, at: tx.now },
        ]);
      }
      answers.push({ count: rows.length, last });
    }
    return answers;
  },
};

interface Dismiss {
  id: number;
  actor: string;
  reason: string;
}

const dismissHandler: CommandHandler<Dismiss, void> = {
  name: 'dead-letter.dismiss',
  async run(tx, commands) {
    const answers: (undefined | Error)[] = [];
    for (const { id, actor, reason } of commands) {
      const row = await openDead(tx, id);
      if (row instanceof Error) {
        answers.push(row);
        continue;
      }
      await close(tx, [{ row, trail: { dismissedFor: reason, by: actor, at: tx.now } }]);
      const detail = JSON.stringify({ reason });
      await tx.insert('acts', [
        { actor, act: 'delivery.dismiss', object: `delivery:${id}`, detail, at: tx.now },
      ]);
      // Nothing new waits, but a source that stopped at its ceiling of dead ones has to look again.
      tx.wake(row.subscriber);
      answers.push(undefined);
    }
    return answers;
  },
};

async function openDead(tx: Tx, id: number): Promise<DeliveryRow | HubError> {
  const [row] = await tx.find('deliveries', [{ id }]);
  if (!row) return new HubError('delivery.unknown', { id });
  if (row.state !== 'dead') return new HubError('delivery.not-dead', { id, state: row.state });
  const { trail } = keptError(row);
  if (!trail) return row;
  return 'retriedAs' in trail
    ? new HubError('delivery.already-retried', { id, by: trail.by, retriedAs: trail.retriedAs })
    : new HubError('delivery.already-dismissed', { id, by: trail.by, reason: trail.dismissedFor });
}

async function retry(
  tx: Tx,
  rows: readonly DeliveryRow[],
  actor: string,
  payload?: string,
): Promise<number[]> {
  const ids = await enqueue(
    tx,
    rows.map((row) => ({
      topic: row.topic as DeliveryTopic,
      subscriber: row.subscriber,
      key: row.key,
      ref: row.ref,
      payload: payload ?? row.payload,
    })),
  );
  await close(
    tx,
    rows.map((row, index) => ({ row, trail: { retriedAs: ids[index]!, by: actor, at: tx.now } })),
  );
  return ids;
}

async function close(tx: Tx, closed: readonly { row: DeliveryRow; trail: Trail }[]): Promise<void> {
  await tx.update(
    'deliveries',
    closed.map(({ row, trail }) => {
      const error = keptError(row);
      return {
        key: { id: row.id },
        set: { finished_at: tx.now, last_error: errorText(error, { diedAt: error.diedAt, trail }) },
      };
    }),
  );
}

function keptError(row: DeliveryRow): KeptError {
  return JSON.parse(row.last_error!) as KeptError;
}

function letterFrom(row: DeliveryRow): DeadLetter {
  const { diedAt, trail = null, ...reason } = keptError(row);
  return {
    id: row.id,
    topic: row.topic,
    subscriber: row.subscriber,
    key: row.key,
    ref: row.ref,
    payload: row.payload,
    attempts: row.attempts,
    createdAt: row.created_at,
    diedAt,
    reason,
    trail,
  };
}

function checkJson(id: number, text: string): void {
  try {
    JSON.parse(text);
  } catch (error) {
    throw new HubError('delivery.payload-not-json', { id, reason: reasonOf(error) }, { cause: error });
  }
}
