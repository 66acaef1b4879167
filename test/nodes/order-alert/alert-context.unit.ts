import assert from 'node:assert/strict';
import { eventKey } from '../../../nodes/order-alert/alert-context.ts';

const order = { key: 'web/main/A-1' };
const keyOf = (message: object, chosen?: unknown) => eventKey(chosen, message as never);

describe('what tells one alert of an order from the next', () => {
  for (const [what, message, chosen, key] of [
    ['what the dialog names', { order, weight: { blockedAt: 5 } }, 7, '7'],
    [
      'the block of a parcel',
      { order: { ...order, version: 1 }, weight: { blockedAt: 5, recordId: 9 } },
      undefined,
      'blocked@5',
    ],
    [
      'a reading that blocks nothing',
      { order, weight: { blockedAt: null, recordId: 9, verdict: 'unknown' } },
      undefined,
      'unknown@weighing:9',
    ],
    [
      'the version of the order',
      { order: { ...order, version: 2 }, delivery: { id: 'inbox:4' } },
      undefined,
      'order#2',
    ],
    [
      'the message of the source',
      { order, delivery: { id: 'inbox:4', attempt: 2 } },
      undefined,
      'message@inbox:4',
    ],
    [
      'the message with what happened',
      { order, event: { type: 'paid' }, delivery: { id: 'order:4' } },
      undefined,
      'paid@order:4',
    ],
    ['what happened alone', { order, event: { type: 'paid' } }, undefined, 'paid'],
    ['nothing but the order', { order }, ' ', 'order'],
    ['nothing at all', { weight: 'heavy' }, undefined, undefined],
  ] as const)
    it(`is ${what}`, () => assert.equal(keyOf(message, chosen), key));
});
