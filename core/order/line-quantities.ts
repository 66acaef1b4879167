import type { NewRow } from '../store/schema.ts';
import type { Order } from './schema.ts';

type LineRow = NewRow<'order_lines'>;

/**
 * What is known of each line's units after these versions of the order, one after the other: what a version says
 * counts also when another follows in the same batch. Only rows that are new or differ are answered.
 */
export function linesAfter(
  versions: readonly Order[],
  orderKey: string,
  stored: readonly LineRow[],
): LineRow[] {
  const known = new Map(stored.map((row) => [row.line_id, row]));
  const lines = new Map(known);
  for (const version of versions) {
    for (const row of lineQuantities(version, orderKey, [...lines.values()])) lines.set(row.line_id, row);
  }
  return [...lines.values()].filter((row) => differs(row, known.get(row.line_id)));
}

/**
 * What is known of each line's units after a version of the order. Ordered never shrinks: a line that lost units,
 * or is gone, has them cancelled, but for those that were shipped (they can only come back); a cancelled order has
 * every unit cancelled that was not shipped; a shipped one every unit shipped that was not cancelled. So cancelled
 * and shipped together are never more than ordered. Only rows that are new or differ are answered.
 */
export function lineQuantities(order: Order, orderKey: string, stored: readonly LineRow[]): LineRow[] {
  const before = new Map(stored.map((row) => [row.line_id, row]));
  const rows: LineRow[] = [];
  for (const line of order.lines) {
    const row = before.get(line.lineId);
    before.delete(line.lineId);
    const ordered = Math.max(row?.ordered ?? 0, line.orderedQuantity ?? 0, line.quantity);
    const shipped = row?.shipped ?? 0;
    rows.push(
      settle(order, {
        order_key: orderKey,
        line_id: line.lineId,
        sku: line.sku,
        ordered,
        cancelled: Math.min(ordered - line.quantity, notShipped({ ordered, shipped })),
        locked: row?.locked ?? 0,
        picked: row?.picked ?? 0,
        checked: row?.checked ?? 0,
        shipped,
        returned: row?.returned ?? 0,
      }),
    );
  }
  for (const gone of before.values()) rows.push(settle(order, { ...gone, cancelled: notShipped(gone) }));
  const known = new Map(stored.map((row) => [row.line_id, row]));
  return rows.filter((row) => differs(row, known.get(row.line_id)));
}

/** Units that may still be cancelled; none when more left than were ordered. */
function notShipped({ ordered, shipped }: Pick<LineRow, 'ordered' | 'shipped'>): number {
  return Math.max(0, ordered - shipped);
}

function settle(order: Order, row: LineRow): LineRow {
  if (order.status === 'cancelled') return { ...row, cancelled: notShipped(row) };
  if (order.status === 'shipped' || order.status === 'completed')
    return { ...row, shipped: Math.max(row.shipped, row.ordered - row.cancelled) };
  return row;
}

function differs(row: LineRow, before: LineRow | undefined): boolean {
  return (
    before === undefined || (Object.keys(row) as (keyof LineRow)[]).some((name) => row[name] !== before[name])
  );
}
