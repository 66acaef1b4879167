import { setImmediate } from 'node:timers/promises';
import type { Kysely } from 'kysely';
import {
  confirmationsOf,
  countedBalances,
  momentsOfLines,
  type WalkedMovement,
  walkBack,
} from '../../store/queries/stock-counts.ts';
import type { Database } from '../../store/schema.ts';
import { buckets } from '../buckets.ts';
import { confirmedAfter, countedLater, isAfter, type Moment } from './moment.ts';
import { lineOfKey } from './op-key.ts';

type Db = Kysely<Database>;

/** A SKU that was counted. */
export interface Counted {
  sku: string;
  lineId: number;
  moment: Moment;
}

/** What the ledger says of a SKU at a moment of the past. */
export interface Expectation {
  balanceId: number;
  /** The newest movement that was looked at. */
  lastMovementId: number | null;
  /** Units on hand after that movement. */
  onHand: number;
  /** Units that came less those that went between the moment and that movement. */
  since: number;
  /** Whether somebody entered what is physically there since the moment: that has the last word. */
  setSince: boolean;
}

/** Units on hand at the moment. */
export function expectedUnits({ onHand, since }: Expectation): number {
  return onHand - since;
}

const strides = [4, 60];
/** Balances walked at once: with the longer stride a bound on the rows of one query. */
const walkersAtOnce = 50;

/**
 * Walks each SKU's movements back to the moment it was counted. A correction that an earlier count led to counts
 * as made when that count was, whenever it was booked: both counts saw the same shelf.
 *
 * @param known what an earlier walk found; only what came since is walked then
 */
export async function expectations(
  db: Db,
  pool: string,
  counted: readonly Counted[],
  known?: ReadonlyMap<string, Expectation>,
): Promise<Map<string, Expectation>> {
  const found = new Map<string, Expectation>();
  const walkers: Walker[] = [];
  const bySku = new Map(counted.map((one) => [one.sku, one]));
  const balances = await countedBalances(db, pool, [...bySku.keys()]);
  const confirmations = await confirmationsOf(
    db,
    balances.map(({ id }) => id),
  );
  const confirmed = new Map(confirmations.map((row) => [row.balance_id, row]));
  for (const balance of balances) {
    const confirmation = confirmed.get(balance.id);
    const before = known?.get(balance.sku);
    const expectation: Expectation = {
      balanceId: balance.id,
      lastMovementId: balance.lastMovementId,
      onHand: balance.onHand,
      since: before?.since ?? 0,
      setSince:
        before?.setSince ||
        (confirmation !== undefined && confirmedAfter(confirmation, bySku.get(balance.sku)!.moment)),
    };
    found.set(balance.sku, expectation);
    walkers.push({
      next: balance.lastMovementId,
      until: before?.lastMovementId ?? null,
      counted: bySku.get(balance.sku)!,
      expectation,
    });
  }
  for (let from = 0; from < walkers.length; from += walkersAtOnce) {
    await walk(db, walkers.slice(from, from + walkersAtOnce));
    // Inside a transaction nothing may come between; what is new since the first walk is little.
    if (!known) await setImmediate();
  }
  return found;
}

interface Walker {
  /** The movement to look at next. */
  next: number | null;
  /** The movement an earlier walk began with. */
  until: number | null;
  counted: Counted;
  expectation: Expectation;
}

async function walk(db: Db, all: readonly Walker[]): Promise<void> {
  let walkers = all.filter(isWalking);
  const since = Math.min(...all.map(({ counted }) => counted.moment.at));
  const after = Math.min(...all.map(({ counted }) => counted.moment.movementId ?? Number.MAX_SAFE_INTEGER));
  for (let round = 0; walkers.length > 0; round += 1) {
    const length = strides[Math.min(round, strides.length - 1)]!;
    const newest = walkers.map(({ next }) => next!);
    const rows = await walkBack(db, { newest, since, after, length });
    const moments = await momentsOfCorrections(db, rows);
    const byBalance = new Map(walkers.map((walker) => [walker.expectation.balanceId, walker]));
    for (const row of rows) {
      const walker = byBalance.get(row.balance_id)!;
      if (isWalking(walker)) step(walker, row, moments);
    }
    walkers = walkers.filter(isWalking);
  }
}

function isWalking({ next, until }: Walker): boolean {
  return next !== null && next !== until;
}

function step(walker: Walker, row: WalkedMovement, moments: ReadonlyMap<number, number>): void {
  const { counted, expectation } = walker;
  if (!isAfter(row, counted.moment)) {
    walker.next = null;
    return;
  }
  walker.next = row.prev_id;
  const lineId = lineOfKey(row.op_key);
  const at = lineId === undefined ? undefined : moments.get(lineId);
  const earlier =
    at !== undefined &&
    !countedLater({ at, lineId: lineId! }, { at: counted.moment.at, lineId: counted.lineId });
  if (earlier) return;
  if (row.kind === 'set') expectation.setSince = true;
  if (isOnHand(row.to_bucket)) expectation.since += row.quantity;
  if (isOnHand(row.from_bucket)) expectation.since -= row.quantity;
}

const onHandBuckets: ReadonlySet<string> = new Set(buckets.filter((bucket) => bucket !== 'inbound'));

function isOnHand(bucket: string): boolean {
  return onHandBuckets.has(bucket);
}

/** When the counts were made whose corrections are among the movements. */
async function momentsOfCorrections(db: Db, rows: readonly WalkedMovement[]): Promise<Map<number, number>> {
  const ids = new Set<number>();
  for (const { op_key } of rows) {
    const lineId = lineOfKey(op_key);
    if (lineId !== undefined) ids.add(lineId);
  }
  if (ids.size === 0) return new Map();
  const found = await momentsOfLines(db, [...ids]);
  return new Map(found.map((line) => [line.id, line.counted_at]));
}
