import assert from 'node:assert/strict';
import fc from 'fast-check';
import { platformNames, validateSecret } from '../../../core/channel/platform.ts';
import { secretAdvice } from '../../../nodes/channel-account/secret-advice.ts';

/** What the dialog says has to be what the running node says. */
function assertSame(platform: string, secret: string): void {
  const advice = secretAdvice(platform, secret);
  const judged = validateSecret(platform, secret);
  assert.equal(advice?.code, judged?.code, `${platform}: ${JSON.stringify(secret)}`);
  assert.deepEqual(advice?.params, judged?.params);
}

const base64 = (bytes: number) => Buffer.alloc(bytes, 7).toString('base64');

const secrets = [
  '',
  ' ',
  'plain',
  ' padded ',
  'line\n',
  'shpat_0123',
  'shpss_0123',
  ' shpca_1',
  'ck_1234',
  'a&b',
  '<"&>',
  ...[1, 23, 24, 32, 64, 65, 1024, 1025].flatMap((bytes) =>
    ['whsec_', 'whpk_', 'whsk_', ''].map((prefix) => prefix + base64(bytes)),
  ),
  `whsec_${base64(32).replace(/=+$/, '')}`,
  `whsec_${base64(32)} `,
  `whsec_${base64(31)}=`,
  'whsec_',
  'whsec_AB CD',
  'whsec_AAA-BBB_',
];

describe('what the dialog says of a secret', () => {
  for (const platform of platformNames) {
    for (const secret of secrets) {
      it(`is what the node says of ${JSON.stringify(secret.slice(0, 40))} for ${platform}`, () =>
        assertSame(platform, secret));
    }

    it(`is what the node says of any text for ${platform}`, () => {
      const prefix = fc.constantFrom('', 'whsec_', 'whpk_', 'whsk_', 'shpat_', 'ck_');
      const text = fc.oneof(fc.string(), fc.base64String({ maxLength: 120 }), fc.string({ unit: 'binary' }));
      fc.assert(fc.property(prefix, text, (start, rest) => assertSame(platform, start + rest)));
    });
  }

  it('finds a good secret good', () => {
    assert.equal(secretAdvice('shopify', 'shpss_0123456789abcdef'), undefined);
    assert.equal(secretAdvice('woocommerce', 'Letters123'), undefined);
    assert.equal(secretAdvice('standard-webhooks', `whsec_${base64(32)}`), undefined);
  });
});
