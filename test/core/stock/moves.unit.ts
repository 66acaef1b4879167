import { strict as assert } from 'node:assert';
import fc from 'fast-check';
import { Orders } from '../../../core/order/orders.ts';
import { explain } from '../../../core/stock/explain.ts';
import type { AdjustAnswer } from '../../../core/stock/stock.ts';
import { skuFacts, stockLevels } from '../../../core/store/queries/stock.ts';
import { order } from '../../nodes/order-event/orders.ts';
import { onEachStore } from '../store/each-store.ts';
import { openStock, type StockFixture } from './stock-fixture.ts';

onEachStore('returns, moves and transfers', (makePlace) => {
  let fixture: StockFixture;
  let op = 0;
  before(async () => {
    fixture = await openStock(makePlace);
  });
  after(() => fixture.close());

  const base = (pool = 'main') => {
    op += 1;
    return { pool, opKey: `op-${op}`, actor: 'test' };
  };
  const receive = (sku: string, quantity: number, pool = 'main') =>
    fixture.stock.receive({ ...base(pool), lines: [{ sku, quantity }] });
  async function units(sku: string, pool = 'main'): Promise<Record<string, number> | undefined> {
    const [level] = await stockLevels(fixture.store.read, { sku, pool, limit: 1, now: fixture.clock.now });
    if (!level) return undefined;
    const { available, qc, damaged, inbound, committed } = level;
    return { available, qc, damaged, inbound, committed };
  }
  const codes = ({ refusals }: AdjustAnswer) => refusals.map(({ code }) => code);

  /** A stored order of two units whose line has left. */
  async function shipped(id: string, sku: string, quantity = 2): Promise<string> {
    const { outcome } = await new Orders(fixture.store).save({
      order: order(id, { status: 'paid', lines: [{ lineId: '1', sku, quantity }] }),
      inboxId: null,
      arrivedAt: fixture.clock.now,
    });
    assert.equal(outcome, 'changed');
    const orderKey = `web/main/${id}`;
    const locked = await fixture.stock.lock({ ...base(), orderKey, lines: [{ lineId: '1', sku, quantity }] });
    assert.equal(locked.state, 'locked');
    assert.equal((await fixture.stock.deduct({ ...base(), orderKey })).state, 'deducted');
    return orderKey;
  }

  describe('a return', () => {
    it('goes into the inspection, grows what the line had back, and is told', async () => {
      await receive('R-1', 5);
      const orderKey = await shipped('ret-1', 'R-1');
      const act = { ...base(), orderKey, lines: [{ lineId: '1', sku: 'R-1', quantity: 1 }] };
      const answer = await fixture.stock.takeBack(act);
      assert.deepEqual(answer.lines, [{ sku: 'R-1', quantity: 1, available: 3 }]);
      assert.deepEqual(await units('R-1'), { available: 3, qc: 1, damaged: 0, inbound: 0, committed: 0 });
      const again = await fixture.stock.takeBack(act);
      assert.deepEqual(again, { ...answer, replayed: true });
      const [line] = await fixture.store.read
        .selectFrom('order_lines')
        .selectAll()
        .where('order_key', '=', orderKey)
        .execute();
      assert.deepEqual([line!.shipped, line!.returned], [2, 1]);
      const events = await fixture.store.read
        .selectFrom('events')
        .select(['type', 'data'])
        .where('order_key', '=', orderKey)
        .where('type', '=', 'return-received')
        .execute();
      assert.equal(events.length, 1);
      assert.deepEqual((JSON.parse(events[0]!.data) as { lines: unknown }).lines, [
        { lineId: '1', sku: 'R-1', returned: 1 },
      ]);
    });

    it('is never more than left, with the arithmetic, and changes nothing then', async () => {
      await receive('R-2', 5);
      const orderKey = await shipped('ret-2', 'R-2');
      const back = (quantity: number) =>
        fixture.stock.takeBack({ ...base(), orderKey, lines: [{ lineId: '1', sku: 'R-2', quantity }] });
      assert.equal((await back(1)).state, 'done');
      const refused = await back(2);
      assert.deepEqual(codes(refused), ['stock.more-than-shipped']);
      const { asked, shipped: left, returned } = refused.refusals[0]!.params;
      assert.deepEqual([asked, left, returned], [2, 2, 1]);
      assert.equal((await units('R-2'))!.qc, 1);
    });

    it('refuses a line the order does not have, and another SKU', async () => {
      await receive('R-3', 5);
      const orderKey = await shipped('ret-3', 'R-3');
      const back = (lineId: string, sku: string) =>
        fixture.stock.takeBack({ ...base(), orderKey, lines: [{ lineId, sku, quantity: 1 }] });
      assert.deepEqual(codes(await back('9', 'R-3')), ['stock.return-no-line']);
      assert.deepEqual(codes(await back('1', 'R-2')), ['stock.return-other-sku']);
    });

    it('brings back the components the bundle had when it was locked', async () => {
      await receive('CUP', 8);
      await receive('POT', 4);
      const components = [
        { sku: 'CUP', quantity: 4 },
        { sku: 'POT', quantity: 1 },
      ];
      const defined = await fixture.stock.defineBundle({ ...base(), bundle: 'TEA-SET', components });
      assert.equal(defined.state, 'done');
      const orderKey = await shipped('ret-4', 'TEA-SET', 1);
      await fixture.stock.defineBundle({
        ...base(),
        bundle: 'TEA-SET',
        components: [{ sku: 'CUP', quantity: 2 }],
      });
      const answer = await fixture.stock.takeBack({
        ...base('returns'),
        orderKey,
        lines: [{ lineId: '1', sku: 'TEA-SET', quantity: 1 }],
      });
      assert.equal(answer.state, 'done', answer.refusals[0]?.sentence);
      assert.equal((await units('CUP', 'returns'))!.qc, 4);
      assert.equal((await units('POT', 'returns'))!.qc, 1);
      assert.equal((await units('CUP'))!.available, 4);
    });
  });

  describe('a return of a line that was locked more than once', () => {
    const define = async (bundle: string, components: { sku: string; quantity: number }[]) =>
      assert.equal((await fixture.stock.defineBundle({ ...base(), bundle, components })).state, 'done');
    const ofOrder = (orderKey: string, sku: string, quantity = 1) => ({
      ...base(),
      orderKey,
      lines: [{ lineId: '1', sku, quantity }],
    });

    it('brings back what left, not what was given back before under another recipe', async () => {
      for (const sku of ['PEN', 'CASE', 'INK']) await receive(sku, 9);
      await define('WRITING', [
        { sku: 'PEN', quantity: 2 },
        { sku: 'CASE', quantity: 1 },
      ]);
      const orderKey = 'web/main/recipes';
      const lock = async () =>
        assert.equal((await fixture.stock.lock(ofOrder(orderKey, 'WRITING'))).state, 'locked');
      await lock();
      assert.equal((await fixture.stock.release({ ...base(), orderKey })).state, 'released');
      await define('WRITING', [
        { sku: 'PEN', quantity: 1 },
        { sku: 'INK', quantity: 3 },
      ]);
      await lock();
      assert.equal((await fixture.stock.deduct({ ...base(), orderKey })).state, 'deducted');
      const answer = await fixture.stock.takeBack(ofOrder(orderKey, 'WRITING'));
      assert.deepEqual(
        answer.lines.map(({ sku, quantity }) => [sku, quantity]),
        [
          ['INK', 3],
          ['PEN', 1],
        ],
      );
      assert.equal((await units('CASE'))!.qc, 0);
    });

    it('brings back the units of a SKU that became a bundle after they left', async () => {
      await receive('LAMP', 2);
      await receive('BULB', 4);
      const orderKey = await shipped('lamp', 'LAMP', 2);
      await define('LAMP', [{ sku: 'BULB', quantity: 2 }]);
      const answer = await fixture.stock.takeBack(ofOrder(orderKey, 'LAMP'));
      assert.deepEqual(answer.lines, [{ sku: 'LAMP', quantity: 1, available: 0 }]);
    });

    it('brings back one line of a bundle that two warehouses served', async () => {
      for (const pool of ['w1', 'w2']) {
        await receive('SOAP', 2, pool);
        await receive('DISH', 1, pool);
      }
      await define('BATH', [
        { sku: 'SOAP', quantity: 2 },
        { sku: 'DISH', quantity: 1 },
      ]);
      const pools = ['w1', 'w2'];
      const warehouses = {
        pools: pools.map((pool) => ({ pool })),
        choose: 'fixed-order' as const,
        split: true,
      };
      const act = ofOrder('web/main/two-houses', 'BATH', 2);
      assert.equal((await fixture.stock.lock({ ...act, warehouses })).state, 'locked');
      const { orderKey } = act;
      assert.equal((await fixture.stock.deduct({ ...base(), orderKey, pools })).state, 'deducted');
      const answer = await fixture.stock.takeBack({ ...ofOrder(orderKey, 'BATH', 2), pool: 'w2' });
      assert.equal(answer.state, 'done', answer.refusals[0]?.sentence);
      assert.deepEqual([(await units('SOAP', 'w2'))!.qc, (await units('DISH', 'w2'))!.qc], [4, 2]);
    });
  });

  describe('a move', () => {
    it('puts inspected units on the shelf, and never more than there are', async () => {
      await fixture.stock.receive({ ...base(), bucket: 'qc', lines: [{ sku: 'M-1', quantity: 3 }] });
      const move = (quantity: number, from: 'qc' | 'available' = 'qc') =>
        fixture.stock.move({
          ...base(),
          from,
          to: from === 'qc' ? 'available' : 'damaged',
          lines: [{ sku: 'M-1', quantity }],
        });
      assert.deepEqual((await move(2)).lines, [{ sku: 'M-1', quantity: 2, available: 2 }]);
      const refused = await move(2);
      assert.deepEqual(codes(refused), ['stock.bucket-short']);
      assert.match(refused.refusals[0]!.sentence, /2 to move.*only 1/);
      assert.deepEqual(codes(await move(3, 'available')), ['stock.below-zero']);
      assert.deepEqual(await units('M-1'), { available: 2, qc: 1, damaged: 0, inbound: 0, committed: 0 });
    });

    it('refuses to go nowhere', async () => {
      const answer = await fixture.stock.move({
        ...base(),
        from: 'qc',
        to: 'qc',
        lines: [{ sku: 'M-1', quantity: 1 }],
      });
      assert.deepEqual(codes(answer), ['stock.same-bucket']);
    });
  });

  describe('a transfer', () => {
    it('takes from one pool what it gives to the other, also on the way', async () => {
      await receive('T-1', 5);
      const transfer = (quantity: number, bucket: 'available' | 'inbound') =>
        fixture.stock.transfer({ ...base(), to: 'north', bucket, lines: [{ sku: 'T-1', quantity }] });
      assert.equal((await transfer(2, 'available')).state, 'done');
      assert.equal((await transfer(1, 'inbound')).state, 'done');
      assert.equal((await units('T-1'))!.available, 2);
      assert.deepEqual(await units('T-1', 'north'), {
        available: 2,
        qc: 0,
        damaged: 0,
        inbound: 1,
        committed: 0,
      });
      assert.deepEqual(codes(await transfer(3, 'available')), ['stock.below-zero']);
      for (const pool of ['main', 'north']) {
        const facts = await skuFacts(fixture.store.read, {
          pool,
          sku: 'T-1',
          now: fixture.clock.now,
          limit: 10,
        });
        assert.equal(explain(facts).addsUp, true);
      }
    });

    it('is refused to the same pool, of an unknown SKU, and of a bundle', async () => {
      const transfer = (to: string, sku: string) =>
        fixture.stock.transfer({ ...base(), to, lines: [{ sku, quantity: 1 }] });
      assert.deepEqual(codes(await transfer('main', 'T-1')), ['stock.same-pool']);
      assert.deepEqual(codes(await transfer('north', 'NOBODY')), ['stock.unknown-sku']);
      assert.deepEqual(codes(await transfer('north', 'TEA-SET')), ['stock.bundle-not-stocked']);
    });
  });

  it('never makes or loses a unit: what pools have is what came less what left', async () => {
    const pool = fc.constantFrom('p', 'q');
    const place = fc.constantFrom('available', 'qc', 'damaged', 'inbound') as fc.Arbitrary<
      'available' | 'qc' | 'damaged' | 'inbound'
    >;
    const quantity = fc.integer({ min: 1, max: 5 });
    const act = fc.oneof(
      fc.record({ do: fc.constant('move' as const), pool, from: place, to: place, quantity }),
      fc.record({ do: fc.constant('transfer' as const), pool, inbound: fc.boolean(), quantity }),
      fc.record({ do: fc.constant('receive' as const), pool, quantity }),
      fc.record({ do: fc.constant('return' as const), pool, quantity }),
    );
    let run = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(act, { minLength: 1, maxLength: 25 }), async (sequence) => {
        run += 1;
        const named = (name: string) => `${name}-${run}`;
        let came = 0;
        for (const step of sequence) {
          const lines = [{ sku: 'X', quantity: step.quantity }];
          const start = base(named(step.pool));
          const other = named(step.pool === 'p' ? 'q' : 'p');
          let answer: AdjustAnswer;
          if (step.do === 'move') answer = await fixture.stock.move({ ...start, ...step, ...start, lines });
          else if (step.do === 'transfer')
            answer = await fixture.stock.transfer({
              ...start,
              to: other,
              bucket: step.inbound ? 'inbound' : 'available',
              lines,
            });
          else if (step.do === 'receive') answer = await fixture.stock.receive({ ...start, lines });
          else
            answer = await fixture.stock.takeBack({
              ...start,
              orderKey: `unknown/${run}`,
              lines: [{ lineId: '1', sku: 'X', quantity: step.quantity }],
            });
          const adds = step.do === 'receive' || step.do === 'return';
          if (adds && answer.state === 'done') came += step.quantity;
        }
        let there = 0;
        for (const pool of ['p', 'q']) {
          const found = await units('X', named(pool));
          for (const count of Object.values(found ?? {})) {
            assert.ok(count >= 0);
            there += count;
          }
        }
        assert.equal(there, came);
      }),
      { numRuns: 60 },
    );
  });
});
