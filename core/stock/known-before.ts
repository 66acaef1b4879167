import type { NewEvent } from '../delivery/publish.ts';
import type { Row } from '../store/schema.ts';
import type { Tx } from '../store/store.ts';
import { Hold } from './ledger.ts';
import { allocationOf } from './order-book.ts';
import { orderedUnits } from './taking/ordered-units.ts';

type Line = Row<'order_lines'>;

/** What the stock knows of an order line before that is stored, in ordered units. */
export interface KnownUnits {
  /** In open holds. */
  locked: number;
  /** What left the stock for it, and what of that came back. */
  left: number;
  returned: number;
}

/** By line id. */
export type KnownLines = ReadonlyMap<string, KnownUnits>;

/**
 * Takes orders in hand that are about to be saved, so that nobody acts on their stock meanwhile, and answers what the
 * stock already did for their lines, by order key: by hand, or by messages about orders that were not stored.
 */
export async function knownBefore(tx: Tx, orderKeys: readonly string[]): Promise<Map<string, KnownLines>> {
  const keys = [...orderKeys].sort().map((order_key) => ({ order_key }));
  const [rows, unsaved] = await Promise.all([
    tx.find('stock_holds', keys),
    tx.find('stock_unsaved_lines', keys),
  ]);
  const known = new Map<string, Map<string, KnownUnits>>();
  const of = (orderKey: string, lineId: string): KnownUnits => {
    const lines = known.get(orderKey) ?? new Map<string, KnownUnits>();
    known.set(orderKey, lines);
    const units = lines.get(lineId) ?? { locked: 0, left: 0, returned: 0 };
    lines.set(lineId, units);
    return units;
  };
  for (const { order_key, line_id, shipped, returned } of unsaved)
    Object.assign(of(order_key, line_id), { left: shipped, returned });
  const open = rows.filter(({ state }) => state === 'open');
  for (const holds of byLine(await named(tx, open)).values()) {
    const { order_key, line_id } = holds[0]!.row;
    of(order_key, line_id).locked = orderedUnits(holds);
  }
  return known;
}

/** What was done for an order before it was saved, as its subscribers are told of it now, and what stock covers by it. */
export function toldBefore(
  order: { key: string; channel: string; at: number },
  lines: readonly Line[],
  known: KnownLines,
): { allocation: string | undefined; events: NewEvent[] } {
  const about = lines.flatMap((row) => {
    const units = known.get(row.line_id);
    return units ? { row, units } : [];
  });
  const locked = about.filter(({ units }) => units.locked > 0);
  const left = about.filter(({ units }) => units.left > 0);
  const returned = about.filter(({ units }) => units.returned > 0);
  const allocation =
    locked.length + left.length === 0
      ? undefined
      : allocationOf(
          lines.map((row) => ({ row })),
          locked.length > 0 ? 'allocated' : 'stock-deducted',
          true,
        );
  const event = (type: string, data: object): NewEvent => ({
    topic: 'order',
    type,
    orderKey: order.key,
    channel: order.channel,
    data: { reason: 'before-saved', ...data, ...(allocation !== undefined && { allocation }) },
    at: order.at,
  });
  const events: NewEvent[] = [];
  if (locked.length > 0) {
    const told = locked.map(({ row, units }) => ({
      lineId: row.line_id,
      sku: row.sku,
      asked: Math.max(0, row.ordered - row.cancelled - row.shipped),
      locked: units.locked,
    }));
    events.push(event(allocation === 'short' ? 'short' : 'allocated', { lines: told }));
  }
  if (left.length > 0) {
    const told = left.map(({ row, units }) => ({
      lineId: row.line_id,
      sku: row.sku,
      deducted: units.left,
    }));
    events.push(event('stock-deducted', { lines: told }));
  }
  if (returned.length > 0) {
    const told = returned.map(({ row, units }) => ({
      lineId: row.line_id,
      sku: row.sku,
      returned: units.returned,
    }));
    events.push(event('return-received', { lines: told }));
  }
  return { allocation, events };
}

async function named(tx: Tx, rows: readonly Row<'stock_holds'>[]): Promise<Hold[]> {
  const ids = [...new Set(rows.map(({ balance_id }) => balance_id))].sort((a, b) => a - b);
  const items = await tx.find(
    'stock_items',
    ids.map((balance_id) => ({ balance_id })),
  );
  const byId = new Map(items.map((item) => [item.balance_id, item]));
  return rows.map((row) => {
    const item = byId.get(row.balance_id);
    if (!item) throw new Error(`The hold ${row.id} of ${row.order_key} has no balance`);
    return new Hold({ ...row, pool: item.pool, sku: item.sku }, row.id);
  });
}

function byLine(holds: readonly Hold[]): Map<string, Hold[]> {
  const lines = new Map<string, Hold[]>();
  for (const hold of holds) {
    const name = JSON.stringify([hold.row.order_key, hold.row.line_id]);
    const ofLine = lines.get(name);
    if (ofLine) ofLine.push(hold);
    else lines.set(name, [hold]);
  }
  return lines;
}
