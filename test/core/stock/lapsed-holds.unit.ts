import { strict as assert } from 'node:assert';
import { Stock, type SweepAnswer } from '../../../core/stock/stock.ts';
import { skuLevels, stockLevels } from '../../../core/store/queries/stock.ts';
import type { Store, Tx } from '../../../core/store/store.ts';
import { brokenInvariants } from '../../support/invariants.ts';
import { Chance } from '../../support/seeded.ts';
import { onEachStore } from '../store/each-store.ts';
import { makePostgresPlace, type PostgresPlace } from '../store/postgres-place.ts';
import { noon, openStock, type StockFixture } from './stock-fixture.ts';

const actor = 'test';
const minute = 60_000;

function lockOf(order: string, sku: string, quantity: number, more: object = {}) {
  const lines = [{ lineId: '1', sku, quantity }];
  return { opKey: `${order} lock`, actor, orderKey: `web/main/${order}`, lines, ...more };
}

onEachStore('holds whose time is up while the sweeper stands still', (makePlace) => {
  let fixture: StockFixture;
  beforeEach(async () => {
    fixture = await openStock(makePlace);
    await fixture.stock.receive({ opKey: 'opening', actor, lines: [{ sku: 'TEA', quantity: 30 }] });
  });
  afterEach(async () => {
    assert.deepEqual(await fixture.broken(), []);
    await fixture.close();
  });

  /** Free units, and those in holds, as each of the queries tells them. */
  async function units(): Promise<unknown> {
    const { read } = fixture.store;
    const { now } = fixture.clock;
    const told = [
      ...(await stockLevels(read, { sku: 'TEA', limit: 1, now })),
      ...(await skuLevels(read, { skus: ['TEA'], now })),
    ].map(({ available, held, committed, presale, onHand }) => ({
      available,
      held,
      committed,
      presale,
      onHand,
    }));
    assert.deepEqual(told[0], told[1]);
    return told[0];
  }

  it('count as free from the millisecond their time is up, whatever bucket they are in', async () => {
    for (const [bucket, quantity, minutes] of [
      ['held', 1, 1],
      ['committed', 2, 2],
      ['presale', 4, 3],
    ] as const)
      await fixture.stock.lock(lockOf(bucket, 'TEA', quantity, { bucket, ttlMs: minutes * minute }));
    const at = async (ms: number) => {
      fixture.clock.now = noon + ms;
      return await units();
    };
    assert.deepEqual(await at(minute - 1), { available: 23, held: 1, committed: 2, presale: 4, onHand: 30 });
    assert.deepEqual(await at(minute), { available: 24, held: 0, committed: 2, presale: 4, onHand: 30 });
    assert.deepEqual(await at(2 * minute), { available: 26, held: 0, committed: 0, presale: 4, onHand: 30 });
    assert.deepEqual(await at(3 * minute), { available: 30, held: 0, committed: 0, presale: 0, onHand: 30 });
  });

  it('are taken by whoever comes next, to the last unit and no further', async () => {
    for (let order = 0; order < 20; order += 1)
      await fixture.stock.lock(lockOf(`short ${order}`, 'TEA', 1, { ttlMs: minute }));
    await fixture.stock.lock(lockOf('long', 'TEA', 3));
    fixture.clock.now += minute;
    const tooMany = await fixture.stock.lock(lockOf('too many', 'TEA', 28));
    assert.equal(tooMany.state, 'short');
    assert.deepEqual([tooMany.refusals[0]!.params.asked, tooMany.refusals[0]!.params.available], [28, 27]);
    assert.equal((await fixture.stock.lock(lockOf('all', 'TEA', 27))).state, 'locked');
    assert.equal((await fixture.stock.lock(lockOf('one more', 'TEA', 1))).state, 'short');
    assert.deepEqual(await units(), { available: 0, held: 0, committed: 30, presale: 0, onHand: 30 });
  });

  it('are of no more use to those who had them', async () => {
    await fixture.stock.lock(lockOf('late', 'TEA', 5, { ttlMs: minute }));
    fixture.clock.now += minute;
    for (const act of ['release', 'deduct'] as const) {
      const answer = await fixture.stock[act]({ opKey: act, actor, orderKey: 'web/main/late' });
      assert.deepEqual([answer.state, answer.refusals[0]?.code], ['refused', 'stock.hold-expired']);
    }
    assert.deepEqual(await units(), { available: 30, held: 0, committed: 0, presale: 0, onHand: 30 });
  });
});

describe('sweepers of two processes on PostgreSQL that race with locks', function () {
  this.timeout(60_000);
  const quantity = 60;
  const clock = { now: noon };
  const chance = new Chance();
  let place: PostgresPlace;
  let stores: Store[];
  let stocks: Stock[];

  before(async () => {
    place = await makePostgresPlace();
    stores = [];
    for (let count = 0; count < 2; count += 1) stores.push(await place.open({ now: () => clock.now }));
    stocks = stores.map((store) => new Stock(store));
    const lines = ['A', 'B'].map((sku) => ({ sku, quantity }));
    await stocks[0]!.receive({ opKey: 'opening', actor, lines });
  });
  after(() => place.dispose());

  async function sweepAll(stock: Stock): Promise<number> {
    let swept = 0;
    for (;;) {
      const { expired, more } = await stock.sweep(chance.between(1, 7));
      swept += expired;
      if (!more) return swept;
    }
  }

  it('go on to the next page when some of this one is in the hands of a sale', async () => {
    for (const [order, sku] of ['A', 'A', 'B', 'B', 'B'].entries())
      await stocks[0]!.lock(lockOf(`page ${order}`, sku, 1, { ttlMs: minute + order }));
    clock.now += 2 * minute;
    const busy = { name: 'a sale', run: holdBusy };
    const swept = await stores[1]!.execute(busy, 'A');
    assert.deepEqual(swept, [
      { expired: 0, more: false },
      { expired: 2, more: true },
      { expired: 1, more: false },
    ]);
    assert.deepEqual(await stocks[0]!.sweep(4), { expired: 2, more: false });
  });

  /** Has a sale keep the balance of a SKU while the other process sweeps. */
  async function holdBusy(tx: Tx, [sku]: readonly string[]): Promise<[SweepAnswer[]]> {
    const [item] = await tx.find('stock_items', [{ pool: 'main', sku: sku! }]);
    await tx.find('stock_balances', [{ id: item!.balance_id }]);
    const answers: SweepAnswer[] = [];
    // Nothing of the first page can be tidied: it waits for the next time instead of asking on and on.
    answers.push(await stocks[0]!.sweep(2));
    for (let page = 0; page < 2; page += 1) answers.push(await stocks[0]!.sweep(4));
    return [answers];
  }

  it('let each lapsed hold go once, and sell its units once', async () => {
    const holdsIn = async () => {
      const db = await place.read();
      const { holds } = db.prepare('select count(*) holds from stock_holds').get() as { holds: number };
      db.close();
      return holds;
    };
    const before = await holdsIn();
    let opened = 0;
    for (let round = 1; round <= 6; round += 1) {
      clock.now += minute;
      // Orders come back: some whose own holds have lapsed, and some that are new, each of both SKUs or of one.
      const orders = Array.from({ length: 2 * quantity }, (_, index) => {
        const skus = chance.pick([['A'], ['B'], ['A', 'B']]);
        return {
          opKey: `lock ${round}/${index}`,
          actor,
          orderKey: `web/main/${chance.happens(0.5) ? index : `${round}-${index}`}`,
          lines: skus.map((sku) => ({ lineId: sku, sku, quantity: 1 })),
          ttlMs: minute,
        };
      });
      const locks = chance.shuffled(orders).map((order, index) => stocks[index % 2]!.lock(order));
      const [answers] = await Promise.all([Promise.all(locks), ...stocks.map(sweepAll)]);
      const locked = answers.filter(({ state }) => state === 'locked');
      // Each may have left the other what it had in hand.
      await sweepAll(stocks[0]!);
      opened += locked.reduce((sum, { lines }) => sum + lines.length, 0);

      const db = await place.read();
      try {
        assert.deepEqual(brokenInvariants(db), [], `seed ${chance.seed}`);
        const rows = db
          .prepare(`select sku, available, committed from stock_balances join stock_items on id = balance_id
            order by sku`)
          .all() as { sku: string; available: number; committed: number }[];
        for (const { sku, available, committed } of rows)
          assert.equal(available + committed, quantity, `${sku} in round ${round}, seed ${chance.seed}`);
        const { holds, live, ended } = db
          .prepare(`select count(*) holds, sum(state = 'open' and deadline > ?) live,
            sum(state = 'open' and deadline <= ?) ended from stock_holds`)
          .get(clock.now, clock.now) as { holds: number; live: number; ended: number };
        assert.equal(holds, before + opened, 'each hold that was told of is there once');
        assert.equal(
          live,
          locked.reduce((sum, { lines }) => sum + lines.length, 0),
        );
        assert.equal(ended, 0, 'nothing that lapsed is left over');
      } finally {
        db.close();
      }
    }
    assert.ok(opened > 6 * quantity, `${opened} holds`);
  });
});
