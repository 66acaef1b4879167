import { strict as assert } from 'node:assert';
import fc from 'fast-check';
import {
  type ChannelShare,
  nextFenceChange,
  policyFault,
  type ShareKind,
  type SharePolicy,
} from '../../../../core/stock/shares/policy.ts';
import { shareOut } from '../../../../core/stock/shares/share-out.ts';

const row = (
  channel: string,
  kind: ShareKind,
  amount: number | null = null,
  more: Partial<ChannelShare> = {},
) =>
  ({ channel, shop: 'main', kind, amount, cap: null, fence: null, listings: 'all', ...more }) as ChannelShare;
const policyOf = (channels: ChannelShare[], more: Partial<SharePolicy> = {}): SharePolicy => ({
  pools: ['main'],
  buffer: 0,
  closeBelow: 0,
  reopenAt: 0,
  lastUnits: null,
  channels,
  ...more,
});
const numbers = (available: number, policy: SharePolicy, now = 0) =>
  shareOut(available, policy, now).map(({ sellable }) => sellable);

/** Policies whose rows exclude one another: what one shows no other shows. */
const exclusive = fc
  .record({
    kinds: fc.array(
      fc.record({
        kind: fc.constantFrom<ShareKind>('percent', 'fixed', 'priority'),
        amount: fc.integer({ min: 0, max: 60 }),
        cap: fc.option(fc.integer({ min: 0, max: 80 }), { nil: null }),
        fence: fc.option(fc.integer({ min: 0, max: 40 }), { nil: null }),
      }),
      { minLength: 1, maxLength: 5 },
    ),
    buffer: fc.integer({ min: 0, max: 20 }),
    closeBelow: fc.integer({ min: 0, max: 10 }),
    last: fc.option(fc.integer({ min: 1, max: 20 }), { nil: null }),
  })
  .map(({ kinds, buffer, closeBelow, last }) => {
    const percents = kinds.filter(({ kind }) => kind === 'percent').length;
    const channels = kinds.map(({ kind, amount, cap, fence }, index) =>
      row(`c${index}`, kind, kind === 'percent' ? Math.min(amount, 100 / percents) : amount, {
        cap,
        fence: fence === null ? null : { units: fence, from: 0, until: 10 },
      }),
    );
    const lastUnits = last === null ? null : { units: last, channel: 'c0', shop: 'main' };
    return policyOf(channels, { buffer, closeBelow, reopenAt: closeBelow + 2, lastUnits });
  });

describe('sharing stock out', () => {
  it('shows the whole less the buffer to all who share it', () => {
    assert.deepEqual(numbers(10, policyOf([row('a', 'shared'), row('b', 'shared')], { buffer: 3 })), [7, 7]);
    assert.deepEqual(numbers(2, policyOf([row('a', 'shared')], { buffer: 3 })), [0]);
    assert.deepEqual(numbers(-4, policyOf([row('a', 'shared')])), [0]);
  });
  it('gives percentages whole units, and those who share the rest of the hundred', () => {
    assert.deepEqual(numbers(11, policyOf([row('a', 'percent', 60), row('b', 'shared')])), [6, 4]);
    assert.deepEqual(numbers(10, policyOf([row('a', 'percent', 80), row('b', 'percent', 70)])), [8, 7]);
    assert.deepEqual(numbers(100, policyOf([row('a', 'percent', 28.57)])), [28]);
    assert.deepEqual(numbers(1_000, policyOf([row('a', 'percent', 0.7)])), [7]);
  });
  it('serves quotas, then priorities up to their floors, then the rest', () => {
    const table = [
      row('a', 'shared'),
      row('b', 'priority', 5),
      row('c', 'priority', 5),
      row('d', 'fixed', 4),
    ];
    assert.deepEqual(numbers(20, policyOf(table)), [6, 5, 5, 4]);
    assert.deepEqual(numbers(11, policyOf(table)), [0, 5, 2, 4]);
    assert.deepEqual(numbers(3, policyOf(table)), [0, 0, 0, 3]);
    const floors = policyOf([row('b', 'priority', 5), row('c', 'priority', 5)]);
    assert.deepEqual(numbers(20, floors), [15, 5]);
    assert.deepEqual(numbers(7, policyOf([row('b', 'priority'), row('c', 'priority', 5)])), [7, 0]);
  });
  it('keeps a campaign its units between its dates', () => {
    const fence = { units: 6, from: 100, until: 200 };
    const policy = policyOf([row('a', 'shared'), row('b', 'fixed', 0, { fence })]);
    assert.deepEqual(
      [99, 100, 199, 200].map((now) => numbers(10, policy, now)),
      [
        [10, 0],
        [4, 6],
        [4, 6],
        [10, 0],
      ],
    );
    assert.deepEqual(numbers(4, policy, 100), [0, 4]);
    assert.deepEqual(
      [0, 100, 200].map((now) => nextFenceChange(policy, now)),
      [100, 200, null],
    );
  });
  it('shows the last units on one channel, and never more than a cap', () => {
    const lastUnits = { units: 3, channel: 'b', shop: 'main' };
    const policy = policyOf([row('a', 'shared'), row('b', 'shared', null, { cap: 2 })], { lastUnits });
    assert.deepEqual(numbers(4, policy), [4, 2]);
    assert.deepEqual(numbers(3, policy), [0, 2]);
  });
  it('closes below the line and opens again only at the other', () => {
    const policy = policyOf([row('a', 'shared')], { closeBelow: 3, reopenAt: 6 });
    const state = (available: number, was?: boolean) => {
      const [{ sellable, open, why }] = shareOut(available, policy, 0, () => was) as [
        ReturnType<typeof shareOut>[0],
      ];
      return [sellable, open, why.code];
    };
    assert.deepEqual(state(3, true), [3, true, 'shares.why-shared']);
    assert.deepEqual(state(2, true), [0, false, 'shares.why-below-line']);
    assert.deepEqual(state(5, false), [0, false, 'shares.why-not-reopened']);
    assert.deepEqual(state(6, false), [6, true, 'shares.why-shared']);
  });
  it('never shows more than there is where rows exclude one another', () => {
    fc.assert(
      fc.property(exclusive, fc.integer({ min: -5, max: 300 }), fc.boolean(), (policy, available, was) => {
        assert.equal(policyFault(policy), undefined);
        const sum = shareOut(available, policy, 5, () => was).reduce((total, one) => total + one.sellable, 0);
        assert.ok(sum <= Math.max(0, available - policy.buffer));
      }),
    );
  });
  it('never shows a channel less when stock rises, the last units apart', () => {
    const mixed = fc.tuple(exclusive, fc.integer({ min: 0, max: 2 })).map(([policy, count]) => ({
      ...policy,
      lastUnits: null,
      channels: [...policy.channels, ...Array.from({ length: count }, (_, i) => row(`s${i}`, 'shared'))],
    }));
    fc.assert(
      fc.property(mixed, fc.integer({ min: 0, max: 200 }), fc.boolean(), (policy, available, was) => {
        const less = shareOut(available, policy, 5, () => was);
        const more = shareOut(available + 1, policy, 5, () => was);
        for (const [index, { sellable }] of less.entries()) assert.ok(more[index]!.sellable >= sellable);
      }),
    );
  });
  it('stays as it is while stock stays between the two lines', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 20 }),
        fc.integer({ min: 1, max: 20 }),
        fc.array(fc.nat(1_000), { minLength: 1 }),
        fc.boolean(),
        (closeBelow, span, walk, first) => {
          const policy = policyOf([row('a', 'shared')], { closeBelow, reopenAt: closeBelow + span });
          for (const step of walk) {
            const available = closeBelow + (step % span);
            assert.equal(shareOut(available, policy, 0, () => first)[0]!.open, first);
          }
        },
      ),
    );
  });
  it('refuses rules that cannot be meant', () => {
    const code = (policy: SharePolicy) => policyFault(policy)?.code;
    assert.equal(code(policyOf([])), 'shares.no-channel');
    assert.equal(code(policyOf([row('a', 'shared')], { pools: [] })), 'shares.no-pool');
    assert.equal(code(policyOf([row(' ', 'shared')])), 'shares.no-name');
    assert.equal(code(policyOf([row('a', 'shared'), row('a', 'fixed', 1)])), 'shares.twice');
    assert.equal(code(policyOf([row('a', 'percent', 101)])), 'shares.bad-percent');
    assert.equal(code(policyOf([row('a', 'percent')])), 'shares.bad-percent');
    assert.equal(code(policyOf([row('a', 'fixed', 1.5)])), 'shares.bad-quota');
    assert.equal(code(policyOf([row('a', 'rest' as never)])), 'shares.bad-kind');
    assert.equal(code(policyOf([row('a', 'shared')], { closeBelow: 5, reopenAt: 4 })), 'shares.bad-reopen');
    assert.equal(code(policyOf([row('a', 'shared')], { buffer: -1 })), 'shares.bad-units');
    const fence = { units: 1, from: 2, until: 2 };
    assert.equal(code(policyOf([row('a', 'shared', null, { fence })])), 'shares.bad-fence');
    const lastUnits = { units: 1, channel: 'x', shop: 'y' };
    assert.equal(code(policyOf([row('a', 'shared')], { lastUnits })), 'shares.last-unknown');
  });
});
