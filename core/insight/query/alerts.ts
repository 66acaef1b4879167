import { errorFrom } from '../../delivery/delivery.ts';
import { type AlertWithDelivery, alertsWithDelivery } from '../../store/queries/alerts.ts';
import { alertsOfOrder } from '../../store/queries/orders.ts';
import type { Row } from '../../store/schema.ts';
import { type Asking, isoTime, shown, told } from './asking.ts';
import { type Asked, idOf, limitOf, textOf } from './parameters.ts';

/** Alerts, newest first, with how their sending stands: `limit`, `after` (an id). Those of one order: `key`. */
export async function askAlerts(asked: Asked, asking: Asking) {
  const limit = limitOf(asked);
  const before = idOf(asked, 'after');
  const key = textOf(asked, 'key');
  const db = asking.hub.store.read;
  if (key !== undefined) {
    const rows = (await alertsOfOrder(db, key)).reverse().slice(0, limit);
    return { alerts: rows.map((row) => alertAnswer(row, asking)), next: null };
  }
  const rows = await alertsWithDelivery(db, limit, before);
  return {
    alerts: rows.map((row) => ({ ...alertAnswer(row, asking), delivery: sendingOf(row, asking) })),
    next: rows.length === limit ? String(rows.at(-1)!.id) : null,
  };
}

function sendingOf(row: AlertWithDelivery, asking: Asking) {
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

export function alertAnswer(row: Row<'alerts'>, asking: Asking) {
  return {
    id: row.id,
    rule: row.rule,
    target: row.target,
    orderKey: row.order_key,
    event: row.event,
    message: shown(JSON.parse(row.message) as unknown, asking),
    at: isoTime(row.at),
  };
}
