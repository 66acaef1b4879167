import assert from 'node:assert/strict';
import fc from 'fast-check';
import { decideLift, decideWeighing, type WeighingState } from '../../../../core/fulfilment/weight/block.ts';
import { checkWeight, type WeightCheck } from '../../../../core/fulfilment/weight/check.ts';
import { weightMessages } from '../../../../core/fulfilment/weight/messages.ts';

const monday = Date.UTC(2026, 8, 7, 8);

function check(readingGrams: number, unitGrams: number | null = 500): WeightCheck {
  return checkWeight({
    lines: [{ sku: 'MUG', quantity: 2, unitGrams }],
    packagingGrams: 100,
    readingGrams,
    band: { percent: 10, ceilingGrams: 50 },
  });
}

function blocked(): WeighingState {
  return decideWeighing(undefined, check(1600), monday).state;
}

function lifted(): WeighingState {
  const decision = decideLift(blocked(), { actor: 'li.na', reason: 'gift added', at: monday + 1000 });
  assert.ok(decision.accepted);
  return decision.state;
}

describe('decideWeighing', () => {
  it('passes a first good reading and blocks a first bad one', () => {
    assert.equal(decideWeighing(undefined, check(1100), monday).change, 'passed');
    const decision = decideWeighing(undefined, check(1600), monday);
    assert.deepEqual(
      [decision.change, decision.state.verdict, decision.state.blockedAt],
      ['blocked', 'blocked', monday],
    );
    assert.equal(decision.explanation.code, 'weight.one-over');
  });

  it('ends a block when the parcel is weighed inside the band', () => {
    const { change, state } = decideWeighing(blocked(), check(1110), monday + 60_000);
    assert.deepEqual([change, state.verdict, state.blockedAt], ['unblocked', 'passed', null]);
  });

  it('keeps a block, and when it began, through other bad readings', () => {
    const { change, state } = decideWeighing(blocked(), check(1580), monday + 60_000);
    assert.deepEqual([change, state.blockedAt, state.readingGrams], ['still-blocked', monday, 1580]);
  });

  it('does not end a block because the expectation is lost', () => {
    const { change, state, explanation } = decideWeighing(blocked(), check(1100, null), monday + 60_000);
    assert.deepEqual(
      [change, state.verdict, explanation.code],
      ['still-blocked', 'blocked', 'weight.still-blocked'],
    );
  });

  it('leaves a lift in place for the same numbers, and blocks anew for others', () => {
    const same = decideWeighing(lifted(), check(1600), monday + 60_000);
    assert.deepEqual([same.change, same.state], ['still-lifted', lifted()]);
    const other = decideWeighing(lifted(), check(1700), monday + 60_000);
    assert.deepEqual(
      [other.change, other.state.verdict, other.state.liftedBy, other.state.blockedAt],
      ['blocked', 'blocked', null, monday + 60_000],
    );
  });

  it('blocks a parcel that passed before and is off now', () => {
    const passed = decideWeighing(undefined, check(1100), monday).state;
    assert.equal(decideWeighing(passed, check(700), monday + 1).change, 'blocked');
  });

  it('never leaves a block but by a reading inside the band or a lift', () => {
    const readings = fc.array(
      fc.record({ grams: fc.integer({ min: 1, max: 2000 }), known: fc.boolean(), lift: fc.boolean() }),
      { maxLength: 30 },
    );
    fc.assert(
      fc.property(readings, (steps) => {
        let state: WeighingState | undefined;
        for (const [index, { grams, known, lift }] of steps.entries()) {
          const judged = check(grams, known ? 500 : null);
          const before: WeighingState | undefined = state;
          const decision = decideWeighing(before, judged, index);
          if (before?.verdict === 'blocked' && decision.state.verdict !== 'blocked') {
            assert.equal(judged.verdict, 'passed');
          }
          if (decision.state.verdict === 'passed') assert.equal(judged.verdict, 'passed');
          state = decision.state;
          if (!lift) continue;
          const decided = decideLift(state, { actor: 'a', reason: 'r', at: index });
          assert.equal(decided.accepted, state.verdict === 'blocked' || state.verdict === 'lifted');
          if (decided.accepted) state = decided.state;
        }
      }),
    );
  });
});

describe('decideLift', () => {
  it('lifts a block with who, why and when', () => {
    const decision = decideLift(blocked(), { actor: ' li.na ', reason: ' gift added ', at: monday + 1000 });
    assert.ok(decision.accepted);
    const { verdict, liftedBy, liftReason, liftedAt, blockedAt } = decision.state;
    assert.deepEqual(
      [verdict, liftedBy, liftReason, liftedAt, blockedAt],
      ['lifted', 'li.na', 'gift added', monday + 1000, monday],
    );
  });

  it('answers a second click as the first, recording nothing', () => {
    const again = decideLift(lifted(), { actor: 'li.na', reason: 'gift added', at: monday + 9000 });
    assert.ok(again.accepted);
    assert.deepEqual([again.replayed, again.state], [true, lifted()]);
  });

  const refusals: [string, WeighingState | undefined, string, string, string][] = [
    ['nothing was weighed', undefined, 'li.na', 'gift', 'weight.lift-no-block'],
    [
      'the parcel passed',
      decideWeighing(undefined, check(1100), monday).state,
      'li.na',
      'gift',
      'weight.lift-no-block',
    ],
    [
      'the weight is unknown',
      decideWeighing(undefined, check(9, null), monday).state,
      'a',
      'b',
      'weight.lift-no-block',
    ],
    ['another lifted it', lifted(), 'wang.wei', 'seen it', 'weight.lift-already'],
    ['nobody is named', blocked(), ' ', 'gift', 'weight.lift-no-actor'],
    ['no reason is given', blocked(), 'li.na', ' \n', 'weight.lift-no-reason'],
    ['the reason is a novel', blocked(), 'li.na', '长'.repeat(501), 'weight.lift-reason-long'],
  ];
  for (const [name, state, actor, reason, code] of refusals) {
    it(`refuses when ${name}`, () => {
      const decision = decideLift(state, { actor, reason, at: monday });
      assert.ok(!decision.accepted);
      assert.equal(decision.refusal.code, code);
    });
  }
});

describe('the sentences of the weight check', () => {
  it('take the same values in both languages', () => {
    for (const [code, texts] of Object.entries(weightMessages)) {
      const [english, chinese] = [texts['en-US'], texts['zh-CN']].map((text) =>
        [...new Set(text.match(/\{\w+\}/g))].sort(),
      );
      assert.deepEqual(chinese, english, code);
    }
  });
});
