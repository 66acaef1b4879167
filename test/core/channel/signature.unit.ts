import assert from 'node:assert/strict';
import fc from 'fast-check';
import { decodeBase64, hmac, sameBytes } from '../../../core/channel/signature.ts';
import { flipped, input, vector } from './requests.ts';

describe('channel signature', () => {
  for (const [id, key, algorithm, encoding] of [
    ['shopify.webhook', input(vector('shopify.webhook'), 'secret'), 'sha256', 'base64'],
    ['shopify.oauth.query', input(vector('shopify.oauth.query'), 'secret'), 'sha256', 'hex'],
    ['woocommerce.webhook', input(vector('woocommerce.webhook'), 'secret'), 'sha256', 'base64'],
    ['woocommerce.oauth1.HMAC-SHA256', 'cs_test&', 'sha256', 'base64'],
    ['woocommerce.oauth1.HMAC-SHA1', 'cs_test&', 'sha1', 'base64'],
  ] as const) {
    it(`gives the vector ${id}`, () => {
      const { stringToSign, expected } = vector(id);
      assert.equal(hmac(algorithm, key, stringToSign).toString(encoding), expected);
    });
  }

  it('takes several parts as one text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.uint8Array(), fc.string(), (key, bytes, text) => {
        const body = Buffer.from(bytes);
        const whole = Buffer.concat([Buffer.from(text), body]);
        assert.deepEqual(hmac('sha256', key, text, body), hmac('sha256', key, whole));
      }),
    );
  });

  it('compares bytes of any lengths', () => {
    fc.assert(
      fc.property(fc.uint8Array(), fc.uint8Array(), (a, b) => {
        assert.equal(sameBytes(Buffer.from(a), Buffer.from(b)), Buffer.from(a).equals(Buffer.from(b)));
        assert.equal(sameBytes(Buffer.from(a), Buffer.from(a)), true);
      }),
    );
    assert.equal(sameBytes(Buffer.from('a'), Buffer.from('ab')), false);
  });

  it('sees a single different bit', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1 }), fc.nat(), (bytes, seed) => {
        const original = Buffer.from(bytes);
        assert.equal(sameBytes(original, flipped(original, seed % (original.length * 8))), false);
      }),
    );
  });

  it('reads base64 in its one canonical form', () => {
    const any = { least: 0, most: 100 };
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) => {
        const text = Buffer.from(bytes).toString('base64');
        assert.deepEqual(decodeBase64(text, any), Buffer.from(bytes));
      }),
    );
    for (const text of [
      'YQ',
      'YQ=',
      'YR==',
      'YQ== ',
      ' YQ==',
      'YQ==\n',
      'Y Q==',
      '_-__',
      'YQ==YQ==',
      '=',
      'é',
    ]) {
      assert.equal(decodeBase64(text, any), undefined, JSON.stringify(text));
    }
  });

  it('holds base64 to a length', () => {
    const text = Buffer.alloc(32, 1).toString('base64');
    assert.equal(decodeBase64(text, { least: 32, most: 32 })?.length, 32);
    assert.equal(decodeBase64(text, { least: 33, most: 64 }), undefined);
    assert.equal(decodeBase64(text, { least: 1, most: 31 }), undefined);
    assert.equal(decodeBase64('A'.repeat(4_000_000), { least: 1, most: 64 }), undefined);
  });
});
