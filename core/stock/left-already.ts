import type { Batch } from './batch.ts';
import type { LeftUpTo } from './commands.ts';
import { refuse, type Told } from './refusals.ts';

/** What an event `stock-deducted` says of an order's lines, in ordered units. */
export interface Deduction {
  lines?: readonly { lineId: string; deducted?: number }[];
}

/** Adds what left by one event to what has left of each line. */
export function addDeducted(left: Map<string, number>, { lines = [] }: Deduction): void {
  for (const { lineId, deducted = 0 } of lines) left.set(lineId, (left.get(lineId) ?? 0) + deducted);
}

/** Who wants units to leave, or to be held for that. */
interface Asker {
  orderKey: string;
  upTo: LeftUpTo | undefined;
}

/**
 * Why units of order lines may not leave: with what has left before they would be more than was ordered, or than the
 * asker plans to have left, so that some of them left already, booked by another node or by hand. What came back since
 * may leave again. A line of which nothing has left yet is none of this: a parcel may hold more than the channel says.
 */
export function leavingTwice(
  batch: Batch,
  { orderKey, upTo }: Asker,
  lines: readonly { lineId: string; quantity: number }[],
): Told[] {
  const order = batch.orders.get(orderKey);
  return lines.flatMap(({ lineId, quantity: asked }) => {
    const line = order?.lines.find(({ row }) => row.line_id === lineId)?.row;
    const planned = upTo?.[lineId];
    const ordered = line?.ordered ?? planned;
    if (ordered === undefined) return [];
    const unsaved = order ? undefined : batch.unsaved.of(orderKey, lineId);
    const left = order ? (order.left.get(lineId) ?? 0) : (unsaved?.shipped ?? 0);
    const gone = left - (line?.returned ?? unsaved?.returned ?? 0);
    const overtaken = planned !== undefined && left > 0 && left + asked > planned;
    if (!overtaken && (gone <= 0 || gone + asked <= ordered)) return [];
    return refuse('stock.left-already', { orderKey, line: lineId, asked, left: gone, ordered });
  });
}
