import assert from 'node:assert/strict';
import { RefusalLog } from '../../../nodes/channel-webhook/refusal-log.ts';

describe('the log of refused webhooks', () => {
  it('tells the first of each code at once, then one a minute with the number of the others', () => {
    const lines: string[] = [];
    let now = 1_000;
    const log = new RefusalLog(
      (line) => lines.push(line),
      () => now,
    );
    log.tell('a', 'first');
    log.tell('a', 'second');
    log.tell('b', 'other');
    now += 59_999;
    log.tell('a', 'third');
    assert.deepEqual(lines, ['first', 'other']);
    now += 1;
    log.tell('a', 'fourth');
    assert.deepEqual(lines, ['first', 'other', 'fourth (+2)']);
    now += 60_000;
    log.tell('a', 'fifth');
    assert.equal(lines.at(-1), 'fifth');
  });
});
