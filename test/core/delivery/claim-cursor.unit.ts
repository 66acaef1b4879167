import assert from 'node:assert/strict';
import { ClaimCursor } from '../../../core/delivery/claim-cursor.ts';

const now = 1_000_000;

/** What a claim saw where it looked. */
function saw(waiting: number, upTo: number | null, more: boolean, nextDue: number | null = null) {
  return { looked: { waiting, upTo, more, nextDue } };
}

describe('claim cursor', () => {
  it('begins each claim at the oldest as long as what waits fits in a window', () => {
    const cursor = new ClaimCursor();
    assert.deepEqual(cursor.next(now), { after: 0, keys: [] });
    assert.equal(cursor.took(saw(5, 20, false, now + 700)), false);
    assert.equal(cursor.finished('a'), true);
    assert.deepEqual(cursor.next(now), { after: 0, keys: [] });
  });

  it('looks again when the next one is due, in a minute at the latest', () => {
    const cursor = new ClaimCursor();
    cursor.next(now);
    cursor.took(saw(2, 9, false, now + 700));
    assert.equal(cursor.lookAgainAt(now), now + 700);
    cursor.next(now);
    cursor.took(saw(2, 9, false, now + 3_600_000));
    assert.equal(cursor.lookAgainAt(now), now + 60_000);
    cursor.next(now);
    cursor.took(saw(0, null, false));
    assert.equal(cursor.lookAgainAt(now), now + 60_000);
  });

  it('asks for nothing when a delivery is done and nothing else waits', () => {
    const cursor = new ClaimCursor();
    cursor.next(now);
    cursor.took(saw(0, null, false));
    assert.equal(cursor.finished('a'), false);
    cursor.stirred();
    assert.equal(cursor.finished('a'), true);
  });

  it('goes on at once after a claim that found all it asked for', () => {
    const cursor = new ClaimCursor();
    cursor.next(now);
    assert.equal(cursor.took({ looked: null }), true);
    assert.equal(cursor.finished('a'), true);
  });

  it('goes on from window to window, then looks only at what is new or was held up', () => {
    const cursor = new ClaimCursor();
    cursor.next(now);
    assert.equal(cursor.took(saw(2_000, 2_000, true)), true);
    assert.deepEqual(cursor.next(now), { after: 2_000, keys: [] });
    assert.equal(cursor.took(saw(2_000, 4_000, true, now + 400)), true);
    assert.deepEqual(cursor.next(now), { after: 4_000, keys: [] });
    assert.equal(cursor.took(saw(3, 4_003, false, now + 900)), false);

    cursor.finished('a');
    cursor.finished('b');
    assert.deepEqual(cursor.next(now + 10), { after: 4_003, keys: ['a', 'b'] });
    cursor.took(saw(0, null, false));
    assert.deepEqual(cursor.next(now + 20), { after: 4_003, keys: [] });
  });

  it('sweeps a long backlog anew when something is due, but not more than once a second', () => {
    const cursor = new ClaimCursor();
    cursor.next(now);
    cursor.took(saw(2_000, 2_000, true, now + 5));
    cursor.next(now);
    cursor.took(saw(1, 2_001, false, now + 400));
    assert.equal(cursor.lookAgainAt(now), now + 1_000);
    assert.equal(cursor.next(now + 999).after, 2_001);
    assert.equal(cursor.next(now + 1_000).after, 0);
  });

  it('sweeps a long backlog at least once a minute', () => {
    const cursor = new ClaimCursor();
    cursor.next(now);
    cursor.took(saw(2_000, 2_000, true));
    cursor.next(now);
    cursor.took(saw(0, null, false));
    assert.equal(cursor.lookAgainAt(now), now + 60_000);
    assert.equal(cursor.next(now + 60_000).after, 0);
  });

  it('is short again when a sweep ends in its first window', () => {
    const cursor = new ClaimCursor();
    cursor.next(now);
    cursor.took(saw(2_000, 2_000, true, now));
    cursor.next(now);
    cursor.took(saw(0, null, false));
    cursor.next(now + 1_000);
    cursor.took(saw(7, 1_900, false, now + 5_000));
    assert.equal(cursor.lookAgainAt(now + 1_001), now + 5_000);
    assert.deepEqual(cursor.next(now + 1_001), { after: 0, keys: [] });
  });

  it('remembers a bounded number of keys', () => {
    const cursor = new ClaimCursor();
    cursor.next(now);
    cursor.took(saw(2_000, 2_000, true));
    for (let key = 0; key < 5_000; key += 1) cursor.finished(`k${key}`);
    assert.equal(cursor.next(now).keys.length, 1_000);
  });
});
