import { errorFrom } from '../../delivery/delivery.ts';
import { type AlertWithDelivery, alertsWithDelivery } from '../../store/queries/alerts.ts';
import { type StoredAlert, sendingFrom } from '../alert/alerts.ts';
import { type Asking, isoTime, shown, told } from './asking.ts';
import { type Asked, idOf, limitOf, textOf } from './parameters.ts';

/** Alerts, newest first, with how their sending stands: `key` (of an order), `limit`, `after` (an id). */
export async function askAlerts(asked: Asked, asking: Asking) {
  const limit = limitOf(asked);
  const page = { limit, before: idOf(asked, 'after'), orderKey: textOf(asked, 'key') };
  const rows = await alertsWithDelivery(asking.hub.store.read, page);
  return {
    alerts: rows.map((row) => alertAnswer(row, asking)),
    next: rows.length === limit ? String(rows.at(-1)!.id) : null,
  };
}

/** An alert with its state (`waiting`, `sending`, `sent`, `failed` with the reason, …) and its last delivery. */
export function alertAnswer(row: AlertWithDelivery, asking: Asking) {
  const { reason, sentAt, ...sending } = sendingFrom(row);
  return {
    id: row.id,
    rule: row.rule,
    target: row.target,
    orderKey: row.order_key,
    event: row.event,
    message: messageFor(row.message, asking),
    at: isoTime(row.at),
    ...sending,
    sentAt: isoTime(sentAt),
    reason: reason && told(reason, asking),
    delivery: deliveryOf(row, asking),
  };
}

/** The wording as it was sent, or masked: a target may be told more than those who read here. */
function messageFor(kept: string, asking: Asking) {
  const { masked, ...message } = JSON.parse(kept) as StoredAlert;
  return shown(asking.personal ? message : { ...message, ...masked }, asking);
}

function deliveryOf(row: AlertWithDelivery, asking: Asking) {
  if (row.delivery_id === null) return null;
  const error = errorFrom(row.last_error);
  return {
    id: row.delivery_id,
    state: row.state,
    attempts: row.attempts,
    availableAt: isoTime(row.available_at),
    finishedAt: isoTime(row.finished_at),
    lastError: error && told(error, asking),
  };
}
