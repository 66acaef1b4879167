import { strict as assert } from 'node:assert';
import fc from 'fast-check';
import { MovementCursor } from '../../../../core/stock/shares/movement-cursor.ts';

describe('how far the ledger has been read', () => {
  it('goes on over ids without a gap', () => {
    const cursor = new MovementCursor(3);
    cursor.take([4, 5, 6], 0);
    assert.deepEqual([cursor.upTo, cursor.safe, cursor.gaps.length], [6, 6, 0]);
  });
  it('waits for what is missing, and goes on once it has come', () => {
    const cursor = new MovementCursor(0);
    cursor.take([1, 5], 0);
    assert.deepEqual([cursor.upTo, cursor.safe], [5, 1]);
    cursor.take([3], 10);
    assert.equal(cursor.safe, 1);
    cursor.take([2], 20);
    assert.equal(cursor.safe, 3);
    cursor.take([4], 20);
    assert.equal(cursor.safe, 5);
  });
  it('gives up what stays away for a minute, each gap by its own age', () => {
    const cursor = new MovementCursor(0);
    cursor.take([2], 0);
    cursor.take([4], 30_000);
    cursor.giveUp(59_999);
    assert.equal(cursor.safe, 0);
    cursor.giveUp(60_000);
    assert.equal(cursor.safe, 2);
    cursor.giveUp(90_000);
    assert.equal(cursor.safe, 4);
  });
  it('sees every id once, in whatever order they are committed', () => {
    fc.assert(
      fc.property(
        fc.shuffledSubarray(
          Array.from({ length: 40 }, (_, i) => i + 1),
          { minLength: 40 },
        ),
        fc.integer({ min: 1, max: 7 }),
        (order, batch) => {
          const cursor = new MovementCursor(0);
          const committed = new Set<number>();
          const seen: number[] = [];
          for (let first = 0; first < order.length; first += batch) {
            for (const id of order.slice(first, first + batch)) committed.add(id);
            const read = (from: number, to: number) =>
              [...committed].filter((id) => from <= id && id <= to).sort((a, b) => a - b);
            for (const gap of [...cursor.gaps]) {
              const ids = read(gap.first, gap.last);
              cursor.take(ids, 0);
              seen.push(...ids);
            }
            const ids = read(cursor.upTo + 1, 100);
            cursor.take(ids, 0);
            seen.push(...ids);
            for (let id = 1; id <= cursor.safe; id += 1) assert.ok(committed.has(id));
          }
          assert.deepEqual(
            [...seen].sort((a, b) => a - b),
            Array.from({ length: 40 }, (_, i) => i + 1),
          );
          assert.equal(cursor.safe, 40);
        },
      ),
    );
  });
});
