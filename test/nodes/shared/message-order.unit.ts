import assert from 'node:assert/strict';
import { HubError } from '../../../core/errors.ts';
import type { HubMessage } from '../../../nodes/shared/define-node.ts';
import { attemptOf, orderOf } from '../../../nodes/shared/message-order.ts';

const message = (properties: object): HubMessage => ({ _msgid: 'm1', ...properties });

describe('the order a message is about', () => {
  it('is what msg.order says', () => {
    const order = { key: 'shopify/main/1', version: 4 };
    assert.deepEqual(orderOf(message({ order })), order);
  });

  for (const order of [undefined, null, {}, { key: '' }, { key: 17 }, 'shopify/main/1'])
    it(`is refused when msg.order is ${JSON.stringify(order)}`, () => {
      assert.throws(
        () => orderOf(message({ order })),
        (error) => HubError.is(error) && error.code === 'node.no-order',
      );
    });
});

describe('the attempt a message is', () => {
  const delivery = { id: 'inbox:7', attempt: 2 };

  it('is the event that caused it, so that a redelivery is the same attempt', () => {
    assert.equal(attemptOf(message({ event: { id: 41 }, delivery })), '41');
  });
  it('is what the flow set, before the event', () => {
    assert.equal(attemptOf(message({ attempt: 'again', event: { id: 41 }, delivery })), 'again');
    assert.equal(attemptOf(message({ attempt: 0, event: { id: 41 } })), '0');
  });
  it('is the delivery where no event caused it, whichever of its attempts this is', () => {
    assert.equal(attemptOf(message({ delivery })), 'inbox:7');
    assert.equal(attemptOf(message({ delivery: { ...delivery, attempt: 3 } })), 'inbox:7');
  });
  it('is the message itself when it comes from neither: a click on a button is a new act', () => {
    assert.equal(attemptOf(message({})), 'm1');
    assert.equal(attemptOf(message({ _msgid: 'm2', event: {}, delivery: null })), 'm2');
  });
});
