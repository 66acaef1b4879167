import assert from 'node:assert/strict';
import { HubError } from '../../../../core/errors.ts';
import { orderKey } from '../../../../core/order/key.ts';
import { Orders } from '../../../../core/order/orders.ts';
import type { OrderStatus } from '../../../../core/order/schema.ts';
import { Auditor } from '../../../../core/stock/audit/auditor.ts';
import { type CountAnswer, Counts } from '../../../../core/stock/count/counts.ts';
import { applyPolicy } from '../../../../core/stock/policy/apply.ts';
import type { StockPolicy } from '../../../../core/stock/policy/rule.ts';
import type { KeyedAnswer, StockRefusal } from '../../../../core/stock/stock.ts';
import { unknownSkusOf } from '../../../../core/stock/unknown-skus.ts';
import { openFindings } from '../../../../core/store/queries/audit.ts';
import { poolHolds, stockLevels } from '../../../../core/store/queries/stock.ts';
import { anOrder } from '../../order/an-order.ts';
import type { AnyPlace } from '../../store/each-store.ts';
import { aPolicy, aRule } from '../policy/a-policy.ts';
import { openStock, type StockFixture } from '../stock-fixture.ts';
import type { FirstAct, KeyedAct } from './acts.ts';
import { speaksBothLanguages } from './both-languages.ts';
import {
  buckets,
  countThreshold,
  type Hold,
  holdText,
  type Lines,
  lineText,
  type Picture,
  placeOf,
  policyPool,
  recipe,
  rules,
  type Said,
  skuOf,
  type ToldOrder,
} from './vocabulary.ts';

const actor = 'test';
const elsewhere = 'elsewhere';
const policy: StockPolicy = aPolicy({
  pool: policyPool,
  balanceMinutes: rules.presale!.limitMs! / 60_000,
  rules: [
    aRule('normal'),
    aRule('presale'),
    aRule('live', {
      limit: { kind: 'minutes', minutes: rules.live!.limitMs! / 60_000 },
      capPerBuyer: rules.live!.cap!,
    }),
  ],
});
const keyOf = (order: string) => orderKey('shopify', 'main', order);
const orderOf = (key: string) => key.slice(key.lastIndexOf('/') + 1);
const orderLines = (lines: Lines) =>
  lines.map(([lineId, quantity]) => ({ lineId, sku: skuOf[lineId]!, quantity }));

/** A hub of its own, spoken to in the words of the model. */
export class HubUnderTest {
  readonly #fixture: StockFixture;
  readonly #counts: Counts;
  readonly #orders: Orders;
  readonly #began: number;
  readonly #acts: FirstAct[] = [];
  readonly #sheets: number[] = [];
  #keys = 0;

  private constructor(fixture: StockFixture) {
    this.#fixture = fixture;
    this.#counts = new Counts(fixture.store);
    this.#orders = new Orders(fixture.store);
    this.#began = fixture.clock.now;
  }

  static async open(makePlace: () => Promise<AnyPlace>): Promise<HubUnderTest> {
    const fixture = await openStock(makePlace);
    const components = Object.entries(recipe).map(([sku, quantity]) => ({ sku, quantity }));
    // A bundle is made of what some pool knows.
    const lines = components.map(({ sku }) => ({ sku, quantity: 1 }));
    await fixture.stock.receive({ pool: elsewhere, opKey: 'elsewhere', actor, lines });
    await fixture.stock.defineBundle({ bundle: 'S', components, opKey: 'define', actor });
    return new HubUnderTest(fixture);
  }

  close(): Promise<void> {
    return this.#fixture.close();
  }

  pass(ms: number): void {
    this.#fixture.clock.now += ms;
  }

  /** Answers of acts that arrive together. */
  async atOnce(acts: readonly KeyedAct[]): Promise<Said[]> {
    // What is refused from memory is kept by no op key; the model knows stores only.
    unknownSkusOf(this.#fixture.store).clear();
    const answers = await Promise.all(acts.map((act) => this.#perform(act)));
    return answers.map(saidBy);
  }

  #perform(act: KeyedAct): Promise<KeyedAnswer> {
    if (act.do === 'repeat') {
      const nth = act.nth % Math.max(1, this.#acts.length);
      const first = this.#acts[nth];
      return first
        ? this.#do(first, nth)
        : Promise.resolve({ state: 'done', lines: [], refusals: [], replayed: true });
    }
    return this.#do(act, this.#acts.push(act) - 1);
  }

  #do(act: FirstAct, nth: number): Promise<KeyedAnswer> {
    const { stock } = this.#fixture;
    const base = { pool: act.pool, opKey: `act ${nth}`, actor };
    switch (act.do) {
      case 'receive':
        return stock.receive({ ...base, bucket: act.bucket, lines: [{ sku: act.sku, quantity: act.units }] });
      case 'correct':
        return stock.correct({ ...base, lines: [{ sku: act.sku, quantity: act.units }] });
      case 'set':
        return stock.set({ ...base, lines: [{ sku: act.sku, counted: act.counted }] });
      case 'move':
        return stock.move({
          ...base,
          from: act.from,
          to: act.to,
          lines: [{ sku: act.sku, quantity: act.units }],
        });
      case 'transfer':
        return stock.transfer({
          ...base,
          to: otherPool(act.pool),
          bucket: act.bucket,
          lines: [{ sku: act.sku, quantity: act.units }],
        });
      case 'return':
        return stock.takeBack({
          ...base,
          orderKey: keyOf(act.order),
          bucket: act.bucket,
          lines: orderLines([[act.line, act.units]]),
        });
      case 'lock':
        return stock.lock({
          ...base,
          orderKey: keyOf(act.order),
          lines: orderLines(act.lines),
          bucket: act.bucket,
          ttlMs: act.ttlMs,
          partial: act.partial ? 'what-there-is' : 'all-or-none',
          ...(act.cap !== null && { buyer: { key: 'one', cap: act.cap } }),
        });
      case 'sell':
        return stock.deduct({
          ...base,
          orderKey: keyOf(act.order),
          lines: orderLines(act.lines),
          withoutHold: true,
        });
      case 'post':
        return stock.deduct({
          ...base,
          orderKey: keyOf(act.order),
          ...(act.lines && { lines: heldLines(act.lines) }),
        });
      case 'release':
        return stock.release({
          ...base,
          orderKey: keyOf(act.order),
          ...(act.lines && { lines: heldLines(act.lines) }),
        });
    }
  }

  /** The channel tells of an order, and the policy is applied to what happened: an answer for each event. */
  async tell(order: string, told: ToldOrder): Promise<{ event: string; said: Said }[]> {
    this.#keys += 1;
    const modified = { at: new Date(this.#began + this.#keys * 1_000).toISOString(), text: '' };
    const saved = await this.#orders.save({
      order: anOrder({
        channelOrderId: order,
        scenario: told.scenario,
        status: told.status as OrderStatus,
        refundStatus: told.refund,
        times: { modified },
        buyer: { key: 'one' },
        lines: [...told.lines].map(([lineId, { quantity, told: shippedQuantity }]) => ({
          lineId,
          sku: skuOf[lineId]!,
          quantity,
          shippedQuantity,
        })),
      }),
      inboxId: null,
      arrivedAt: this.#fixture.clock.now,
    });
    assert.equal(saved.outcome, 'changed', JSON.stringify(saved.reason));
    const answers: { event: string; said: Said }[] = [];
    for (const [index, event] of saved.events.entries()) {
      const opKey = `${saved.key} ${saved.version} ${index}`;
      const { store, stock } = this.#fixture;
      const answer = await applyPolicy(store, stock, policy, {
        orderKey: saved.key,
        type: event,
        order: undefined,
        opKey,
        actor,
      });
      answers.push({ event, said: { state: answer.state, codes: codesOf(answer.refusals), units: [] } });
    }
    return answers;
  }

  async count(pool: string, sku: string, counted: number): Promise<Said> {
    this.#keys += 1;
    const answer = await this.#counts.take({
      pool,
      kind: 'cycle',
      actor,
      received: [{ sku, counted }],
      cause: `count ${this.#keys}`,
      zone: 'utc',
      duplicates: 'refuse',
      missing: 'report',
      thresholds: { units: countThreshold, percent: null, value: null },
    });
    if (answer.count && answer.refused === 0) this.#sheets.push(answer.count.id);
    return countSaid(answer);
  }

  async approve(nth: number): Promise<Said> {
    this.#keys += 1;
    try {
      const act = {
        verdict: 'approve' as const,
        countId: this.#sheets[nth]!,
        actor: 'second',
        opKey: `approve ${this.#keys}`,
      };
      return countSaid(await this.#counts.decide(act));
    } catch (error) {
      if (!HubError.is(error)) throw error;
      return { state: 'refused', codes: [error.code], units: [] };
    }
  }

  async sweep(limit: number): Promise<void> {
    await this.#fixture.stock.sweep(limit);
  }

  /** Where the units are, who holds them and what orders say of theirs: the same as `pictureOf` the model. */
  async picture(): Promise<Picture> {
    const { store, clock } = this.#fixture;
    const levels = await stockLevels(store.read, { limit: 100, now: clock.now });
    const holds = [...(await poolHolds(store.read, 'p')), ...(await poolHolds(store.read, 'q'))];
    const open = holds.filter(
      ({ state, deadline }) => state === 'open' && (deadline ?? Number.POSITIVE_INFINITY) > clock.now,
    );
    const lines = await store.read.selectFrom('order_lines').selectAll().execute();
    const begun = (deadline: number | null) => (deadline === null ? null : deadline - this.#began);
    return {
      units: levels
        .filter(({ pool }) => pool !== elsewhere)
        .map(
          (level) => `${placeOf(level.pool, level.sku)}: ${buckets.map((bucket) => level[bucket]).join(' ')}`,
        )
        .sort(),
      holds: open
        .map((row) => {
          const { line_id: line, remaining: units, bucket } = row;
          const hold = {
            order: orderOf(row.order_key),
            line,
            units,
            bucket: bucket as Hold['bucket'],
            until: begun(row.deadline),
          };
          return holdText(hold, placeOf(row.pool, row.sku));
        })
        .sort(),
      lines: lines.map((line) => lineText(`${orderOf(line.order_key)}/${line.line_id}`, line)).sort(),
    };
  }

  /** What is wrong with the books; see test/support/invariants.ts. */
  broken(): Promise<string[]> {
    return this.#fixture.broken();
  }

  /** What the auditor finds once no lapsed hold is left; that an order is short is no fault of the books. */
  async findings(): Promise<string[]> {
    const { store, stock } = this.#fixture;
    while ((await stock.sweep(1_000)).more);
    const never = Number.MAX_SAFE_INTEGER / 2;
    const auditor = new Auditor(store, stock, { settings: { graceMs: never, unknownOrderMs: never } });
    await auditor.run();
    return (await openFindings(store.read)).map(({ code, object, params }) => `${code} ${object} ${params}`);
  }
}

const otherPool = (pool: string) => (pool === 'p' ? 'q' : 'p');
const heldLines = (lines: Lines) => lines.map(([lineId, quantity]) => ({ lineId, quantity }));

/** The codes of refusals that a person can read. */
function codesOf(refusals: readonly StockRefusal[]): string[] {
  refusals.forEach(speaksBothLanguages);
  return refusals.map(({ code }) => code);
}

function saidBy({ state, lines, refusals }: KeyedAnswer): Said {
  const units = lines.flatMap((line) =>
    'locked' in line
      ? line.locked
      : 'released' in line
        ? line.released
        : 'deducted' in line
          ? line.deducted
          : [],
  );
  return { state, codes: codesOf(refusals), units };
}

/** A sheet has one line. */
function countSaid(answer: CountAnswer): Said {
  const [line] = answer.lines;
  return { state: line?.state ?? 'agrees', codes: line?.reason ? [line.reason.code] : [], units: [] };
}
