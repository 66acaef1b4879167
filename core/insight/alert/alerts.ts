import { errorFrom } from '../../delivery/delivery.ts';
import { enqueue } from '../../delivery/enqueue.ts';
import type { DeliveryError } from '../../delivery/failure.ts';
import { type AlertWithDelivery, alertsWithDelivery } from '../../store/queries/alerts.ts';
import type { NewRow } from '../../store/schema.ts';
import type { CommandHandler, Store } from '../../store/store.ts';
import { alertKey } from './alert-key.ts';
import type { AlertMessage } from './channel.ts';

/** What is kept of an alert: the message as it goes to the target, and what else its sending needs to know. */
export interface StoredAlert extends AlertMessage {
  /** Name of the target for people, as it was when the alert was raised. */
  to: string;
  /** Whether the text is Markdown; robots of chat groups then show it as such. */
  markdown: boolean;
  /**
   * The wording with personal data masked, for boards and queries; left out where it is the same, as it is unless
   * the target gets personal data in full.
   */
  masked?: Pick<AlertMessage, 'title' | 'text' | 'variables'>;
}

export interface AlertTarget {
  /** The target's id; its queue is that of the subscriber `alert:<id>`. */
  id: string;
  /** Everything but the id, which is the alert's key. */
  message: Omit<StoredAlert, 'id'>;
}

export interface RaiseAlert {
  /** Name of the rule; the same event may be told of once by each rule. */
  rule: string;
  orderKey: string | null;
  /** Tells one happening of the order from the next: the event's id, or its type with the order's version. */
  event: string;
  targets: readonly AlertTarget[];
}

/** For one target: `queued` now, or `repeated`: raised before, and nothing was done. */
export interface RaisedAlert {
  target: string;
  state: 'queued' | 'repeated';
  /** Id of the alert that was queued; null for a repeat. */
  alertId: number | null;
}

/** An alert as boards show it, with personal data masked. */
export interface ShownAlert {
  id: number;
  rule: string;
  target: string;
  to: string;
  orderKey: string | null;
  event: string;
  title: string;
  text: string;
  /** When it was raised, epoch milliseconds. */
  at: number;
  /** `failed`: given up, and kept among the dead letters; `dismissed`: given up, and somebody said so. */
  state: 'waiting' | 'sending' | 'sent' | 'failed' | 'dismissed' | 'unknown';
  attempts: number;
  sentAt: number | null;
  /** Why the last attempt failed; null when it did not. */
  reason: DeliveryError | null;
}

/** The queue of a target. */
export function alertSubscriber(target: string): string {
  return `alert:${target}`;
}

/** Alerts: each once for a rule, an order, an event and a target. */
export class Alerts {
  readonly #store: Store;

  constructor(store: Store) {
    this.#store = store;
  }

  /**
   * Writes the alert and its delivery for every target in one transaction; the unique key of the table decides what
   * is a repeat, also after a restart. Alerts of one order reach a target one after another.
   */
  raise(command: RaiseAlert): Promise<RaisedAlert[]> {
    return this.#store.execute(raiseHandler, command);
  }

  /** Newest first; the next page is `before` the last id of this one. */
  async list(limit = 50, before?: number): Promise<ShownAlert[]> {
    return (await alertsWithDelivery(this.#store.read, { limit, before })).map(shownFrom);
  }
}

const raiseHandler: CommandHandler<RaiseAlert, RaisedAlert[]> = {
  name: 'raise alerts',
  async run(tx, commands) {
    const wanted = commands.flatMap((command) => {
      const key = alertKey(command.rule, command.orderKey ?? '', command.event);
      return command.targets.map(({ id, message }) => ({
        orderKey: command.orderKey,
        row: {
          alert_key: key,
          target: id,
          rule: command.rule,
          order_key: command.orderKey,
          event: command.event,
          message: JSON.stringify({ id: key, ...message } satisfies StoredAlert),
          at: tx.now,
        } satisfies NewRow<'alerts'>,
      }));
    });
    const ids = await tx.insertNew(
      'alerts',
      wanted.map(({ row }) => row),
    );
    await enqueue(
      tx,
      wanted.flatMap(({ orderKey, row }, index) => {
        const id = ids[index];
        if (id === null || id === undefined) return [];
        const key = orderKey ?? `alert:${id}`;
        return [{ topic: 'alert' as const, subscriber: alertSubscriber(row.target), key, ref: id }];
      }),
    );
    let next = 0;
    return commands.map(({ targets }) =>
      targets.map(({ id }): RaisedAlert => {
        const alertId = ids[next++] ?? null;
        return { target: id, state: alertId === null ? 'repeated' : 'queued', alertId };
      }),
    );
  },
};

function shownFrom(row: AlertWithDelivery): ShownAlert {
  const { to, masked, ...message } = JSON.parse(row.message) as Partial<StoredAlert>;
  const { title = '', text = '' } = { ...message, ...masked };
  return {
    id: row.id,
    rule: row.rule,
    target: row.target,
    to: to ?? '',
    orderKey: row.order_key,
    event: row.event,
    title,
    text,
    at: row.at,
    ...sendingFrom(row),
  };
}

/** How the sending of an alert stands. */
export function sendingFrom(
  row: AlertWithDelivery,
): Pick<ShownAlert, 'state' | 'attempts' | 'sentAt' | 'reason'> {
  const state = stateOf(row);
  const error = state === 'sent' ? null : errorFrom(row.last_error);
  return {
    state,
    attempts: row.attempts ?? 0,
    sentAt: state === 'sent' ? row.finished_at : null,
    reason: error && { code: error.code, params: error.params, sentence: error.sentence },
  };
}

function stateOf({ state, finished_at: closedAt }: AlertWithDelivery): ShownAlert['state'] {
  switch (state) {
    case 'ready':
      return 'waiting';
    case 'leased':
      return 'sending';
    case 'done':
      return 'sent';
    case 'dead':
      return closedAt === null ? 'failed' : 'dismissed';
    case null:
      return 'unknown';
  }
}
