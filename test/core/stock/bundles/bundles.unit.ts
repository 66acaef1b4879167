import { strict as assert } from 'node:assert';
import { explain } from '../../../../core/stock/explain.ts';
import { orderHolds, skuFacts, stockLevels } from '../../../../core/store/queries/stock.ts';
import { onEachStore } from '../../store/each-store.ts';
import { openStock, type StockFixture } from '../stock-fixture.ts';

const actor = 'test';

onEachStore('bundles', (makePlace) => {
  let fixture: StockFixture;
  let op = 0;
  beforeEach(async () => {
    fixture = await openStock(makePlace);
    await receive({ TEA: 10, CUP: 7, BOX: 4 });
  });
  afterEach(() => fixture.close());

  const opKey = (): string => {
    op += 1;
    return `op-${op}`;
  };
  const receive = (units: Record<string, number>) =>
    fixture.stock.receive({
      opKey: opKey(),
      actor,
      lines: Object.entries(units).map(([sku, quantity]) => ({ sku, quantity })),
    });
  const define = (bundle: string, parts: Record<string, number | string>, key = opKey()) =>
    fixture.stock.defineBundle({
      bundle,
      components: Object.entries(parts).map(([sku, quantity]) => ({ sku, quantity })),
      opKey: key,
      actor,
    });
  const lock = (order: string, wanted: Record<string, number>, more: object = {}) =>
    fixture.stock.lock({
      opKey: opKey(),
      actor,
      orderKey: order,
      lines: Object.entries(wanted).map(([sku, quantity], index) => ({
        lineId: String(index + 1),
        sku,
        quantity,
      })),
      ...more,
    });
  const units = async (): Promise<Record<string, [free: number, held: number]>> =>
    Object.fromEntries(
      (await stockLevels(fixture.store.read, { limit: 50, now: fixture.clock.now })).map((level) => [
        level.sku,
        [level.available, level.held + level.committed + level.presale],
      ]),
    );
  const codes = (answer: { refusals: { code: string }[] }): string[] =>
    answer.refusals.map(({ code }) => code);

  it('are exploded over all levels before the check, with sums over all lines', async () => {
    await define('SET', { TEA: 2, CUP: 1 });
    await define('GIFT', { SET: 2, BOX: 1 });
    const answer = await lock('shop/1', { GIFT: 2, TEA: 1 });
    assert.equal(answer.state, 'locked');
    assert.deepEqual(answer.lines, [
      {
        lineId: '1',
        sku: 'GIFT',
        asked: 2,
        locked: 2,
        from: [
          { pool: 'main', sku: 'BOX', quantity: 2 },
          { pool: 'main', sku: 'CUP', quantity: 4 },
          { pool: 'main', sku: 'TEA', quantity: 8 },
        ],
      },
      { lineId: '2', sku: 'TEA', asked: 1, locked: 1 },
    ]);
    assert.deepEqual(await units(), { BOX: [2, 2], CUP: [3, 4], TEA: [1, 9] });
    // One more needs 4 of TEA for the bundle and 1 besides; together 5 of the 1 that is left.
    const short = await lock('shop/2', { GIFT: 1, TEA: 1 });
    assert.equal(short.state, 'short');
    assert.deepEqual(codes(short), ['stock.short', 'stock.bundle-short']);
    assert.deepEqual([short.refusals[0]!.shortage?.sku, short.refusals[0]!.shortage?.asked], ['TEA', 5]);
    assert.deepEqual(short.refusals[1]!.params, {
      sku: 'GIFT',
      asked: 1,
      available: 0,
      components: 'TEA × 4',
    });
    assert.ok(short.refusals[1]!.sentence.startsWith('Bundle GIFT: 1 asked, 0 can be made'));
  });

  it('give whole bundles only when what there is will do', async () => {
    await define('SET', { TEA: 3, CUP: 1 });
    const answer = await lock('shop/1', { SET: 5 }, { partial: 'what-there-is' });
    assert.deepEqual([answer.state, answer.lines[0]!.locked], ['short', 3]);
    assert.deepEqual(await units(), { BOX: [4, 0], CUP: [4, 3], TEA: [1, 9] });
  });

  it('are released and deducted in ordered units, each with its components', async () => {
    await define('SET', { TEA: 2, CUP: 1 });
    const locked = await lock('shop/1', { SET: 3 });
    const gave = await fixture.stock.release({
      opKey: opKey(),
      actor,
      orderKey: 'shop/1',
      lines: [{ lineId: '1', quantity: 1 }],
    });
    assert.deepEqual(gave.lines, [{ lineId: '1', sku: 'SET', released: 1 }]);
    assert.deepEqual(gave.holds, locked.holds);
    assert.deepEqual(await units(), { BOX: [4, 0], CUP: [5, 2], TEA: [6, 4] });
    const many = await fixture.stock.deduct({
      opKey: opKey(),
      actor,
      orderKey: 'shop/1',
      lines: [{ lineId: '1', quantity: 3 }],
    });
    assert.deepEqual(codes(many), ['stock.more-than-held']);
    assert.deepEqual(many.refusals[0]!.params, { orderKey: 'shop/1', line: '1', asked: 3, held: 2 });
    const left = await fixture.stock.deduct({ opKey: opKey(), actor, orderKey: 'shop/1' });
    assert.deepEqual(left.lines, [{ lineId: '1', sku: 'SET', deducted: 2 }]);
    assert.deepEqual(await units(), { BOX: [4, 0], CUP: [5, 0], TEA: [6, 0] });
    const again = await fixture.stock.release({
      opKey: opKey(),
      actor,
      orderKey: 'shop/1',
      lines: [{ lineId: '1' }],
    });
    assert.deepEqual(codes(again), ['stock.hold-posted']);
    assert.deepEqual([again.refusals[0]!.params.sku, again.refusals[0]!.params.quantity], ['SET', 3]);
  });

  it('are sold over the counter without a hold', async () => {
    await define('SET', { TEA: 2, CUP: 1 });
    const sale = (quantity: number) =>
      fixture.stock.deduct({
        opKey: opKey(),
        actor,
        orderKey: 'pos/1',
        withoutHold: true,
        lines: [{ lineId: '1', sku: 'SET', quantity }],
      });
    assert.deepEqual((await sale(5)).lines, [{ lineId: '1', sku: 'SET', deducted: 5 }]);
    assert.deepEqual(await units(), { BOX: [4, 0], CUP: [2, 0], TEA: [0, 0] });
    assert.deepEqual(codes(await sale(1)), ['stock.short', 'stock.bundle-short']);
  });

  it('answer the repeat of a lock as it was answered first', async () => {
    await define('SET', { TEA: 2, CUP: 1 });
    const first = await lock('shop/1', { SET: 2, TEA: 1 }, { opKey: 'again' });
    assert.deepEqual(await lock('shop/1', { SET: 2, TEA: 1 }, { opKey: 'again' }), {
      ...first,
      replayed: true,
    });
    const some = await lock('shop/2', { SET: 9 }, { opKey: 'some', partial: 'what-there-is' });
    assert.equal(some.lines[0]!.locked, 2);
    assert.deepEqual(await lock('shop/2', { SET: 9 }, { opKey: 'some', partial: 'what-there-is' }), {
      ...some,
      replayed: true,
    });
    await fixture.stock.release({ opKey: opKey(), actor, orderKey: 'shop/1' });
    const over = await lock('shop/1', { SET: 2, TEA: 1 }, { opKey: 'again' });
    assert.deepEqual(codes(over), ['stock.hold-released', 'stock.hold-released'], 'one a line');
  });

  it('leave what is locked as it was locked when they change, also through a change of bucket', async () => {
    await define('SET', { TEA: 5 });
    await lock('shop/1', { SET: 2 }, { bucket: 'presale' });
    await define('SET', { CUP: 4 });
    assert.deepEqual(await units(), { BOX: [4, 0], CUP: [7, 0], TEA: [0, 10] });
    const committed = await lock('shop/1', { SET: 2 }, { bucket: 'committed' });
    assert.equal(committed.state, 'locked');
    const rows = (await orderHolds(fixture.store.read, 'shop/1')).filter((row) => row.state === 'open');
    assert.deepEqual(
      rows.map((row) => [row.sku, row.bucket, row.remaining, row.per_unit, row.bundle]),
      [['TEA', 'committed', 10, 5, 'SET']],
    );
    assert.equal((await lock('shop/2', { SET: 1 })).lines[0]!.from![0]!.sku, 'CUP');
    await fixture.stock.removeBundle({ bundle: 'SET', opKey: opKey(), actor });
    const fewer = await lock('shop/1', { SET: 1 });
    assert.deepEqual([fewer.state, fewer.lines[0]!.locked], ['locked', 1]);
    assert.deepEqual(codes(await lock('shop/3', { SET: 1 })), ['stock.unknown-sku']);
    assert.deepEqual(await units(), { BOX: [4, 0], CUP: [3, 4], TEA: [5, 5] });
  });

  it('whose holds lapsed do not count, swept or not', async () => {
    await define('SET', { TEA: 5, CUP: 1 });
    await lock('shop/1', { SET: 2 }, { ttlMs: 1_000 });
    assert.equal((await lock('shop/2', { SET: 2 })).state, 'short');
    fixture.clock.now += 1_000;
    assert.equal((await lock('shop/3', { SET: 2 })).state, 'locked');
    const rows = await orderHolds(fixture.store.read, 'shop/1');
    assert.deepEqual(
      rows.map((row) => row.state),
      ['expired', 'expired'],
      'CUP was enough, and goes with TEA',
    );
    assert.deepEqual(await fixture.stock.sweep(), { expired: 0, more: false });
    assert.deepEqual(await units(), { BOX: [4, 0], CUP: [5, 2], TEA: [0, 10] });
    for (const sku of ['TEA', 'CUP']) {
      const facts = await skuFacts(fixture.store.read, {
        pool: 'main',
        sku,
        now: fixture.clock.now,
        limit: 9,
      });
      assert.equal(explain(facts).addsUp, true);
    }
  });

  it('have no stock of their own: it is neither received nor counted nor corrected', async () => {
    await define('SET', { TEA: 2, CUP: 1 });
    const line = { opKey: opKey(), actor, lines: [{ sku: 'SET', quantity: 1 }] };
    const received = await fixture.stock.receive(line);
    assert.deepEqual(codes(received), ['stock.bundle-not-stocked']);
    assert.ok(received.refusals[0]!.sentence.includes('CUP × 1, TEA × 2'));
    const counted = await fixture.stock.set({
      opKey: opKey(),
      actor,
      lines: [{ sku: 'SET', counted: 1 }],
    });
    assert.deepEqual(codes(counted), ['stock.bundle-not-stocked']);
    const corrected = await fixture.stock.correct({ ...line, opKey: opKey() });
    assert.deepEqual(codes(corrected), ['stock.bundle-not-stocked']);
    assert.equal('SET' in (await units()), false);
  });

  it('may take over a SKU whose stock has run out, and not one that has any', async () => {
    const refused = await define('TEA', { CUP: 1 });
    assert.deepEqual(codes(refused), ['stock.bundle-has-stock']);
    assert.deepEqual(refused.refusals[0]!.params, { sku: 'TEA', pool: 'main', units: 10 });
    await fixture.stock.correct({ opKey: opKey(), actor, lines: [{ sku: 'TEA', quantity: -10 }] });
    assert.equal((await define('TEA', { CUP: 1 })).state, 'done');
    assert.equal((await lock('shop/1', { TEA: 2 })).state, 'locked');
    assert.deepEqual(await units(), { BOX: [4, 0], CUP: [5, 2], TEA: [0, 0] });
  });

  describe('are refused when', () => {
    it('they contain themselves, by any way', async () => {
      assert.deepEqual(codes(await define('SET', { SET: 1 })), ['stock.bundle-itself']);
      await define('A', { TEA: 1 });
      await define('B', { A: 1 });
      await define('C', { B: 1, CUP: 1 });
      const cycle = await define('A', { C: 1 });
      assert.deepEqual(codes(cycle), ['stock.bundle-itself']);
      assert.ok(cycle.refusals[0]!.sentence.includes('by way of C'));
      assert.equal((await lock('shop/1', { C: 1 })).state, 'locked');
    });

    it('they get deeper than the levels there may be, from below or from above', async () => {
      await define('L1', { TEA: 1 });
      for (const level of [2, 3, 4, 5])
        assert.equal((await define(`L${level}`, { [`L${level - 1}`]: 1 })).state, 'done');
      assert.deepEqual(codes(await define('L6', { L5: 1 })), ['stock.bundle-too-deep']);
      await define('BASE', { CUP: 1 });
      const below = await define('L1', { BASE: 1 });
      assert.deepEqual(codes(below), ['stock.bundle-too-deep']);
      assert.deepEqual(below.refusals[0]!.params, { sku: 'L5', levels: 6, most: 5 });
    });

    it('they would take more units than anybody means', async () => {
      await define('K', { TEA: 1_000 });
      assert.deepEqual(codes(await define('M', { K: 1_001 })), ['stock.bundle-too-large']);
    });

    it('their quantities are fractional, zero, negative or words', async () => {
      for (const quantity of [0, -1, 1.5, 'two', '', Number.NaN, 1_000_001]) {
        const answer = await define('SET', { TEA: quantity });
        assert.deepEqual(codes(answer), ['stock.bad-quantity'], String(quantity));
      }
      const bad = { bundle: 'SET', opKey: opKey(), actor };
      assert.deepEqual(codes(await fixture.stock.defineBundle({ ...bad, components: [] })), [
        'stock.bad-lines',
      ]);
      const twice = [
        { sku: 'TEA', quantity: 1 },
        { sku: 'TEA', quantity: 2 },
      ];
      assert.deepEqual(codes(await fixture.stock.defineBundle({ ...bad, components: twice })), [
        'stock.bundle-duplicate',
      ]);
    });

    it('a component is unknown', async () => {
      const answer = await define('SET', { TEA: 1, TEE: 1 });
      assert.deepEqual(codes(answer), ['stock.bundle-unknown-component']);
      assert.deepEqual(answer.refusals[0]!.params, { sku: 'SET', component: 'TEE' });
    });

    it('something unknown, or part of another, is to be removed', async () => {
      const remove = (bundle: string) => fixture.stock.removeBundle({ bundle, opKey: opKey(), actor });
      assert.deepEqual(codes(await remove('SET')), ['stock.bundle-unknown']);
      await define('SET', { TEA: 1 });
      await define('GIFT', { SET: 1 });
      assert.deepEqual(codes(await remove('SET')), ['stock.bundle-in-use']);
      assert.equal((await remove('GIFT')).state, 'done');
      assert.equal((await remove('SET')).state, 'done');
    });
  });

  it('are defined once by an op key, and written down', async () => {
    const first = await define('SET', { TEA: 2 }, 'define');
    assert.deepEqual(first, {
      state: 'done',
      bundle: 'SET',
      components: [{ sku: 'TEA', quantity: 2 }],
      refusals: [],
      replayed: false,
    });
    await define('SET', { TEA: 3 });
    assert.deepEqual(await define('SET', { TEA: 2 }, 'define'), { ...first, replayed: true });
    assert.deepEqual((await lock('shop/1', { SET: 1 })).lines[0]!.from, [
      { pool: 'main', sku: 'TEA', quantity: 3 },
    ]);
    assert.deepEqual(codes(await define('SET', { TEA: 4 }, 'define')), ['stock.op-key-reused']);
    const acts = await fixture.store.read.selectFrom('acts').select(['act', 'object', 'actor']).execute();
    assert.deepEqual(acts, new Array(2).fill({ act: 'stock.bundle', object: 'sku:SET', actor }));
  });
});
