import type { MessageParams } from '../message.ts';
import { orderKey } from './key.ts';
import type { Order } from './schema.ts';
import { isTerminal, milestones, rankOf, refundMayBecome, transitions } from './transitions.ts';

/** The version of an order that is kept. */
export interface StoredOrder {
  order: Order;
  /** Counts the versions applied, from 1. */
  version: number;
  /** The channel's modified time of the newest version seen, epoch milliseconds. */
  modifiedAt: number;
}

/** A version that arrived. */
export interface IncomingOrder {
  order: Order;
  /** Epoch milliseconds; stands in for the modified time of a channel that tells none. */
  arrivedAt: number;
}

export interface OrderEvent {
  type: string;
  data: Record<string, unknown>;
}

export type SaveDecision =
  /** The version is kept, and these things happened. */
  | { outcome: 'changed'; version: number; modifiedAt: number; events: OrderEvent[]; changed: string[] }
  /** Nothing but perhaps the modified time differs; a newer time is kept so that older versions stay older. */
  | { outcome: 'unchanged'; version: number; modifiedAt: number }
  /** Older than what is kept: filed, never applied. */
  | { outcome: 'stale'; version: number; code: string; params: MessageParams }
  /** Newer, but it goes where an order in this state may not go. */
  | { outcome: 'refused'; version: number; code: string; params: MessageParams };

/**
 * Which version of an order wins: the one with the later modified time of the channel; at the same instant the
 * one further along; else the later arrival. Terminal states are kept whatever comes.
 */
export function decideSave(stored: StoredOrder | undefined, incoming: IncomingOrder): SaveDecision {
  const { order } = incoming;
  const modifiedAt = modifiedTime(incoming);
  if (!stored) {
    return {
      outcome: 'changed',
      version: 1,
      modifiedAt,
      events: eventsOf(undefined, order, []),
      changed: [],
    };
  }
  const { version } = stored;
  const times = {
    key: orderKey(order.channel, order.shop, order.channelOrderId),
    modified: new Date(modifiedAt).toISOString(),
    keptModified: new Date(stored.modifiedAt).toISOString(),
  };
  const older = modifiedAt < stored.modifiedAt;
  const lessFar = modifiedAt === stored.modifiedAt && rankOf(order) < rankOf(stored.order);
  if (older || lessFar) {
    const params = { ...times, status: order.status, keptStatus: stored.order.status };
    return { outcome: 'stale', version, code: 'order.stale', params };
  }
  const changed = changedFields(stored.order, order);
  if (changed.length === 0) return { outcome: 'unchanged', version, modifiedAt };
  const from = stored.order.status;
  const to = order.status;
  if (from !== to && !transitions[from].includes(to)) {
    const params = { ...times, from, to, allowed: transitions[from].join(', ') || null };
    return { outcome: 'refused', version, code: 'order.illegal-transition', params };
  }
  if (!refundMayBecome(stored.order.refundStatus, order.refundStatus)) {
    const params = { ...times, from: stored.order.refundStatus, to: order.refundStatus };
    return { outcome: 'refused', version, code: 'order.illegal-refund', params };
  }
  return {
    outcome: 'changed',
    version: version + 1,
    modifiedAt,
    events: eventsOf(stored.order, order, changed),
    changed,
  };
}

function modifiedTime({ order, arrivedAt }: IncomingOrder): number {
  const modified = order.times.modified?.at;
  return modified === undefined ? arrivedAt : Date.parse(modified);
}

/** What does not make two versions different: where the bytes are, and when the channel touched the order. */
const incidental = new Set(['raw', 'times']);
/** What has events of its own, so that `changed` need not tell it again. */
const tellsItself = new Set(['status', 'refundStatus', 'hold', 'times']);

/** Names of the top-level fields that differ. */
function changedFields(before: Order, after: Order): string[] {
  const names = new Set([...Object.keys(before), ...Object.keys(after)] as (keyof Order)[]);
  const changed = [...names].filter((name) => !incidental.has(name) && !same(before[name], after[name]));
  if (!same({ ...before.times, modified: null }, { ...after.times, modified: null })) changed.push('times');
  return changed.sort();
}

function eventsOf(before: Order | undefined, after: Order, changed: string[]): OrderEvent[] {
  const events: OrderEvent[] = milestones(before?.status, after.status, after.scenario).map((type) => ({
    type,
    data: { status: after.status, from: before?.status ?? null },
  }));
  if (after.hold && !before?.hold) events.push({ type: 'held', data: { reason: after.hold.reason } });
  // An order that is over is not let go on: its hold ends with it.
  if (before?.hold && !after.hold && !isTerminal(after.status))
    events.push({ type: 'released', data: { reason: before.hold.reason } });
  const refundBefore = before?.refundStatus ?? 'none';
  if (after.refundStatus !== refundBefore) {
    const data = { refundStatus: after.refundStatus, from: refundBefore };
    if (after.refundStatus === 'requested') events.push({ type: 'refund-requested', data });
    else if (after.refundStatus === 'none') events.push({ type: 'refund-withdrawn', data });
    else events.push({ type: 'refunded', data });
  }
  const rest = changed.filter((name) => !tellsItself.has(name));
  // Times and a hold's reason change along with a milestone; alone, they are the news.
  const news = rest.length > 0 || events.length > 0 ? rest : changed;
  if (before && news.length > 0) events.push({ type: 'changed', data: { changed: news } });
  return events;
}

/** Deep equality of JSON values; the order of an object's keys does not count. */
function same(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (Array.isArray(a) !== Array.isArray(b)) return false;
  const left = present(a);
  const right = present(b);
  return (
    left.length === right.length &&
    left.every(([key, value]) => same(value, (b as Record<string, unknown>)[key]))
  );
}

function present(value: object): [string, unknown][] {
  return Object.entries(value).filter(([, member]) => member !== undefined);
}
