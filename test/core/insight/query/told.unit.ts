import assert from 'node:assert/strict';
import '../../../../core/delivery/messages.ts';
import { told } from '../../../../core/insight/query/asking.ts';
import '../../../../core/order/messages.ts';

const reader = { language: 'en-US', personal: false } as const;
const insider = { ...reader, personal: true };

describe('told', () => {
  for (const [what, code, params] of [
    [
      'a personal field',
      'order.invalid',
      { path: 'receiver.phone', value: '13812340000', reason: '13812340000?' },
    ],
    ['a group', 'order.type-string', { path: 'currency', value: '{"phone":"13812340000"}' }],
    ['the whole record', 'record.not-json', { path: '(order)', line: 1, column: 2, near: '13812340000' }],
    ['words of a program', 'delivery.failed', { reason: 'cannot ring 138 1234 0000' }],
    ['data in words of a program', 'delivery.failed', { reason: 'got {"name":"张三丰","p":"13812340000"}' }],
    ['fields that were looked at', 'map.no-case', { path: 'status', looked: 'buyer.phone = 13812340000' }],
  ] as const)
    it(`keeps ${what} from who may not see personal data`, () => {
      const masked = told({ code, params }, reader);
      assert.doesNotMatch(JSON.stringify(masked), /138 ?1234 ?0000|张三丰/);
      assert.ok(masked.sentence.length > 10, masked.sentence);
      assert.match(told({ code, params }, insider).sentence, /138 ?1234 ?0000/);
    });

  it('keeps words that the catalogue does not know, masked', () => {
    const kept = { code: 'no.such', sentence: 'rang 13812340000' };
    assert.equal(told(kept, insider).sentence, kept.sentence);
    assert.equal(told(kept, reader).sentence, 'rang 138****0000');
  });

  it('leaves keys and numbers of orders as they are', () => {
    const params = { path: 'status', value: 'shiped', allowed: 'paid, shipped' };
    assert.match(told({ code: 'order.enum', params }, reader).sentence, /"shiped"/);
  });
});
