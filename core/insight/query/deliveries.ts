import type { DeadFilter } from '../../delivery/dead-letters.ts';
import { type DeliveryInfo, infoOf } from '../../delivery/queue.ts';
import { HubError } from '../../errors.ts';
import { type DeliveryRow, deadDeliveries, deliveriesOf } from '../../store/queries/deliveries.ts';
import { eventsOfOrder } from '../../store/queries/events.ts';
import { alertsOfOrder, orderRow, versionsOfOrder } from '../../store/queries/orders.ts';
import { rawInputs } from '../../store/queries/raw-input.ts';
import type { Store } from '../../store/store.ts';
import { type Asking, isoTime, told } from './asking.ts';
import { type Asked, choiceOf, idOf, limitOf, textOf, timeOf } from './parameters.ts';

export const deliveryStates = ['ready', 'leased', 'done', 'dead'] as const;
const trails = ['open', 'closed', 'all'] as const;

/** Bytes of a message that are shown at most. */
const mostInput = 256 * 1024;

/** Which dead deliveries are meant: `subscriber`, `topic`, `key`, `code`, `since`, `until`, `trail`. */
export function deadFilter(asked: Asked): DeadFilter {
  const filter: DeadFilter = {
    subscriber: textOf(asked, 'subscriber'),
    topic: textOf(asked, 'topic'),
    key: textOf(asked, 'key'),
    code: textOf(asked, 'code'),
    since: timeOf(asked, 'since'),
    until: timeOf(asked, 'until'),
    trail: choiceOf(asked, 'trail', trails),
  };
  return Object.fromEntries(Object.entries(filter).filter(([, value]) => value !== undefined));
}

/**
 * Deliveries, newest first: `state`, `subscriber`, `limit`, `after` (an id); dead ones also by what `deadFilter`
 * takes, and only those still open unless `trail` says otherwise.
 */
export async function askDeliveries(asked: Asked, asking: Asking) {
  const state = choiceOf(asked, 'state', deliveryStates);
  const limit = limitOf(asked);
  const before = idOf(asked, 'after');
  const page = { limit, ...(before !== undefined && { before }) };
  const rows =
    state === 'dead'
      ? (await deadDeliveries(asking.hub.store.read, deadFilter(asked), page)).map(infoOf)
      : await listed(asked, asking, { state, ...(before !== undefined && { before }) }, limit);
  return {
    deliveries: rows.map((row) => deliveryAnswer(row, asking)),
    next: rows.length === limit ? String(rows.at(-1)!.id) : null,
  };
}

async function listed(
  asked: Asked,
  { hub }: Asking,
  filter: { state: DeliveryInfo['state'] | undefined; before?: number },
  limit: number,
): Promise<DeliveryInfo[]> {
  const key = textOf(asked, 'key');
  const subscriber = textOf(asked, 'subscriber');
  if (key === undefined) return hub.deliveries.list({ ...filter, subscriber }, limit);
  const { state, before = Number.POSITIVE_INFINITY } = filter;
  return (await deliveriesAbout(hub.store.read, key))
    .filter((row) => row.id < before && (state === undefined || row.state === state))
    .filter((row) => subscriber === undefined || row.subscriber === subscriber)
    .sort((one, two) => two.id - one.id)
    .slice(0, limit)
    .map(infoOf);
}

/** Every delivery of what an order was made from, of its events and of its alerts, oldest first. */
export async function deliveriesAbout(db: Store['read'], orderKey: string): Promise<DeliveryRow[]> {
  const [order, versions, events, alerts] = await Promise.all([
    orderRow(db, orderKey),
    versionsOfOrder(db, orderKey),
    eventsOfOrder(db, orderKey),
    alertsOfOrder(db, orderKey),
  ]);
  const records = [order, ...versions].flatMap((row) => row?.inbox_id ?? []);
  const refs = new Map<string, number[]>([['inbox', [...new Set(records)]]]);
  for (const event of events) refs.set(event.topic, [...(refs.get(event.topic) ?? []), event.id]);
  refs.set(
    'alert',
    alerts.map((alert) => alert.id),
  );
  const found = await Promise.all([...refs].map(([topic, ids]) => deliveriesOf(db, topic, ids)));
  return found.flat().sort((one, two) => one.id - two.id);
}

/**
 * One delivery with the message it carries, which is shown only to who may see personal data: `id`.
 *
 * @throws HubError query.no-delivery
 */
export async function askDelivery(asked: Asked, asking: Asking) {
  const id = idOf(asked, 'id');
  if (id === undefined) throw new HubError('query.missing', { field: 'id' });
  const found = await asking.hub.deliveries.find(id);
  if (!found) throw new HubError('query.no-delivery', { id });
  const texts = asking.personal ? await rawInputs(asking.hub.store.read, [id], mostInput) : undefined;
  return { ...deliveryAnswer(found, asking), input: texts?.get(id) ?? null, masked: !asking.personal };
}

/** How many dead deliveries a filter means. */
export async function askDeadCount(asked: Asked, { hub }: Asking) {
  return { count: await hub.deadLetters.count(deadFilter(asked)) };
}

export function deliveryAnswer(info: DeliveryInfo, asking: Asking) {
  return {
    ...info,
    availableAt: isoTime(info.availableAt),
    createdAt: isoTime(info.createdAt),
    finishedAt: isoTime(info.finishedAt),
    lastError: info.lastError && told(info.lastError, asking),
  };
}
