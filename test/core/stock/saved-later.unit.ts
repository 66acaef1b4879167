import assert from 'node:assert/strict';
import { sql } from 'kysely';
import { orderKey } from '../../../core/order/key.ts';
import { Orders } from '../../../core/order/orders.ts';
import type { Order } from '../../../core/order/schema.ts';
import { Stock } from '../../../core/stock/stock.ts';
import { eventsOfOrder } from '../../../core/store/queries/events.ts';
import { unsavedLines } from '../../../core/store/queries/stock.ts';
import { anOrder } from '../order/an-order.ts';
import { onEachStore } from '../store/each-store.ts';
import { openStock, type StockFixture } from './stock-fixture.ts';

/** By hand, or by messages, stock is locked and moved for orders that the store is told of later. */
onEachStore('an order that is saved after its stock was moved', (makePlace) => {
  let hub: StockFixture;
  let acts = 0;
  const key = orderKey('shopify', 'main', '1');

  beforeEach(async () => {
    hub = await openStock(makePlace);
    const lines = ['TEA', 'MUG', 'BOX'].map((sku) => ({ sku, quantity: 20 }));
    await hub.stock.receive({ opKey: 'receive', actor: 'test', lines });
  });
  afterEach(() => hub.close());

  const act = () => {
    acts += 1;
    return { opKey: `act ${acts}`, actor: 'test', orderKey: key };
  };
  const tea = (quantity: number) => [{ lineId: '1', sku: 'TEA', quantity }];
  const save = async (lines: Order['lines'], fields: Partial<Order> = {}) => {
    const at = new Date(hub.clock.now).toISOString();
    const order = anOrder({ channelOrderId: '1', status: 'paid', lines, ...fields });
    order.times = { ...order.times, modified: { at, text: at } };
    const saved = await new Orders(hub.store).save({ order, inboxId: null, arrivedAt: hub.clock.now });
    assert.equal(saved.outcome, 'changed');
    hub.clock.now += 1_000;
  };
  const line = async (lineId = '1') => {
    const row = await hub.store.read
      .selectFrom('order_lines')
      .select(['ordered', 'cancelled', 'locked', 'shipped', 'returned'])
      .where('order_key', '=', key)
      .where('line_id', '=', lineId)
      .executeTakeFirstOrThrow();
    const { ordered, cancelled, locked, shipped, returned } = row;
    return { ordered, cancelled, locked, shipped, returned };
  };
  const told = async () =>
    (await eventsOfOrder(hub.store.read, key))
      .map(({ type, data }) => ({ type, ...(JSON.parse(data) as Record<string, unknown>) }))
      .filter(({ type }) => type !== 'created' && type !== 'paid' && type !== 'cancelled');
  const allocation = async () =>
    (
      await hub.store.read
        .selectFrom('orders')
        .select('allocation')
        .where('key', '=', key)
        .executeTakeFirstOrThrow()
    ).allocation;

  it('has what was locked for it, and tells so', async () => {
    await hub.stock.lock({ ...act(), lines: tea(3) });
    await save(tea(3));
    assert.deepEqual(await line(), { ordered: 3, cancelled: 0, locked: 3, shipped: 0, returned: 0 });
    assert.equal(await allocation(), 'allocated');
    const lines = [{ lineId: '1', sku: 'TEA', asked: 3, locked: 3 }];
    assert.deepEqual(await told(), [
      { type: 'allocated', reason: 'before-saved', lines, allocation: 'allocated' },
    ]);
    assert.deepEqual(await hub.broken(), []);
  });

  it('is short when less is locked than it wants', async () => {
    await hub.stock.lock({ ...act(), lines: tea(2) });
    await save(tea(3));
    assert.equal((await line()).locked, 2);
    assert.equal(await allocation(), 'short');
    assert.deepEqual(
      (await told()).map(({ type }) => type),
      ['short'],
    );
  });

  it('has of a bundle the ordered units that were locked', async () => {
    const components = [
      { sku: 'MUG', quantity: 2 },
      { sku: 'BOX', quantity: 1 },
    ];
    await hub.stock.defineBundle({ bundle: 'SET', components, opKey: 'define', actor: 'test' });
    const lines = [{ lineId: '1', sku: 'SET', quantity: 3 }];
    await hub.stock.lock({ ...act(), lines });
    await hub.stock.deduct({ ...act(), lines: [{ lineId: '1', quantity: 1 }] });
    await save(lines);
    assert.deepEqual(await line(), { ordered: 3, cancelled: 0, locked: 2, shipped: 1, returned: 0 });
    assert.deepEqual(await hub.broken(), []);
  });

  it('has what left for it, out of a hold and over the counter, and what came back', async () => {
    await hub.stock.lock({ ...act(), lines: tea(3) });
    await hub.stock.deduct({ ...act(), lines: [{ lineId: '1', quantity: 2 }] });
    await hub.stock.deduct({ ...act(), lines: tea(1), withoutHold: true });
    await hub.stock.takeBack({ ...act(), lines: tea(1), bucket: 'available' });
    await save(tea(5));
    assert.deepEqual(await line(), { ordered: 5, cancelled: 0, locked: 1, shipped: 3, returned: 1 });
    assert.deepEqual(
      (await told()).map(({ type }) => type),
      ['short', 'stock-deducted', 'return-received'],
    );
    assert.deepEqual(await unsavedLines(hub.store.read, [key]), [], 'it is told twice');
    assert.deepEqual(await hub.broken(), []);
  });

  it('takes goods for shipped that came back though nobody told that they left', async () => {
    await hub.stock.takeBack({ ...act(), lines: tea(2), bucket: 'available' });
    await save(tea(3));
    assert.deepEqual(await line(), { ordered: 3, cancelled: 0, locked: 0, shipped: 2, returned: 2 });
    assert.deepEqual(await hub.broken(), []);
  });

  it('does not let units leave again that left before', async () => {
    await hub.stock.deduct({ ...act(), lines: tea(3), withoutHold: true });
    await save(tea(3));
    assert.equal(await allocation(), 'shipped');
    const again = await hub.stock.deduct({ ...act(), lines: tea(1), withoutHold: true });
    assert.deepEqual(
      again.refusals.map(({ code }) => code),
      ['stock.left-already'],
    );
  });

  it('has units as shipped that left before it was cancelled', async () => {
    await hub.stock.deduct({ ...act(), lines: tea(1), withoutHold: true });
    await save(tea(3), { status: 'cancelled' });
    assert.deepEqual(await line(), { ordered: 3, cancelled: 2, locked: 0, shipped: 1, returned: 0 });
  });

  it('has them also in a line that joins it later', async () => {
    await save(tea(1));
    const mugs = [{ lineId: '2', sku: 'MUG', quantity: 4 }];
    await hub.stock.lock({ ...act(), lines: [...tea(1), ...mugs] });
    await hub.stock.deduct({ ...act(), lines: [{ lineId: '2', quantity: 1 }] });
    await save([...tea(1), ...mugs]);
    assert.deepEqual(await line('2'), { ordered: 4, cancelled: 0, locked: 3, shipped: 1, returned: 0 });
    assert.deepEqual(await hub.broken(), []);
  });

  it('is saved and locked at once, whichever comes first', async () => {
    await Promise.all([hub.stock.lock({ ...act(), lines: tea(2) }), save(tea(2))]);
    assert.equal((await line()).locked, 2);
    assert.deepEqual(await hub.broken(), []);
  });

  it('had part of a hold posted and the rest given back: no more leaves than it ordered', async () => {
    const upTo = { '1': 5 };
    await hub.stock.lock({ ...act(), lines: tea(5) });
    await hub.stock.deduct({ ...act(), lines: [{ lineId: '1', quantity: 2 }] });
    await hub.stock.release(act());
    // Before it is saved, by messages that say how many have left in all.
    const five = await hub.stock.deduct({ ...act(), lines: tea(5), withoutHold: true, upTo });
    assert.deepEqual(
      five.refusals.map(({ code }) => code),
      ['stock.left-already'],
    );
    const three = await hub.stock.deduct({ ...act(), lines: tea(3), withoutHold: true, upTo });
    assert.equal(three.state, 'deducted');
    await save(tea(5));
    assert.deepEqual(await line(), { ordered: 5, cancelled: 0, locked: 0, shipped: 5, returned: 0 });
  });

  it('is known from the ledger where the store is older than what keeps it', async () => {
    const components = [
      { sku: 'MUG', quantity: 2 },
      { sku: 'BOX', quantity: 1 },
    ];
    await hub.stock.defineBundle({ bundle: 'SET', components, opKey: 'define', actor: 'test' });
    await hub.stock.lock({ ...act(), lines: [...tea(3), { lineId: '2', sku: 'SET', quantity: 3 }] });
    await hub.stock.deduct({ ...act(), lines: ['1', '2'].map((lineId) => ({ lineId, quantity: 2 })) });
    await hub.stock.release(act());
    await hub.stock.deduct({ ...act(), lines: tea(2), withoutHold: true });
    await hub.stock.takeBack({ ...act(), lines: tea(1), bucket: 'qc' });
    const before = await unsavedLines(hub.store.read, [key]);
    assert.deepEqual(
      before.map(({ line_id, shipped, returned }) => [line_id, shipped, returned]),
      [
        ['1', 4, 1],
        ['2', 2, 0],
      ],
    );
    await hub.inTransaction(async ({ db }) => {
      await sql`drop table stock_unsaved_lines`.execute(db);
      await sql`drop table stock_confirmations`.execute(db);
      await db.deleteFrom('hub_migrations').where('number', '=', 8).execute();
    });
    const store = await hub.reopen();
    assert.deepEqual(await unsavedLines(store.read, [key]), before);
    const repeat = await new Stock(store).deduct({
      ...act(),
      lines: tea(2),
      withoutHold: true,
      upTo: { '1': 5 },
    });
    assert.equal(repeat.refusals[0]?.code, 'stock.left-already');
  });
});
