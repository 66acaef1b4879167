import type { KnownLines } from '../stock/known-before.ts';
import type { NewRow } from '../store/schema.ts';
import type { Order } from './schema.ts';

type LineRow = NewRow<'order_lines'>;

const nothing: KnownLines = new Map();

/**
 * What is known of each line's units after these versions of the order, one after the other: what a version says
 * counts also when another follows in the same batch. Only rows that are new or differ are answered.
 *
 * @param known what the stock did for lines before they were stored
 */
export function linesAfter(
  versions: readonly Order[],
  orderKey: string,
  stored: readonly LineRow[],
  known: KnownLines = nothing,
): LineRow[] {
  const before = new Map(stored.map((row) => [row.line_id, row]));
  const lines = new Map(before);
  for (const version of versions) {
    for (const row of lineQuantities(version, orderKey, [...lines.values()], known))
      lines.set(row.line_id, row);
  }
  return [...lines.values()].filter((row) => differs(row, before.get(row.line_id)));
}

/**
 * What is known of each line's units after a version of the order. Ordered never shrinks: a line that lost units,
 * or is gone, has them cancelled, but for those that were shipped (they can only come back); a cancelled order has
 * every unit cancelled that was not shipped; a shipped one every unit shipped that was not cancelled. So cancelled
 * and shipped together are never more than ordered, unless more came back than were. A line that is new has what the
 * stock did for it before: locked, of what left no more than is wanted as shipped, and what came back. Only rows that are new or differ are answered.
 */
export function lineQuantities(
  order: Order,
  orderKey: string,
  stored: readonly LineRow[],
  known: KnownLines = nothing,
): LineRow[] {
  const before = new Map(stored.map((row) => [row.line_id, row]));
  const rows: LineRow[] = [];
  for (const line of order.lines) {
    const row = before.get(line.lineId);
    before.delete(line.lineId);
    const ordered = Math.max(row?.ordered ?? 0, line.orderedQuantity ?? 0, line.quantity);
    const units = known.get(line.lineId);
    const returned = row?.returned ?? units?.returned ?? 0;
    // What came back had left, also before anybody told the stock of it.
    const shipped = row?.shipped ?? Math.max(returned, Math.min(line.quantity, units?.left ?? 0));
    rows.push(
      settle(order, {
        order_key: orderKey,
        line_id: line.lineId,
        sku: line.sku,
        ordered,
        cancelled: Math.min(ordered - line.quantity, notShipped({ ordered, shipped })),
        locked: row?.locked ?? units?.locked ?? 0,
        picked: row?.picked ?? 0,
        checked: row?.checked ?? 0,
        shipped,
        returned,
      }),
    );
  }
  for (const gone of before.values()) rows.push(settle(order, { ...gone, cancelled: notShipped(gone) }));
  const storedRows = new Map(stored.map((row) => [row.line_id, row]));
  return rows.filter((row) => differs(row, storedRows.get(row.line_id)));
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
