import type { Row } from '../store/schema.ts';
import type { Hold } from './ledger.ts';
import { addDeducted, type Deduction } from './left-already.ts';
import type { StockState } from './state.ts';
import { orderedUnits } from './taking/ordered-units.ts';

/** What happened to an order, for those who subscribe to its events. */
export interface OrderEvent {
  topic: 'order';
  type: 'allocated' | 'short' | 'stock-released' | 'stock-deducted' | 'return-received';
  orderKey: string;
  channel: string;
  data: object;
  at: number;
}

export interface OrderLine {
  readonly row: Row<'order_lines'>;
  changed: boolean;
}

export interface StoredOrder {
  readonly key: string;
  readonly channel: string;
  readonly status: string;
  readonly refundStatus: string;
  allocation: string;
  changed: boolean;
  readonly lines: OrderLine[];
  /** Ordered units that have left the stock, by line id; known where a batch may take more out. */
  readonly left: Map<string, number>;
}

type StoredOrders = Pick<StockState, 'orders' | 'orderLines' | 'deductions'>;

/** The stored orders a batch concerns: how far stock covers them, and what their subscribers are told. */
export class OrderBook {
  readonly events: OrderEvent[] = [];
  readonly changed: StoredOrder[] = [];
  readonly changedLines: OrderLine[] = [];
  readonly #now: number;
  readonly #orders = new Map<string, StoredOrder>();

  constructor(now: number, { orders, orderLines, deductions }: StoredOrders) {
    this.#now = now;
    for (const row of orders) {
      this.#orders.set(row.key, {
        key: row.key,
        channel: row.channel,
        status: row.status,
        refundStatus: row.refund_status,
        allocation: row.allocation,
        changed: false,
        lines: [],
        left: new Map(),
      });
    }
    for (const row of orderLines)
      this.#orders.get(row.order_key)?.lines.push({ row: { ...row }, changed: false });
    for (const { order_key, data } of deductions) {
      const order = this.#orders.get(order_key);
      if (order) addDeducted(order.left, JSON.parse(data) as Deduction);
    }
  }

  get(key: string): StoredOrder | undefined {
    return this.#orders.get(key);
  }

  /**
   * Writes an act on stock into the order: what each line has locked and shipped, whether stock covers it all,
   * and an event.
   *
   * @param covered whether the act did all it was asked to; decides for an order whose lines are not stored
   * @param shipped units that left with this act, by line id
   */
  settle(
    order: StoredOrder,
    holds: readonly Hold[] | undefined,
    type: OrderEvent['type'],
    data: object,
    covered: boolean,
    shipped?: ReadonlyMap<string, number>,
  ): void {
    for (const line of order.lines) this.#settleLine(line, holds, shipped);
    for (const [lineId, units] of shipped ?? [])
      order.left.set(lineId, (order.left.get(lineId) ?? 0) + units);
    const allocation = allocationOf(order.lines, type, covered);
    if (allocation !== order.allocation) {
      order.allocation = allocation;
      if (!order.changed) this.changed.push(order);
      order.changed = true;
    }
    this.events.push({
      topic: 'order',
      type,
      orderKey: order.key,
      channel: order.channel,
      data: { ...data, allocation },
      at: this.#now,
    });
  }

  /**
   * Writes into the order what came back of it, and an event.
   *
   * @param units ordered units by line id
   */
  takeBack(order: StoredOrder, units: ReadonlyMap<string, number>, data: object): void {
    for (const line of order.lines) {
      const back = units.get(line.row.line_id) ?? 0;
      if (back === 0) continue;
      line.row.returned += back;
      if (!line.changed) this.changedLines.push(line);
      line.changed = true;
    }
    const { key: orderKey, channel } = order;
    this.events.push({ topic: 'order', type: 'return-received', orderKey, channel, data, at: this.#now });
  }

  #settleLine(
    line: OrderLine,
    holds: readonly Hold[] | undefined,
    shipped: ReadonlyMap<string, number> | undefined,
  ): void {
    const { row } = line;
    const ofLine = holds?.filter((hold) => hold.open && hold.row.line_id === row.line_id) ?? [];
    const locked = orderedUnits(ofLine);
    // The channel may have told before that they were shipped; then the same units are not counted again.
    const most = Math.max(row.shipped, row.ordered - row.cancelled);
    const left = Math.min(most, row.shipped + (shipped?.get(row.line_id) ?? 0));
    if (locked === row.locked && left === row.shipped) return;
    row.locked = locked;
    row.shipped = left;
    if (!line.changed) this.changedLines.push(line);
    line.changed = true;
  }
}

/**
 * Whether stock covers the order, from the quantities of its lines; from the act itself for an order whose
 * lines are not stored.
 */
export function allocationOf(
  lines: readonly Pick<OrderLine, 'row'>[],
  type: OrderEvent['type'],
  covered: boolean,
): string {
  const released = type === 'stock-released';
  if (lines.length === 0) {
    if (released) return covered ? 'released' : 'short';
    if (type === 'stock-deducted') return covered ? 'shipped' : 'short';
    return covered ? 'allocated' : 'short';
  }
  let wanted = 0;
  let locked = 0;
  let shipped = 0;
  let uncovered = false;
  for (const { row } of lines) {
    const lineWants = Math.max(0, row.ordered - row.cancelled);
    wanted += lineWants;
    locked += row.locked;
    shipped += Math.min(row.shipped, lineWants);
    if (row.shipped + row.locked < lineWants) uncovered = true;
  }
  if (wanted > 0 && shipped === wanted) return 'shipped';
  if (released && locked === 0 && shipped === 0) return 'released';
  return uncovered ? 'short' : 'allocated';
}
