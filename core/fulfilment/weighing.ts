import { publish } from '../delivery/publish.ts';
import { HubError } from '../errors.ts';
import type { Order } from '../order/schema.ts';
import { blockedSince, firstAlike, lastLift, lastWeighing, weightRows } from '../store/queries/weighings.ts';
import type { NewRow, Row } from '../store/schema.ts';
import type { CommandHandler, Store, Tx } from '../store/store.ts';
import { decideLift, decideWeighing, type WeighingDecision, type WeighingState } from './weight/block.ts';
import {
  checkWeight,
  unknownWeight,
  type WeightBand,
  type WeightCheck,
  type WeightLine,
} from './weight/check.ts';
import { type Explanation, explain } from './weight/explain.ts';
import './weight/messages.ts';
import { readUnitWeights, type UnitWeight } from './weight/table.ts';

export type { WeightBand } from './weight/check.ts';
export type { UnitWeight } from './weight/table.ts';

/** A line of what is in the parcel; without a weight of its own the store's table is asked. */
export interface ParcelLine {
  sku: string;
  quantity: number;
  weightGrams?: number | null;
}

export interface Weigh {
  orderKey: string;
  /** Undefined for the lines of the order as it is kept. */
  lines?: readonly ParcelLine[];
  readingGrams: number;
  packagingGrams: number;
  band: WeightBand;
  actor: string;
}

/** What holds for a parcel after a reading. */
export interface Weighed {
  /** Id of the line of the log; of a reading that repeats others, that of the first of them. */
  recordId: number;
  verdict: WeighingState['verdict'];
  change: WeighingDecision['change'];
  /** The reading and its outcome are those of the one before; it was recorded, and nothing else happened. */
  repeated: boolean;
  readingGrams: number;
  expectedGrams: number | null;
  /** Reading less expectation: positive is too heavy. */
  differenceGrams: number | null;
  bandGrams: number | null;
  /** Least and most grams that pass. */
  low: number | null;
  high: number | null;
  unknownSkus: readonly string[];
  explanation: Explanation;
  warnings: readonly Explanation[];
  /** When the block began, epoch milliseconds; null when there is none. */
  blockedAt: number | null;
  lifted: { by: string; reason: string; at: number } | null;
}

export interface LiftBlock {
  orderKey: string;
  /** Who lifts, as signed in. That he has the right is the caller's to check. */
  actor: string;
  reason: string;
}

export interface Lifted {
  verdict: 'lifted';
  /** The same person had lifted it for the same reason before. */
  replayed: boolean;
  explanation: Explanation;
  readingGrams: number;
  expectedGrams: number | null;
  lifted: { by: string; reason: string; at: number };
}

export interface WeightsSet {
  /** Entries that were new or different, with the grams before (null for a new one). */
  changed: { sku: string; grams: number; before: number | null }[];
  unchanged: number;
}

/** Weighs parcels against their orders, keeps blocks until they are put right or lifted, and knows unit weights. */
export class Weighings {
  readonly #store: Store;

  constructor(store: Store) {
    this.#store = store;
  }

  /**
   * Judges a reading, records it, and tells of it by the event `weighed` when the order is in the store and
   * something changed: a reading repeated with the same outcome is recorded, but nothing follows from it. A
   * reading that cannot be judged (no lines and no order, lines that are none) is recorded as unknown, with why.
   *
   * @throws HubError `weight.input-invalid` for a reading that is no weight; nothing is recorded then
   */
  weigh(command: Weigh): Promise<Weighed> {
    return this.#store.execute(weighHandler, command);
  }

  /**
   * Lifts an order's block on a person's word; tells of it by the event `weighed` with the verdict `lifted`.
   *
   * @throws HubError `weight.lift-no-block`, `weight.lift-already`, `weight.lift-no-actor`,
   *   `weight.lift-no-reason`, `weight.lift-reason-long`
   */
  lift(command: LiftBlock): Promise<Lifted> {
    return this.#store.execute(liftHandler, command);
  }

  /**
   * Enters unit weights, all of them or none.
   *
   * @param entered list of `{sku, grams}`, or weights by SKU
   * @throws HubError `weight.table-…` that says which entry is wrong
   */
  async setWeights(entered: unknown, actor: string): Promise<WeightsSet> {
    return this.#store.execute(setHandler, { weights: readUnitWeights(entered), actor });
  }

  /** Grams of one unit for those SKUs that have an entry. */
  async weightsOf(skus: readonly string[]): Promise<ReadonlyMap<string, number>> {
    const grams = new Map<string, number>();
    for (let from = 0; from < skus.length; from += skuPage) {
      const rows = await weightRows(this.#store.read, skus.slice(from, from + skuPage));
      for (const row of rows) grams.set(row.sku, row.grams);
    }
    return grams;
  }

  /** Where an order's parcel stands with the scale; undefined when it was never weighed. */
  stateOf(orderKey: string): Promise<WeighingState | undefined> {
    return stateFrom(this.#store.read, orderKey);
  }
}

/** SKUs asked for at once at most: SQLite bounds the values of a statement. */
const skuPage = 500;

const weighHandler: CommandHandler<Weigh, Weighed> = {
  name: 'fulfilment.weigh',
  async run(tx, commands) {
    const orders = await ordersOf(
      tx,
      commands.map(({ orderKey }) => orderKey),
    );
    const answers: (Weighed | Error)[] = [];
    // One after another: a parcel may be on the scale twice in one batch.
    for (const command of commands) {
      const order = orders.get(command.orderKey);
      try {
        answers.push(await weigh(tx, command, order));
      } catch (error) {
        if (!HubError.is(error) || !error.code.startsWith('weight.')) throw error;
        answers.push(error);
      }
    }
    return answers;
  },
};

async function weigh(tx: Tx, command: Weigh, order: Row<'orders'> | undefined): Promise<Weighed> {
  const check = await checkOf(tx, command, order);
  const previous = await stateFrom(tx.db, command.orderKey);
  const { state, change, explanation } = decideWeighing(previous, check, tx.now);
  const row = await record(tx, {
    order_key: command.orderKey,
    verdict: state.verdict,
    reading_grams: check.readingGrams,
    expected_grams: check.expectedGrams,
    band_grams: check.bandGrams,
    actor: command.actor,
    // The reason of a lift is the person's; what was unknown or wrong is told by none of the numbers.
    reason: check.verdict === 'unknown' ? explanation.sentence : null,
  });
  const repeated = previous !== undefined && sameOutcome(previous, state);
  if (order && !repeated) {
    await tell(tx, order, {
      verdict: state.verdict,
      change,
      readingGrams: check.readingGrams,
      expectedGrams: check.expectedGrams,
      differenceGrams: check.differenceGrams,
      bandGrams: check.bandGrams,
      code: explanation.code,
      params: explanation.params,
      actor: command.actor,
    });
  }
  return {
    recordId: repeated ? ((await firstAlike(tx.db, command.orderKey)) ?? row) : row,
    verdict: state.verdict,
    change,
    repeated,
    readingGrams: check.readingGrams,
    expectedGrams: check.expectedGrams,
    differenceGrams: check.differenceGrams,
    bandGrams: check.bandGrams,
    low: check.low,
    high: check.high,
    unknownSkus: check.unknownSkus,
    explanation,
    warnings: check.warnings,
    blockedAt: state.blockedAt,
    lifted: liftIn(state),
  };
}

/** What the reading says; what keeps it from being judged is its explanation. */
async function checkOf(tx: Tx, command: Weigh, order: Row<'orders'> | undefined): Promise<WeightCheck> {
  const { packagingGrams, readingGrams, band } = command;
  try {
    return checkWeight({ lines: await linesOf(tx, command, order), packagingGrams, readingGrams, band });
  } catch (error) {
    const isJudged = HubError.is(error) && error.code.startsWith('weight.');
    if (!isJudged || !Number.isSafeInteger(readingGrams) || readingGrams < 1) throw error;
    return unknownWeight({ readingGrams }, [], explain(error.code, error.params));
  }
}

/** The parcel's lines with their unit weights: the line's own, else the table's, else unknown. */
async function linesOf(tx: Tx, command: Weigh, order: Row<'orders'> | undefined): Promise<WeightLine[]> {
  const { orderKey } = command;
  const lines = command.lines ?? (order && (JSON.parse(order.document) as Order).lines);
  if (!lines) throw new HubError('weight.order-unknown', { key: orderKey });
  const wrong = lines.findIndex((line) => !isParcelLine(line));
  if (wrong >= 0) throw new HubError('weight.lines-invalid', { position: wrong + 1 });
  const asked = [...new Set(lines.filter((line) => weightIn(line) === null).map(({ sku }) => sku))];
  const table = await tx.find(
    'sku_weights',
    asked.map((sku) => ({ sku })),
  );
  const grams = new Map(table.map((row) => [row.sku, row.grams]));
  return lines.map((line) => ({
    sku: line.sku,
    quantity: line.quantity,
    unitGrams: weightIn(line) ?? grams.get(line.sku) ?? null,
  }));
}

function isParcelLine(line: unknown): line is ParcelLine {
  if (typeof line !== 'object' || line === null) return false;
  const { sku, quantity } = line as Record<string, unknown>;
  return typeof sku === 'string' && sku !== '' && Number.isSafeInteger(quantity);
}

function weightIn({ weightGrams }: { weightGrams?: number | null | undefined }): number | null {
  return weightGrams ?? null;
}

/**
 * The state that the log ends with. A line that repeats a lifted weighing has no reason: the lift is the last line
 * that has one.
 */
async function stateFrom(db: Tx['db'], orderKey: string): Promise<WeighingState | undefined> {
  const last = await lastWeighing(db, orderKey);
  if (!last) return undefined;
  const verdict = last.verdict as WeighingState['verdict'];
  const lift = verdict === 'lifted' ? await lastLift(db, orderKey) : undefined;
  return {
    verdict,
    readingGrams: last.reading_grams ?? 0,
    expectedGrams: last.expected_grams,
    bandGrams: last.band_grams,
    blockedAt: verdict === 'blocked' ? ((await blockedSince(db, orderKey)) ?? last.at) : null,
    liftedBy: lift?.actor ?? null,
    liftReason: lift?.reason ?? null,
    liftedAt: lift?.at ?? null,
  };
}

function sameOutcome(before: WeighingState, after: WeighingState): boolean {
  return (
    before.verdict === after.verdict &&
    before.readingGrams === after.readingGrams &&
    before.expectedGrams === after.expectedGrams &&
    before.bandGrams === after.bandGrams
  );
}

function liftIn({ liftedBy, liftReason, liftedAt }: WeighingState): Weighed['lifted'] {
  return liftedBy === null ? null : { by: liftedBy, reason: liftReason ?? '', at: liftedAt ?? 0 };
}

const liftHandler: CommandHandler<LiftBlock, Lifted> = {
  name: 'fulfilment.lift',
  async run(tx, commands) {
    const orders = await ordersOf(
      tx,
      commands.map(({ orderKey }) => orderKey),
    );
    const answers: (Lifted | Error)[] = [];
    for (const command of commands) answers.push(await lift(tx, command, orders.get(command.orderKey)));
    return answers;
  },
};

async function lift(
  tx: Tx,
  { orderKey, actor, reason }: LiftBlock,
  order: Row<'orders'> | undefined,
): Promise<Lifted | Error> {
  const decision = decideLift(await stateFrom(tx.db, orderKey), { actor, reason, at: tx.now });
  if (!decision.accepted) return new HubError(decision.refusal.code, decision.refusal.params);
  const { state, replayed, explanation } = decision;
  const lifted = liftIn(state)!;
  if (!replayed) {
    await record(tx, {
      order_key: orderKey,
      verdict: 'lifted',
      reading_grams: state.readingGrams,
      expected_grams: state.expectedGrams,
      band_grams: state.bandGrams,
      actor: lifted.by,
      reason: lifted.reason,
    });
    if (order) {
      const { readingGrams, expectedGrams, bandGrams } = state;
      await tell(tx, order, {
        verdict: 'lifted',
        change: 'lifted',
        readingGrams,
        expectedGrams,
        differenceGrams: expectedGrams === null ? null : readingGrams - expectedGrams,
        bandGrams,
        code: explanation.code,
        params: explanation.params,
        actor: lifted.by,
      });
    }
  }
  const { readingGrams, expectedGrams } = state;
  return { verdict: 'lifted', replayed, explanation, readingGrams, expectedGrams, lifted };
}

const setHandler: CommandHandler<{ weights: readonly UnitWeight[]; actor: string }, WeightsSet> = {
  name: 'fulfilment.set-weights',
  async run(tx, commands) {
    const skus = new Set(commands.flatMap(({ weights }) => weights.map(({ sku }) => sku)));
    const kept = await tx.find(
      'sku_weights',
      [...skus].map((sku) => ({ sku })),
    );
    const grams = new Map(kept.map((row) => [row.sku, row.grams]));
    const fresh = new Map<string, NewRow<'sku_weights'>>();
    const renewed = new Map<
      string,
      { key: { sku: string }; set: { grams: number; actor: string; updated_at: number } }
    >();
    const isKept = new Set(grams.keys());
    const answers = commands.map(({ weights, actor }): WeightsSet => {
      const changed: WeightsSet['changed'] = [];
      for (const { sku, grams: now } of weights) {
        const before = grams.get(sku) ?? null;
        if (before === now) continue;
        grams.set(sku, now);
        changed.push({ sku, grams: now, before });
        const set = { grams: now, actor, updated_at: tx.now };
        if (isKept.has(sku)) renewed.set(sku, { key: { sku }, set });
        else fresh.set(sku, { sku, ...set });
      }
      return { changed, unchanged: weights.length - changed.length };
    });
    await tx.put('sku_weights', [...fresh.values()]);
    await tx.update('sku_weights', [...renewed.values()]);
    return answers;
  },
};

async function ordersOf(tx: Tx, keys: readonly string[]): Promise<Map<string, Row<'orders'>>> {
  const rows = await tx.find(
    'orders',
    [...new Set(keys)].map((key) => ({ key })),
  );
  return new Map(rows.map((row) => [row.key, row]));
}

async function record(tx: Tx, row: Omit<NewRow<'weighings'>, 'id' | 'at'>): Promise<number> {
  const [id] = await tx.insert('weighings', [{ reason: null, ...row, at: tx.now }]);
  return id!;
}

async function tell(tx: Tx, order: Row<'orders'>, data: object): Promise<void> {
  const { key, channel, version } = order;
  await publish(tx, [
    { topic: 'order', type: 'weighed', orderKey: key, channel, data: { ...data, version }, at: tx.now },
  ]);
}
