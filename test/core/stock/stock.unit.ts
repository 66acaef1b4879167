import { strict as assert } from 'node:assert';
import { sql } from 'kysely';
import { countersOf } from '../../../core/insight/counters.ts';
import { explain } from '../../../core/stock/explain.ts';
import { opKeyOf } from '../../../core/stock/stock.ts';
import { orderHolds, skuFacts, stockLevels } from '../../../core/store/queries/stock.ts';
import { onEachStore } from '../store/each-store.ts';
import { openStock, type StockFixture } from './stock-fixture.ts';

const actor = 'test';

/** Has the store refuse movements of one SKU. */
const poison = {
  sqlite: [
    `create trigger poison before insert on stock_movements
     when (select sku from stock_items where balance_id = new.balance_id) = 'POISON'
     begin select raise(abort, 'poisoned'); end`,
  ],
  postgres: [
    `create function poison() returns trigger language plpgsql as $$ begin
       if (select sku from stock_items where balance_id = new.balance_id) = 'POISON' then
         raise exception 'poisoned';
       end if;
       return new;
     end $$`,
    'create trigger poison before insert on stock_movements for each row execute function poison()',
  ],
};

onEachStore('stock', (makePlace) => {
  let fixture: StockFixture;
  beforeEach(async () => {
    fixture = await openStock(makePlace);
  });
  afterEach(() => fixture.close());

  const receive = (sku: string, quantity: number, opKey = `receive ${sku}`) =>
    fixture.stock.receive({ opKey, actor, lines: [{ sku, quantity }] });
  const lock = (order: string, sku: string, quantity: number, more: object = {}) =>
    fixture.stock.lock({
      opKey: opKeyOf(order, '*', 'lock', 1),
      actor,
      orderKey: order,
      lines: [{ lineId: '1', sku, quantity }],
      ...more,
    });
  const exec = (...statements: string[]) =>
    fixture.inTransaction(async (tx) => {
      for (const statement of statements) await sql.raw(statement).execute(tx.db);
    });
  const level = async (sku: string) =>
    (await stockLevels(fixture.store.read, { sku, limit: 1, now: fixture.clock.now }))[0];

  it('never oversells a hot SKU to 64 callers', async () => {
    await receive('HOT', 300);
    const before = fixture.store.health().batches;
    let next = 0;
    const results: string[] = [];
    await Promise.all(
      Array.from({ length: 64 }, async () => {
        while (next < 1_000) {
          next += 1;
          results.push((await lock(`shop/${next}`, 'HOT', 1)).state);
        }
      }),
    );
    assert.equal(results.filter((state) => state === 'locked').length, 300);
    assert.equal(results.filter((state) => state === 'short').length, 700);
    const now = await level('HOT');
    assert.deepEqual([now!.available, now!.committed, now!.onHand], [0, 300, 300]);
    const facts = await skuFacts(fixture.store.read, {
      pool: 'main',
      sku: 'HOT',
      now: fixture.clock.now,
      limit: 5,
    });
    assert.equal(explain(facts).addsUp, true);
    assert.equal(facts.movementCount, 301);
    assert.ok(fixture.store.health().batches - before < 1_000, 'commands were committed together');
  });

  it('answers a repeat from the store as it answered first, in any language of the day', async () => {
    await receive('TEA', 3);
    const acts = [
      () => lock('shop/1', 'TEA', 2, { ttlMs: 60_000 }),
      () => lock('shop/2', 'TEA', 2),
      () => lock('shop/3', 'TEA', 2, { partial: 'what-there-is' }),
      () => lock('shop/4', 'TEE', 2),
      () =>
        fixture.stock.deduct({
          opKey: 'd',
          actor,
          orderKey: 'shop/1',
          lines: [{ lineId: '1', quantity: 1 }],
        }),
      () => fixture.stock.release({ opKey: 'r', actor, orderKey: 'shop/1' }),
      () => fixture.stock.release({ opKey: 'r2', actor, orderKey: 'shop/1' }),
      () => fixture.stock.correct({ opKey: 'c', actor, lines: [{ sku: 'TEA', quantity: -9 }] }),
      () => fixture.stock.set({ opKey: 's', actor, lines: [{ sku: 'TEA', counted: 7 }] }),
      () =>
        fixture.stock.deduct({
          opKey: 'pos',
          actor,
          orderKey: 'pos/1',
          withoutHold: true,
          lines: [{ lineId: '1', sku: 'TEA', quantity: 1 }],
        }),
      () => receive('TEA', 3),
    ];
    const first: { state: string; replayed: boolean }[] = [];
    for (const perform of acts) first.push(await perform());
    assert.deepEqual(
      first.map((answer) => answer.state),
      [
        'locked',
        'short',
        'short',
        'refused',
        'deducted',
        'released',
        'refused',
        'refused',
        'done',
        'deducted',
        'done',
      ],
    );
    for (const [index, perform] of acts.entries()) {
      // The first lock is not true any more.
      if (index > 0) assert.deepEqual(await perform(), { ...first[index], replayed: true });
    }
    assert.equal(first[10]!.replayed, true, 'the goods had arrived before');
  });

  describe('locking again by the same op key', () => {
    const locked = async () => {
      await receive('TEA', 5);
      return lock('shop/1', 'TEA', 2, { ttlMs: 60_000 });
    };
    const again = () => lock('shop/1', 'TEA', 2, { ttlMs: 60_000 });
    const deduct = () => fixture.stock.deduct({ opKey: 'd', actor, orderKey: 'shop/1' });
    const release = () => fixture.stock.release({ opKey: 'r', actor, orderKey: 'shop/1' });

    it('answers the first result also when the order changed since, and after the units left', async () => {
      const first = await locked();
      assert.deepEqual(await lock('shop/1', 'TEA', 3, { ttlMs: null }), { ...first, replayed: true });
      await deduct();
      assert.deepEqual(await again(), { ...first, replayed: true });
    });

    it('is refused once the units were released, with when that was and what to do', async () => {
      await locked();
      await release();
      const late = await again();
      assert.deepEqual([late.state, late.replayed, late.holds], ['refused', true, []]);
      assert.deepEqual(
        late.lines.map((line) => [line.asked, line.locked]),
        [[2, 0]],
      );
      assert.equal(late.refusals[0]!.code, 'stock.hold-released');
      assert.match(late.refusals[0]!.sentence, /released at 2026-01-02T12:00:00\.000Z.*msg\.attempt/);
    });

    it('is refused once the hold ran out, swept or not', async () => {
      await locked();
      fixture.clock.now += 60_000;
      const lapsed = await again();
      await fixture.stock.sweep();
      const swept = await again();
      assert.deepEqual(swept, lapsed);
      assert.equal(lapsed.refusals[0]!.code, 'stock.hold-expired');
      assert.match(lapsed.refusals[0]!.sentence, /expired at 2026-01-02T12:01:00\.000Z/);
    });

    it('goes on as before when a later lock holds the line now', async () => {
      const first = await locked();
      await fixture.stock.lock({
        opKey: 'later',
        actor,
        orderKey: 'shop/1',
        lines: [{ lineId: '1', sku: 'TEA', quantity: 3 }],
      });
      assert.deepEqual(await again(), { ...first, replayed: true });
      await release();
      assert.equal((await again()).state, 'refused');
    });
  });

  it('counts every refusal by its code once, and no repeat of it', async () => {
    const count = () => {
      const kinds = countersOf('stock-refusal').map(({ labels, value }) => [labels.code, value]);
      return Object.fromEntries(kinds) as Record<string, number>;
    };
    await receive('TEA', 1);
    const before = count();
    await lock('shop/1', 'TEA', 2);
    await lock('shop/1', 'TEA', 2);
    await lock('shop/2', 'TEA', -1);
    const after = count();
    const more = (code: string) => (after[code] ?? 0) - (before[code] ?? 0);
    assert.deepEqual([more('stock.short'), more('stock.bad-quantity')], [1, 1]);
  });

  it('refuses malformed commands without the store, and keeps nothing of them', async () => {
    await receive('TEA', 3);
    const batches = fixture.store.health().batches;
    const bad = await lock('shop/1', 'TEA', -1);
    assert.deepEqual([bad.state, bad.refusals[0]!.code, bad.holds], ['refused', 'stock.bad-quantity', []]);
    assert.equal(fixture.store.health().batches, batches);
    assert.equal((await lock('shop/1', 'TEA', 1)).state, 'locked');
  });

  it('keeps its neighbours when one command fails in the store', async () => {
    await receive('GOOD', 50);
    await receive('POISON', 50);
    await exec(...poison[fixture.store.kind]);
    const results = await Promise.allSettled(
      Array.from({ length: 10 }, (_, index) => lock(`shop/${index}`, index === 4 ? 'POISON' : 'GOOD', 1)),
    );
    assert.deepEqual(
      results.map((result) => result.status),
      results.map((_, index) => (index === 4 ? 'rejected' : 'fulfilled')),
    );
    assert.equal((await level('GOOD'))!.committed, 9);
    assert.equal((await level('POISON'))!.committed, 0);
    assert.deepEqual(await orderHolds(fixture.store.read, 'shop/4'), []);
  });

  it('lets lapsed holds go whether or not the sweeper came', async () => {
    await receive('TEA', 5);
    await lock('shop/1', 'TEA', 4, { bucket: 'held', ttlMs: 60_000 });
    assert.equal((await lock('shop/2', 'TEA', 2)).state, 'short');
    fixture.clock.now += 60_000;
    const seen = await level('TEA');
    assert.deepEqual([seen!.available, seen!.held, seen!.lapsed], [5, 0, 4]);
    assert.equal((await lock('shop/3', 'TEA', 2)).state, 'locked');
    const [expired] = await orderHolds(fixture.store.read, 'shop/1');
    assert.equal(expired!.state, 'expired');
    const late = await fixture.stock.deduct({ opKey: 'late', actor, orderKey: 'shop/1' });
    assert.equal(late.refusals[0]!.code, 'stock.hold-expired');
    assert.match(late.refusals[0]!.sentence, /2026-01-02T12:01:00/);
  });

  it('sweeps in pages', async () => {
    await receive('TEA', 30);
    for (let index = 0; index < 5; index += 1)
      await lock(`shop/${index}`, 'TEA', 1, { bucket: 'held', ttlMs: 1_000 });
    assert.deepEqual(await fixture.stock.sweep(2), { expired: 0, more: false });
    fixture.clock.now += 1_000;
    assert.deepEqual(await fixture.stock.sweep(2), { expired: 2, more: true });
    assert.deepEqual(await fixture.stock.sweep(10), { expired: 3, more: false });
    assert.equal((await level('TEA'))!.lapsed, 0);
    assert.equal((await level('TEA'))!.available, 30);
  });

  it('pages through the levels in the order of pool and SKU', async () => {
    for (const pool of ['b', 'a']) {
      await fixture.stock.receive({
        pool,
        opKey: pool,
        actor,
        lines: ['X', 'Y', 'Z'].map((sku) => ({ sku, quantity: 1 })),
      });
    }
    const seen: string[] = [];
    let after: { pool: string; sku: string } | undefined;
    for (;;) {
      const page = await stockLevels(fixture.store.read, { limit: 2, after, now: fixture.clock.now });
      if (page.length === 0) break;
      seen.push(...page.map((row) => row.pool + row.sku));
      after = page.at(-1);
    }
    assert.deepEqual(seen, ['aX', 'aY', 'aZ', 'bX', 'bY', 'bZ']);
  });

  it('explains a number by what came, what went, and who holds the rest', async () => {
    await receive('TEA', 20);
    await fixture.stock.correct({ opKey: 'c', actor, lines: [{ sku: 'TEA', quantity: -2 }] });
    await lock('shop/1', 'TEA', 6);
    await lock('shop/2', 'TEA', 3, { bucket: 'held', ttlMs: 90_000 });
    await fixture.stock.deduct({
      opKey: 'd',
      actor,
      orderKey: 'shop/1',
      lines: [{ lineId: '1', quantity: 4 }],
    });
    const facts = () =>
      skuFacts(fixture.store.read, { pool: 'main', sku: 'TEA', now: fixture.clock.now, limit: 10 });
    const english = explain(await facts(), 'en-US');
    assert.deepEqual(english.sentences, [
      '9 of TEA can be sold from pool main now.',
      'Since the start 20 were received, 4 left for customers, and corrections and counts changed -2: that makes 14.',
      'Of these, 9 are available; held 3, committed 2, pre-sale 0, inspection 0, damaged 0, inbound 0.',
      'Order shop/2, line 1 has 3 (held, normal) until 2026-01-02T12:01:30.000Z.',
      'Order shop/1, line 1 has 2 (committed, normal), without a time limit.',
      'Every number agrees with the ledger (5 movements) and with the open holds.',
    ]);
    assert.equal(english.available, 9);
    assert.ok(explain(await facts(), 'zh-CN').sentences[2]!.startsWith('其中可用库存 9，预占 3，占用 2'));
    const now = await facts();
    const flows = [...now.flows, { from: 'customer', to: 'available', units: 3 }];
    assert.equal(
      explain({ ...now, flows }, 'en-US').sentences[2],
      'Customers sent 3 back, which is counted in.',
    );
    fixture.clock.now += 90_000;
    const later = explain(await facts(), 'en-US');
    assert.equal(later.available, 12);
    assert.ok(later.sentences.some((told) => told.includes('12 can be sold now')));
    assert.equal(later.addsUp, true);
  });

  it('sees when a number was changed past the ledger', async () => {
    await receive('TEA', 20);
    await lock('shop/1', 'TEA', 6);
    await exec(`update stock_balances set available = 15, committed = 5`);
    const facts = await skuFacts(fixture.store.read, {
      pool: 'main',
      sku: 'TEA',
      now: fixture.clock.now,
      limit: 10,
    });
    const told = explain(facts, 'en-US');
    assert.equal(told.addsUp, false);
    assert.deepEqual(
      told.disagreements.map(({ code, bucket, balance, expected }) => [code, bucket, balance, expected]),
      [
        ['stock.explain-ledger-differs', 'available', 15, 14],
        ['stock.explain-ledger-differs', 'committed', 5, 6],
        ['stock.explain-holds-differ', 'committed', 5, 6],
      ],
    );
    const unknown = await skuFacts(fixture.store.read, { pool: 'main', sku: 'TEE', now: 0, limit: 10 });
    assert.deepEqual(explain(unknown, 'zh-CN').sentences, [
      '库存池 main 中没有 SKU TEE：从未入库、盘点或调整过。',
    ]);
  });
});
