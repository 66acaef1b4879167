import { infoOf } from '../../delivery/queue.ts';
import { HubError } from '../../errors.ts';
import { type Order, orderStatuses } from '../../order/schema.ts';
import { alertsWithDelivery } from '../../store/queries/alerts.ts';
import { eventsOfOrder } from '../../store/queries/events.ts';
import {
  orderLineRows,
  orderRow,
  orderRows,
  versionsOfOrder,
  weighingsOfOrder,
} from '../../store/queries/orders.ts';
import { type HoldRow, orderHolds } from '../../store/queries/stock.ts';
import type { Row } from '../../store/schema.ts';
import { alertAnswer } from './alerts.ts';
import { type Asking, isoTime, shown, told } from './asking.ts';
import { deliveriesAbout, deliveryAnswer } from './deliveries.ts';
import {
  type Asked,
  choiceOf,
  cursorFrom,
  cursorOf,
  limitOf,
  mostRows,
  requiredText,
  textOf,
  timeOf,
} from './parameters.ts';

/** Orders, last changed first: `channel`, `shop`, `id` (the channel's own), `status`, `since`, `limit`, `after`. */
export async function askOrders(asked: Asked, asking: Asking) {
  const limit = limitOf(asked);
  const place = cursorOf(asked, ['number', 'string']);
  const rows = await orderRows(asking.hub.store.read, {
    channel: textOf(asked, 'channel'),
    shop: textOf(asked, 'shop'),
    channelOrderId: textOf(asked, 'id'),
    status: choiceOf(asked, 'status', orderStatuses),
    since: timeOf(asked, 'since'),
    ...(place && { after: { updatedAt: place[0], key: place[1] } }),
    limit,
  });
  const last = rows.at(-1);
  return {
    orders: rows.map((row) => orderAnswer(row, asking)),
    next: last && rows.length === limit ? cursorFrom(last.updated_at, last.key) : null,
  };
}

/**
 * One order with everything the hub knows of it: `key`.
 *
 * @throws HubError query.missing, query.no-order
 */
export async function askOrder(asked: Asked, asking: Asking) {
  const key = requiredText(asked, 'key');
  const db = asking.hub.store.read;
  const row = await orderRow(db, key);
  if (!row) throw new HubError('query.no-order', { key });
  const [lines, events, versions, holds, weighings, alerts, deliveries] = await Promise.all([
    orderLineRows(db, key),
    eventsOfOrder(db, key),
    versionsOfOrder(db, key),
    orderHolds(db, key),
    weighingsOfOrder(db, key),
    alertsWithDelivery(db, { orderKey: key, limit: mostRows }),
    deliveriesAbout(db, key),
  ]);
  return {
    ...orderAnswer(row, asking),
    quantities: lines.map(({ order_key: _, line_id: lineId, ...quantities }) => ({ lineId, ...quantities })),
    events: events.map((event) => ({
      id: event.id,
      topic: event.topic,
      type: event.type,
      at: isoTime(event.at),
      data: shown(JSON.parse(event.data) as unknown, asking),
    })),
    versions: versions.map((version) => versionAnswer(version, asking)),
    holds: holds.map(holdAnswer),
    weighings: weighings.map(weighingAnswer),
    // As everything else of an order: oldest first.
    alerts: alerts.reverse().map((alert) => alertAnswer(alert, asking)),
    deliveries: deliveries.map((delivery) => deliveryAnswer(infoOf(delivery), asking)),
  };
}

function orderAnswer(row: Row<'orders'>, asking: Asking) {
  return {
    key: row.key,
    channel: row.channel,
    shop: row.shop,
    channelOrderId: row.channel_order_id,
    scenario: row.scenario,
    status: row.status,
    refundStatus: row.refund_status,
    hold: row.hold_reason,
    currency: row.currency,
    total: row.total,
    allocation: row.allocation,
    version: row.version,
    modifiedAt: isoTime(row.modified_at),
    createdAt: isoTime(row.created_at),
    updatedAt: isoTime(row.updated_at),
    inboxId: row.inbox_id,
    order: shown(JSON.parse(row.document) as Order, asking),
  };
}

function versionAnswer(row: Row<'order_versions'>, asking: Asking) {
  return {
    id: row.id,
    outcome: row.outcome,
    status: row.status,
    modifiedAt: isoTime(row.modified_at),
    inboxId: row.inbox_id,
    reason: row.reason === null ? null : told(JSON.parse(row.reason) as { code: string }, asking),
    order: row.document === null ? null : shown(JSON.parse(row.document) as Order, asking),
    at: isoTime(row.at),
  };
}

function holdAnswer(row: HoldRow) {
  return {
    id: row.id,
    pool: row.pool,
    sku: row.sku,
    lineId: row.line_id,
    quantity: row.quantity,
    remaining: row.remaining,
    bucket: row.bucket,
    scenario: row.scenario,
    state: row.state,
    deadline: isoTime(row.deadline),
    createdAt: isoTime(row.created_at),
    resolvedAt: isoTime(row.resolved_at),
  };
}

function weighingAnswer(row: Row<'weighings'>) {
  return {
    id: row.id,
    verdict: row.verdict,
    readingGrams: row.reading_grams,
    expectedGrams: row.expected_grams,
    bandGrams: row.band_grams,
    actor: row.actor,
    reason: row.reason,
    at: isoTime(row.at),
  };
}
