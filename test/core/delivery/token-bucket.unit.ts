import assert from 'node:assert/strict';
import fc from 'fast-check';
import { TokenBucket } from '../../../core/delivery/token-bucket.ts';

describe('token bucket', () => {
  it('lets one through at once and says when the next may go', () => {
    const bucket = new TokenBucket(2, 0);
    assert.equal(bucket.available(0), 1);
    bucket.take(1);
    assert.equal(bucket.available(499), 0);
    assert.equal(bucket.nextAt(499), 500);
    assert.equal(bucket.available(500), 1);
    assert.equal(bucket.nextAt(500), 500);
  });

  it('knows rates below one a second', () => {
    const bucket = new TokenBucket(30 / 60, 0);
    bucket.take(bucket.available(0));
    assert.equal(bucket.nextAt(0), 2_000);
    assert.equal(bucket.available(1_999), 0);
    assert.equal(bucket.available(2_000), 1);
  });

  it('saves up one and a tenth of a second at most', () => {
    const bucket = new TokenBucket(200, 0);
    assert.equal(bucket.available(3_600_000), 21);
  });

  it('only pauses when the clock goes back', () => {
    const bucket = new TokenBucket(1, 10_000);
    bucket.take(1);
    assert.equal(bucket.available(5_000), 0);
    assert.equal(bucket.available(6_000), 1);
  });

  it('refuses a rate that lets nothing through', () => {
    for (const rate of [0, -1, Number.NaN]) assert.throws(() => new TokenBucket(rate, 0), RangeError);
  });

  it('never exceeds its rate, and keeps it when it is asked often', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0.1, max: 500, noNaN: true }),
        fc.array(fc.integer({ min: 0, max: 40 }), { minLength: 1, maxLength: 200 }),
        (rate, steps) => {
          const bucket = new TokenBucket(rate, 0);
          let [now, taken] = [0, 0];
          for (const step of [0, ...steps]) {
            now += step;
            const count = bucket.available(now);
            bucket.take(count);
            taken += count;
            const most = 1 + rate / 10 + (now * rate) / 1_000;
            assert.ok(taken <= most + 1e-6, `${taken} of ${most}`);
          }
          // Asked every 40 ms at least, the bucket never overflows: no share of the rate is lost.
          assert.ok(taken > (now * rate) / 1_000 - 1e-6, `${taken} in ${now} ms`);
        },
      ),
    );
  });
});
