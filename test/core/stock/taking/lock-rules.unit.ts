import { strict as assert } from 'node:assert';
import { allMessages } from '../../../../core/message.ts';
import type { Lock } from '../../../../core/stock/commands.ts';
import type { LockAnswer } from '../../../../core/stock/stock.ts';
import { orderHolds, stockLevels } from '../../../../core/store/queries/stock.ts';
import { onEachStore } from '../../store/each-store.ts';
import { noon, openStock, type StockFixture } from '../stock-fixture.ts';

const actor = 'test';

onEachStore('rules of a lock', (makePlace) => {
  let fixture: StockFixture;
  let op = 0;
  beforeEach(async () => {
    fixture = await openStock(makePlace);
  });
  afterEach(() => fixture.close());

  const opKey = (): string => {
    op += 1;
    return `op-${op}`;
  };
  const receive = (sku: string, quantity: number, pool = 'main') =>
    fixture.stock.receive({ opKey: opKey(), actor, pool, lines: [{ sku, quantity }] });
  const lock = (orderKey: string, wanted: Record<string, number>, more: Partial<Lock> = {}) =>
    fixture.stock.lock({
      opKey: opKey(),
      actor,
      orderKey,
      lines: Object.entries(wanted).map(([sku, quantity], index) => ({
        lineId: String(index + 1),
        sku,
        quantity,
      })),
      ...more,
    });
  const deadlines = async (orderKey: string): Promise<(number | null)[]> =>
    (await orderHolds(fixture.store.read, orderKey))
      .filter((row) => row.state === 'open')
      .map((row) => row.deadline && row.deadline - noon);
  const codes = (answer: { refusals: { code: string }[] }): string[] =>
    answer.refusals.map(({ code }) => code);
  const free = async (pool: string, sku: string): Promise<number> =>
    (await stockLevels(fixture.store.read, { pool, sku, limit: 1, now: fixture.clock.now }))[0]!.available;

  describe('scarce stock', () => {
    const scarce = { below: 3, ttlMs: 1_000 };

    it('shortens every hold of the lock when few units of any SKU would stay', async () => {
      await receive('TEA', 10);
      await receive('CUP', 5);
      await lock('o/1', { TEA: 1, CUP: 2 }, { ttlMs: 9_000, scarce });
      assert.deepEqual(await deadlines('o/1'), [9_000, 9_000], 'three of CUP stay');
      await lock('o/2', { TEA: 1, CUP: 1 }, { ttlMs: 9_000, scarce });
      assert.deepEqual(await deadlines('o/2'), [1_000, 1_000]);
    });

    it('also ends a hold that would never end, and lengthens none', async () => {
      await receive('TEA', 2);
      await lock('o/1', { TEA: 1 }, { scarce });
      assert.deepEqual(await deadlines('o/1'), [1_000]);
      await lock('o/2', { TEA: 1 }, { scarce, ttlMs: 10 });
      assert.deepEqual(await deadlines('o/2'), [10]);
    });

    it('counts units of lapsed holds as there', async () => {
      await receive('TEA', 5);
      await lock('o/1', { TEA: 3 }, { ttlMs: 5 });
      fixture.clock.now += 5;
      await lock('o/2', { TEA: 2 }, { scarce });
      assert.deepEqual(await deadlines('o/2'), [null]);
    });
  });

  describe('units kept back', () => {
    it('are not sold, and the refusal says how many they are', async () => {
      await receive('TEA', 5);
      const short = await lock('o/1', { TEA: 4 }, { keepBack: 2 });
      assert.equal(short.state, 'short');
      const { asked, available, buffer } = short.refusals[0]!.shortage!;
      assert.deepEqual({ asked, available, buffer }, { asked: 4, available: 3, buffer: 2 });
      assert.ok(short.refusals[0]!.sentence.includes('4 asked, 3 available'));
      assert.ok(short.refusals[0]!.sentence.includes('buffer 2'));
      assert.equal((await lock('o/1', { TEA: 3 }, { keepBack: 2 })).state, 'locked');
      assert.equal((await lock('o/2', { TEA: 1 }, { keepBack: 9 })).refusals[0]!.shortage!.available, 0);
      const some = await lock('o/3', { TEA: 2 }, { keepBack: 1, partial: 'what-there-is' });
      assert.equal(some.lines[0]!.locked, 1);
      assert.equal(await free('main', 'TEA'), 1);
    });

    it('do not keep an order from what it holds already', async () => {
      await receive('TEA', 5);
      await lock('o/1', { TEA: 5 }, { bucket: 'held' });
      const paid = await lock('o/1', { TEA: 5 }, { bucket: 'committed', keepBack: 3 });
      assert.equal(paid.state, 'locked');
      const rows = await orderHolds(fixture.store.read, 'o/1');
      assert.deepEqual(
        rows.filter((row) => row.state === 'open').map((row) => [row.bucket, row.remaining]),
        [['committed', 5]],
      );
    });
  });

  describe('a cap per buyer', () => {
    const buyer = { key: 'b-1', cap: 3 };

    it('counts the open holds of all orders of the buyer in the scenario, and says the arithmetic', async () => {
      await receive('TEA', 20);
      assert.equal((await lock('o/1', { TEA: 2 }, { buyer })).state, 'locked');
      const over = await lock('o/2', { TEA: 2 }, { buyer });
      assert.deepEqual([over.state, codes(over)], ['refused', ['stock.buyer-cap']]);
      assert.deepEqual(over.refusals[0]!.params, { sku: 'TEA', asked: 2, open: 2, cap: 3, left: 1 });
      assert.equal((await lock('o/2', { TEA: 1 }, { buyer })).state, 'locked');
      assert.equal((await lock('o/3', { TEA: 3 }, { buyer: { key: 'b-2', cap: 3 } })).state, 'locked');
      assert.equal((await lock('o/4', { TEA: 3 }, { buyer, scenario: 'live' })).state, 'locked');
      assert.equal((await lock('o/5', { TEA: 9 }, { buyer: { key: 'b-1' } })).state, 'locked', 'no cap');
    });

    it('counts within one batch too, and lines of one SKU together', async () => {
      await receive('TEA', 20);
      const answers = await Promise.all([1, 2, 3].map((index) => lock(`o/${index}`, { TEA: 2 }, { buyer })));
      assert.deepEqual(
        answers.map(({ state }) => state),
        ['locked', 'refused', 'refused'],
      );
      const lines = ['1', '2'].map((lineId) => ({ lineId, sku: 'TEA', quantity: 2 }));
      assert.equal((await lock('o/4', {}, { buyer: { key: 'b-9', cap: 3 }, lines })).state, 'refused');
    });

    it('replaces what the order holds, and leaves out what has lapsed or left', async () => {
      await receive('TEA', 20);
      await lock('o/1', { TEA: 3 }, { buyer, ttlMs: 1_000 });
      assert.equal((await lock('o/1', { TEA: 3 }, { buyer, ttlMs: 1_000, bucket: 'held' })).state, 'locked');
      fixture.clock.now += 1_000;
      assert.equal((await lock('o/2', { TEA: 3 }, { buyer })).state, 'locked');
      await fixture.stock.deduct({ opKey: opKey(), actor, orderKey: 'o/2' });
      assert.equal((await lock('o/3', { TEA: 3 }, { buyer })).state, 'locked');
      const lower = await lock('o/3', { TEA: 3 }, { buyer: { key: 'b-1', cap: 1 }, bucket: 'held' });
      assert.equal(lower.state, 'locked', 'what it holds it may keep');
    });

    it('is about what was ordered: of a bundle its units, not those of its components', async () => {
      await receive('TEA', 50);
      await fixture.stock.defineBundle({
        bundle: 'SET',
        components: [{ sku: 'TEA', quantity: 5 }],
        opKey: opKey(),
        actor,
      });
      assert.equal((await lock('o/1', { SET: 2 }, { buyer })).state, 'locked');
      assert.equal((await lock('o/2', { TEA: 3 }, { buyer })).state, 'locked');
      const over = await lock('o/3', { SET: 2 }, { buyer });
      assert.deepEqual(over.refusals[0]!.params, { sku: 'SET', asked: 2, open: 2, cap: 3, left: 1 });
    });
  });

  describe('several warehouses', () => {
    const pools = [
      { pool: 'north', regions: ['CN-11', 'CN-1'] },
      { pool: 'south', regions: ['CN-44'] },
      { pool: 'east', regions: ['CN-4403'] },
    ];
    const from = (answer: LockAnswer): unknown =>
      answer.lines.map((line) => line.from?.map(({ pool, quantity }) => `${pool} ${quantity}`));
    beforeEach(async () => {
      await receive('TEA', 5, 'north');
      await receive('TEA', 3, 'south');
      await receive('TEA', 4, 'east');
      await receive('CUP', 2, 'south');
    });

    it('asks the nearest first: the one whose region begins the receiver’s most closely', async () => {
      const warehouses = { pools, choose: 'nearest' as const, split: true, region: 'CN-4403' };
      assert.deepEqual(from(await lock('o/1', { TEA: 9 }, { warehouses })), [
        ['east 4', 'south 3', 'north 2'],
      ]);
      await lock('o/2', { TEA: 1 }, { warehouses: { ...warehouses, region: 'CN-99' } });
      assert.equal(await free('north', 'TEA'), 2, 'nobody serves it: in the order of the list');
    });

    it('refuses what no warehouse has whole when it must not split, and says what each has', async () => {
      const warehouses = { pools, choose: 'fixed-order' as const, split: false };
      const one = await lock('o/1', { TEA: 3, CUP: 2 }, { warehouses });
      assert.deepEqual(from(one), [['south 3'], ['south 2']]);
      const none = await lock('o/2', { TEA: 6 }, { warehouses });
      assert.deepEqual([none.state, codes(none)], ['short', ['stock.no-one-warehouse']]);
      assert.equal(none.refusals[0]!.params.warehouses, 'north: 5, south: 0, east: 4');
      const much = await lock('o/3', { TEA: 10 }, { warehouses });
      assert.deepEqual([much.state, codes(much)], ['short', ['stock.short']]);
      assert.deepEqual(
        [much.refusals[0]!.shortage!.available, much.refusals[0]!.shortage!.committed],
        [9, 3],
        'of all of them',
      );
    });

    it('keeps units where they are when an order is paid, replays, and gives them back by pools', async () => {
      const warehouses = { pools, choose: 'fixed-order' as const, split: true };
      const act = { warehouses, bucket: 'held' as const, opKey: 'held' };
      const first = await lock('o/1', { TEA: 7 }, act);
      assert.deepEqual(from(first), [['north 5', 'south 2']]);
      assert.deepEqual(await lock('o/1', { TEA: 7 }, act), { ...first, replayed: true });
      await lock('o/2', { TEA: 5 }, { warehouses });
      const paid = await lock('o/1', { TEA: 7 }, { warehouses, bucket: 'committed' });
      assert.deepEqual([paid.state, from(paid)], ['locked', [['north 5', 'south 2']]]);
      const where = { pools: pools.map(({ pool }) => pool), actor, orderKey: 'o/1' };
      const left = await fixture.stock.deduct({
        ...where,
        opKey: opKey(),
        lines: [{ lineId: '1', quantity: 6 }],
      });
      assert.deepEqual(left.lines, [{ lineId: '1', sku: 'TEA', deducted: 6 }]);
      const back = await fixture.stock.release({ ...where, opKey: opKey() });
      assert.deepEqual(back.lines, [{ lineId: '1', sku: 'TEA', released: 1 }]);
      assert.deepEqual(
        [await free('north', 'TEA'), await free('south', 'TEA'), await free('east', 'TEA')],
        [0, 1, 0],
      );
      const none = await fixture.stock.release({ ...where, opKey: opKey(), orderKey: 'o/9' });
      assert.equal(none.refusals[0]!.params.pool, 'north, south, east');
    });

    it('leaves units that the order held in the pool itself before there were warehouses', async () => {
      await receive('TEA', 2);
      await lock('o/1', { TEA: 2 }, { bucket: 'held' });
      const warehouses = { pools, choose: 'fixed-order' as const, split: true };
      const paid = await lock('o/1', { TEA: 2 }, { warehouses });
      assert.deepEqual(paid.lines, [{ lineId: '1', sku: 'TEA', asked: 2, locked: 2 }]);
      assert.equal(await free('north', 'TEA'), 5);
      const more = await lock('o/1', { TEA: 3 }, { warehouses });
      assert.deepEqual(from(more), [['main 2', 'north 1']]);
      const gone = await lock('o/1', { TEA: 0 }, { warehouses });
      assert.equal(gone.state, 'locked');
      assert.deepEqual([await free('main', 'TEA'), await free('north', 'TEA')], [2, 5]);
    });

    it('keeps what is held of a SKU that no warehouse knows', async () => {
      await receive('OLD', 2);
      await lock('o/1', { OLD: 2 }, { bucket: 'held' });
      const warehouses = { pools, choose: 'fixed-order' as const, split: false };
      const paid = await lock('o/1', { OLD: 2 }, { warehouses, bucket: 'committed' });
      assert.deepEqual([paid.state, paid.lines[0]!.locked], ['locked', 2]);
      const more = await lock('o/1', { OLD: 3 }, { warehouses, bucket: 'committed' });
      assert.deepEqual([more.state, more.lines[0]!.locked], ['short', 2]);
    });

    it('keeps units back in all of them together', async () => {
      const warehouses = { pools, choose: 'fixed-order' as const, split: true };
      assert.equal((await lock('o/1', { TEA: 11 }, { warehouses, keepBack: 2 })).state, 'short');
      assert.deepEqual(from(await lock('o/1', { TEA: 10 }, { warehouses, keepBack: 2 })), [
        ['north 5', 'south 3', 'east 2'],
      ]);
    });

    it('takes lapsed holds for free in each', async () => {
      const warehouses = { pools, choose: 'fixed-order' as const, split: true };
      await lock('o/1', { TEA: 12 }, { warehouses, ttlMs: 1_000 });
      assert.equal((await lock('o/2', { TEA: 1 }, { warehouses })).state, 'short');
      fixture.clock.now += 1_000;
      assert.deepEqual(from(await lock('o/2', { TEA: 6 }, { warehouses })), [['north 5', 'south 1']]);
    });

    it('sells over the counter from them, and takes bundles whole', async () => {
      await fixture.stock.defineBundle({
        bundle: 'SET',
        components: [
          { sku: 'TEA', quantity: 1 },
          { sku: 'CUP', quantity: 1 },
        ],
        opKey: opKey(),
        actor,
      });
      const warehouses = { pools, choose: 'fixed-order' as const, split: true };
      const sold = await fixture.stock.deduct({
        opKey: opKey(),
        actor,
        orderKey: 'pos/1',
        withoutHold: true,
        warehouses,
        lines: [
          { lineId: '1', sku: 'SET', quantity: 2 },
          { lineId: '2', sku: 'TEA', quantity: 6 },
        ],
      });
      assert.deepEqual(sold.lines, [
        { lineId: '1', sku: 'SET', deducted: 2 },
        { lineId: '2', sku: 'TEA', deducted: 6 },
      ]);
      assert.deepEqual([await free('south', 'CUP'), await free('north', 'TEA')], [0, 0]);
      await receive('CUP', 1, 'far');
      await receive('CUP', 1, 'north');
      const apart = { ...warehouses, pools: [{ pool: 'far' }, { pool: 'east' }] };
      const refused = await lock('o/1', { SET: 1 }, { warehouses: apart });
      assert.deepEqual([refused.state, codes(refused)], ['short', ['stock.bundle-apart']]);
    });
  });

  it('has its terms checked, and says which is wrong', async () => {
    await receive('TEA', 5);
    const bad: [Partial<Lock>, string][] = [
      [{ keepBack: -1 }, 'stock.bad-units'],
      [{ keepBack: 1.5 }, 'stock.bad-units'],
      [{ keepBack: 'many' }, 'stock.bad-units'],
      [{ scarce: { below: 0, ttlMs: 10 } }, 'stock.bad-units'],
      [{ scarce: { below: 1, ttlMs: 0 } }, 'stock.bad-time-limit'],
      [{ scarce: { below: 1 } as never }, 'stock.bad-time-limit'],
      [{ buyer: { key: '', cap: 1 } }, 'stock.bad-field'],
      [{ buyer: { key: 'b', cap: 0 } }, 'stock.bad-units'],
      [{ warehouses: { pools: [], choose: 'nearest', split: true } }, 'stock.bad-pools'],
      [
        { warehouses: { pools: [{ pool: 'a' }], choose: 'cheapest' as never, split: true } },
        'stock.bad-choice',
      ],
      [{ warehouses: { pools: [{ pool: '' }], choose: 'nearest', split: true } }, 'stock.bad-field'],
      [
        { warehouses: { pools: [{ pool: 'a', regions: 'b' as never }], choose: 'nearest', split: true } },
        'stock.bad-pools',
      ],
    ];
    for (const [more, code] of bad)
      assert.deepEqual(codes(await lock('o/1', { TEA: 1 }, more)), [code], JSON.stringify(more));
    const pools = await fixture.stock.release({ opKey: opKey(), actor, orderKey: 'o/1', pools: [] });
    assert.deepEqual(codes(pools), ['stock.bad-pools']);
    assert.equal(await free('main', 'TEA'), 5);
  });

  it('has its refusals in both languages, with every number of one in the other', () => {
    const placeholders = (text: string): string[] =>
      [...text.matchAll(/\{\w+\}/g)].map(([name]) => name).sort();
    const codesOfRules = [
      'buyer-cap',
      'no-one-warehouse',
      'bundle-apart',
      'bundle-short',
      'bundle-too-large',
    ];
    for (const name of codesOfRules) {
      const texts = allMessages()[`stock.${name}`]!;
      assert.deepEqual(placeholders(texts['zh-CN']), placeholders(texts['en-US']), name);
    }
  });

  it('shows what unpaid orders hold as a number of its own', async () => {
    await receive('TEA', 9);
    await lock('o/1', { TEA: 2 }, { bucket: 'held', ttlMs: 1_000 });
    await lock('o/2', { TEA: 1 }, { bucket: 'held' });
    await lock('o/3', { TEA: 3 }, { bucket: 'committed' });
    const unpaid = async () =>
      (await stockLevels(fixture.store.read, { sku: 'TEA', limit: 1, now: fixture.clock.now }))[0]!
        .heldUnpaid;
    assert.equal(await unpaid(), 3);
    fixture.clock.now += 1_000;
    assert.equal(await unpaid(), 1, 'what lapsed is nobody’s');
  });
});
