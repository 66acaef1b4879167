import assert from 'node:assert/strict';
import { redacted, withSecretsHidden } from '../../core/redacted.ts';

const key = 'ck_shop-7';
const secret = `cs/p"a+s&w<d>'é`;
const secrets = [key, undefined, '', secret];

/** Text of a platform that writes a secret back in some form. */
const forms: Readonly<Record<string, string>> = {
  'as it is': secret,
  'percent-encoded': encodeURIComponent(secret),
  'percent-encoded in small letters': encodeURIComponent(secret).replace(/%../g, (code) =>
    code.toLowerCase(),
  ),
  'percent-encoded by RFC 3986': encodeURIComponent(secret).replace("'", '%27'),
  'encoded as a form': new URLSearchParams([['s', secret]]).toString().slice(2),
  'in JSON': JSON.stringify(secret).slice(1, -1),
  'in JSON of PHP': `cs\\/p\\"a+s&w<d>'\\u00e9`,
  'in JSON of ASCII only': `cs/p\\"a+s&w<d>'\\u00e9`,
  'in HTML': `cs/p"a+s&amp;w&lt;d>'é`,
  'in HTML with every sign': 'cs/p&quot;a+s&amp;w&lt;d&gt;&#39;é',
  'in HTML of PHP': 'cs/p&quot;a+s&amp;w&lt;d&gt;&#039;é',
  'in base64': Buffer.from(secret).toString('base64'),
  'in base64url': Buffer.from(secret).toString('base64url'),
  'as Basic authentication': Buffer.from(`${key}:${secret}`).toString('base64'),
  'as Basic authentication the other way round': Buffer.from(`${secret}:${key}`).toString('base64'),
  'as Basic authentication of OAuth 2.0': Buffer.from(
    `${encodeURIComponent(key)}:${encodeURIComponent(secret)}`,
  ).toString('base64'),
  'as Basic authentication in base64url': Buffer.from(`${key}:${secret}`).toString('base64url'),
};

describe('secrets in what another machine said', () => {
  for (const [how, form] of Object.entries(forms))
    it(`are hidden ${how}`, () => {
      assert.equal(withSecretsHidden(`before ${form} after`, secrets), 'before *** after');
      assert.equal(redacted(`before ${form} after`, secrets), 'before *** after');
    });

  for (const user of ['', 'a', 'ab', 'abc', 'somebody'])
    it(`are hidden in base64 behind ${JSON.stringify(user)}, which is none`, () => {
      const told = withSecretsHidden(Buffer.from(`${user}:${secret}:x`).toString('base64'), [secret]);
      assert.match(told, /\*\*\*/);
      // What is left beside it holds no whole byte of the secret's middle.
      const left = told.split('***').map((part) => Buffer.from(part, 'base64').toString());
      for (const part of left) assert.ok(!part.includes(secret.slice(1, 4)), `left: ${part}`);
    });

  it('leave other text as it was, however short they are', () => {
    const text = 'The order 4711 was not found, status QUJD, see YWJj and https://shop.example.test/a-b_c';
    assert.equal(withSecretsHidden(text, ['xyz', 'q']), text.replaceAll('q', '***'));
  });
});
