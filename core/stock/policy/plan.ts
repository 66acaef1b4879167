import type { HoldBucket } from '../buckets.ts';
import type { ReadyHeldLine, ReadyLine } from '../commands.ts';
import { deadlineOf, sameDeadlineMs } from './deadline.ts';
import type { LineFacts, OrderFacts } from './facts.ts';
import { hasReached, isCustom, isEcho, isFreed, isPaid, refundFrees } from './milestones.ts';
import type { PolicyRule, StockPolicy } from './rule.ts';

/** Units of a line that leave, or are held for that. */
export interface Leaving {
  lineId: string;
  quantity: number;
  /** How many of the line will have left in all, or be held, once the plan is done. */
  upTo: number;
}

/** One act on stock. Quantities are ordered units. */
export type Step =
  /** Held units leave. */
  | { act: 'deduct'; lines: readonly Leaving[] }
  /** Units that nobody held for the line leave. */
  | { act: 'sale'; lines: readonly (Leaving & ReadyLine)[] }
  /** Held units are free again. */
  | { act: 'release'; lines: readonly Required<ReadyHeldLine>[] }
  /** The order holds just these, and nothing else. */
  | {
      act: 'lock';
      lines: readonly (Leaving & ReadyLine)[];
      bucket: HoldBucket;
      /** When it lapses, epoch milliseconds; null for never. */
      deadline: number | null;
    };

/** What one line comes to. */
interface LineTarget {
  line: LineFacts;
  /** Units that leave now, out of the line's hold and from what is free. */
  fromHold: number;
  fromFree: number;
  /** Units the line holds after they left, and those that it is to hold. */
  held: number;
  hold: number;
}

/**
 * What is to be done so that an order's stock is as its rule wants it. The plan starts from where the order stands,
 * and not from what the event says: an event that comes late, twice or before another leads to the same holds. Only
 * events that no order tells (a receipt that is voided, an exchange that is approved) count by their message.
 * Units leave before others are freed, and are freed before more are taken.
 *
 * @param now the store's clock, epoch milliseconds
 */
export function planFor(
  policy: StockPolicy,
  rule: PolicyRule,
  event: string,
  order: OrderFacts,
  now: number,
): Step[] {
  if (isEcho(event)) return [];
  const custom = isCustom(event);
  const committed = isCommitted(rule, custom ? event : undefined, order);
  const deadline = committed ? null : deadlineOf(policy, rule, order, now);
  const freed = isOver(rule, custom ? event : undefined, order);
  const locks =
    !freed &&
    order.refundStatus !== 'full' &&
    !(order.onHold && policy.onHold === 'wait') &&
    !(deadline !== null && deadline <= now) &&
    isPastLockPoint(rule, event, order);
  const final = hasReached(order.status, rule.finalOn) || (custom && rule.finalOn.includes(event) && !freed);
  const targets = order.lines.map((line) => targetOf(rule, order, line, { final, freed, locks }));
  const bucket: HoldBucket = committed ? 'committed' : rule.bucket;
  return stepsTo(targets, order, locks ? { bucket, deadline } : undefined);
}

/** Whether what the order holds has no time limit any more; also after an event that only a message told. */
function isCommitted(
  { committedOn, limit }: PolicyRule,
  custom: string | undefined,
  order: OrderFacts,
): boolean {
  if (committedOn.length === 0) return false;
  if (hasReached(order.status, committedOn)) return true;
  if (custom !== undefined && committedOn.includes(custom)) return true;
  const { buckets, deadline } = order.held;
  return buckets.length > 0 && deadline === null && limit.kind !== 'none';
}

/** Whether the order wants no units any more. */
function isOver({ freeOn, lockOn }: PolicyRule, custom: string | undefined, order: OrderFacts): boolean {
  if (isFreed(order, freeOn)) return true;
  // Who has paid is late only in the eyes of a timer that does not know it yet.
  const ends = (event: string): boolean =>
    freeOn.includes(event) && !(event === 'unpaid-timeout' && isPaid(order));
  if (custom !== undefined && ends(custom)) return true;
  if (custom !== undefined && lockOn.includes(custom)) return false;
  return order.freedAt !== undefined && isCustom(order.freedAt) && ends(order.freedAt);
}

/**
 * Whether the order is to hold all that it wants. A lock whose time ran out is not renewed by just any message about
 * the order, but by one that locks, and by a payment.
 */
function isPastLockPoint({ lockOn, committedOn }: PolicyRule, event: string, order: OrderFacts): boolean {
  if (order.held.buckets.length > 0) return true;
  if (isCustom(event) && (lockOn.includes(event) || committedOn.includes(event))) return true;
  if (hasReached(order.status, committedOn)) return true;
  if (!hasReached(order.status, lockOn)) return false;
  return !order.lapsed || lockOn.includes(event) || event === 'paid';
}

function targetOf(
  rule: PolicyRule,
  order: OrderFacts,
  line: LineFacts,
  { final, freed, locks }: { final: boolean; freed: boolean; locks: boolean },
): LineTarget {
  const wanted = Math.max(line.wanted, line.shipped, line.posted);
  const left = Math.max(line.posted, leftOf(rule, order, { ...line, wanted }, final));
  const fromHold = Math.min(line.held, left - line.posted);
  const fromFree = left - line.posted - fromHold;
  const held = line.held - fromHold;
  const open = wanted - left;
  let hold = locks ? open : Math.min(held, open);
  if (freed || refundFrees(line.refundStatus, rule.freeOn)) hold = 0;
  return { line, fromHold, fromFree, held, hold };
}

/** How many units of a line are to have left the stock. */
function leftOf(rule: PolicyRule, order: OrderFacts, line: LineFacts, final: boolean): number {
  const { finalOn, freeOn } = rule;
  const { wanted, shipped, posted, held } = line;
  const byParcel = finalOn.includes('shipped') || finalOn.includes('part-shipped');
  // What is left of a cancelled order is what had been shipped.
  if (order.status === 'cancelled') return byParcel ? wanted : posted;
  if (!final) return byParcel ? shipped : posted;
  if (order.refundStatus === 'full' && refundFrees('full', freeOn) && order.stored)
    return order.refundedFirst ? posted : wanted;
  // Paid back before or after it was shipped? What had been paid back before is not held any more.
  if (refundFrees(line.refundStatus, freeOn) || refundFrees(order.refundStatus, freeOn))
    return Math.max(shipped, Math.min(wanted, posted + held));
  return wanted;
}

function stepsTo(
  targets: readonly LineTarget[],
  { held: before }: OrderFacts,
  lock: { bucket: HoldBucket; deadline: number | null } | undefined,
): Step[] {
  const steps: Step[] = [];
  const deducted = targets.filter(({ fromHold }) => fromHold > 0);
  if (deducted.length > 0) {
    const lines = deducted.map((target) => leaving(target, target.fromHold));
    steps.push({ act: 'deduct', lines });
  }
  for (const target of targets) {
    // One by one: what there is of one line leaves whether or not another has units.
    if (target.fromFree > 0)
      steps.push({
        act: 'sale',
        lines: [{ ...leaving(target, target.fromFree), sku: target.line.sku }],
      });
  }
  const freed = targets.filter(({ held, hold }) => held > hold);
  const holding = targets.filter(({ hold }) => hold > 0);
  if (freed.length > 0) {
    const lines = freed.map(({ line, held, hold }) => ({ lineId: line.lineId, quantity: held - hold }));
    steps.push({ act: 'release', lines });
  }
  if (lock && holding.length > 0) {
    const more = holding.some(({ held, hold }) => hold > held);
    if (more || !isHeldSo(before, lock)) {
      const lines = holding.map((target) => {
        const { line, hold } = target;
        const { upTo } = leaving(target, hold);
        return { lineId: line.lineId, sku: line.sku, quantity: hold, upTo: upTo + hold };
      });
      steps.push({ act: 'lock', lines, bucket: lock.bucket, deadline: lock.deadline });
    }
  }
  return steps;
}

function leaving({ line, fromHold, fromFree }: LineTarget, quantity: number): Leaving {
  return { lineId: line.lineId, quantity, upTo: line.posted + fromHold + fromFree };
}

/** Whether what the order holds is in the right bucket and lapses when it should. */
function isHeldSo(
  { buckets, deadline: before }: OrderFacts['held'],
  { bucket, deadline }: { bucket: HoldBucket; deadline: number | null },
): boolean {
  if (buckets.some((one) => one !== bucket)) return false;
  if (deadline === null || before === null) return deadline === before;
  return Math.abs(deadline - before) < sameDeadlineMs;
}
