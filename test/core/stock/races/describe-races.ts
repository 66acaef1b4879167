import { strict as assert } from 'node:assert';
import { Orders } from '../../../../core/order/orders.ts';
import { type KeyedAnswer, Stock, type StockAnswer } from '../../../../core/stock/stock.ts';
import { stockLevels } from '../../../../core/store/queries/stock.ts';
import type { Store } from '../../../../core/store/store.ts';
import { order } from '../../../nodes/order-event/orders.ts';
import { booksOf, checkBooks } from '../check-books.ts';
import { type SteppingStore, steppingStore } from './stepping-store.ts';

/** Two stores on one database: on SQLite the same one, since one process owns the file. */
export interface RacePlace {
  first: Store;
  second: Store;
  /** Waits until `act` is over or cannot go on before the first store's transaction ends. */
  overOrBlocked(act: Promise<unknown>): Promise<void>;
  dispose(): Promise<void>;
}

/** An act in a pool; the same in whichever store it is done. */
type RacingAct = (stock: Stock, pool: string) => Promise<StockAnswer>;

const base = (pool: string, op: string) => ({ pool, opKey: `${pool}/${op}`, actor: 'test' });
const line = (quantity: number, sku = 'A') => ({ lineId: '1', sku, quantity });

const acts = {
  'a lock of most units': (stock, pool) =>
    stock.lock({ ...base(pool, 'lock-1'), orderKey: `${pool}/o1`, lines: [line(4)] }),
  'a lock of the rest and more': (stock, pool) =>
    stock.lock({ ...base(pool, 'lock-2'), orderKey: `${pool}/o2`, lines: [line(3)] }),
  'a lock of two SKUs the other way round': (stock, pool) =>
    stock.lock({
      ...base(pool, 'lock-3'),
      orderKey: `${pool}/o3`,
      lines: [line(2, 'B'), { ...line(2), lineId: '2' }],
    }),
  'a lock of two SKUs': (stock, pool) =>
    stock.lock({
      ...base(pool, 'lock-4'),
      orderKey: `${pool}/o4`,
      lines: [line(4), { ...line(2, 'B'), lineId: '2' }],
    }),
  'the release of the hold there is': (stock, pool) =>
    stock.release({ ...base(pool, 'release'), orderKey: `${pool}/o0` }),
  'the deduction of the hold there is': (stock, pool) =>
    stock.deduct({ ...base(pool, 'deduct'), orderKey: `${pool}/o0` }),
  'another lock of the order that holds': (stock, pool) =>
    stock.lock({ ...base(pool, 'again'), orderKey: `${pool}/o0`, lines: [line(5)] }),
  'a correction downwards': (stock, pool) =>
    stock.correct({ ...base(pool, 'correct'), lines: [{ sku: 'A', quantity: -3 }] }),
  'a count': (stock, pool) => stock.set({ ...base(pool, 'count'), lines: [{ sku: 'A', counted: 6 }] }),
  'goods of a new SKU': (stock, pool) =>
    stock.receive({ ...base(pool, 'new'), lines: [{ sku: 'NEW', quantity: 2 }] }),
  'the same goods received elsewhere': (stock, pool) =>
    stock.receive({ ...base(pool, 'new-too'), lines: [{ sku: 'NEW', quantity: 3 }] }),
  'a transfer to the other pool': (stock, pool) =>
    stock.transfer({
      ...base(pool, 'there'),
      to: otherPool(pool),
      lines: [
        { sku: 'A', quantity: 3 },
        { sku: 'B', quantity: 1 },
      ],
    }),
  'a transfer from the other pool': (stock, pool) =>
    stock.transfer({
      ...base(otherPool(pool), 'back'),
      to: pool,
      lines: [
        { sku: 'B', quantity: 2 },
        { sku: 'A', quantity: 2 },
      ],
    }),
  'a transfer of a SKU that is new there': (stock, pool) =>
    stock.transfer({ ...base(pool, 'new-there'), to: `${pool}-third`, lines: [{ sku: 'A', quantity: 3 }] }),
  'a second transfer of it': (stock, pool) =>
    stock.transfer({ ...base(pool, 'new-there-2'), to: `${pool}-third`, lines: [{ sku: 'A', quantity: 2 }] }),
  'a move off the shelf': (stock, pool) =>
    stock.move({
      ...base(pool, 'move'),
      from: 'available',
      to: 'damaged',
      lines: [{ sku: 'A', quantity: 3 }],
    }),
  'a return of most that left': (stock, pool) =>
    stock.takeBack({ ...base(pool, 'return-1'), orderKey: shippedOrder(pool), lines: [line(2)] }),
  'a second return of the line': (stock, pool) =>
    stock.takeBack({ ...base(pool, 'return-2'), orderKey: shippedOrder(pool), lines: [line(2)] }),
} satisfies Record<string, RacingAct>;

const otherPool = (pool: string) => `${pool}-other`;
const shippedOrder = (pool: string) => `web/main/${pool}`;

type ActName = keyof typeof acts;

const pairs: [ActName, ActName][] = [
  ['a lock of most units', 'a lock of the rest and more'],
  ['a lock of most units', 'a lock of most units'],
  ['a lock of two SKUs', 'a lock of two SKUs the other way round'],
  ['a lock of the rest and more', 'the release of the hold there is'],
  ['the release of the hold there is', 'the deduction of the hold there is'],
  ['another lock of the order that holds', 'the deduction of the hold there is'],
  ['another lock of the order that holds', 'a lock of most units'],
  ['a lock of most units', 'a correction downwards'],
  ['a count', 'a lock of most units'],
  ['goods of a new SKU', 'the same goods received elsewhere'],
  ['a transfer to the other pool', 'a transfer from the other pool'],
  ['a transfer from the other pool', 'a lock of two SKUs the other way round'],
  ['a transfer of a SKU that is new there', 'a second transfer of it'],
  ['a move off the shelf', 'a lock of most units'],
  ['a return of most that left', 'a second return of the line'],
];

/** 5 units of A free and 3 held by an order, 4 of B free; 4 of each in the other pool; 3 of A that left. */
async function prepare(store: Store, pool: string): Promise<void> {
  const stock = new Stock(store);
  const both = (a: number, b: number) => [
    { sku: 'A', quantity: a },
    { sku: 'B', quantity: b },
  ];
  await stock.receive({ ...base(pool, 'start'), lines: both(8, 4) });
  await stock.receive({ ...base(otherPool(pool), 'start'), lines: both(4, 4) });
  await stock.lock({ ...base(pool, 'lock-0'), orderKey: `${pool}/o0`, lines: [line(3)] });
  const { outcome } = await new Orders(store).save({
    order: order(pool, { status: 'shipped', lines: [line(3)] }),
    inboxId: null,
    arrivedAt: store.now(),
  });
  assert.equal(outcome, 'changed');
}

/** What two acts came to: states, units and levels, without what differs from pool to pool. */
interface Outcome {
  first: unknown;
  second: unknown;
  levels: unknown;
}

/** Every act that may meet another, with the other one forced to come before each step of the first and after it. */
export function describeRaces(name: string, makePlace: () => Promise<RacePlace>): void {
  describe(`${name}: acts on stock that meet`, function () {
    this.timeout(120_000);
    let place: RacePlace;
    let stepping: SteppingStore;
    let pools = 0;

    before(async () => {
      place = await makePlace();
      stepping = steppingStore(place.first);
    });
    after(() => place.dispose());

    const newPool = async (): Promise<string> => {
      pools += 1;
      const pool = `pool-${pools}`;
      await prepare(place.second, pool);
      return pool;
    };

    /** One after the other. */
    async function inOrder(order: [ActName, ActName], swapped: boolean): Promise<Outcome> {
      const pool = await newPool();
      const stock = new Stock(place.second);
      const answers: StockAnswer[] = [];
      for (const act of order) answers.push(await acts[act](stock, pool));
      const [first, second] = swapped ? answers.reverse() : answers;
      return outcome(pool, first!, second!);
    }

    async function outcome(pool: string, first: StockAnswer, second: StockAnswer): Promise<Outcome> {
      const store = place.second;
      const levelsOf = (of: string) => stockLevels(store.read, { pool: of, limit: 10, now: store.now() });
      const levels = [
        ...(await levelsOf(pool)),
        ...(await levelsOf(otherPool(pool))),
        ...(await levelsOf(`${pool}-third`)),
      ];
      checkBooks(await booksOf(store, pool));
      return {
        first: plain(first),
        second: plain(second),
        levels: levels.map(({ pool: _pool, updatedAt: _at, ...level }) => level),
      };
    }

    for (const pair of pairs) {
      it(`${pair[0]}, and ${pair[1]} before each of its steps: as if one came after the other`, async () => {
        const [one, other] = pair;
        const possible = [await inOrder([one, other], false), await inOrder([other, one], true)];
        // Until a transaction that is not disturbed any more ends before that step.
        for (let at = 1; ; at += 1) {
          const pool = await newPool();
          let competitor: Promise<StockAnswer> | undefined;
          stepping.before(async (step) => {
            if (step !== at || competitor) return;
            competitor = acts[other](new Stock(place.second), pool);
            // Its failure is the test's to see below.
            await place.overOrBlocked(competitor.catch(() => {}));
          });
          const first = await acts[one](new Stock(stepping.store), pool);
          if (!competitor) {
            assert.ok(at > 5, `only ${at - 1} steps to come before`);
            break;
          }
          const met = await outcome(pool, first, await competitor);
          assert.ok(
            possible.some((serial) => sameOutcome(serial, met)),
            `before step ${at}:\n${JSON.stringify(met, null, 1)}\nis neither of\n${JSON.stringify(possible, null, 1)}`,
          );
        }
        stepping.before(async () => {});
      });
    }
  });
}

function plain(answer: StockAnswer): unknown {
  if (!('state' in answer)) return answer;
  const { state, lines, refusals, replayed } = answer as KeyedAnswer;
  return { state, lines, codes: refusals.map(({ code }) => code), replayed };
}

function sameOutcome(a: Outcome, b: Outcome): boolean {
  try {
    assert.deepEqual(a, b);
    return true;
  } catch {
    return false;
  }
}
