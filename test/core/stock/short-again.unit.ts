import { strict as assert } from 'node:assert';
import type { LockAnswer } from '../../../core/stock/stock.ts';
import { onEachStore } from '../store/each-store.ts';
import { openStock, type StockFixture } from './stock-fixture.ts';

const actor = 'test';
const minute = 60_000;

/** What is told of a SKU that was short before is asked for ahead of the numbers, so it must not be old news. */
onEachStore('a SKU that is short again', (makePlace) => {
  let fixture: StockFixture;
  beforeEach(async () => {
    fixture = await openStock(makePlace);
    await fixture.stock.receive({ opKey: 'opening', actor, lines: [{ sku: 'TEA', quantity: 3 }] });
  });
  afterEach(async () => {
    assert.deepEqual(await fixture.broken(), []);
    await fixture.close();
  });

  function lock(order: string, quantity: number, more: object = {}): Promise<LockAnswer> {
    const lines = [{ lineId: '1', sku: 'TEA', quantity }];
    return fixture.stock.lock({
      opKey: `${order} lock ${quantity}`,
      actor,
      orderKey: `web/main/${order}`,
      lines,
      ...more,
    });
  }

  /** Who has the units, as the refusal of a lock names them. */
  function holders({ state, refusals: [refusal] }: LockAnswer): unknown {
    assert.equal(state, 'short');
    assert.equal(refusal?.code, 'stock.short');
    return refusal.params.holders;
  }

  it('is told with those who hold it now, newest first', async () => {
    await lock('one', 3);
    assert.match(String(holders(await lock('late', 1))), /one/);
    await fixture.stock.release({ opKey: 'one release', actor, orderKey: 'web/main/one' });
    await lock('two', 1);
    await lock('three', 2);
    const told = String(holders(await lock('later', 1)));
    assert.doesNotMatch(told, /one/, 'its units are free again');
    assert.match(told, /three.*two/);
  });

  it('is not short any more once goods came', async () => {
    await lock('one', 3);
    assert.equal((await lock('late', 1)).state, 'short');
    assert.equal((await lock('later', 1)).state, 'short');
    await fixture.stock.receive({ opKey: 'more', actor, lines: [{ sku: 'TEA', quantity: 1 }] });
    assert.equal((await lock('lucky', 1)).state, 'locked');
    assert.match(String(holders(await lock('last', 1))), /lucky.*one/);
  });

  it('is taken from holds whose time is up, as when it was short for the first time', async () => {
    await lock('short lived', 2, { ttlMs: minute });
    await lock('lasting', 1);
    assert.match(String(holders(await lock('early', 1))), /lasting.*short lived/);
    assert.equal((await lock('early again', 1)).state, 'short');
    fixture.clock.now += minute;
    assert.equal((await lock('in time', 2)).state, 'locked');
    assert.match(String(holders(await lock('too late', 1))), /in time.*lasting/);
  });

  it('is told with those who hold it when the batch itself takes the last units', async () => {
    await lock('one', 2);
    assert.equal((await lock('greedy', 9)).state, 'short');
    const [two, three] = await Promise.all([lock('two', 1), lock('three', 1)]);
    assert.equal(two.state, 'locked');
    assert.match(String(holders(three)), /two.*one/);
  });

  it('is told with its holders when these are far back', async () => {
    await lock('long ago', 1);
    await fixture.stock.receive({ opKey: 'more', actor, lines: [{ sku: 'TEA', quantity: 5 }] });
    for (let turn = 0; turn < 12; turn += 1) {
      await lock(`turn ${turn}`, 1);
      await fixture.stock.release({ opKey: `turn ${turn} back`, actor, orderKey: `web/main/turn ${turn}` });
    }
    assert.match(String(holders(await lock('late', 8))), /long ago/);
    assert.match(String(holders(await lock('later', 8))), /long ago/);
  });
});
