import assert from 'node:assert/strict';
import fc from 'fast-check';
import { orderKey, parseOrderKey } from '../../../core/order/key.ts';

const part = fc.string({ unit: 'grapheme', minLength: 1 });

describe('order key', () => {
  it('reads as channel, shop and id', () => {
    assert.equal(orderKey('shopify', 'main', '5500000000001'), 'shopify/main/5500000000001');
    assert.equal(orderKey('taobao', '旗舰店', '2100000000000000001'), 'taobao/旗舰店/2100000000000000001');
  });

  it('keeps parts apart that hold a slash or a percent sign', () => {
    assert.equal(orderKey('a/b', 'c', '1%2F2'), 'a%2Fb/c/1%252F2');
    assert.notEqual(orderKey('a', 'b/c', 'd'), orderKey('a/b', 'c', 'd'));
  });

  it('can be taken apart again, whatever the parts are', () => {
    fc.assert(
      fc.property(part, part, part, (channel, shop, channelOrderId) => {
        assert.deepEqual(parseOrderKey(orderKey(channel, shop, channelOrderId)), {
          channel,
          shop,
          channelOrderId,
        });
      }),
    );
  });

  it('is the same for two orders only when all parts are', () => {
    const parts = fc.tuple(part, part, part);
    fc.assert(
      fc.property(parts, parts, (a, b) => {
        const same = a.every((text, index) => text === b[index]);
        assert.equal(orderKey(...a) === orderKey(...b), same);
      }),
    );
  });

  it('refuses parts that are empty or half a character, naming them', () => {
    assert.throws(() => orderKey('', 'shop', '1'), { code: 'order.key-part', params: { part: 'channel' } });
    assert.throws(() => orderKey('c', 'shop', ''), {
      code: 'order.key-part',
      params: { part: 'channelOrderId' },
    });
    assert.throws(() => orderKey('c', '\ud83d', '1'), { code: 'order.key-part', params: { part: 'shop' } });
  });

  it('refuses what is no key', () => {
    for (const key of ['', 'a', 'a/b', 'a/b/c/d', 'a//c', '/b/c', 'a/b/%zz']) {
      assert.throws(() => parseOrderKey(key), { code: 'order.key-malformed' }, key);
    }
  });
});
