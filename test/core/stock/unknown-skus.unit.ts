import { strict as assert } from 'node:assert';
import { askStock } from '../../../core/insight/query/stock.ts';
import { UnknownSkus, unknownSkusOf } from '../../../core/stock/unknown-skus.ts';
import { onEachStore } from '../store/each-store.ts';
import { noon, openStock, type StockFixture } from './stock-fixture.ts';

const actor = 'test';

onEachStore('SKUs nobody knows', (makePlace) => {
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
  const lock = (sku: string, orderKey = `flood/${opKey()}`, more: object = {}) =>
    fixture.stock.lock({
      opKey: opKey(),
      actor,
      orderKey,
      lines: [{ lineId: '1', sku, quantity: 1 }],
      ...more,
    });
  const sell = (sku: string) =>
    fixture.stock.deduct({
      opKey: opKey(),
      actor,
      orderKey: `pos/${opKey()}`,
      withoutHold: true,
      lines: [{ lineId: '1', sku, quantity: 1 }],
    });
  const receive = (sku: string, pool?: string) =>
    fixture.stock.receive({
      opKey: opKey(),
      actor,
      ...(pool !== undefined && { pool }),
      lines: [{ sku, quantity: 5 }],
    });

  it('are refused from memory, however many ask: no transaction, and the memory is bounded', async function () {
    this.timeout(60_000);
    await receive('TEA');
    const names = Array.from({ length: 50 }, (_, index) => `NO-${index}`);
    const first = await Promise.all(names.map((sku) => lock(sku)));
    const { batches, commands } = fixture.store.health();
    let refused = 0;
    for (let round = 0; round < 100_000 / 500; round += 1) {
      const answers = await Promise.all(
        Array.from({ length: 500 }, (_, index) =>
          index % 2 === 0 ? lock(names[index % 50]!) : sell(names[index % 50]!),
        ),
      );
      for (const { refusals } of answers) if (refusals[0]?.code === 'stock.unknown-sku') refused += 1;
    }
    assert.equal(refused, 100_000);
    const after = fixture.store.health();
    assert.deepEqual([after.batches, after.commands], [batches, commands]);
    assert.deepEqual(await lock('NO-1'), first[1]);
    assert.equal((await lock('TEA')).state, 'locked');
  });

  it('are seen by the next lock when they appear: received, or defined as a bundle', async () => {
    await lock('NEW');
    await lock('SET');
    await receive('NEW');
    assert.equal((await lock('NEW')).state, 'locked');
    await lock('SET');
    await fixture.stock.defineBundle({
      bundle: 'SET',
      components: [{ sku: 'NEW', quantity: 1 }],
      opKey: opKey(),
      actor,
    });
    assert.equal((await lock('SET')).state, 'locked');
  });

  it('are not kept when they appeared in the very batch that did not find them', async () => {
    const [before, , after] = await Promise.all([lock('NEW'), receive('NEW'), lock('NEW')]);
    assert.deepEqual([before.state, after.state], ['refused', 'locked']);
    assert.equal((await lock('NEW')).state, 'locked');
  });

  it('are of a pool, and of several warehouses only if none of them knows', async () => {
    await receive('TEA', 'north');
    const pools = [{ pool: 'north' }, { pool: 'south' }];
    const warehouses = { pools, choose: 'fixed-order', split: false };
    await lock('TEA', 'o/1', { pool: 'south' });
    assert.equal(unknownSkusOf(fixture.store).has('south', 'TEA'), true);
    assert.equal((await lock('TEA', 'o/2', { warehouses })).state, 'locked');
    assert.equal((await lock('TEE', 'o/3', { warehouses })).state, 'refused');
    assert.equal(unknownSkusOf(fixture.store).has('north', 'TEE'), true);
  });

  it('are asked of the store when the order holds something or the act was done before', async () => {
    await receive('TEA');
    await lock('TEA', 'o/1');
    const repeated = { opKey: 'first' };
    const first = await lock('NONE', 'o/2', repeated);
    const { commands } = fixture.store.health();
    assert.deepEqual(await lock('NONE', 'o/2', repeated), { ...first, replayed: true });
    await lock('NONE', 'o/1');
    assert.equal(fixture.store.health().commands, commands + 2);
  });

  it('are answered by the query from memory too', async () => {
    const { store } = fixture;
    let reads = 0;
    const read = new Proxy(store.read, {
      get(target, name) {
        reads += 1;
        const value = Reflect.get(target, name) as unknown;
        return typeof value === 'function' ? value.bind(target) : value;
      },
    });
    const counting = new Proxy(store, {
      get: (target, name) => {
        if (name === 'read') return read;
        const value = Reflect.get(target, name) as unknown;
        return typeof value === 'function' ? value.bind(target) : value;
      },
    });
    const asking = { hub: { store: counting }, language: 'en-US', personal: false } as never;
    assert.deepEqual(await askStock({ sku: 'NONE' }, asking), { stock: [], next: null });
    const once = reads;
    assert.ok(once > 0);
    assert.deepEqual(await askStock({ sku: 'NONE' }, asking), { stock: [], next: null });
    assert.equal(reads, once);
  });
});

describe('SKUs nobody knows, in memory', () => {
  it('are at most ten thousand; the one asked for longest ago makes room', () => {
    const unknown = new UnknownSkus(() => noon);
    for (let index = 0; index < 10_000; index += 1) unknown.add('main', `S${index}`, 0);
    assert.equal(unknown.has('main', 'S0'), true);
    for (let index = 0; index < 5_000; index += 1) unknown.add('main', `T${index}`, 0);
    assert.equal(unknown.size, 10_000);
    assert.deepEqual(
      ['S0', 'S1', 'S5000', 'S5001', 'T0'].map((sku) => unknown.has('main', sku)),
      [true, false, false, true, true],
    );
    unknown.add('main', 'x'.repeat(500), 0);
    assert.equal(unknown.size, 10_000);
  });

  it('are forgotten after a while, and when anything appears', () => {
    let now = noon;
    const unknown = new UnknownSkus(() => now);
    unknown.add('main', 'A', unknown.epoch);
    now += 5_000;
    assert.equal(unknown.has('main', 'A'), false);
    const { epoch } = unknown;
    unknown.clear();
    unknown.add('main', 'A', epoch);
    assert.equal(unknown.has('main', 'A'), false, 'it was read before something appeared');
  });
});
