import assert from 'node:assert/strict';
import type { Order } from '../../../../core/order/schema.ts';
import { onEachStore } from '../../store/each-store.ts';
import { noon } from '../stock-fixture.ts';
import { aPolicy, aRule } from './a-policy.ts';
import { keyOf, PolicyFixture } from './policy-fixture.ts';

const hour = 3_600_000;
const instant = (at: number) => ({ at: new Date(at).toISOString(), text: '' });
const tea = (quantity: number, more: Partial<Order['lines'][number]> = {}) => ({
  lineId: '1',
  sku: 'TEA',
  quantity,
  ...more,
});

onEachStore('the stock policy', (makePlace) => {
  let hub: PolicyFixture;
  beforeEach(async () => {
    hub = await PolicyFixture.open(makePlace);
    await hub.receive({ TEA: 10, CUP: 10 });
  });
  afterEach(() => hub.close());

  const states = async (...args: Parameters<PolicyFixture['happens']>) =>
    (await hub.happens(...args)).map(({ state }) => state);

  describe('for a normal order', () => {
    it('locks when it is paid, not before, and deducts when it is shipped', async () => {
      assert.deepEqual(await states('1', { status: 'created', lines: [tea(3)] }), ['nothing']);
      assert.equal((await hub.units()).available, 10);
      assert.deepEqual(await states('1', { status: 'paid' }), ['locked']);
      assert.deepEqual(await hub.units(), { available: 7, held: 0, committed: 3, presale: 0 });
      assert.deepEqual(await states('1', { status: 'shipped' }), ['deducted']);
      assert.deepEqual(await hub.units(), { available: 7, held: 0, committed: 0, presale: 0 });
      assert.deepEqual(
        await states('1', { refundStatus: 'full' }),
        ['nothing'],
        'returns are an act of their own',
      );
      assert.equal((await hub.units()).available, 7);
    });

    it('takes an order seen first when it was paid with one lock', async () => {
      assert.deepEqual(await states('1', { status: 'paid', lines: [tea(3)] }), ['locked', 'nothing']);
      assert.equal((await hub.units()).committed, 3);
    });

    for (const [what, fields] of [
      ['cancelled', { status: 'cancelled' }],
      ['refunded before it is shipped', { refundStatus: 'full' }],
    ] as const)
      it(`frees what is ${what}`, async () => {
        await hub.happens('1', { status: 'paid', lines: [tea(3)] });
        assert.deepEqual(await states('1', fields), ['released']);
        assert.deepEqual(await hub.units(), { available: 10, held: 0, committed: 0, presale: 0 });
      });

    it('releases and ships just the units of partial cancels, refunds and shipments', async () => {
      const cups = { lineId: '2', sku: 'CUP', quantity: 4 };
      await hub.happens('1', { status: 'paid', lines: [tea(6), cups] });
      assert.deepEqual(await states('1', { lines: [tea(5), cups] }), ['released']);
      assert.equal((await hub.units()).committed, 5);
      const refunded = { ...cups, refundStatus: 'full' as const };
      assert.deepEqual(await states('1', { lines: [tea(5), refunded], refundStatus: 'partial' }), [
        'released',
        'nothing',
      ]);
      assert.deepEqual(await hub.units('CUP'), { available: 10, held: 0, committed: 0, presale: 0 });
      assert.deepEqual(
        await states('1', { status: 'part-shipped', lines: [tea(5, { shippedQuantity: 2 }), refunded] }),
        ['deducted', 'nothing'],
      );
      assert.deepEqual(await hub.units(), { available: 5, held: 0, committed: 3, presale: 0 });
      assert.deepEqual(await states('1', { lines: [tea(5, { shippedQuantity: 4 }), refunded] }), [
        'deducted',
      ]);
      assert.equal((await hub.units()).committed, 1);
      assert.deepEqual(await states('1', { status: 'shipped' }), ['deducted']);
      assert.deepEqual(await hub.units(), { available: 5, held: 0, committed: 0, presale: 0 });
      assert.deepEqual(await hub.line('1'), { locked: 0, shipped: 5, cancelled: 1 });
      assert.deepEqual(await hub.units('CUP'), { available: 10, held: 0, committed: 0, presale: 0 });
    });

    it('does both of what one event brings: units that leave, and units that are freed', async () => {
      await hub.happens('1', { status: 'paid', lines: [tea(6)] });
      const [answer] = await hub.happens('1', {
        status: 'part-shipped',
        lines: [tea(4, { shippedQuantity: 3 })],
      });
      assert.deepEqual(
        answer?.acts.map(({ state }) => state),
        ['deducted', 'released'],
      );
      assert.deepEqual(await hub.units(), { available: 6, held: 0, committed: 1, presale: 0 });
    });

    it('ships and frees whole bundles', async () => {
      const parts = [
        { sku: 'TEA', quantity: 2 },
        { sku: 'CUP', quantity: 1 },
      ];
      await hub.define('GIFT', parts);
      const gift = (quantity: number, shippedQuantity = 0) => [
        { lineId: '1', sku: 'GIFT', quantity, shippedQuantity },
      ];
      await hub.happens('1', { status: 'paid', lines: gift(4) });
      assert.equal((await hub.units()).committed, 8);
      assert.deepEqual(await states('1', { status: 'part-shipped', lines: gift(3, 1) }), [
        'released',
        'nothing',
      ]);
      assert.deepEqual(await hub.units(), { available: 4, held: 0, committed: 4, presale: 0 });
      assert.deepEqual(await hub.units('CUP'), { available: 7, held: 0, committed: 2, presale: 0 });
      assert.deepEqual(await states('1', { status: 'shipped' }), ['deducted']);
      assert.deepEqual(await hub.units(), { available: 4, held: 0, committed: 0, presale: 0 });
    });

    it('locks what an order wants more of', async () => {
      await hub.happens('1', { status: 'paid', lines: [tea(2)] });
      assert.deepEqual(await states('1', { lines: [tea(5)] }), ['locked']);
      assert.equal((await hub.units()).committed, 5);
    });

    it('answers a message that comes twice as the first time, and does nothing', async () => {
      await hub.save('1', { status: 'paid', lines: [tea(3)] });
      const first = await hub.apply('1', 'paid');
      const again = await hub.apply('1', 'paid');
      assert.equal(first.state, 'locked');
      assert.deepEqual({ ...again, acts: [] }, { ...first, replayed: true, acts: [] });
      await hub.save('1', { status: 'part-shipped', lines: [tea(2, { shippedQuantity: 1 })] });
      const shipped = await hub.apply('1', 'part-shipped');
      const twice = await hub.apply('1', 'part-shipped');
      assert.equal(shipped.acts.length, 2);
      assert.equal(twice.replayed, true);
      assert.deepEqual(
        twice.acts.map(({ act, state, lines }) => ({ act, state, lines })),
        shipped.acts.map(({ act, state, lines }) => ({ act, state, lines })),
      );
      assert.equal((await hub.units()).committed, 1);
    });

    it('does once what comes several times at the same moment, also to another node', async () => {
      await hub.save('1', { status: 'paid', lines: [tea(3)] });
      const locks = await Promise.all(
        ['a', 'a', 'b', 'c'].map((node) => hub.apply('1', 'paid', `paid at ${node}`)),
      );
      assert.ok(locks.every(({ state }) => state === 'locked' || state === 'nothing'));
      assert.deepEqual(await hub.units(), { available: 7, held: 0, committed: 3, presale: 0 });
      await hub.save('1', { status: 'shipped' });
      await Promise.all(['a', 'a', 'b', 'c'].map((node) => hub.apply('1', 'shipped', `shipped at ${node}`)));
      assert.deepEqual(await hub.units(), { available: 7, held: 0, committed: 0, presale: 0 });
    });

    it('does not say again that units are locked when they were freed since', async () => {
      await hub.save('1', { status: 'paid', lines: [tea(3)] });
      await hub.apply('1', 'paid');
      await hub.happens('1', { status: 'cancelled' });
      const late = await hub.apply('1', 'paid');
      assert.equal(late.state, 'refused');
      assert.equal(late.refusals[0]?.code, 'stock.hold-released');
      assert.equal((await hub.units()).available, 10);
    });

    it('says of a paid order without stock that it is paid, with the arithmetic, and the same when it is asked again', async () => {
      await hub.save('1', { status: 'paid', lines: [tea(11)] });
      const short = await hub.apply('1', 'paid');
      assert.equal(short.state, 'short');
      assert.equal(short.code, 'policy.paid-no-stock');
      assert.deepEqual(
        short.refusals.map(({ shortage }) => [shortage?.asked, shortage?.available]),
        [[11, 10]],
      );
      await hub.receive({ TEA: 5 });
      assert.equal((await hub.apply('1', 'paid')).state, 'short', 'whoever heard it has acted on it');
      assert.equal((await hub.apply('1', 'changed')).state, 'locked', 'the next event tries again');
    });

    it('does nothing about what the hub says itself', async () => {
      await hub.save('1', { status: 'paid', lines: [tea(3)] });
      for (const type of ['allocated', 'short', 'stock-released', 'stock-deducted', 'return-received'])
        assert.equal((await hub.apply('1', type)).state, 'nothing');
    });

    it('deducts what was shipped without a lock from what is free, and says when there is nothing', async () => {
      await hub.save('1', { status: 'shipped', lines: [tea(4)] });
      assert.equal((await hub.apply('1', 'shipped')).state, 'deducted');
      assert.equal((await hub.units()).available, 6);
      await hub.save('2', { status: 'shipped', lines: [tea(7), { lineId: '2', sku: 'CUP', quantity: 1 }] });
      const missing = await hub.apply('2', 'shipped');
      assert.equal(missing.state, 'short');
      assert.equal(missing.code, 'policy.shipped-no-stock');
      assert.equal((await hub.units()).available, 6, 'nothing gets negative');
      assert.equal((await hub.units('CUP')).available, 9, 'what there is of another line leaves');
      await hub.receive({ TEA: 1 });
      assert.equal((await hub.apply('2', 'completed')).state, 'deducted');
      assert.deepEqual(await hub.units(), { available: 0, held: 0, committed: 0, presale: 0 });
      assert.equal((await hub.units('CUP')).available, 9, 'what had left leaves once');
    });

    it('deducts what is held and takes only the rest from what is free', async () => {
      await hub.happens('1', { status: 'paid', lines: [tea(3)] });
      await hub.save('1', { status: 'shipped', lines: [tea(5)] });
      const answer = await hub.apply('1', 'shipped');
      assert.deepEqual(
        answer.acts.map(({ lines }) => lines),
        [[{ lineId: '1', sku: 'TEA', deducted: 3 }], [{ lineId: '1', sku: 'TEA', deducted: 2 }]],
      );
      assert.deepEqual(await hub.units(), { available: 5, held: 0, committed: 0, presale: 0 });
    });

    it('locks an order on hold, or waits until it may go on', async () => {
      const held = { status: 'paid' as const, lines: [tea(3)], hold: { reason: 'risk control' } };
      await hub.happens('1', held);
      assert.equal((await hub.units()).committed, 3);
      hub.policy = { ...hub.policy, onHold: 'wait' };
      assert.deepEqual(await states('2', held), ['nothing', 'nothing', 'nothing']);
      const released = await hub.happens('2', { hold: undefined });
      assert.deepEqual(
        released.map(({ state }) => state),
        ['locked'],
      );
    });
  });

  it('does not renew a lock whose time ran out, though another line was freed by hand before', async () => {
    hub.policy = aPolicy({ rules: [aRule('live')] });
    const lines = [tea(2), { lineId: '2', sku: 'CUP', quantity: 2 }];
    assert.deepEqual(await states('1', { scenario: 'live', status: 'created', lines }), ['locked']);
    const act = { orderKey: keyOf('1'), opKey: 'by hand', actor: 'test', lines: [{ lineId: '2' }] };
    assert.equal((await hub.stock.stock.release(act)).state, 'released');
    hub.wait(hour);
    assert.deepEqual(await states('1', { buyer: { note: 'please' } }), ['nothing'], 'no payment, no lock');
    assert.deepEqual(await states('1', { status: 'paid' }), ['locked'], 'a late payment tries again');
  });

  describe('for a presale', () => {
    const deposit = (balance?: number): Partial<Order> => ({
      scenario: 'presale',
      status: 'deposit-paid',
      lines: [tea(3)],
      times: { deposit: instant(noon), ...(balance !== undefined && { balance: instant(balance) }) },
    });

    it('locks on the deposit, commits on the balance, and deducts when it is shipped', async () => {
      await hub.happens('1', deposit());
      assert.deepEqual(await hub.units(), { available: 7, held: 0, committed: 0, presale: 3 });
      assert.deepEqual(await states('1', { status: 'paid' }), ['locked']);
      assert.deepEqual(await hub.units(), { available: 7, held: 0, committed: 3, presale: 0 });
      hub.wait(30 * 24 * hour);
      assert.equal((await hub.units()).committed, 3, 'it does not lapse any more');
      assert.deepEqual(await states('1', { status: 'shipped' }), ['deducted']);
      assert.equal((await hub.units()).available, 7);
    });

    it('frees when the balance window ends; a late balance tries again', async () => {
      await hub.happens('1', deposit(noon + hour));
      hub.wait(hour);
      assert.deepEqual(await hub.units(), { available: 10, held: 0, committed: 0, presale: 0 });
      assert.deepEqual(await states('1', { buyer: { note: 'please' } }), ['nothing'], 'no payment, no lock');
      assert.deepEqual(await states('1', { status: 'paid' }), ['locked']);
      assert.equal((await hub.units()).committed, 3);
    });

    it('ends as paid without stock when somebody else has the units by then', async () => {
      await hub.happens('1', deposit(noon + hour));
      hub.wait(hour);
      await hub.happens('2', { status: 'paid', lines: [tea(9)] });
      const [late] = await hub.happens('1', { status: 'paid' });
      assert.equal(late?.state, 'short');
      assert.equal(late?.code, 'policy.paid-no-stock');
      assert.equal(late?.refusals[0]?.shortage?.available, 1);
    });

    it('counts the window from the deposit, however often the order changes, and follows a new date', async () => {
      await hub.happens('1', deposit());
      hub.wait(2 * 24 * hour);
      await hub.happens('1', { lines: [tea(4)] });
      hub.wait(24 * hour);
      assert.equal((await hub.units()).presale, 0, 'three days after the deposit');
      await hub.happens('2', { ...deposit(noon + 80 * hour) });
      await hub.happens('2', { times: { balance: instant(noon + 90 * hour) } });
      hub.wait(15 * hour);
      assert.equal((await hub.units()).presale, 3);
      hub.wait(4 * hour);
      assert.equal((await hub.units()).presale, 0);
    });

    it('frees a deposit that is paid back', async () => {
      await hub.happens('1', deposit());
      assert.deepEqual(await states('1', { refundStatus: 'full' }), ['released']);
      assert.equal((await hub.units()).available, 10);
    });
  });

  describe('for a point of sale', () => {
    const receipt: Partial<Order> = { scenario: 'pos', status: 'created', lines: [tea(2)] };

    it('holds until the shop closes in its own zone', async () => {
      hub.policy = { ...hub.policy, shops: [{ shop: 'main', zone: 'Asia/Shanghai', closes: '21:30' }] };
      await hub.happens('1', receipt);
      assert.equal((await hub.units()).held, 2);
      hub.wait(1.5 * hour - 1);
      assert.equal((await hub.units()).held, 2, 'noon UTC is 20:00 in Shanghai');
      hub.wait(1);
      assert.equal((await hub.units()).held, 0);
      assert.deepEqual(await states('1', { sellerNote: 'did not come' }), ['nothing']);
    });

    it('posts when the customer collects, also a receipt that was held', async () => {
      await hub.happens('1', receipt);
      assert.equal((await hub.apply('1', 'collected')).state, 'deducted');
      assert.deepEqual(await hub.units(), { available: 8, held: 0, committed: 0, presale: 0 });
      assert.deepEqual(await states('1', { status: 'completed' }), ['nothing', 'nothing', 'nothing']);
      assert.deepEqual(await states('2', { ...receipt, status: 'completed' }), [
        'deducted',
        'nothing',
        'nothing',
        'nothing',
      ]);
      assert.equal((await hub.units()).available, 6);
    });

    it('frees a voided receipt, and does not lock it again', async () => {
      await hub.happens('1', receipt);
      assert.equal((await hub.apply('1', 'voided')).state, 'released');
      assert.deepEqual(await states('1', { sellerNote: 'voided by mistake?' }), ['nothing']);
      assert.equal((await hub.units()).available, 10);
    });
  });

  describe('for rows that were added', () => {
    beforeEach(() => {
      const rules = ['normal', 'live', 'exchange', 'cash-on-delivery', 'transfer'].map((name) => aRule(name));
      hub.policy = { ...hub.policy, rules };
    });

    it('shortens a live sale’s lock on scarce stock, caps each buyer, and commits on payment', async () => {
      const live: Partial<Order> = {
        scenario: 'live',
        status: 'created',
        lines: [tea(2)],
        buyer: { key: 'ann' },
      };
      await hub.happens('1', live);
      hub.wait(3 * 60_000);
      assert.equal((await hub.units()).held, 0, 'fewer than 20 are left, so 3 minutes and not 5');
      await hub.happens('2', live);
      const [third] = await hub.happens('3', { ...live, lines: [tea(1)] });
      assert.equal(third?.state, 'refused');
      await hub.happens('2', { status: 'paid' });
      hub.wait(hour);
      assert.equal((await hub.units()).committed, 2);
    });

    it('holds cash on delivery for a day, and for good once it is confirmed', async () => {
      const ordered: Partial<Order> = { scenario: 'cash-on-delivery', status: 'created', lines: [tea(2)] };
      await hub.happens('1', ordered);
      await hub.happens('2', ordered);
      assert.equal((await hub.units()).held, 4);
      assert.equal((await hub.apply('1', 'confirmed')).state, 'locked');
      hub.wait(24 * hour);
      assert.deepEqual(await hub.units(), { available: 8, held: 0, committed: 2, presale: 0 });
      await hub.happens('1', { sellerNote: 'ring twice' });
      hub.wait(30 * 24 * hour);
      assert.equal((await hub.units()).committed, 2, 'a note does not bring the time limit back');
      assert.equal((await hub.apply('1', 'refused')).state, 'released');
    });

    it('locks on an event that only a message tells, and keeps it', async () => {
      const exchange: Partial<Order> = { scenario: 'exchange', status: 'created', lines: [tea(2)] };
      assert.deepEqual(await states('1', exchange), ['nothing']);
      assert.equal((await hub.apply('1', 'approved')).state, 'locked');
      await hub.happens('1', { sellerNote: 'the blue one' });
      assert.equal((await hub.units()).committed, 2);
      assert.equal((await hub.apply('1', 'withdrawn')).state, 'released');
      assert.equal((await hub.apply('1', 'approved', 'approved twice')).state, 'locked');
    });

    it('keeps units back from all but rules of high priority', async () => {
      hub.policy = { ...hub.policy, buffer: 4 };
      const [ordinary] = await hub.happens('1', { status: 'paid', lines: [tea(7)] });
      assert.equal(ordinary?.state, 'short');
      assert.equal(ordinary?.refusals[0]?.shortage?.buffer, 4);
      await hub.save('2', { scenario: 'exchange', status: 'created', lines: [tea(7)] });
      assert.equal((await hub.apply('2', 'approved')).state, 'locked');
    });

    it('takes no notice of a timer that comes after the payment', async () => {
      await hub.happens('1', { status: 'paid', lines: [tea(2)] });
      assert.equal((await hub.apply('1', 'unpaid-timeout')).state, 'nothing');
      assert.equal((await hub.units()).committed, 2);
    });
  });

  it('takes units from the warehouses behind the pool, and gives them back there', async () => {
    await hub.receive({ TEA: 5 }, 'east');
    await hub.receive({ TEA: 5 }, 'south');
    hub.policy = {
      ...hub.policy,
      warehouses: {
        pools: [
          { pool: 'east', regions: ['浙江', '江苏'] },
          { pool: 'south', regions: ['广东'] },
        ],
        choose: 'nearest',
        split: true,
      },
    };
    const receiver = { country: 'CN', region: '广东省', city: '深圳市' };
    await hub.happens('1', { status: 'paid', lines: [tea(6)], receiver });
    assert.equal((await hub.units('TEA', 'south')).committed, 5);
    assert.equal((await hub.units('TEA', 'east')).committed, 1);
    await hub.happens('1', { status: 'part-shipped', lines: [tea(6, { shippedQuantity: 2 })] });
    await hub.happens('1', { status: 'cancelled' });
    assert.equal((await hub.units('TEA', 'south')).committed + (await hub.units('TEA', 'east')).committed, 0);
    assert.equal((await hub.units('TEA', 'south')).available + (await hub.units('TEA', 'east')).available, 8);
  });

  it('refuses a scenario without a row, naming those there are, and changes nothing', async () => {
    await hub.save('1', { scenario: 'auction', status: 'paid', lines: [tea(1)] });
    const answer = await hub.apply('1', 'paid');
    assert.equal(answer.state, 'refused');
    assert.equal(answer.code, 'policy.unknown-scenario');
    assert.equal(answer.refusals[0]?.params.known, 'normal, presale, pos');
    assert.equal((await hub.units()).available, 10);
  });

  describe('for an order that is not in the store', () => {
    const told = (status: string, quantity: unknown, more = {}) => ({
      status,
      lines: [{ ...tea(1), quantity, ...more }],
    });

    it('goes by what the message says', async () => {
      assert.equal((await hub.apply('9', 'paid', 1, told('paid', 4))).state, 'locked');
      assert.equal((await hub.apply('9', 'changed', 2, told('paid', '3'))).state, 'released');
      assert.equal(
        (await hub.apply('9', 'part-shipped', 3, told('paid', 3, { shippedQuantity: 1 }))).state,
        'deducted',
      );
      assert.deepEqual(await hub.units(), { available: 7, held: 0, committed: 2, presale: 0 });
      assert.equal((await hub.apply('9', 'shipped', 4, told('shipped', 3))).state, 'deducted');
      assert.equal((await hub.apply('9', 'shipped', 5, told('shipped', 3))).state, 'nothing');
      assert.deepEqual(await hub.units(), { available: 7, held: 0, committed: 0, presale: 0 });
    });

    it('takes the event for its status when it has none', async () => {
      assert.equal((await hub.apply('9', 'paid', 1, { lines: [tea(4)] })).state, 'locked');
      assert.equal((await hub.apply('9', 'cancelled', 2, { lines: [tea(4)] })).state, 'released');
    });

    for (const quantity of [1.5, -1, 'many', null, 2e9, {}])
      it(`refuses ${JSON.stringify(quantity)} units`, async () => {
        const answer = await hub.apply('9', 'paid', 1, told('paid', quantity));
        assert.equal(answer.state, 'refused');
        assert.equal(answer.code, 'stock.bad-quantity');
        assert.equal((await hub.units()).available, 10);
      });

    for (const order of [undefined, null, 'paid', {}, { lines: [] }, { lines: [null] }])
      it(`refuses ${JSON.stringify(order)} as an order`, async () => {
        const answer = await hub.apply('9', 'paid', 1, order);
        assert.equal(answer.code, 'policy.no-lines');
      });
  });
});
