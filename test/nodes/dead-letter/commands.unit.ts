import assert from 'node:assert/strict';
import { readCommand } from '../../../nodes/dead-letter/commands.ts';

const read = (payload: unknown, chosen = 'message', cap?: number) => readCommand(chosen, cap, payload);

describe('the commands of dead-letter', () => {
  it('are read from the message', () => {
    assert.deepEqual(read({ action: 'list' }), { action: 'list', filter: {}, limit: 100 });
    assert.deepEqual(read({ action: 'list', limit: '5', before: 9, filter: { key: 'a/b/1' } }), {
      action: 'list',
      filter: { key: 'a/b/1' },
      limit: 5,
      before: 9,
    });
    assert.deepEqual(read({ action: 'retry', id: '7' }), { action: 'retry', id: 7 });
    assert.deepEqual(read({ action: 'dismiss', id: 7, reason: ' sold by phone ' }), {
      action: 'dismiss',
      id: 7,
      reason: 'sold by phone',
    });
    assert.deepEqual(read({ action: 'retry-edited', id: 7, payload: { a: 1 } }), {
      action: 'retry-edited',
      id: 7,
      payload: '{"a":1}',
    });
    assert.deepEqual(read({ action: 'retry-edited', id: 7, payload: '{"id":9007199254740993}' }), {
      action: 'retry-edited',
      id: 7,
      payload: '{"id":9007199254740993}',
    });
  });

  it('may be chosen in the dialog, and then need the number alone', () => {
    assert.deepEqual(read(12, 'retry'), { action: 'retry', id: 12 });
    assert.deepEqual(read({ deliveryId: 12, action: 'dismiss' }, 'retry'), { action: 'retry', id: 12 });
    assert.deepEqual(read('inject', 'count'), { action: 'count', filter: {} });
    assert.deepEqual(read(undefined, 'retry-many', 3), { action: 'retry-many', filter: {}, cap: 3 });
    assert.deepEqual(read({ cap: 2 }, 'retry-many', 3), { action: 'retry-many', filter: {}, cap: 2 });
  });

  it('take times as milliseconds or as text', () => {
    const since = Date.UTC(2026, 8, 1);
    const filter = { since: '2026-09-01T00:00:00Z', until: since + 1, trail: 'all', code: 'a.b' };
    assert.deepEqual(read({ action: 'count', filter }), {
      action: 'count',
      filter: { since, until: since + 1, trail: 'all', code: 'a.b' },
    });
  });

  for (const [code, payload] of [
    ['dead-letter.bad-action', {}],
    ['dead-letter.bad-action', { action: 'delete' }],
    ['dead-letter.no-id', { action: 'retry' }],
    ['dead-letter.no-id', { action: 'dismiss', reason: 'x' }],
    ['dead-letter.bad-number', { action: 'retry', id: 'seven' }],
    ['dead-letter.bad-number', { action: 'retry', id: 0 }],
    ['dead-letter.bad-number', { action: 'retry-many', cap: 10_001 }],
    ['dead-letter.bad-number', { action: 'list', limit: 1.5 }],
    ['dead-letter.no-payload', { action: 'retry-edited', id: 7 }],
    ['dead-letter.no-reason', { action: 'dismiss', id: 7, reason: ' ' }],
    ['dead-letter.bad-filter', { action: 'retry-many', filter: { subscribers: 'x' } }],
    ['dead-letter.bad-filter', { action: 'retry-many', filter: { topic: '' } }],
    ['dead-letter.bad-filter', { action: 'count', filter: { since: 'yesterday' } }],
    ['dead-letter.bad-filter', { action: 'count', filter: { trail: 'lost' } }],
    ['dead-letter.bad-filter', { action: 'count', filter: ['x'] }],
  ] as const) {
    it(`are refused as ${code}: ${JSON.stringify(payload)}`, () => {
      assert.throws(() => read(payload), { code });
    });
  }
});
