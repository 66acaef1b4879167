import assert from 'node:assert/strict';
import { Weighings } from '../../../core/fulfilment/weighing.ts';
import { Orders } from '../../../core/order/orders.ts';
import { openStock, type StockFixture } from '../stock/stock-fixture.ts';
import { onEachStore } from '../store/each-store.ts';

const key = 'web/main/W-1';
const band = { percent: 10, floorGrams: 0, ceilingGrams: null };
const line = { sku: 'TEA-250', quantity: 2 };

const order = {
  channel: 'web',
  shop: 'main',
  channelOrderId: 'W-1',
  scenario: 'normal',
  status: 'paid' as const,
  refundStatus: 'none' as const,
  times: {},
  currency: 'CNY',
  lines: [{ lineId: '1', sku: 'TEA-250', quantity: 2 }],
};

onEachStore('the weighings of a store', (makePlace) => {
  let fixture: StockFixture;
  let weights: Weighings;

  beforeEach(async () => {
    fixture = await openStock(makePlace);
    weights = new Weighings(fixture.store);
  });
  afterEach(() => fixture.close());

  const weigh = (readingGrams: number, more: object = {}) =>
    weights.weigh({ orderKey: key, readingGrams, packagingGrams: 100, band, actor: 'flow:scale', ...more });
  const lift = (reason = 'gift added', actor = 'wang') => weights.lift({ orderKey: key, actor, reason });
  const save = () => new Orders(fixture.store).save({ order, inboxId: null, arrivedAt: fixture.clock.now });
  const log = () => fixture.store.read.selectFrom('weighings').selectAll().orderBy('id').execute();
  const told = async () =>
    (
      await fixture.store.read
        .selectFrom('events')
        .selectAll()
        .where('type', '=', 'weighed')
        .orderBy('id')
        .execute()
    ).map((row) => JSON.parse(row.data) as { verdict: string; change: string; readingGrams: number });

  describe('unit weights', () => {
    it('are entered as a list, as an object or one alone, in grams or with a unit', async () => {
      await weights.setWeights(
        [
          { sku: 'A', grams: 250 },
          { sku: 'B', weight: '1.25 kg' },
        ],
        'wang',
      );
      await weights.setWeights({ C: 90, D: '2斤' }, 'wang');
      await weights.setWeights({ sku: 'E', grams: 0 }, 'wang');
      assert.deepEqual([...(await weights.weightsOf(['A', 'B', 'C', 'D', 'E', 'F']))].sort(), [
        ['A', 250],
        ['B', 1250],
        ['C', 90],
        ['D', 1000],
        ['E', 0],
      ]);
    });

    it('tell what changed, and keep who changed it', async () => {
      await weights.setWeights({ A: 250, B: 90 }, 'wang');
      assert.deepEqual(await weights.setWeights({ A: 260, B: 90 }, 'li'), {
        changed: [{ sku: 'A', grams: 260, before: 250 }],
        unchanged: 1,
      });
      const rows = await fixture.store.read.selectFrom('sku_weights').selectAll().orderBy('sku').execute();
      assert.deepEqual(
        rows.map(({ sku, actor }) => [sku, actor]),
        [
          ['A', 'li'],
          ['B', 'wang'],
        ],
      );
    });

    it('are right when several are entered in one batch', async () => {
      const [first, second] = await Promise.all([
        weights.setWeights({ A: 1 }, 'wang'),
        weights.setWeights({ A: 2 }, 'li'),
      ]);
      assert.equal(first.changed[0]?.before, null);
      assert.equal(second.changed[0]?.before, 1);
      assert.equal((await weights.weightsOf(['A'])).get('A'), 2);
    });

    for (const [what, entered, code] of [
      ['nothing', undefined, 'weight.table-empty'],
      ['an empty list', [], 'weight.table-empty'],
      ['a missing SKU', [{ sku: 'OK', grams: 1 }, { grams: 3 }], 'weight.table-sku'],
      ['a fraction of a gram', { A: 0.25 }, 'weight.table-grams'],
      ['a negative weight', { A: -3 }, 'weight.table-grams'],
      ['no weight', [{ sku: 'OK', grams: 1 }, { sku: 'A' }], 'weight.table-grams'],
      ['words', { A: 'heavy' }, 'weight.table-grams'],
      ['a deep object', { A: { grams: 3 } }, 'weight.table-grams'],
    ] as const)
      it(`refuse ${what}, and enter nothing`, async () => {
        await assert.rejects(weights.setWeights(entered, 'wang'), { code });
        assert.equal((await weights.weightsOf(['OK', 'A'])).size, 0);
      });
  });

  describe('a reading', () => {
    it('passes inside the band, by the weights of the table and the lines of the kept order', async () => {
      await save();
      await weights.setWeights({ 'TEA-250': 262 }, 'wang');
      const answer = await weigh(630);
      assert.equal(answer.verdict, 'passed');
      assert.equal(answer.expectedGrams, 624);
      assert.equal(answer.bandGrams, 62);
      assert.match(answer.explanation.sentence, /630 g/);
      assert.deepEqual(
        (await told()).map(({ verdict }) => verdict),
        ['passed'],
      );
    });

    it("prefers a line's own weight to the table's", async () => {
      await weights.setWeights({ 'TEA-250': 500 }, 'wang');
      const answer = await weigh(624, { lines: [{ ...line, weightGrams: 262 }] });
      assert.equal(answer.expectedGrams, 624);
    });

    it('is unknown when a unit weight is missing, and is recorded all the same', async () => {
      const answer = await weigh(630, { lines: [line, { sku: 'CUP', quantity: 1 }] });
      assert.equal(answer.verdict, 'unknown');
      assert.deepEqual(answer.unknownSkus, ['TEA-250', 'CUP']);
      assert.deepEqual(
        (await log()).map(({ verdict, reading_grams, expected_grams }) => [
          verdict,
          reading_grams,
          expected_grams,
        ]),
        [['unknown', 630, null]],
      );
    });

    for (const [what, more, code] of [
      ['of an order that is nowhere, without lines', {}, 'weight.order-unknown'],
      ['with half a unit', { lines: [{ sku: 'A', quantity: 1.5 }] }, 'weight.lines-invalid'],
      ['with lines that are none', { lines: ['A'] }, 'weight.lines-invalid'],
      [
        'with packaging that is no weight',
        { lines: [line], packagingGrams: Number.NaN },
        'weight.input-invalid',
      ],
    ] as const)
      it(`${what} is unknown, and recorded with the reason`, async () => {
        const answer = await weigh(630, more);
        assert.deepEqual([answer.verdict, answer.explanation.code], ['unknown', code]);
        const [row] = await log();
        assert.deepEqual([row?.verdict, row?.reading_grams, row?.expected_grams], ['unknown', 630, null]);
        assert.equal(row?.reason, answer.explanation.sentence);
        assert.equal(row?.id, answer.recordId);
      });

    it('that is no weight is refused and not recorded', async () => {
      await assert.rejects(weigh(-1, { lines: [line] }), { code: 'weight.input-invalid' });
      assert.deepEqual(await log(), []);
    });

    it('is named by its line in the log, and repeated by the first line that says the same', async () => {
      const lines = [{ ...line, weightGrams: 262 }];
      const first = await weigh(900, { lines });
      assert.equal((await weigh(900, { lines })).recordId, first.recordId);
      assert.equal((await weigh(900, { lines })).recordId, first.recordId);
      const passed = await weigh(624, { lines });
      const second = await weigh(900, { lines });
      assert.ok(first.recordId < passed.recordId && passed.recordId < second.recordId);
    });

    it('that cannot be judged does not stand in the way of others in its batch', async () => {
      await weights.setWeights({ 'TEA-250': 262 }, 'wang');
      const results = await Promise.allSettled([
        weigh(630, { lines: [line] }),
        weigh(-1, { lines: [line] }),
        weigh(900, { lines: [line] }),
      ]);
      assert.deepEqual(
        results.map(({ status }) => status),
        ['fulfilled', 'rejected', 'fulfilled'],
      );
      assert.deepEqual(
        (await log()).map(({ verdict }) => verdict),
        ['passed', 'blocked'],
      );
    });

    it('warns when the band is too wide to notice the lightest unit', async () => {
      const lines = [
        { sku: 'BIG', quantity: 1, weightGrams: 3000 },
        { sku: 'TINY', quantity: 1, weightGrams: 50 },
      ];
      const { warnings } = await weigh(3100, { lines });
      assert.equal(warnings[0]?.code, 'weight.blind-spot');
    });

    it('repeated with the same outcome is recorded but tells nothing new', async () => {
      await save();
      await weights.setWeights({ 'TEA-250': 262 }, 'wang');
      assert.equal((await weigh(900)).repeated, false);
      const again = await weigh(900);
      assert.deepEqual([again.repeated, again.change], [true, 'still-blocked']);
      assert.equal((await log()).length, 2);
      assert.equal((await told()).length, 1);
    });
  });

  describe('a block', () => {
    beforeEach(async () => {
      await save();
      await weights.setWeights({ 'TEA-250': 262 }, 'wang');
      assert.equal((await weigh(900)).verdict, 'blocked');
    });

    it('stays through other wrong readings and keeps its beginning', async () => {
      const began = fixture.clock.now;
      fixture.clock.now += 60_000;
      const answer = await weigh(905);
      assert.deepEqual(
        [answer.verdict, answer.change, answer.blockedAt],
        ['blocked', 'still-blocked', began],
      );
    });

    it('stays when the expectation becomes unknown', async () => {
      const answer = await weigh(905, { lines: [{ sku: 'NEW', quantity: 1 }] });
      assert.deepEqual([answer.verdict, answer.expectedGrams], ['blocked', null]);
      assert.equal(answer.explanation.code, 'weight.still-blocked');
      assert.equal((await weigh(905)).verdict, 'blocked');
    });

    it('stays when the lines of a reading are none, and says what is wrong with them', async () => {
      const answer = await weigh(624, { lines: ['A'] });
      assert.deepEqual([answer.verdict, answer.explanation.code], ['blocked', 'weight.lines-invalid']);
      assert.equal((await weights.stateOf(key))?.verdict, 'blocked');
    });

    it('ends with a reading inside the band', async () => {
      const answer = await weigh(624);
      assert.deepEqual([answer.verdict, answer.change, answer.blockedAt], ['passed', 'unblocked', null]);
      await assert.rejects(lift(), { code: 'weight.lift-no-block' });
    });

    it('is lifted by a person with a reason, who is told and recorded', async () => {
      const answer = await lift();
      assert.deepEqual([answer.verdict, answer.replayed, answer.lifted.by], ['lifted', false, 'wang']);
      const last = (await log()).at(-1);
      assert.deepEqual([last?.verdict, last?.actor, last?.reason], ['lifted', 'wang', 'gift added']);
      assert.deepEqual(
        (await told()).map(({ verdict }) => verdict),
        ['blocked', 'lifted'],
      );
      assert.equal((await weights.stateOf(key))?.verdict, 'lifted');
    });

    it('lifted twice alike is lifted once; by another it is refused', async () => {
      await lift();
      assert.equal((await lift()).replayed, true);
      assert.equal((await log()).length, 2);
      await assert.rejects(lift('other', 'li'), { code: 'weight.lift-already' });
    });

    it('is not lifted without a person or a reason', async () => {
      await assert.rejects(lift(' '), { code: 'weight.lift-no-reason' });
      await assert.rejects(lift('gift', ' '), { code: 'weight.lift-no-actor' });
      assert.equal((await weights.stateOf(key))?.verdict, 'blocked');
    });

    it('that was lifted stays so for the same weight, and begins anew with another', async () => {
      await lift();
      const same = await weigh(900);
      assert.deepEqual([same.verdict, same.lifted?.by, same.repeated], ['lifted', 'wang', true]);
      assert.equal((await weigh(900)).lifted?.reason, 'gift added');
      const other = await weigh(950);
      assert.deepEqual([other.verdict, other.change], ['blocked', 'blocked']);
    });

    it('is still there after the store was opened again', async () => {
      assert.equal((await new Weighings(fixture.store).stateOf(key))?.verdict, 'blocked');
      assert.equal(await new Weighings(fixture.store).stateOf('web/main/none'), undefined);
    });
  });
});
