import assert from 'node:assert/strict';
import type { Order } from '../../../../core/order/schema.ts';
import { onEachStore } from '../../store/each-store.ts';
import { keyOf, PolicyFixture } from './policy-fixture.ts';

const tea = (quantity: number, more: Partial<Order['lines'][number]> = {}) => ({
  lineId: '1',
  sku: 'TEA',
  quantity,
  ...more,
});

/** Several nodes may be asked about one order at one time; what it ordered leaves once all the same. */
onEachStore('units of an order that several nodes book out', (makePlace) => {
  let hub: PolicyFixture;
  beforeEach(async () => {
    hub = await PolicyFixture.open(makePlace);
    await hub.receive({ TEA: 10 });
  });
  afterEach(() => hub.close());

  const orderKey = keyOf('1');
  let acts = 0;
  const act = () => {
    acts += 1;
    return { opKey: `by hand ${acts}`, actor: 'test', orderKey };
  };
  const overCounter = (quantity: number) =>
    hub.stock.stock.deduct({ ...act(), withoutHold: true, lines: [{ lineId: '1', sku: 'TEA', quantity }] });
  const lock = (quantity: number) =>
    hub.stock.stock.lock({ ...act(), lines: [{ lineId: '1', sku: 'TEA', quantity }] });
  /** Units that are not in the pool any more. */
  const sold = async () => {
    const { available, held, committed, presale } = await hub.units();
    return 10 - available - held - committed - presale;
  };

  it('leave once when two stock-apply look at a shipped order at the same moment', async () => {
    await hub.save('1', { status: 'shipped', lines: [tea(3)] });
    const answers = await Promise.all([hub.apply('1', 'shipped', 'a'), hub.apply('1', 'shipped', 'b')]);
    assert.equal(await sold(), 3, 'each of them booked the units out');
    assert.deepEqual(answers.map(({ state }) => state).sort(), ['deducted', 'nothing']);
    for (const attempt of ['a', 'b'])
      assert.ok(['deducted', 'nothing'].includes((await hub.apply('1', 'shipped', attempt)).state));
    assert.equal(await sold(), 3, 'a repeat booked units out');
  });

  it('leave once when two stock-apply get different parts of it at the same moment', async () => {
    await hub.save('1', { status: 'part-shipped', lines: [tea(3, { shippedQuantity: 1 })] });
    const first = hub.apply('1', 'part-shipped', 'a');
    await hub.save('1', { status: 'shipped', lines: [tea(3, { shippedQuantity: 3 })] });
    await Promise.all([first, hub.apply('1', 'shipped', 'b'), hub.apply('1', 'shipped', 'c')]);
    assert.equal(await sold(), 3);
    assert.equal((await hub.units()).committed, 0, 'units are held that nobody will get');
  });

  it('leave once when an order that is not stored is told by messages, twice and part by part', async () => {
    const told = (shippedQuantity: number, status: Order['status']) => ({
      status,
      lines: [tea(3, { shippedQuantity })],
    });
    await Promise.all([
      hub.apply('1', 'shipped', 'a', told(1, 'part-shipped')),
      hub.apply('1', 'shipped', 'b', told(1, 'part-shipped')),
    ]);
    assert.equal(await sold(), 1, 'the first part left more than once');
    await Promise.all([
      hub.apply('1', 'shipped', 'c', told(3, 'shipped')),
      hub.apply('1', 'shipped', 'd', told(3, 'shipped')),
    ]);
    assert.equal(await sold(), 3, 'the rest left more than once, or the first part again');
    assert.deepEqual(await hub.stock.broken(), []);
  });

  it('leave once when stock-deduct sells over the counter what stock-apply booked out', async () => {
    await hub.happens('1', { status: 'shipped', lines: [tea(3)] });
    const answer = await overCounter(1);
    assert.deepEqual(
      [answer.state, answer.refusals.map(({ code }) => code)],
      ['refused', ['stock.left-already']],
    );
    assert.match(answer.refusals[0]!.sentence, /3 of 3/);
    assert.equal(await sold(), 3);
  });

  it('leave once when both ask for all of it in one batch', async () => {
    await hub.save('1', { status: 'shipped', lines: [tea(3)] });
    const answers = await Promise.all([overCounter(2), overCounter(2), overCounter(1)]);
    assert.deepEqual(
      answers.map(({ state }) => state),
      ['deducted', 'refused', 'deducted'],
    );
    assert.equal(await sold(), 3);
  });

  it('leave once when stock-lock and stock-deduct come after stock-apply', async () => {
    await hub.happens('1', { status: 'shipped', lines: [tea(3)] });
    assert.equal((await lock(3)).state, 'locked');
    const answer = await hub.stock.stock.deduct(act());
    assert.deepEqual(
      [answer.state, answer.refusals.map(({ code }) => code)],
      ['refused', ['stock.left-already']],
    );
    assert.equal((await hub.stock.stock.release(act())).state, 'released');
    assert.equal(await sold(), 3);
  });

  it('leave again once they came back', async () => {
    await hub.happens('1', { status: 'shipped', lines: [tea(3)] });
    const lines = [{ lineId: '1', sku: 'TEA', quantity: 1 }];
    await hub.stock.stock.takeBack({ ...act(), lines, bucket: 'available' });
    assert.equal((await overCounter(1)).state, 'deducted');
    assert.equal((await overCounter(1)).state, 'refused');
    assert.equal(await sold(), 3);
  });
});
