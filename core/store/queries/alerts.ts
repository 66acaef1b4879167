import type { Kysely } from 'kysely';
import type { Database, DeliveryState, Row } from '../schema.ts';

/** An alert and how the last delivery of it stands; its fields are null when there is none (any more). */
export interface AlertWithDelivery extends Row<'alerts'> {
  delivery_id: number | null;
  state: DeliveryState | null;
  attempts: number | null;
  available_at: number | null;
  finished_at: number | null;
  last_error: string | null;
}

export interface AlertPage {
  limit: number;
  /** Only older ones than the alert with this id. */
  before?: number | undefined;
  /** Only those of this order. */
  orderKey?: string | undefined;
}

/**
 * Alerts, newest first, each with the delivery that was written last for it: a dead one that somebody retried has
 * another behind it.
 */
export function alertsWithDelivery(
  db: Kysely<Database>,
  { limit, before, orderKey }: AlertPage,
): Promise<AlertWithDelivery[]> {
  let page = db.selectFrom('alerts').selectAll().orderBy('id', 'desc').limit(limit);
  if (before !== undefined) page = page.where('id', '<', before);
  if (orderKey !== undefined) page = page.where('order_key', '=', orderKey);
  return db
    .selectFrom(page.as('alert'))
    .leftJoin('deliveries as delivery', (join) =>
      join.on('delivery.id', '=', (eb) =>
        eb
          .selectFrom('deliveries as each')
          .select((eb) => eb.fn.max<number>('each.id').as('last'))
          .whereRef('each.ref', '=', 'alert.id')
          .where('each.topic', '=', 'alert'),
      ),
    )
    .selectAll('alert')
    .select([
      'delivery.id as delivery_id',
      'delivery.state as state',
      'delivery.attempts as attempts',
      'delivery.available_at as available_at',
      'delivery.finished_at as finished_at',
      'delivery.last_error as last_error',
    ])
    .orderBy('alert.id', 'desc')
    .execute();
}
