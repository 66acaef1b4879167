import type { AuditedHold, AuditedOrder } from '../../store/queries/audit.ts';
import type { Row } from '../../store/schema.ts';
import { type AuditFinding, noRepair, type RepairPlan } from './finding.ts';
import { type LineUnits, lineUnits } from './line-units.ts';
import type { AuditSettings } from './settings.ts';

type Line = Row<'order_lines'>;

/** One order with what stands in the store about it. `order` is undefined when it is not stored. */
export interface OrderFacts {
  key: string;
  order: AuditedOrder | undefined;
  lines: readonly Line[];
  holds: readonly AuditedHold[];
}

/** What still has to be looked at before something is a finding. */
export interface Suspicion extends AuditFinding {
  orderKey: string;
  /**
   * `changed`: the order must not have changed lately; `line`: nor the line be refunded, and its SKU be kept;
   * `opened`: these holds must be old; undefined: nothing.
   */
  unless?: { changed: true; lineId?: string; sku?: string } | { openedBefore: number; holds: number[] };
}

/** Puts the rows of a stretch together, order by order. */
export function ordersOf(
  orders: readonly AuditedOrder[],
  lines: readonly Line[],
  holds: readonly AuditedHold[],
): OrderFacts[] {
  const facts = new Map<string, { order: AuditedOrder | undefined; lines: Line[]; holds: AuditedHold[] }>();
  const of = (key: string) => {
    let known = facts.get(key);
    if (!known) {
      known = { order: undefined, lines: [], holds: [] };
      facts.set(key, known);
    }
    return known;
  };
  for (const order of orders) of(order.key).order = order;
  for (const line of lines) of(line.order_key).lines.push(line);
  for (const hold of holds) of(hold.order_key).holds.push(hold);
  return [...facts].map(([key, rest]) => ({ key, ...rest }));
}

/** Compares an order with its holds, as both stood at one moment. */
export function checkOrder(facts: OrderFacts, now: number, settings: AuditSettings): Suspicion[] {
  if (!facts.order) return notStored(facts, now, settings);
  return [...overHeld(facts, facts.order, now), ...checkLines(facts, facts.order, now, settings)];
}

/** Holds whose time is not up and that still have units. */
function live(holds: readonly AuditedHold[], now: number): AuditedHold[] {
  return holds.filter(
    (hold) => hold.state === 'open' && hold.remaining > 0 && (hold.deadline === null || hold.deadline > now),
  );
}

function notStored({ key, holds }: OrderFacts, now: number, settings: AuditSettings): Suspicion[] {
  return byPool(live(holds, now)).map(([pool, ofPool]) => ({
    code: 'audit.order-not-stored',
    object: `order:${key}@${pool}`,
    orderKey: key,
    params: {
      orderKey: key,
      pool,
      units: unitsOf(ofPool),
      hours: Math.round(settings.unknownOrderMs / 3_600_000),
    },
    level: 'hint',
    repair: resolving('release', key, pool, ofPool),
    unless: { openedBefore: now - settings.unknownOrderMs, holds: ofPool.map((hold) => hold.id) },
  }));
}

/** Holds of an order that is over, and of lines that are gone. */
function overHeld(facts: OrderFacts, order: AuditedOrder, now: number): Suspicion[] {
  const { key, lines } = facts;
  const open = live(facts.holds, now);
  if (open.length === 0) return [];
  const over = endOf(order);
  if (over) {
    return byPool(open).map(([pool, holds]) => ({
      code: over.code,
      object: `order:${key}@${pool}`,
      orderKey: key,
      params: {
        orderKey: key,
        pool,
        units: unitsOf(holds),
        status: order.status,
        refund: order.refund_status,
      },
      level: 'wrong',
      repair: resolving(over.act, key, pool, holds),
      unless: { changed: true },
    }));
  }
  if (lines.length === 0) return [];
  const wanted = new Map(lines.map((line) => [line.line_id, line.ordered - line.cancelled]));
  const gone = open.filter((hold) => (wanted.get(hold.line_id) ?? 0) <= 0);
  return byPool(gone).flatMap(([pool, ofPool]) =>
    byLine(ofPool).map(([lineId, holds]) => ({
      code: 'audit.line-gone',
      object: `line:${key}#${lineId}@${pool}`,
      orderKey: key,
      params: { orderKey: key, line: lineId, pool, units: unitsOf(holds) },
      level: 'wrong' as const,
      repair: resolving('release', key, pool, holds),
      unless: { changed: true as const },
    })),
  );
}

function endOf(order: AuditedOrder): { code: string; act: 'release' | 'deduct' } | undefined {
  if (order.status === 'cancelled') return { code: 'audit.held-by-cancelled', act: 'release' };
  // The goods have left: what is still held for them is no longer there.
  if (order.status === 'completed') return { code: 'audit.held-by-completed', act: 'deduct' };
  if (order.refund_status === 'full' && order.status !== 'shipped' && order.status !== 'part-shipped')
    return { code: 'audit.held-by-refunded', act: 'release' };
  return undefined;
}

function checkLines(
  facts: OrderFacts,
  order: AuditedOrder,
  now: number,
  settings: AuditSettings,
): Suspicion[] {
  const { key } = facts;
  const holdsOf = new Map(byLine(facts.holds));
  const found: Suspicion[] = [];
  const mustCover = settings.coveredStatuses.includes(order.status) && order.refund_status !== 'full';
  for (const line of facts.lines) {
    const units = lineUnits(holdsOf.get(line.line_id) ?? [], now);
    const about = { orderKey: key, line: line.line_id, sku: line.sku };
    const object = `line:${key}#${line.line_id}`;
    if (line.locked !== units.open) {
      found.push({
        code: 'audit.line-locked-differs',
        object,
        orderKey: key,
        params: { ...about, locked: line.locked, holds: units.open },
        level: 'wrong',
        repair: lineRepair(line, units),
      });
    }
    if (line.shipped > line.ordered || units.open > line.ordered) {
      found.push({
        code: 'audit.line-above-ordered',
        object,
        orderKey: key,
        params: { ...about, ordered: line.ordered, locked: units.open, shipped: line.shipped },
        level: 'wrong',
        repair: noRepair,
        unless: { changed: true },
      });
    }
    const covered = units.live + line.shipped + line.cancelled;
    if (!mustCover || covered >= line.ordered) continue;
    found.push({
      // The flow knows of the one: it was told that there is too little.
      code: order.allocation === 'short' ? 'audit.paid-no-stock' : 'audit.uncovered',
      object,
      orderKey: key,
      params: {
        ...about,
        status: order.status,
        ordered: line.ordered,
        cancelled: line.cancelled,
        shipped: line.shipped,
        locked: units.live,
        missing: line.ordered - covered,
      },
      level: 'wrong',
      repair: relocking(facts, now),
      unless: { changed: true, lineId: line.line_id, sku: line.sku },
    });
  }
  return found;
}

function lineRepair(line: Line, units: LineUnits): RepairPlan {
  return {
    act: 'rebuild-line',
    target: { orderKey: line.order_key, lineId: line.line_id },
    before: { locked: line.locked },
    after: { locked: units.open },
    units: Math.abs(line.locked - units.open),
  };
}

/** Locks all that the order still wants, where that can only mean one pool. */
function relocking({ key, lines, holds }: OrderFacts, now: number): RepairPlan {
  const pools = byPool(live(holds, now)).map(([pool]) => pool);
  if (pools.length > 1) return noRepair;
  const wanted = lines.map((line) => Math.max(0, line.ordered - line.cancelled - line.shipped));
  return {
    act: 'lock',
    target: { orderKey: key, ...(pools[0] !== undefined && { pool: pools[0] }) },
    before: Object.fromEntries(lines.map((line) => [line.line_id, line.locked])),
    after: Object.fromEntries(lines.map((line, index) => [line.line_id, wanted[index]!])),
    units: wanted.reduce((sum, units) => sum + units, 0),
  };
}

function resolving(
  act: 'release' | 'deduct',
  orderKey: string,
  pool: string,
  holds: readonly AuditedHold[],
): RepairPlan {
  const lines = byLine(holds);
  const units = unitsOf(holds);
  return {
    act,
    target: { orderKey, pool },
    before: Object.fromEntries(lines.map(([line, ofLine]) => [line, unitsOf(ofLine)])),
    after: Object.fromEntries(lines.map(([line]) => [line, 0])),
    units,
  };
}

function byPool(holds: readonly AuditedHold[]): [pool: string, holds: AuditedHold[]][] {
  return grouped(holds, (hold) => hold.pool ?? '–');
}

function byLine(holds: readonly AuditedHold[]): [line: string, holds: AuditedHold[]][] {
  return grouped(holds, (hold) => hold.line_id);
}

function grouped(
  holds: readonly AuditedHold[],
  by: (hold: AuditedHold) => string,
): [string, AuditedHold[]][] {
  const groups = new Map<string, AuditedHold[]>();
  for (const hold of holds) {
    const name = by(hold);
    const group = groups.get(name);
    if (group) group.push(hold);
    else groups.set(name, [hold]);
  }
  return [...groups];
}

function unitsOf(holds: readonly AuditedHold[]): number {
  return holds.reduce((sum, hold) => sum + hold.remaining, 0);
}
