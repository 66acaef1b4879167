import { reasonOf } from '../errors.ts';
import { tableOf } from '../store/queries/raw-input.ts';
import type { Row } from '../store/schema.ts';
import { type DeliveryError, deliveryError } from './failure.ts';

/** The right to finish a delivery. The token changes whenever that right passes on, so an old one is told apart. */
export interface Lease {
  id: number;
  token: number;
}

/** What a channel sent. */
export interface InboxRecord {
  id: number;
  account: string;
  topic: string;
  headers: Record<string, string | string[]>;
  /** The bytes as they came, or the text a person put in their place. */
  body: Buffer;
  receivedAt: number;
}

/** What happened. */
export interface EventRecord {
  id: number;
  topic: string;
  type: string;
  orderKey: string | null;
  channel: string | null;
  data: unknown;
  at: number;
}

/** An alert to send to one target. */
export interface AlertRecord {
  id: number;
  alertKey: string;
  target: string;
  rule: string;
  orderKey: string | null;
  event: string;
  message: unknown;
  at: number;
}

/**
 * A delivery that was handed over: what to do, and what is known about it. One of the three
 * records is there, except of the topic `stock`: there whoever hands it over reads the state at `ref` as it is then.
 */
export interface ClaimedDelivery extends Lease {
  topic: string;
  /** Id of its message in the table the topic names; another delivery of the same message has the same. */
  ref: number;
  subscriber: string;
  key: string;
  /** 1 for the first attempt. */
  attempt: number;
  createdAt: number;
  leaseUntil: number;
  /** Why the attempt before failed. */
  lastError: DeliveryError | null;
  /** True when a person changed the message before a retry. */
  edited: boolean;
  inbox: InboxRecord | null;
  event: EventRecord | null;
  alert: AlertRecord | null;
}

/** Rows of the tables that topics name, by their id. */
export interface Messages {
  inbox: ReadonlyMap<number, Row<'inbox'>>;
  events: ReadonlyMap<number, Row<'events'>>;
  alerts: ReadonlyMap<number, Row<'alerts'>>;
}

/** Puts a delivery and its message together; answers the reason when there is no message to hand over. */
export function deliveryFrom(row: Row<'deliveries'>, messages: Messages): ClaimedDelivery | DeliveryError {
  try {
    return (
      assembled(row, messages) ??
      deliveryError('delivery.message-missing', { topic: row.topic, ref: row.ref })
    );
  } catch (error) {
    return deliveryError('delivery.message-unreadable', {
      topic: row.topic,
      ref: row.ref,
      reason: reasonOf(error),
    });
  }
}

export function errorFrom(text: string | null): DeliveryError | null {
  return text === null ? null : (JSON.parse(text) as DeliveryError);
}

function assembled(row: Row<'deliveries'>, messages: Messages): ClaimedDelivery | undefined {
  const delivery: ClaimedDelivery = {
    id: row.id,
    token: row.token,
    topic: row.topic,
    ref: row.ref,
    subscriber: row.subscriber,
    key: row.key,
    attempt: row.attempts,
    createdAt: row.created_at,
    leaseUntil: row.lease_until ?? 0,
    lastError: errorFrom(row.last_error),
    edited: row.payload !== null,
    inbox: null,
    event: null,
    alert: null,
  };
  const table = tableOf(row.topic);
  if (table === 'inbox') {
    const record = messages.inbox.get(row.ref);
    if (!record) return undefined;
    delivery.inbox = {
      id: record.id,
      account: record.account,
      topic: record.topic,
      headers: JSON.parse(record.headers),
      body: row.payload === null ? asBuffer(record.body) : Buffer.from(row.payload),
      receivedAt: record.received_at,
    };
  } else if (table === 'alerts') {
    const alert = messages.alerts.get(row.ref);
    if (!alert) return undefined;
    delivery.alert = {
      id: alert.id,
      alertKey: alert.alert_key,
      target: alert.target,
      rule: alert.rule,
      orderKey: alert.order_key,
      event: alert.event,
      message: JSON.parse(row.payload ?? alert.message),
      at: alert.at,
    };
  } else if (table === 'events') {
    const event = messages.events.get(row.ref);
    if (!event) return undefined;
    delivery.event = {
      id: event.id,
      topic: event.topic,
      type: event.type,
      orderKey: event.order_key,
      channel: event.channel,
      data: JSON.parse(row.payload ?? event.data),
      at: event.at,
    };
  }
  return delivery;
}

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
