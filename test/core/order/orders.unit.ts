import { strict as assert } from 'node:assert';
import { Orders, type SavedOrder } from '../../../core/order/orders.ts';
import type { Order } from '../../../core/order/schema.ts';
import { openStock, type StockFixture } from '../stock/stock-fixture.ts';
import { onEachStore } from '../store/each-store.ts';
import { anOrder } from './an-order.ts';

const key = 'shopify/main/5500000000001';

function at(minute: number, fields: Partial<Order> = {}): Order {
  const text = new Date(Date.UTC(2026, 0, 1, 0, minute)).toISOString();
  return anOrder({ ...fields, times: { modified: { at: text, text } } });
}

const tea = (quantity: number) => [{ lineId: '1', sku: 'TEA', quantity }];

onEachStore('orders in the store', (makePlace) => {
  let fixture: StockFixture;
  let orders: Orders;
  beforeEach(async () => {
    fixture = await openStock(makePlace);
    orders = new Orders(fixture.store);
  });
  afterEach(() => fixture.close());

  const save = (order: Order, inboxId: number | null = null) =>
    orders.save({ order, inboxId, arrivedAt: Date.UTC(2026, 0, 1) });
  const again = (answer: SavedOrder) => ({ ...answer, replayed: true });
  const versions = () =>
    fixture.store.read.selectFrom('order_versions').select(['outcome', 'version']).orderBy('id').execute();
  const events = () => fixture.store.read.selectFrom('events').select('type').orderBy('id').execute();
  const line = () => fixture.store.read.selectFrom('order_lines').selectAll().executeTakeFirstOrThrow();

  describe('from an inbox row that is delivered again', () => {
    it('answers what was answered first and writes nothing', async () => {
      const created = await save(at(1, { status: 'created' }), 1);
      const paid = await save(at(2, { status: 'paid', sellerNote: 'call' }), 2);
      assert.deepEqual(
        [paid.outcome, paid.version, paid.events, paid.replayed],
        ['changed', 2, ['paid', 'changed'], false],
      );
      const [versionsBefore, eventsBefore] = [await versions(), await events()];
      assert.deepEqual(await save(at(2, { status: 'paid', sellerNote: 'call' }), 2), again(paid));
      assert.deepEqual(await save(at(1, { status: 'created' }), 1), again(created));
      assert.deepEqual(await versions(), versionsBefore);
      assert.deepEqual(await events(), eventsBefore);
      assert.equal((await orders.read(key))?.order.status, 'paid');
    });

    it('answers so within one batch too', async () => {
      const [first, second] = await Promise.all([save(at(1), 1), save(at(1), 1)]);
      assert.equal(first.outcome, 'changed');
      assert.deepEqual(second, again(first));
      assert.equal((await versions()).length, 1);
    });

    it('files what is older or refused once, however often it comes', async () => {
      await save(at(5, { status: 'cancelled' }), 1);
      const stale = await save(at(1), 2);
      const refused = await save(at(9), 3);
      for (let attempt = 0; attempt < 3; attempt += 1) {
        assert.deepEqual(await save(at(1), 2), again(stale));
        assert.deepEqual(await save(at(9), 3), again(refused));
      }
      assert.deepEqual([stale.outcome, refused.outcome], ['stale', 'refused']);
      assert.match(refused.reason?.sentence ?? '', /cancelled.*paid/);
      assert.deepEqual(
        (await versions()).map(({ outcome }) => outcome),
        ['changed', 'stale', 'refused'],
      );
    });

    it('tells apart several orders, and several versions of one, that one row brought', async () => {
      const other = { ...at(1), channelOrderId: '2' };
      const bring = () =>
        Promise.all([
          save(at(1, { status: 'created' }), 1),
          save(other, 1),
          // The same instant, but not the same order.
          save(at(1, { status: 'paid' }), 1),
        ]);
      const first = await bring();
      assert.deepEqual(
        first.map(({ outcome, version }) => [outcome, version]),
        [
          ['changed', 1],
          ['changed', 1],
          ['changed', 2],
        ],
      );
      assert.deepEqual(await bring(), first.map(again));
    });

    it('decides anew when a mended mapping makes another order of it', async () => {
      await save(at(1), 1);
      const mended = await save(at(1, { sellerNote: 'mended' }), 1);
      assert.deepEqual([mended.outcome, mended.replayed], ['changed', false]);
    });
  });

  it('finds an order that comes from elsewhere unchanged', async () => {
    await save(at(1));
    const repeat = await save(at(1));
    assert.deepEqual([repeat.outcome, repeat.replayed], ['unchanged', false]);
  });

  it('counts the units of every version, however versions are cut into batches', async () => {
    await Promise.all([save(at(1, { lines: tea(3) })), save(at(2, { lines: tea(2) }))]);
    const { ordered, cancelled } = await line();
    assert.deepEqual([ordered, cancelled], [3, 1]);
  });

  describe('together with stock', () => {
    const units = async () => {
      const { ordered, cancelled, shipped, locked } = await line();
      return { ordered, cancelled, shipped, locked };
    };
    beforeEach(async () => {
      const lines = [{ sku: 'TEA', quantity: 10 }];
      await fixture.stock.receive({ opKey: 'receive', actor: 'test', lines });
      await save(at(1));
      await fixture.stock.lock({ opKey: 'lock', actor: 'test', orderKey: key, lines: tea(2) });
    });
    const deduct = () => fixture.stock.deduct({ opKey: 'deduct', actor: 'test', orderKey: key });

    it('counts units as shipped once, whether the channel or the deduction tells it first', async () => {
      await save(at(2, { status: 'shipped' }));
      await deduct();
      assert.deepEqual(await units(), { ordered: 2, cancelled: 0, shipped: 2, locked: 0 });
    });

    it('counts them once in the other order too', async () => {
      await deduct();
      await save(at(2, { status: 'shipped' }));
      assert.deepEqual(await units(), { ordered: 2, cancelled: 0, shipped: 2, locked: 0 });
    });

    it('never cancels units that left', async () => {
      await save(at(2, { status: 'shipped' }));
      await deduct();
      await save(at(3, { status: 'completed', lines: tea(1) }));
      assert.deepEqual(await units(), { ordered: 2, cancelled: 0, shipped: 2, locked: 0 });
      await save(at(4, { status: 'completed', lines: [{ lineId: '2', sku: 'CUP', quantity: 1 }] }));
      assert.deepEqual(await units(), { ordered: 2, cancelled: 0, shipped: 2, locked: 0 });
    });
  });
});
