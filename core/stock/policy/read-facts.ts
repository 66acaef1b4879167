import type { MessageParams } from '../../message.ts';
import { orderKey } from '../../order/key.ts';
import type { Order, OrderStatus, RefundStatus } from '../../order/schema.ts';
import { orderStatuses, refundStatuses } from '../../order/schema.ts';
import { eventsOfOrder } from '../../store/queries/events.ts';
import { orderLineRows, orderRow } from '../../store/queries/orders.ts';
import { type HoldRow, orderHolds, unsavedLines } from '../../store/queries/stock.ts';
import type { Row } from '../../store/schema.ts';
import type { Store } from '../../store/store.ts';
import type { HoldBucket } from '../buckets.ts';
import { mostUnits } from '../check.ts';
import { Hold } from '../ledger.ts';
import { addDeducted } from '../left-already.ts';
import { orderedSku, orderedUnits } from '../taking/ordered-units.ts';
import type { HeldFacts, LineFacts, OrderFacts } from './facts.ts';
import { isCustom } from './milestones.ts';

/** What a message says of an order that is not in the store: an order, or as much of one as there is. */
export type ToldOrder = Partial<Pick<Order, 'scenario' | 'status' | 'refundStatus' | 'times' | 'hold'>> &
  Partial<Pick<Order, 'lines' | 'receiver' | 'buyer' | 'shop'>>;

/** What the events of an order say of its stock so far. */
interface History {
  /** Units that left, by line. */
  posted: ReadonlyMap<string, number>;
  freedAt: string | undefined;
  refundedFirst: boolean;
  /** Lines of the acts on stock, by op key. */
  acts: ReadonlyMap<string, readonly unknown[]>;
}

export type ReadFacts =
  /** `acts` are the lines of the acts on the order's stock so far, by op key. */
  | { facts: OrderFacts; acts: ReadonlyMap<string, readonly unknown[]> }
  /** Why nothing can be planned. */
  | { code: string; params: MessageParams };

/**
 * Everything a plan for an order's stock depends on: from the store when it has the order, else from what the message
 * says of it and what the order holds.
 *
 * @param event the event in hand; stands for the status of an order that does not tell it
 */
export async function readFacts(
  store: Pick<Store, 'read' | 'now'>,
  key: string,
  told: unknown,
  event: string,
): Promise<ReadFacts> {
  const now = store.now();
  const [row, holds] = await Promise.all([orderRow(store.read, key), orderHolds(store.read, key)]);
  if (row) {
    const [lines, events] = await Promise.all([
      orderLineRows(store.read, key),
      eventsOfOrder(store.read, key),
    ]);
    const history = historyOf(events);
    return { facts: storedFacts(row, lines, holds, history, now), acts: history.acts };
  }
  const order = asTold(told);
  if (!order) return { code: 'policy.no-lines', params: { orderKey: key } };
  const wrong = badQuantity(order);
  if (wrong) return wrong;
  const left = new Map((await unsavedLines(store.read, [key])).map((line) => [line.line_id, line.shipped]));
  return { facts: toldFacts(key, order, event, holds, left, now), acts: new Map() };
}

function storedFacts(
  row: Row<'orders'>,
  rows: readonly Row<'order_lines'>[],
  holds: readonly HoldRow[],
  history: History,
  now: number,
): OrderFacts {
  const order = JSON.parse(row.document) as Order;
  const open = openHolds(holds, now);
  const told = new Map(order.lines.map((line) => [line.lineId, line]));
  const lines = rows.map((line): LineFacts => {
    const now = told.get(line.line_id);
    return {
      lineId: line.line_id,
      sku: line.sku,
      wanted: Math.max(0, line.ordered - line.cancelled),
      shipped: now?.shippedQuantity ?? 0,
      refundStatus: now?.refundStatus ?? 'none',
      posted: history.posted.get(line.line_id) ?? 0,
      held: heldOf(open, line.line_id),
    };
  });
  const { posted: _posted, acts: _acts, ...known } = history;
  return {
    orderKey: row.key,
    stored: true,
    ...known,
    ...standing(order, row.status as OrderStatus, row.refund_status as RefundStatus),
    lines: [...lines, ...strayLines(open, lines)],
    held: heldFacts(open),
    lapsed: hasLapsed(holds, open),
    buyer: order.buyer?.key && orderKey(order.channel, order.shop, order.buyer.key),
  };
}

function toldFacts(
  key: string,
  order: ToldOrder,
  event: string,
  holds: readonly HoldRow[],
  left: ReadonlyMap<string, number>,
  now: number,
): OrderFacts {
  const status = order.status ?? (isStatus(event) ? event : 'created');
  const open = openHolds(holds, now);
  const lines = (order.lines ?? []).map((line): LineFacts => {
    const shipped = Number(line.shippedQuantity ?? 0);
    return {
      lineId: line.lineId,
      sku: line.sku,
      wanted: status === 'cancelled' ? shipped : Number(line.quantity),
      shipped,
      refundStatus: line.refundStatus ?? 'none',
      posted: left.get(line.lineId) ?? 0,
      held: heldOf(open, line.lineId),
    };
  });
  const channel = key.slice(0, key.lastIndexOf('/'));
  return {
    orderKey: key,
    stored: false,
    freedAt: undefined,
    refundedFirst: false,
    ...standing(order, status, order.refundStatus ?? 'none'),
    lines: [...lines, ...strayLines(open, lines)],
    held: heldFacts(open),
    lapsed: hasLapsed(holds, open),
    buyer: order.buyer?.key && `${channel}/${order.buyer.key}`,
  };
}

/** What an order says of itself, in the store or in a message. */
function standing(order: ToldOrder, status: OrderStatus, refundStatus: RefundStatus) {
  const { receiver, times } = order;
  return {
    scenario: order.scenario ?? 'normal',
    status,
    refundStatus,
    onHold: order.hold !== undefined,
    shop: order.shop,
    places: placesOf(receiver),
    depositAt: instant(times?.deposit),
    balanceDueAt: instant(times?.balance),
  };
}

/** A receiver's place in the ways a region may be written, the most exact first. */
function placesOf(receiver: Order['receiver']): string[] {
  const { country, region, city } = receiver ?? {};
  const places = [
    region && city && `${region}${city}`,
    region,
    country && region && `${country}-${region}`,
    city,
    country,
  ];
  return places.filter((place): place is string => Boolean(place));
}

function instant(time: { at: string } | undefined): number | undefined {
  return time && Date.parse(time.at);
}

function isStatus(event: string): event is OrderStatus {
  return (orderStatuses as readonly string[]).includes(event);
}

/** Open holds that still count. */
function openHolds(holds: readonly HoldRow[], now: number): HoldRow[] {
  return holds.filter(({ state, deadline }) => state === 'open' && (deadline === null || deadline > now));
}

function heldOf(open: readonly HoldRow[], lineId: string): number {
  const ofLine = open.filter(({ line_id }) => line_id === lineId);
  return ofLine.length === 0 ? 0 : orderedUnits(ofLine.map((row) => new Hold(row, row.id)));
}

/** Lines the order holds units for and does not name any more. */
function strayLines(open: readonly HoldRow[], known: readonly LineFacts[]): LineFacts[] {
  const named = new Set(known.map(({ lineId }) => lineId));
  const stray = new Map<string, LineFacts>();
  for (const row of open) {
    if (named.has(row.line_id) || stray.has(row.line_id)) continue;
    stray.set(row.line_id, {
      lineId: row.line_id,
      sku: orderedSku(new Hold(row, row.id)),
      wanted: 0,
      shipped: 0,
      refundStatus: 'none',
      posted: 0,
      held: heldOf(open, row.line_id),
    });
  }
  return [...stray.values()];
}

function heldFacts(open: readonly HoldRow[]): HeldFacts {
  const deadlines = open.flatMap(({ deadline }) => deadline ?? []);
  return {
    buckets: [...new Set(open.map(({ bucket }) => bucket as HoldBucket))],
    deadline: deadlines.length > 0 ? Math.min(...deadlines) : null,
  };
}

/** Whether the time of any hold ran out and nothing was locked since; other lines may have been freed or left before. */
function hasLapsed(holds: readonly HoldRow[], open: readonly HoldRow[]): boolean {
  if (open.length > 0) return false;
  const lockedLast = Math.max(...holds.map(({ created_at }) => created_at));
  return holds.some(
    ({ state, deadline }) =>
      (state === 'expired' || state === 'open') && deadline !== null && deadline > lockedLast,
  );
}

function historyOf(events: readonly Row<'events'>[]): History {
  const posted = new Map<string, number>();
  const acts = new Map<string, readonly unknown[]>();
  let freedAt: string | undefined;
  let shippedOnce = false;
  let refundedFirst = false;
  for (const { type, data } of events) {
    const told = JSON.parse(data) as {
      opKey?: string;
      reason?: string;
      refundStatus?: string;
      lines?: { lineId: string; deducted?: number }[];
    };
    if (told.opKey !== undefined && told.lines) acts.set(told.opKey, told.lines);
    if (type === 'stock-deducted') addDeducted(posted, told);
    if (type === 'stock-released' && told.reason !== undefined && isCustom(told.reason))
      freedAt = told.reason;
    if (type === 'allocated') freedAt = undefined;
    if (type === 'part-shipped' || type === 'shipped' || type === 'completed') shippedOnce = true;
    if (type === 'refunded' && told.refundStatus === 'full' && !shippedOnce) refundedFirst = true;
  }
  return { posted, acts, freedAt, refundedFirst };
}

/** What a message tells of an order, as far as it has the form of one; undefined without lines. */
function asTold(told: unknown): ToldOrder | undefined {
  if (typeof told !== 'object' || told === null) return undefined;
  const order = told as ToldOrder;
  if (!Array.isArray(order.lines) || order.lines.length === 0) return undefined;
  if (order.lines.some((line) => typeof line !== 'object' || line === null)) return undefined;
  const { status, refundStatus, ...rest } = order;
  return {
    ...rest,
    ...(status !== undefined && orderStatuses.includes(status) && { status }),
    ...(refundStatus !== undefined && refundStatuses.includes(refundStatus) && { refundStatus }),
  };
}

/** The first quantity of a told order that is no number of whole units, as a refusal. */
function badQuantity({ lines = [] }: ToldOrder): { code: string; params: MessageParams } | undefined {
  for (const [index, { lineId, quantity, shippedQuantity }] of lines.entries()) {
    for (const value of [quantity, shippedQuantity ?? 0] as unknown[]) {
      const text = typeof value === 'number' ? String(value) : value;
      if (typeof text === 'string' && /^\d{1,10}$/.test(text) && Number(text) <= mostUnits) continue;
      const line = typeof lineId === 'string' && lineId !== '' ? lineId : String(index + 1);
      const shown = typeof value === 'object' && value !== null ? 'object' : String(value).slice(0, 60);
      return { code: 'stock.bad-quantity', params: { line, value: shown, least: 0, most: mostUnits } };
    }
  }
  return undefined;
}
