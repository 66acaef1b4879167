import { strict as assert } from 'node:assert';
import type { KeyedAnswer, LockAnswer, SweepAnswer } from '../../../core/stock/answers.ts';
import {
  checkCorrect,
  checkCount,
  checkDeduct,
  checkLock,
  checkReceive,
  checkRelease,
  checkSale,
} from '../../../core/stock/check.ts';
import type { Lock, StockCommand } from '../../../core/stock/commands.ts';
import { decide } from '../../../core/stock/decide.ts';
import type { ReadBalance, ReadHold, StockState } from '../../../core/stock/state.ts';

const now = Date.UTC(2026, 0, 2, 12);
let op = 0;
const act = () => {
  op += 1;
  return { opKey: `op-${op}`, actor: 'test' };
};

const balanceIds = new Map([
  ['TEA', 1],
  ['CUP', 2],
]);

function balance(sku: string, units: Partial<ReadBalance> = {}): ReadBalance {
  const none = { available: 0, held: 0, committed: 0, presale: 0, qc: 0, damaged: 0, inbound: 0 };
  return { id: balanceIds.get(sku) ?? 1, pool: 'main', sku, ...none, last_movement_id: null, ...units };
}

function hold(id: number, more: Partial<ReadHold> = {}): ReadHold {
  return {
    id,
    balance_id: balanceIds.get(more.sku ?? 'TEA') ?? 1,
    pool: 'main',
    sku: 'TEA',
    order_key: 'shop/9',
    line_id: '1',
    quantity: 2,
    remaining: 2,
    scenario: 'normal',
    bucket: 'committed',
    state: 'open',
    deadline: null,
    resolved_at: null,
    per_unit: 1,
    bundle: null,
    buyer_key: null,
    ...more,
  };
}

function state(more: Partial<StockState> = {}): StockState {
  return {
    now,
    operations: [],
    answered: [],
    balances: [balance('TEA', { available: 5 }), balance('CUP', { available: 1 })],
    orderHolds: [],
    lapsed: [],
    passedOver: [],
    holders: [],
    due: [],
    moreDue: false,
    buyerHolds: [],
    bundles: [],
    orders: [],
    orderLines: [],
    unsavedLines: [],
    deductions: [],
    ...more,
  };
}

function lock(order: string, wanted: [string, number][], more: Partial<Lock> = {}): StockCommand {
  const lines = wanted.map(([sku, quantity], index) => ({ lineId: String(index + 1), sku, quantity }));
  return checkLock({ ...act(), orderKey: order, lines, ...more }).command!;
}

/** Decides, and numbers the new holds as a store would. */
function run(from: StockState, commands: readonly StockCommand[]) {
  const decision = decide(from, commands);
  decision.newHolds.forEach((made, index) => {
    made.id = 100 + index;
  });
  return { decision, answers: decision.answers() as KeyedAnswer[] };
}

const states = (answers: readonly KeyedAnswer[]): string[] => answers.map((answer) => answer.state);

describe('deciding a batch of stock commands', () => {
  it('serves first come, first served, and a refused command changes nothing', () => {
    const { decision, answers } = run(state(), [
      lock('shop/1', [['TEA', 3]]),
      lock('shop/2', [['TEA', 3]]),
      lock('shop/3', [['TEA', 2]]),
    ]);
    assert.deepEqual(states(answers), ['locked', 'short', 'locked']);
    assert.deepEqual(
      decision.balances.map(({ sku, units }) => [sku, units.available, units.committed]),
      [['TEA', 0, 5]],
    );
    assert.equal(decision.movements.length, 2);
    assert.equal(decision.acts.length, 3, 'a refusal is kept for its op key too');
    assert.deepEqual((answers[2] as LockAnswer).holds, [101]);
  });

  it('sums lines of one SKU before it checks', () => {
    const { answers } = run(state(), [
      lock('shop/1', [
        ['TEA', 3],
        ['TEA', 3],
      ]),
    ]);
    assert.equal(answers[0]!.state, 'short');
    assert.equal(answers[0]!.refusals[0]!.shortage?.asked, 6);
  });

  it('locks every line or none, unless asked for what there is', () => {
    const wanted: [string, number][] = [
      ['TEA', 2],
      ['CUP', 3],
    ];
    const none = run(state(), [lock('shop/1', wanted)]);
    assert.equal(none.answers[0]!.state, 'short');
    assert.equal(none.decision.movements.length, 0);
    const some = run(state(), [lock('shop/1', wanted, { partial: 'what-there-is' })]);
    assert.equal(some.answers[0]!.state, 'short');
    assert.deepEqual(
      (some.answers[0] as LockAnswer).lines.map((line) => [line.asked, line.locked]),
      [
        [2, 2],
        [3, 1],
      ],
    );
  });

  it('says the arithmetic of a refusal and who holds the units until when', () => {
    const until = now + 60_000;
    const held = hold(1, { bucket: 'held', remaining: 1, quantity: 4, deadline: until });
    const { answers } = run(
      state({
        balances: [balance('TEA', { available: 1, held: 1, committed: 2, presale: 1 })],
        holders: [held],
      }),
      [lock('shop/1', [['TEA', 4]])],
    );
    const [refusal] = answers[0]!.refusals;
    assert.equal(refusal!.code, 'stock.short');
    assert.deepEqual(refusal!.shortage, {
      sku: 'TEA',
      asked: 4,
      available: 1,
      held: 1,
      committed: 2,
      presale: 1,
      buffer: 0,
      heldBy: [{ orderKey: 'shop/9', quantity: 1, until }],
    });
    assert.equal(
      refusal!.sentence,
      'SKU TEA: 4 asked, 1 available (held 1, committed 2, pre-sale 1, buffer 0). Held by: shop/9 × 1 (2026-01-02T12:01:00.000Z). Receive stock or release a hold, then try again.',
    );
  });

  it('names at most five holders, the newest first', () => {
    const commands = Array.from({ length: 7 }, (_, index) => lock(`shop/${index}`, [['TEA', 1]]));
    const { answers } = run(state({ balances: [balance('TEA', { available: 7 })] }), [
      ...commands,
      lock('shop/x', [['TEA', 1]]),
    ]);
    assert.deepEqual(
      answers[7]!.refusals[0]!.shortage?.heldBy.map((holder) => holder.orderKey),
      ['shop/6', 'shop/5', 'shop/4', 'shop/3', 'shop/2'],
    );
  });

  it('gives each refused caller an answer of its own', () => {
    const { answers } = run(state(), [lock('shop/1', [['TEA', 9]]), lock('shop/2', [['TEA', 9]])]);
    assert.deepEqual(answers[0]!.refusals, answers[1]!.refusals);
    assert.notEqual(answers[0]!.refusals[0], answers[1]!.refusals[0]);
    assert.notEqual(answers[0]!.refusals[0]!.shortage, answers[1]!.refusals[0]!.shortage);
  });

  it('refuses SKUs nobody knows by name, with all the rest', () => {
    const { answers } = run(state(), [
      lock(
        'shop/1',
        [
          ['TEE', 1],
          ['CUP', 9],
        ],
        { partial: 'what-there-is' },
      ),
    ]);
    assert.equal(answers[0]!.state, 'refused');
    assert.deepEqual(
      answers[0]!.refusals.map((refusal) => refusal.code),
      ['stock.unknown-sku', 'stock.short'],
    );
  });

  it('replays the first answer to an op key in the batch, and refuses the key for anything else', () => {
    const first = lock('shop/1', [['TEA', 5]], { opKey: 'same' });
    const changed = lock('shop/1', [['TEA', 4]], { opKey: 'same' });
    const order = lock('shop/2', [['TEA', 5]], { opKey: 'same' });
    const pool = lock('shop/1', [['TEA', 5]], { opKey: 'same', pool: 'east' });
    const kind = checkRelease({ opKey: 'same', actor: 'test', orderKey: 'shop/1' }).command!;
    const { decision, answers } = run(state(), [first, first, changed, order, pool, kind]);
    for (const again of answers.slice(1, 3)) assert.deepEqual(again, { ...answers[0], replayed: true });
    assert.deepEqual(
      answers.slice(3).map((answer) => answer.refusals[0]?.code),
      ['stock.op-key-reused', 'stock.op-key-reused', 'stock.op-key-reused'],
    );
    assert.equal(decision.acts.length, 1);
    assert.equal(decision.movements.length, 1);
  });

  it('replaces what the order holds, counting it as free for the order itself', () => {
    const own = hold(1, { order_key: 'shop/1', quantity: 4, remaining: 4 });
    const from = state({
      balances: [balance('TEA', { available: 1, committed: 4 })],
      orderHolds: [own],
    });
    const more = run(from, [lock('shop/1', [['TEA', 5]])]);
    assert.equal(more.answers[0]!.state, 'locked');
    assert.deepEqual(
      more.decision.movements.map((one) => [one.from, one.to, one.quantity]),
      [
        ['committed', 'available', 4],
        ['available', 'committed', 5],
      ],
    );
    assert.equal(more.decision.changedHolds[0]!.row.state, 'released');
    assert.equal(own.state, 'open', 'what was read is not changed');

    const tooMuch = run(from, [lock('shop/1', [['TEA', 6]])]);
    assert.equal(tooMuch.answers[0]!.refusals[0]!.shortage?.available, 5);
    assert.equal(tooMuch.answers[0]!.refusals[0]!.shortage?.committed, 0);
    assert.deepEqual((tooMuch.answers[0] as LockAnswer).lines[0]!.locked, 4);
    assert.deepEqual((tooMuch.answers[0] as LockAnswer).holds, [1]);
    assert.equal(tooMuch.decision.movements.length, 0);
  });

  it('releases lines that an order does not want any more', () => {
    const own = [
      hold(1, { order_key: 'shop/1' }),
      hold(2, { order_key: 'shop/1', line_id: '2', sku: 'CUP', quantity: 1, remaining: 1 }),
    ];
    const from = state({
      balances: [balance('TEA', { committed: 2 }), balance('CUP', { committed: 1 })],
      orderHolds: own,
    });
    const released = ({ decision }: ReturnType<typeof run>) =>
      decision.changedHolds.map(({ row }) => [row.sku, row.state]);
    const fewer = run(from, [lock('shop/1', [['TEA', 2]])]);
    assert.deepEqual((fewer.answers[0] as LockAnswer).holds, [1]);
    assert.deepEqual(released(fewer), [['CUP', 'released']]);
    const zero = run(from, [
      lock('shop/1', [
        ['TEA', 2],
        ['CUP', 0],
      ]),
    ]);
    assert.deepEqual(released(zero), [['CUP', 'released']]);
    const nothing = run(from, [lock('shop/1', [['TEA', 0]])]);
    assert.deepEqual([states(nothing.answers), released(nothing).length], [['locked'], 2]);
    const tooMuch = run(from, [lock('shop/1', [['TEA', 3]])]);
    assert.deepEqual((tooMuch.answers[0] as LockAnswer).holds, [1], 'of the lines that were asked for');
    assert.deepEqual(released(tooMuch), [], 'a refused lock changes nothing');
    const elsewhere = run(from, [lock('shop/1', [['TEA', 0]], { pool: 'east' })]);
    assert.deepEqual(released(elsewhere), [], 'another pool is another matter');
  });

  it('leaves a line that holds the same already, but for a new deadline', () => {
    const own = hold(1, { order_key: 'shop/1' });
    const from = state({ balances: [balance('TEA', { available: 1, committed: 2 })], orderHolds: [own] });
    const same = run(from, [lock('shop/1', [['TEA', 2]])]);
    assert.deepEqual((same.answers[0] as LockAnswer).holds, [1]);
    assert.equal(same.decision.movements.length + same.decision.changedHolds.length, 0);
    const timed = run(from, [lock('shop/1', [['TEA', 2]], { ttlMs: 1_000 })]);
    assert.equal(timed.decision.movements.length, 0);
    assert.equal(timed.decision.changedHolds[0]!.row.deadline, now + 1_000);
  });

  it('counts the units of lapsed holds as free, and expires as many as are needed', () => {
    const lapsed = [
      hold(1, { bucket: 'held', deadline: now - 5 }),
      hold(2, { bucket: 'held', deadline: now }),
    ];
    const from = state({ balances: [balance('TEA', { available: 1, held: 4 })], lapsed });
    const { decision, answers } = run(from, [lock('shop/1', [['TEA', 3]])]);
    assert.equal(answers[0]!.state, 'locked');
    assert.deepEqual(
      decision.changedHolds.map(({ id, row }) => [id, row.state, row.resolved_at]),
      [[1, 'expired', now]],
    );
    assert.deepEqual(
      decision.movements.map((one) => [
        one.from,
        one.to,
        one.quantity,
        one.act.cause.kind,
        one.act.cause.opKey,
      ]),
      [
        ['held', 'available', 2, 'expire', null],
        ['available', 'committed', 3, 'lock', decision.acts[0]!.cause.opKey],
      ],
    );
  });

  it('never goes below zero with a correction, line after line', () => {
    const correct = (...quantities: number[]) =>
      checkCorrect({ ...act(), lines: quantities.map((quantity) => ({ sku: 'TEA', quantity })) }).command!;
    assert.equal(run(state(), [correct(-5)]).answers[0]!.state, 'done');
    const { answers } = run(state(), [correct(-6, 6)]);
    assert.equal(answers[0]!.refusals[0]!.code, 'stock.below-zero');
    assert.equal(answers[0]!.refusals[0]!.shortage?.asked, 6);
    const unknown = checkCorrect({ ...act(), lines: [{ sku: 'TEE', quantity: 1 }] }).command!;
    assert.equal(run(state(), [unknown]).answers[0]!.refusals[0]!.code, 'stock.unknown-sku');
  });

  it('sets what is on hand by changing what is free', () => {
    const count = (counted: number) => checkCount({ ...act(), lines: [{ sku: 'TEA', counted }] }).command!;
    const from = () =>
      state({ balances: [balance('TEA', { available: 2, held: 1, committed: 2, qc: 1, inbound: 9 })] });
    const more = run(from(), [count(8)]);
    assert.deepEqual(more.answers[0]!.lines, [{ sku: 'TEA', quantity: 2, available: 4 }]);
    assert.equal(more.decision.movements[0]!.from, 'adjust');
    const same = run(from(), [count(6)]);
    assert.equal(same.answers[0]!.state, 'done');
    assert.equal(same.decision.movements.length, 0);
    const low = run(from(), [count(3)]);
    assert.equal(low.answers[0]!.refusals[0]!.code, 'stock.count-below-locked');
    assert.equal(low.answers[0]!.refusals[0]!.params.locked, 4);
    const first = run(state(), [checkCount({ ...act(), lines: [{ sku: 'NEW', counted: 0 }] }).command!]);
    assert.equal(first.decision.balances[0]!.isNew, true);
    assert.equal(first.decision.movements.length, 0);
  });

  it('receives into the bucket it is told, and makes the SKU known', () => {
    const receive = checkReceive({
      ...act(),
      bucket: 'qc',
      lines: [
        { sku: 'NEW', quantity: 2 },
        { sku: 'NEW', quantity: '3' },
      ],
    });
    const { decision, answers } = run(state(), [receive.command!]);
    assert.equal(answers[0]!.state, 'done');
    assert.equal(decision.balances[0]!.units.qc, 5);
    const flood = checkReceive({ ...act(), lines: [{ sku: 'TEA', quantity: 1_000_000_000 }] }).command!;
    const full = state({ balances: [balance('TEA', { available: 1_000_000_000_000 })] });
    assert.equal(run(full, [flood]).answers[0]!.refusals[0]!.code, 'stock.too-many-units');
  });

  describe('giving back and letting go', () => {
    const holds = () => [
      hold(1, { order_key: 'shop/1', line_id: '1' }),
      hold(2, { order_key: 'shop/1', line_id: '2', sku: 'CUP' }),
    ];
    const from = () =>
      state({
        balances: [
          balance('TEA', { available: 5, committed: 2 }),
          balance('CUP', { available: 1, committed: 2 }),
        ],
        orderHolds: holds(),
      });

    it('releases all, or by line and quantity', () => {
      const all = run(from(), [checkRelease({ ...act(), orderKey: 'shop/1' }).command!]);
      assert.deepEqual(all.answers[0]!.lines, [
        { lineId: '1', sku: 'TEA', released: 2 },
        { lineId: '2', sku: 'CUP', released: 2 },
      ]);
      const part = run(from(), [
        checkRelease({ ...act(), orderKey: 'shop/1', lines: [{ lineId: '2', quantity: 1 }] }).command!,
      ]);
      assert.deepEqual(
        part.decision.changedHolds.map(({ row }) => [row.state, row.remaining, row.resolved_at]),
        [['open', 1, null]],
      );
    });

    it('posts in parts, and refuses more than is left, all lines or none', () => {
      const deduct = (lineId: string, quantity: number) =>
        checkDeduct({ ...act(), orderKey: 'shop/1', lines: [{ lineId, quantity }] }).command!;
      const { decision, answers } = run(from(), [
        deduct('1', 1),
        deduct('1', 2),
        deduct('1', 1),
        deduct('1', 1),
      ]);
      assert.deepEqual(states(answers), ['deducted', 'refused', 'deducted', 'refused']);
      assert.deepEqual(answers[1]!.refusals[0]!.params, {
        orderKey: 'shop/1',
        line: '1',
        asked: 2,
        held: 1,
      });
      assert.equal(answers[3]!.refusals[0]!.code, 'stock.hold-posted');
      assert.equal(decision.changedHolds[0]!.row.state, 'posted');
      const both = checkDeduct({
        ...act(),
        orderKey: 'shop/1',
        lines: [{ lineId: '1' }, { lineId: '3' }],
      }).command!;
      assert.equal(run(from(), [both]).decision.movements.length, 0);
    });

    it('says exactly why there is nothing to resolve', () => {
      const release = () => checkRelease({ ...act(), orderKey: 'shop/1' }).command!;
      const code = (more: Partial<ReadHold> | undefined): string => {
        const orderHolds = more ? [hold(1, { order_key: 'shop/1', bucket: 'held', ...more })] : [];
        const balances = [balance('TEA', { held: 2 })];
        return run(state({ balances, orderHolds }), [release()]).answers[0]!.refusals[0]!.code;
      };
      assert.equal(code(undefined), 'stock.hold-none');
      assert.equal(code({ state: 'posted', remaining: 0, resolved_at: 5 }), 'stock.hold-posted');
      assert.equal(code({ state: 'released', remaining: 0, resolved_at: 5 }), 'stock.hold-released');
      assert.equal(
        code({ state: 'expired', remaining: 0, deadline: 5, resolved_at: 7 }),
        'stock.hold-expired',
      );
      assert.equal(code({ deadline: now }), 'stock.hold-expired');
    });

    it('sells over the counter without a hold, all lines or none', () => {
      const sale = (quantity: number) =>
        checkSale({
          ...act(),
          orderKey: 'pos/1',
          withoutHold: true,
          lines: [
            { lineId: '1', sku: 'TEA', quantity },
            { lineId: '2', sku: 'CUP', quantity: 1 },
          ],
        }).command!;
      const { decision, answers } = run(from(), [sale(6), sale(5)]);
      assert.deepEqual(states(answers), ['short', 'deducted']);
      assert.deepEqual(
        decision.movements.map((one) => [one.balance.sku, one.from, one.to, one.quantity]),
        [
          ['TEA', 'available', 'customer', 5],
          ['CUP', 'available', 'customer', 1],
        ],
      );
    });
  });

  it('sweeps a page and says whether there may be more', () => {
    const due = [1, 2, 3].map((id) => hold(id, { bucket: 'held', deadline: now - 1 }));
    const from = state({ balances: [balance('TEA', { held: 6 })], due });
    const sweep = (limit: number): StockCommand => ({ kind: 'sweep', limit });
    const { decision, answers } = run(from, [sweep(2), sweep(2)]);
    assert.deepEqual(answers as unknown as SweepAnswer[], [
      { expired: 2, more: true },
      { expired: 1, more: false },
    ]);
    assert.equal(decision.balances[0]!.units.available, 6);
  });

  it('fails loudly when the books are broken, rather than going below zero', () => {
    const from = state({
      balances: [balance('TEA', { committed: 1 })],
      orderHolds: [hold(1, { order_key: 'shop/1' })],
    });
    assert.throws(() => run(from, [checkRelease({ ...act(), orderKey: 'shop/1' }).command!]), /-1 units/);
  });
});
