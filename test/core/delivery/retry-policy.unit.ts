import assert from 'node:assert/strict';
import fc from 'fast-check';
import { defaultRetry, verdictOn } from '../../../core/delivery/retry-policy.ts';

const now = Date.UTC(2026, 0, 5);
const most = () => 1 - Number.EPSILON;

/** The wait after a failure, milliseconds; null when it is dead. */
function waitAfter(attempt: number, failure = {}, random = most): number | null {
  const verdict = verdictOn(defaultRetry, attempt, failure, now, random);
  return verdict === 'dead' ? null : verdict.retryAt - now;
}

describe('retry policy', () => {
  it('doubles the longest wait with each failure, from a second', () => {
    assert.deepEqual(
      [1, 2, 3, 4, 5, 6, 7].map((attempt) => waitAfter(attempt)),
      [1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 64_000],
    );
  });

  it('is dead after the eighth attempt', () => {
    assert.equal(waitAfter(8), null);
    assert.equal(waitAfter(9), null);
  });

  it('never waits longer than the cap', () => {
    const policy = { ...defaultRetry, attempts: 2_000 };
    for (const attempt of [10, 11, 50, 1_999]) {
      const verdict = verdictOn(policy, attempt, {}, now, most);
      assert.deepEqual(verdict, { retryAt: now + 300_000 });
    }
  });

  it('draws the wait evenly from nothing to the longest', () => {
    assert.equal(
      waitAfter(4, {}, () => 0),
      0,
    );
    assert.equal(
      waitAfter(4, {}, () => 0.25),
      2_000,
    );
  });

  it('is dead at once when trying again cannot help', () => {
    assert.equal(waitAfter(1, { permanent: true }), null);
  });

  it('waits at least as long as the other side asks, and not all at once after that', () => {
    assert.equal(
      waitAfter(1, { retryAfterMs: 60_000 }, () => 0),
      60_000,
    );
    assert.equal(
      waitAfter(1, { retryAfterMs: 60_000 }, () => 0.5),
      60_500,
    );
  });

  it('does not wait for years because somebody asks for it', () => {
    assert.equal(
      waitAfter(1, { retryAfterMs: 1e15 }, () => 0),
      24 * 3_600_000,
    );
    assert.equal(
      waitAfter(1, { retryAfterMs: -5 }, () => 0),
      0,
    );
  });

  it('always answers with a time between now and the longest wait, or dead', () => {
    fc.assert(
      fc.property(
        fc.record({
          baseMs: fc.integer({ min: 1, max: 60_000 }),
          factor: fc.double({ min: 1, max: 10, noNaN: true }),
          capMs: fc.integer({ min: 1, max: 600_000 }),
          attempts: fc.integer({ min: 1, max: 100 }),
        }),
        fc.integer({ min: 1, max: 200 }),
        fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
        (policy, attempt, drawn) => {
          const verdict = verdictOn(policy, attempt, {}, now, () => drawn);
          if (attempt >= policy.attempts) assert.equal(verdict, 'dead');
          else {
            assert.notEqual(verdict, 'dead');
            const wait = (verdict as { retryAt: number }).retryAt - now;
            assert.ok(Number.isSafeInteger(wait) && wait >= 0 && wait <= policy.capMs);
          }
        },
      ),
    );
  });
});
