import { strict as assert } from 'node:assert';
import { type CountAnswer, Counts, type TakeCount } from '../../../../core/stock/count/counts.ts';
import { stockLevels } from '../../../../core/store/queries/stock.ts';
import { linesOfCount } from '../../../../core/store/queries/stock-counts.ts';
import { onEachStore } from '../../store/each-store.ts';
import { noon, openStock, type StockFixture } from '../stock-fixture.ts';

const minute = 60_000;

onEachStore('stock-taking', (makePlace) => {
  let fixture: StockFixture;
  let counts: Counts;
  let keys = 0;
  beforeEach(async () => {
    fixture = await openStock(makePlace);
    counts = new Counts(fixture.store);
  });
  afterEach(() => fixture.close());

  const key = () => {
    keys += 1;
    return `key ${keys}`;
  };
  const receive = (sku: string, quantity: number) =>
    fixture.stock.receive({ opKey: key(), actor: 'test', lines: [{ sku, quantity }] });
  const sell = (sku: string, quantity: number) =>
    fixture.stock.deduct({
      opKey: key(),
      actor: 'test',
      orderKey: key(),
      withoutHold: true,
      lines: [{ lineId: '1', sku, quantity }],
    });
  const lock = (sku: string, quantity: number, orderKey = key()) =>
    fixture.stock.lock({ opKey: key(), actor: 'test', orderKey, lines: [{ lineId: '1', sku, quantity }] });
  const onHand = async (sku: string) =>
    (await stockLevels(fixture.store.read, { sku, limit: 1, now: fixture.clock.now }))[0]?.onHand;
  const take = (received: unknown, more: Partial<TakeCount> = {}): Promise<CountAnswer> =>
    counts.take({
      kind: 'cycle',
      actor: 'Counter One',
      received,
      cause: key(),
      zone: 'Asia/Shanghai',
      duplicates: 'refuse',
      missing: 'report',
      thresholds: { units: 5, percent: null, value: null },
      ...more,
    });
  const decide = (countId: number, verdict: 'approve' | 'reject', more: object = {}) =>
    counts.decide({ verdict, countId, actor: 'Second Person', opKey: key(), ...more });
  const states = (answer: CountAnswer) =>
    answer.lines.map(({ sku, state, difference }) => [sku, state, difference]);

  it('corrects small differences at once, and has large ones wait', async () => {
    for (const sku of ['TEA', 'MUG', 'POT']) await receive(sku, 20);
    const answer = await take([
      { sku: 'TEA', counted: 20 },
      { sku: 'MUG', counted: 17 },
      { sku: 'POT', counted: 4 },
    ]);
    assert.equal(answer.state, 'waiting');
    assert.deepEqual([answer.agreed, answer.corrected, answer.waiting], [1, 1, 1]);
    assert.deepEqual(states(answer), [
      ['MUG', 'corrected', -3],
      ['POT', 'waiting', -16],
    ]);
    assert.equal(answer.lines[1]?.reason?.code, 'count.above-units');
    assert.deepEqual([await onHand('TEA'), await onHand('MUG'), await onHand('POT')], [20, 17, 20]);
  });

  it('counts what is held, in inspection and damaged as there', async () => {
    await receive('TEA', 10);
    await lock('TEA', 4);
    await fixture.stock.receive({
      opKey: key(),
      actor: 'test',
      bucket: 'qc',
      lines: [{ sku: 'TEA', quantity: 2 }],
    });
    await fixture.stock.receive({
      opKey: key(),
      actor: 'test',
      bucket: 'inbound',
      lines: [{ sku: 'TEA', quantity: 7 }],
    });
    assert.equal((await take([{ sku: 'TEA', counted: 12 }])).agreed, 1);
  });

  it('allows for what moved since a row was counted', async () => {
    await receive('TEA', 20);
    fixture.clock.now += 10 * minute;
    const countedAt = fixture.clock.now;
    fixture.clock.now += 10 * minute;
    await sell('TEA', 6);
    await receive('TEA', 1);
    const answer = await take([{ sku: 'TEA', counted: 19, at: countedAt }]);
    assert.deepEqual(states(answer), [['TEA', 'corrected', -1]]);
    assert.equal(answer.lines[0]?.expected, 20);
    assert.equal(await onHand('TEA'), 14);
  });

  it('compares rows without a time with the ledger at the opening of the sheet, to the movement', async () => {
    await receive('TEA', 20);
    // All in one millisecond of the store's clock.
    await sell('TEA', 2);
    const answer = await take([{ sku: 'TEA', counted: 18 }]);
    await sell('TEA', 1);
    assert.deepEqual([answer.agreed, await onHand('TEA')], [1, 17]);
  });

  it('books nothing twice when the same file comes again', async () => {
    await receive('TEA', 20);
    const file = Buffer.from('sku,counted\nTEA,18\n');
    const first = await take(file, { name: 'shelf 3' });
    const again = await take(file, { name: 'shelf 3', actor: 'Somebody Else' });
    assert.deepEqual([first.replayed, again.replayed], [false, true]);
    assert.deepEqual(again.count, first.count);
    assert.deepEqual(again.lines, first.lines);
    assert.equal(await onHand('TEA'), 18);
    await receive('TEA', 5);
    const other = await take(file, { name: 'shelf 3, second time' });
    assert.notEqual(other.count?.id, first.count?.id);
    assert.equal(await onHand('TEA'), 18);
  });

  it('takes the same list of another message as another count', async () => {
    await receive('TEA', 20);
    await take([{ sku: 'TEA', counted: 18 }]);
    await receive('TEA', 1);
    const other = await take([{ sku: 'TEA', counted: 18 }]);
    assert.deepEqual([other.replayed, other.corrected], [false, 1]);
  });

  it('goes on where taking in a sheet was interrupted', async () => {
    for (let index = 0; index < 500; index += 1) await receive(`S${index}`, 2);
    const list = Array.from({ length: 500 }, (_, index) => ({ sku: `S${index}`, counted: 1 }));
    const { store } = fixture;
    let pages = 0;
    const dying = Object.create(store, {
      execute: {
        value: (handler: { name: string }, command: never) => {
          if (handler.name === 'stock.count.take') pages += 1;
          if (pages === 2) throw new Error('power cut');
          return store.execute(handler as never, command);
        },
      },
    }) as typeof store;
    const cause = key();
    const whole = { kind: 'cycle', actor: 'Counter One', zone: 'utc', cause } as const;
    const interrupted = new Counts(dying).take({
      ...whole,
      received: list,
      duplicates: 'refuse',
      missing: 'report',
      thresholds: { units: 5, percent: null, value: null },
    });
    await assert.rejects(interrupted, /power cut/);
    const [open] = await store.read.selectFrom('stock_counts').selectAll().execute();
    assert.equal(open?.state, 'open');
    await assert.rejects(decide(open!.id, 'approve'), { code: 'count.still-open' });
    const answer = await take(list, whole);
    assert.deepEqual([answer.state, answer.corrected, answer.replayed], ['applied', 500, true]);
    assert.deepEqual([await onHand('S0'), await onHand('S499')], [1, 1]);
  });

  it('lists bad rows and takes the others', async () => {
    await receive('TEA', 20);
    const answer = await take('sku,counted\nTEA,19\nMUG,-1\n,3\nNOPE,1\n');
    assert.deepEqual([answer.state, answer.corrected, answer.refused], ['applied', 1, 3]);
    assert.deepEqual(
      answer.lines.map(({ row, state, reason }) => [row, state, reason?.code]),
      [
        [2, 'corrected', undefined],
        [5, 'refused', 'stock.unknown-sku'],
        [3, 'refused', 'count.row-bad-quantity'],
        [4, 'refused', 'count.row-no-sku'],
      ],
    );
    const bad = await take('sku,counted\nTEA,x\n');
    assert.deepEqual([bad.state, bad.refused], ['refused', 1]);
  });

  it('says of a bundle what can be counted instead', async () => {
    await receive('CUP', 5);
    await fixture.stock.defineBundle({
      opKey: key(),
      actor: 'test',
      bundle: 'SET',
      components: [{ sku: 'CUP', quantity: 2 }],
    });
    const answer = await take([{ sku: 'SET', counted: 3 }]);
    assert.deepEqual(
      answer.lines.map(({ state, reason }) => [state, reason?.code, reason?.params.components]),
      [['refused', 'stock.bundle-not-stocked', 'CUP × 2']],
    );
  });

  it('refuses a file as a whole without opening a sheet', async () => {
    for (const [received, code] of [
      ['name,price\nTea,3\n', 'count.columns-missing'],
      ['sku,counted\n,\n', 'count.empty-file'],
      [null, 'count.nothing-received'],
    ] as const) {
      const answer = await take(received);
      assert.deepEqual([answer.state, answer.refusals[0]?.code, answer.count], ['refused', code, undefined]);
    }
    assert.deepEqual(await fixture.store.read.selectFrom('stock_counts').selectAll().execute(), []);
  });

  it('has a full count name the SKUs that are not on the sheet, and changes them only when told to', async () => {
    for (const sku of ['TEA', 'MUG', 'POT']) await receive(sku, 3);
    await receive('GONE', 1);
    await sell('GONE', 1);
    const file = 'sku,counted\nTEA,3\nPOT,many\n';
    const answer = await take(file, { kind: 'full' });
    assert.deepEqual(states(answer), [
      ['POT', 'refused', null],
      ['MUG', 'uncounted', null],
    ]);
    assert.deepEqual([answer.uncounted, answer.lines[1]?.expected, await onHand('MUG')], [1, 3, 3]);
    const zeroed = await take(file, { kind: 'full', missing: 'zero' });
    assert.deepEqual(states(zeroed), [
      ['POT', 'refused', null],
      ['MUG', 'corrected', -3],
    ]);
    assert.deepEqual([await onHand('MUG'), await onHand('POT')], [0, 3]);
  });

  it('has a line wait whose units orders hold, with the arithmetic, until they are free', async () => {
    await receive('TEA', 5);
    await lock('TEA', 4, 'shop/1');
    const answer = await take([{ sku: 'TEA', counted: 2 }]);
    const [line] = answer.lines;
    assert.deepEqual(
      [answer.state, line?.state, line?.reason?.code],
      ['waiting', 'waiting', 'stock.below-zero'],
    );
    assert.deepEqual(line?.reason?.shortage?.heldBy, [{ orderKey: 'shop/1', quantity: 4, until: null }]);
    const tried = await decide(answer.count!.id, 'approve');
    assert.deepEqual([tried.state, tried.waiting], ['waiting', 1]);
    await fixture.stock.release({ opKey: key(), actor: 'test', orderKey: 'shop/1' });
    const approved = await decide(answer.count!.id, 'approve');
    assert.deepEqual([approved.state, approved.corrected, await onHand('TEA')], ['applied', 1, 2]);
  });

  describe('with a second person', () => {
    let count: CountAnswer;
    beforeEach(async () => {
      await receive('TEA', 50);
      await receive('MUG', 50);
      count = await take([
        { sku: 'TEA', counted: 30 },
        { sku: 'MUG', counted: 90 },
      ]);
    });

    it('books what is approved, allowing for what moved since', async () => {
      await sell('TEA', 7);
      const answer = await decide(count.count!.id, 'approve', { reason: 'looked again' });
      assert.deepEqual([answer.state, answer.corrected, answer.waiting], ['applied', 2, 0]);
      assert.deepEqual([await onHand('TEA'), await onHand('MUG')], [23, 90]);
      const [line] = answer.lines;
      assert.deepEqual([line?.decidedBy, line?.decisionReason], ['Second Person', 'looked again']);
    });

    it('decides line by line', async () => {
      const { lines, count: sheet } = count;
      const part = await decide(sheet!.id, 'approve', { lines: [lines[0]!.id] });
      assert.deepEqual([part.state, part.corrected, part.waiting], ['waiting', 1, 1]);
      const rest = await decide(sheet!.id, 'reject', { lines: [lines[1]!.id] });
      assert.deepEqual([rest.state, rest.rejected], ['applied', 1]);
      assert.deepEqual([await onHand('TEA'), await onHand('MUG')], [30, 50]);
    });

    it('refuses the one who counted, and a flow without a name', async () => {
      for (const actor of ['Counter One', 'flow:node'])
        await assert.rejects(decide(count.count!.id, 'approve', { actor }), { code: 'count.second-person' });
      assert.equal(await onHand('TEA'), 50);
    });

    it('answers a repeat and refuses a second decision', async () => {
      const act = { opKey: 'click 1' };
      await decide(count.count!.id, 'approve', act);
      assert.equal((await decide(count.count!.id, 'approve', act)).replayed, true);
      await assert.rejects(decide(count.count!.id, 'reject'), { code: 'count.nothing-waits' });
      assert.equal(await onHand('TEA'), 30);
    });

    it('decides once though two do it at the same time', async () => {
      const both = await Promise.allSettled([
        decide(count.count!.id, 'approve'),
        decide(count.count!.id, 'approve', { actor: 'Third Person' }),
      ]);
      assert.ok(both.some(({ status }) => status === 'fulfilled'));
      assert.deepEqual([await onHand('TEA'), await onHand('MUG')], [30, 90]);
    });

    for (const [lines, code] of [
      [[], 'count.bad-line-list'],
      [['1'], 'count.bad-line-list'],
      [[999_999], 'count.nothing-waits'],
    ] as const) {
      it(`refuses lines ${JSON.stringify(lines)}`, () =>
        assert.rejects(decide(count.count!.id, 'approve', { lines }), { code }));
    }

    it('refuses a sheet that is not there', () =>
      assert.rejects(decide(999, 'approve'), { code: 'count.unknown', params: { id: 999 } }));

    it('lets a newer count have the last word', async () => {
      fixture.clock.now += minute;
      const newer = await take([{ sku: 'TEA', counted: 31 }], {
        thresholds: { units: null, percent: null, value: null },
      });
      assert.equal(newer.corrected, 1);
      const answer = await decide(count.count!.id, 'approve');
      assert.deepEqual(states(answer), [
        ['TEA', 'superseded', answer.lines[0]!.difference],
        ['MUG', 'corrected', 40],
      ]);
      assert.equal(await onHand('TEA'), 31);
    });

    it('does not undo what was entered by hand since', async () => {
      fixture.clock.now += minute;
      await fixture.stock.set({ opKey: key(), actor: 'test', lines: [{ sku: 'TEA', counted: 33 }] });
      const answer = await decide(count.count!.id, 'approve');
      assert.equal(answer.lines[0]?.reason?.code, 'count.set-since');
      assert.equal(await onHand('TEA'), 33);
    });

    it('does not undo what was entered by hand since and agreed with the ledger', async () => {
      fixture.clock.now += minute;
      const there = (await onHand('TEA'))!;
      await fixture.stock.set({ opKey: key(), actor: 'test', lines: [{ sku: 'TEA', counted: there }] });
      const answer = await decide(count.count!.id, 'approve');
      assert.equal(answer.lines[0]?.reason?.code, 'count.set-since', 'the older count had the last word');
      assert.equal(await onHand('TEA'), there);
    });

    it('has the last word over what was entered by hand before, though it agreed with the ledger', async () => {
      const there = (await onHand('TEA'))!;
      await fixture.stock.set({ opKey: key(), actor: 'test', lines: [{ sku: 'TEA', counted: there }] });
      fixture.clock.now += minute;
      const later = await take([{ sku: 'TEA', counted: there + 50 }]);
      const answer = await decide(later.count!.id, 'approve');
      assert.equal(answer.lines[0]?.state, 'corrected');
      assert.equal(await onHand('TEA'), there + 50);
    });
  });

  it('does not correct twice what two sheets saw', async () => {
    await receive('TEA', 10);
    const [early, late] = [noon + minute, noon + 2 * minute];
    fixture.clock.now += 10 * minute;
    await take([{ sku: 'TEA', counted: 8, at: early }]);
    const second = await take([{ sku: 'TEA', counted: 8, at: late }]);
    assert.deepEqual([second.agreed, await onHand('TEA')], [1, 8]);
  });

  it('lets the newer of two counts hold though its file came first', async () => {
    await receive('TEA', 10);
    const [early, late] = [noon + minute, noon + 2 * minute];
    fixture.clock.now += 10 * minute;
    await take([{ sku: 'TEA', counted: 8, at: late }]);
    const older = await take([{ sku: 'TEA', counted: 9, at: early }]);
    assert.deepEqual(
      [older.lines[0]?.state, older.lines[0]?.reason?.code],
      ['superseded', 'count.superseded'],
    );
    assert.equal(await onHand('TEA'), 8);
  });

  it('suggests the SKUs whose last count is the longest ago', async () => {
    for (const sku of ['A', 'B', 'C']) await receive(sku, 1);
    await take([{ sku: 'A', counted: 1 }]);
    fixture.clock.now += minute;
    await take([{ sku: 'C', counted: 1 }]);
    assert.deepEqual(await counts.suggest('main', 5), [
      { sku: 'B', countedAt: 0 },
      { sku: 'A', countedAt: noon },
      { sku: 'C', countedAt: noon + minute },
    ]);
    assert.deepEqual(await counts.suggest('elsewhere', 5), []);
  });

  it('takes a large sheet page by page, and walks long ledgers', async () => {
    const skus = Array.from({ length: 1_000 }, (_, index) => `S${String(index).padStart(4, '0')}`);
    for (const part of [skus.slice(0, 500), skus.slice(500)])
      await fixture.stock.receive({
        opKey: key(),
        actor: 'test',
        lines: part.map((sku) => ({ sku, quantity: 200 })),
      });
    fixture.clock.now += minute;
    const at = fixture.clock.now;
    fixture.clock.now += minute;
    for (let index = 0; index < 150; index += 1) await sell('S0000', 1);
    const text = ['sku,counted,time', ...skus.map((sku) => `${sku},199,${new Date(at).toISOString()}`)].join(
      '\n',
    );
    const answer = await take(text, { kind: 'full' });
    assert.deepEqual([answer.corrected, answer.more, answer.lines.length], [1_000, true, 200]);
    assert.deepEqual([await onHand('S0000'), await onHand('S0999')], [49, 199]);
    const lines = await linesOfCount(fixture.store.read, { countId: answer.count!.id, limit: 5_000 });
    assert.equal(lines.length, 1_000);
  });

  it('refuses settings that are none', async () => {
    await assert.rejects(take([{ sku: 'TEA', counted: 1 }], { zone: 'Shanghai/Here' }), {
      code: 'count.bad-zone',
    });
    await assert.rejects(take([{ sku: 'TEA', counted: 1 }], { name: 'x'.repeat(2_000) }), {
      code: 'count.bad-text',
    });
  });
});
