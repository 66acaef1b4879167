import assert from 'node:assert/strict';
import fc from 'fast-check';
import { sentence } from '../../../core/message.ts';
import { compileMapping } from '../../../core/order/mapping/compile.ts';
import { shopifyMapping } from '../../../core/order/mapping/presets/shopify.ts';
import { readRecord } from '../../../core/order/mapping/record.ts';
import {
  decideSave,
  type IncomingOrder,
  type SaveDecision,
  type StoredOrder,
} from '../../../core/order/save.ts';
import { type Order, type OrderStatus, orderStatuses, refundStatuses } from '../../../core/order/schema.ts';
import { refundMayBecome, transitions } from '../../../core/order/transitions.ts';
import { anOrder } from './an-order.ts';
import { sampleBytes } from './samples.ts';

const start = Date.UTC(2026, 8, 1, 1);

/** An order as the channel told it some seconds after the start. */
function version(fields: Partial<Order>, second = 0, arrivedAt = start): IncomingOrder {
  const at = new Date(start + second * 1000).toISOString();
  return { order: anOrder({ ...fields, times: { ...fields.times, modified: { at, text: at } } }), arrivedAt };
}

function keep(
  stored: StoredOrder | undefined,
  incoming: IncomingOrder,
  decision: SaveDecision,
): StoredOrder | undefined {
  if (decision.outcome === 'changed') {
    return { order: incoming.order, version: decision.version, modifiedAt: decision.modifiedAt };
  }
  return decision.outcome === 'unchanged' && stored ? { ...stored, modifiedAt: decision.modifiedAt } : stored;
}

interface Run {
  stored: StoredOrder | undefined;
  events: string[];
  decisions: SaveDecision[];
}

function save(...versions: IncomingOrder[]): Run {
  const run: Run = { stored: undefined, events: [], decisions: [] };
  for (const incoming of versions) {
    const decision = decideSave(run.stored, incoming);
    run.stored = keep(run.stored, incoming, decision);
    run.decisions.push(decision);
    if (decision.outcome === 'changed') run.events.push(...decision.events.map(({ type }) => type));
  }
  return run;
}

const outcomes = (run: Run) => run.decisions.map(({ outcome }) => outcome);

/** What a stored order says, without the bookkeeping that differs between two ways of sending the same. */
function content(stored: StoredOrder | undefined): unknown {
  assert.ok(stored);
  const { raw: _raw, times, ...order } = stored.order;
  const { modified: _modified, ...others } = times;
  return { ...order, times: others, modifiedAt: stored.modifiedAt };
}

describe('transitions', () => {
  it('go on, may skip, and end', () => {
    for (const from of orderStatuses) {
      assert.ok(!transitions[from].includes(from));
      for (const to of orderStatuses) {
        const forward = orderStatuses.indexOf(to) > orderStatuses.indexOf(from) && from !== 'completed';
        assert.equal(transitions[from].includes(to), forward, `${from} -> ${to}`);
      }
    }
    assert.deepEqual([transitions.completed, transitions.cancelled], [[], []]);
  });

  it('allow every shortcut of two allowed steps, so that a lost message never blocks an order', () => {
    for (const from of orderStatuses) {
      for (const via of transitions[from]) {
        for (const to of transitions[via])
          assert.ok(transitions[from].includes(to), `${from} -> ${via} -> ${to}`);
      }
    }
  });

  it('let a refund request be withdrawn, and never take back a refund that was paid', () => {
    assert.ok(refundMayBecome('requested', 'none'));
    assert.ok(refundMayBecome('partial', 'full'));
    for (const to of ['none', 'requested', 'partial'] as const)
      assert.equal(refundMayBecome('full', to), false, to);
    assert.equal(refundMayBecome('partial', 'none'), false);
    for (const status of refundStatuses) assert.ok(refundMayBecome(status, status));
  });
});

describe('saving an order', () => {
  it('tells every milestone passed at first sight', () => {
    const first: [OrderStatus, string[]][] = [
      ['created', ['created']],
      ['deposit-paid', ['created', 'deposit-paid']],
      ['paid', ['created', 'paid']],
      ['part-shipped', ['created', 'paid', 'part-shipped']],
      ['shipped', ['created', 'paid', 'shipped']],
      ['completed', ['created', 'paid', 'shipped', 'completed']],
      ['cancelled', ['created', 'cancelled']],
    ];
    for (const [status, events] of first) assert.deepEqual(save(version({ status })).events, events, status);
  });

  it('tells the deposit of a presale also when the channel told of the balance only', () => {
    const scenario = 'presale';
    assert.deepEqual(save(version({ scenario, status: 'paid' })).events, ['created', 'deposit-paid', 'paid']);
    assert.deepEqual(
      save(version({ scenario, status: 'created' }), version({ scenario, status: 'paid' }, 1)).events,
      ['created', 'deposit-paid', 'paid'],
    );
    const told = [
      version({ scenario, status: 'deposit-paid' }),
      version({ scenario, status: 'paid' }, 1),
      version({ scenario, status: 'completed' }, 2),
    ];
    assert.deepEqual(save(...told).events, ['created', 'deposit-paid', 'paid', 'shipped', 'completed']);
    assert.deepEqual(save(version({ scenario, status: 'cancelled' })).events, ['created', 'cancelled']);
  });

  it('tells each milestone once on the way', () => {
    const way = (['created', 'paid', 'part-shipped', 'shipped', 'completed'] as const).map((status, second) =>
      version({ status }, second),
    );
    assert.deepEqual(save(...way).events, ['created', 'paid', 'part-shipped', 'shipped', 'completed']);
  });

  it('tells holds, refunds and other changes', () => {
    const lines = [{ lineId: '1', sku: 'TEA', quantity: 1 }];
    const run = save(
      version({}),
      version({ hold: { reason: 'fraud check' } }, 1),
      version({}, 2),
      version({ refundStatus: 'requested' }, 3),
      version({ refundStatus: 'partial' }, 4),
      version({ refundStatus: 'full' }, 5),
      version({ refundStatus: 'full', lines, sellerNote: 'call first' }, 6),
    );
    assert.deepEqual(run.events, [
      'created',
      'paid',
      'held',
      'released',
      'refund-requested',
      'refunded',
      'refunded',
      'changed',
    ]);
    const last = run.decisions.at(-1)!;
    assert.ok(last.outcome === 'changed');
    assert.deepEqual(last.events[0]?.data, { changed: ['lines', 'sellerNote'] });
    assert.deepEqual(last.changed, ['lines', 'sellerNote']);
    assert.equal(run.stored?.version, 7);
  });

  it('changes nothing the second time', () => {
    const run = save(
      version({ status: 'shipped' }),
      version({ status: 'shipped' }),
      version({ status: 'shipped' }),
    );
    assert.deepEqual(outcomes(run), ['changed', 'unchanged', 'unchanged']);
    assert.deepEqual([run.stored?.version, run.events.length], [1, 3]);
  });

  it('does not take the inbox row or the channel’s touch for a change', () => {
    const run = save(version({ raw: { inboxId: 1 } }), version({ raw: { inboxId: 2 } }, 5));
    assert.deepEqual(outcomes(run), ['changed', 'unchanged']);
  });

  it('remembers a newer touch, so that what was sent before it is older', () => {
    const run = save(version({}), version({}, 9), version({ sellerNote: 'late' }, 5));
    assert.deepEqual(outcomes(run), ['changed', 'unchanged', 'stale']);
  });

  it('files what is older and says so with both times', () => {
    const run = save(version({ status: 'shipped' }, 9), version({ status: 'paid' }, 5));
    const [, stale] = run.decisions;
    assert.ok(stale?.outcome === 'stale');
    assert.equal(
      sentence(stale.code, stale.params),
      'This version of order shopify/main/5500000000001 (paid, modified 2026-09-01T01:00:05.000Z) is older than the one kept (shipped, modified 2026-09-01T01:00:09.000Z); it was filed and not applied.',
    );
    assert.equal(run.stored?.order.status, 'shipped');
  });

  it('takes the further state of two of one instant, whichever comes first', () => {
    const [paid, shipped] = [version({ status: 'paid' }), version({ status: 'shipped' })];
    assert.equal(save(paid, shipped).stored?.order.status, 'shipped');
    assert.deepEqual(outcomes(save(shipped, paid)), ['changed', 'stale']);
  });

  it('takes the later arrival of two that are equal but for their content', () => {
    const run = save(version({ sellerNote: 'a' }), version({ sellerNote: 'b' }, 0, start + 1));
    assert.equal(run.stored?.order.sellerNote, 'b');
  });

  it('goes by the arrival when a channel tells no modified time', () => {
    const incoming = (status: OrderStatus, arrivedAt: number) => ({ order: anOrder({ status }), arrivedAt });
    assert.deepEqual(outcomes(save(incoming('created', 1), incoming('paid', 2))), ['changed', 'changed']);
  });

  it('refuses to leave an end or to go back, with the states and what would be allowed', () => {
    const refused = (from: OrderStatus, to: OrderStatus) => {
      const run = save(version({ status: from }), version({ status: to }, 1));
      const decision = run.decisions[1]!;
      assert.ok(decision.outcome === 'refused', `${from} -> ${to}`);
      assert.equal(run.stored?.order.status, from);
      assert.equal(run.stored.version, 1);
      assert.deepEqual(
        [decision.code, decision.params.from, decision.params.to],
        ['order.illegal-transition', from, to],
      );
      return sentence(decision.code, decision.params);
    };
    assert.match(
      refused('shipped', 'paid'),
      /is shipped and cannot become paid\..*it can go to: completed, cancelled\./,
    );
    for (const to of ['created', 'paid', 'shipped', 'cancelled'] as const) refused('completed', to);
    for (const to of ['created', 'paid', 'shipped', 'completed'] as const) refused('cancelled', to);
    refused('paid', 'deposit-paid');
  });

  it('lets refunds and notes move on after the end, and keeps refunds from coming back', () => {
    const run = save(
      version({ status: 'completed' }),
      version({ status: 'completed', refundStatus: 'requested' }, 1),
      version({ status: 'completed', refundStatus: 'full' }, 2),
      version({ status: 'completed', refundStatus: 'full', sellerNote: 'done' }, 3),
      version({ status: 'completed', refundStatus: 'none', sellerNote: 'done' }, 4),
    );
    assert.deepEqual(outcomes(run), ['changed', 'changed', 'changed', 'changed', 'refused']);
    const last = run.decisions.at(-1)!;
    assert.ok(last.outcome === 'refused');
    assert.equal(last.code, 'order.illegal-refund');
    assert.equal(run.stored?.order.refundStatus, 'full');
  });

  it('saves Shopify’s two messages about one order in any order', () => {
    const mapping = compileMapping(shopifyMapping);
    const [paid, cancelled] = ['webhook.orders_paid', 'webhook.orders_cancelled'].map(
      (name): IncomingOrder => {
        const read = readRecord(sampleBytes(`shopify/${name}.json`));
        assert.ok(read.ok);
        const result = mapping.map(read.record, { account: { channel: 'shopify', shop: 'main' } });
        assert.ok('ok' in result && result.ok);
        return { order: result.order, arrivedAt: start };
      },
    );
    const inOrder = save(paid!, cancelled!, paid!);
    assert.deepEqual(outcomes(inOrder), ['changed', 'changed', 'stale']);
    const milestones = inOrder.events.filter((type) => type !== 'changed');
    assert.deepEqual(milestones, ['created', 'paid', 'cancelled', 'refunded']);
    const late = save(cancelled!, paid!);
    assert.deepEqual(late.events, ['created', 'cancelled', 'refunded']);
    assert.deepEqual(content(late.stored), content(inOrder.stored));
  });
});

describe('saving versions that arrive in any order', () => {
  const milestoneTypes = new Set<string>(orderStatuses);

  /** A life an order may have: each step legal, each later than the one before. */
  const history = fc
    .array(
      fc.record({
        status: fc.constantFrom(...orderStatuses),
        refundStatus: fc.constantFrom(...refundStatuses),
        gap: fc.integer({ min: 1, max: 5 }),
        note: fc.constantFrom(undefined, 'a', 'b'),
        hold: fc.constantFrom(undefined, { reason: 'check' }),
        quantity: fc.integer({ min: 0, max: 3 }),
      }),
      { minLength: 1, maxLength: 8 },
    )
    .chain((steps) => fc.constantFrom('normal', 'presale').map((scenario) => ({ steps, scenario })))
    .map(({ steps, scenario }) => {
      const versions: IncomingOrder[] = [];
      let [status, refundStatus]: [OrderStatus, Order['refundStatus']] = ['created', 'none'];
      let second = 0;
      for (const step of steps) {
        if (transitions[status].includes(step.status)) status = step.status;
        if (refundMayBecome(refundStatus, step.refundStatus) && step.refundStatus !== 'requested') {
          refundStatus = step.refundStatus;
        }
        second += step.gap;
        const lines = [{ lineId: '1', sku: 'TEA', quantity: step.quantity }];
        const fields: Partial<Order> = { scenario, status, refundStatus, lines };
        if (step.note) fields.sellerNote = step.note;
        if (step.hold) fields.hold = step.hold;
        versions.push(version(fields, second));
      }
      return versions;
    });

  /** The versions of a life, shuffled, some of them more than once. */
  const arrivals = history.chain((versions) =>
    fc
      .tuple(
        fc.shuffledSubarray(versions, { minLength: versions.length, maxLength: versions.length }),
        fc.array(fc.tuple(fc.nat(), fc.nat()), { maxLength: 5 }),
      )
      .map(([shuffled, repeats]) => {
        const arrived = [...shuffled];
        for (const [which, where] of repeats) {
          arrived.splice(where % (arrived.length + 1), 0, versions[which % versions.length]!);
        }
        return { versions, arrived };
      }),
  );

  it('ends in the same order', () => {
    fc.assert(
      fc.property(arrivals, ({ versions, arrived }) => {
        const run = save(...arrived);
        assert.deepEqual(content(run.stored), content(save(...versions).stored));
        assert.equal(outcomes(run).includes('refused'), false);
      }),
      { numRuns: 500 },
    );
  });

  it('changes nothing when all of it arrives again', () => {
    fc.assert(
      fc.property(arrivals, ({ versions, arrived }) => {
        const once = save(...arrived);
        const twice = save(...arrived, ...versions);
        assert.deepEqual(twice.stored, once.stored);
        assert.deepEqual(twice.events, once.events);
      }),
      { numRuns: 500 },
    );
  });

  it('tells each milestone at most once, in the order of the way', () => {
    fc.assert(
      fc.property(arrivals, ({ arrived }) => {
        const told = save(...arrived).events.filter((type) => milestoneTypes.has(type));
        assert.equal(new Set(told).size, told.length, told.join());
        const ranks = told.map((type) => orderStatuses.indexOf(type as OrderStatus));
        assert.deepEqual(
          ranks,
          [...ranks].sort((a, b) => a - b),
        );
        assert.equal(told[0], 'created');
      }),
      { numRuns: 500 },
    );
  });

  it('never goes back in time or leaves an end, whatever a channel sends', () => {
    const anything = fc
      .record({
        status: fc.constantFrom(...orderStatuses),
        refundStatus: fc.constantFrom(...refundStatuses),
        second: fc.integer({ min: 0, max: 4 }),
      })
      .map(({ status, refundStatus, second }) => version({ status, refundStatus }, second));
    fc.assert(
      fc.property(fc.array(anything, { minLength: 1, maxLength: 12 }), (versions) => {
        let stored: StoredOrder | undefined;
        for (const incoming of versions) {
          const decision = decideSave(stored, incoming);
          const next = keep(stored, incoming, decision);
          assert.ok(next);
          if (stored) {
            const [from, to] = [stored.order.status, next.order.status];
            assert.ok(from === to || transitions[from].includes(to), `${from} -> ${to}`);
            assert.ok(next.modifiedAt >= stored.modifiedAt);
            assert.equal(next.version - stored.version, decision.outcome === 'changed' ? 1 : 0);
          }
          stored = next;
        }
      }),
      { numRuns: 500 },
    );
  });
});
