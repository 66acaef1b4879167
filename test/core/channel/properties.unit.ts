import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import fc from 'fast-check';
import { type Platform, platformNamed, platformNames } from '../../../core/channel/platform.ts';
import { signShopify } from '../../../core/channel/shopify/shopify.ts';
import { signStandardWebhook } from '../../../core/channel/standard-webhooks/standard-webhooks.ts';
import { judgeWebhook } from '../../../core/channel/webhook-gate.ts';
import { signWooCommerce } from '../../../core/channel/woocommerce/woocommerce.ts';
import { allMessages } from '../../../core/message.ts';
import { flipped, receivedAt, request, rules } from './requests.ts';

interface Signer {
  name: string;
  platform: Platform;
  secret: string;
  header: string;
  /** What stands before the base64 in the header. */
  prefix: string;
  sign: (body: Buffer) => Record<string, string>;
}

const shared = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;
const { x = '', d = '' } = generateKeyPairSync('ed25519').privateKey.export({ format: 'jwk' });
const publicKey = `whpk_${Buffer.from(x, 'base64url').toString('base64')}`;
const privateKey = `whsk_${Buffer.from(d, 'base64url').toString('base64')}`;
const now = receivedAt / 1000;

const signers: Signer[] = [
  {
    name: 'Shopify',
    platform: platformNamed('shopify'),
    secret: 'property-secret',
    header: 'x-shopify-hmac-sha256',
    prefix: '',
    sign: (body) => signShopify('property-secret', body),
  },
  {
    name: 'WooCommerce',
    platform: platformNamed('woocommerce'),
    secret: 'property-secret',
    header: 'x-wc-webhook-signature',
    prefix: '',
    sign: (body) => signWooCommerce('property-secret', body),
  },
  {
    name: 'Standard Webhooks v1',
    platform: platformNamed('standard-webhooks'),
    secret: shared,
    header: 'webhook-signature',
    prefix: 'v1,',
    sign: (body) => signStandardWebhook(shared, 'msg_1', now, body),
  },
  {
    name: 'Standard Webhooks v1a',
    platform: platformNamed('standard-webhooks'),
    secret: publicKey,
    header: 'webhook-signature',
    prefix: 'v1a,',
    sign: (body) => signStandardWebhook(privateKey, 'msg_1', now, body),
  },
];

const bytes = fc.uint8Array({ minLength: 1, maxLength: 300 }).map((array) => Buffer.from(array));
/** Text of whole Unicode, as JSON, in UTF-8. */
const unicode = fc
  .string({ unit: 'grapheme', maxLength: 100 })
  .map((note) => Buffer.from(JSON.stringify({ note })));

const headerNames = [
  'content-type',
  'content-encoding',
  'x-shopify-hmac-sha256',
  'x-shopify-topic',
  'x-shopify-webhook-id',
  'shopify-hmac-sha256',
  'shopify-topic',
  'x-wc-webhook-signature',
  'x-wc-webhook-topic',
  'x-wc-webhook-delivery-id',
  'webhook-id',
  'webhook-timestamp',
  'webhook-signature',
];
/** Header values near the right ones, and far from them. */
const headerValue = fc.oneof(
  fc.constant(undefined),
  fc.string({ unit: 'binary', maxLength: 200 }),
  fc.base64String({ maxLength: 120 }),
  fc.uint8Array({ minLength: 32, maxLength: 32 }).map((array) => Buffer.from(array).toString('base64')),
  fc
    .uint8Array({ minLength: 64, maxLength: 64 })
    .map((array) => `v1a,${Buffer.from(array).toString('base64')}`),
  fc
    .uint8Array({ minLength: 32, maxLength: 32 })
    .map((array) => `v1,${Buffer.from(array).toString('base64')} v1,`),
  fc.integer().map(String),
  fc.constantFrom(
    'application/json',
    'application/x-www-form-urlencoded',
    'identity',
    'v1,',
    'v1a,',
    ',',
    ' ',
  ),
);
const headers = fc.dictionary(fc.constantFrom(...headerNames), headerValue, { maxKeys: headerNames.length });
const secrets = fc.array(
  fc.oneof(
    fc.string({ unit: 'binary', maxLength: 100 }),
    fc.constantFrom(shared, publicKey, privateKey, '', 'whsec_', 'whpk_', 'whpk_====', 'whsk_AAAA'),
  ),
  { maxLength: 4 },
);

describe('channel properties', () => {
  for (const { name, platform, secret, header, prefix, sign } of signers) {
    const judge = (signed: Record<string, string | undefined>, body: Buffer) =>
      platform.judge(request(signed, body), rules([secret]));

    it(`${name}: what is signed is accepted, or ignored when it is blank`, () => {
      fc.assert(
        fc.property(fc.oneof(bytes, unicode), (body) => {
          const kind = judge(sign(body), body).kind;
          assert.equal(kind, /^[\t-\r ]*$/.test(body.toString('latin1')) ? 'ignore' : 'accept');
        }),
      );
    });

    it(`${name}: a flipped bit of the body is refused`, () => {
      fc.assert(
        fc.property(fc.oneof(bytes, unicode), fc.nat(), (body, seed) => {
          const verdict = judge(sign(body), flipped(body, seed % (body.length * 8)));
          assert.equal(verdict.kind, 'refuse');
          assert.equal(verdict.code, 'channel.signature-wrong');
        }),
      );
    });

    it(`${name}: a flipped bit of the signature is refused`, () => {
      fc.assert(
        fc.property(bytes, fc.nat(), (body, seed) => {
          const signed = sign(body);
          const signature = Buffer.from((signed[header] ?? '').slice(prefix.length), 'base64');
          const other = flipped(signature, seed % (signature.length * 8)).toString('base64');
          const verdict = judge({ ...signed, [header]: `${prefix}${other}` }, body);
          assert.equal(verdict.kind, 'refuse');
          assert.equal(verdict.code, 'channel.signature-wrong');
        }),
      );
    });

    it(`${name}: a flipped bit of the header's text is refused`, () => {
      const body = Buffer.from('{"id":1}');
      const signed = sign(body);
      const text = Buffer.from(signed[header] ?? '', 'latin1');
      for (let bit = 0; bit < text.length * 8; bit += 1) {
        const verdict = judge({ ...signed, [header]: flipped(text, bit).toString('latin1') }, body);
        assert.equal(verdict.kind, 'refuse', `bit ${bit}`);
        assert.equal(verdict.status, 401);
      }
    });

    it(`${name}: a body cut short or gone on with is refused`, () => {
      fc.assert(
        fc.property(bytes, bytes, (body, more) => {
          assert.equal(judge(sign(body), Buffer.concat([body, more])).kind, 'refuse');
          assert.equal(judge(sign(Buffer.concat([body, more])), body).kind, 'refuse');
        }),
      );
    });
  }

  it('no header, body or secret makes a platform throw, accept a stranger or speak without a sentence', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...platformNames),
        headers,
        fc.oneof(bytes, unicode, fc.constant(Buffer.alloc(0)), fc.constant(Buffer.from('webhook_id=1'))),
        secrets,
        fc.integer(),
        (name, sent, body, configured, at) => {
          const platform = platformNamed(name);
          const answer = judgeWebhook({
            account: { platform, rules: rules(configured), disabled: false },
            method: 'POST',
            contentLength: undefined,
            bodyTooLarge: false,
            bodyAlreadyParsed: false,
            ready: true,
            request: request(sent, body, at),
          });
          assert.equal(answer.accept, undefined);
          assert.ok(allMessages()[answer.code], answer.code);
          if (answer.status === 200) assert.equal(answer.code, 'channel.ping');
          else assert.ok([401, 415].includes(answer.status), String(answer.status));
        },
      ),
      { numRuns: 2000 },
    );
  });

  it('no text makes the check of a secret throw', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...platformNames),
        fc.constantFrom('', 'whsec_', 'whpk_', 'whsk_'),
        fc.oneof(fc.string({ unit: 'binary' }), fc.base64String()),
        (name, prefix, text) => {
          const error = platformNamed(name).validateSecret(prefix + text);
          if (error) assert.ok(allMessages()[error.code], error.code);
        },
      ),
    );
  });

  it('a Standard Webhooks secret that passes the check signs and verifies', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 24, maxLength: 64 }), bytes, (key, body) => {
        const secret = `whsec_${Buffer.from(key).toString('base64')}`;
        const platform = platformNamed('standard-webhooks');
        assert.equal(platform.validateSecret(secret), undefined);
        const signed = signStandardWebhook(secret, 'msg_1', now, body);
        assert.notEqual(platform.judge(request(signed, body), rules([secret])).kind, 'refuse');
      }),
    );
  });
});
