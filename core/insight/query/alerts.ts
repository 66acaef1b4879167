import { alertsOfOrder, recentAlerts } from '../../store/queries/orders.ts';
import type { Row } from '../../store/schema.ts';
import { type Asking, isoTime, shown } from './asking.ts';
import { type Asked, idOf, limitOf, textOf } from './parameters.ts';

/** Alerts, newest first: `limit`, `after` (an id), or those of one order: `key`. */
export async function askAlerts(asked: Asked, asking: Asking) {
  const limit = limitOf(asked);
  const before = idOf(asked, 'after');
  const key = textOf(asked, 'key');
  const db = asking.hub.store.read;
  const rows =
    key === undefined
      ? await recentAlerts(db, limit, before)
      : (await alertsOfOrder(db, key)).reverse().slice(0, limit);
  return {
    alerts: rows.map((row) => alertAnswer(row, asking)),
    next: key === undefined && rows.length === limit ? String(rows.at(-1)!.id) : null,
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
