import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { platformNamed } from '../../../core/channel/platform.ts';
import { shopify, signShopify } from '../../../core/channel/shopify/shopify.ts';
import { input, request, rules, sample, vector } from './requests.ts';

const secret = 'shopify-test-client-secret';

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

function refusalOf(headers: Record<string, string | undefined>, body = '{"id":1}', secrets = [secret]) {
  const verdict = shopify.judge(request(headers, body), rules(secrets));
  assert.equal(verdict.kind, 'refuse');
  return { status: verdict.status, code: verdict.code };
}

describe('Shopify webhooks', () => {
  it('sign and verify the published vector bit for bit', () => {
    const known = vector('shopify.webhook');
    const body = input(known, 'rawBody');
    const headers = signShopify(input(known, 'secret'), body);
    assert.deepEqual(headers, {
      'content-type': 'application/json',
      'x-shopify-hmac-sha256': known.expected,
    });
    assert.equal(shopify.judge(request(headers, body), rules([input(known, 'secret')])).kind, 'accept');
  });

  for (const [name, topic, id] of [
    ['shopify/webhook.orders_paid', 'orders/paid', '00000000-0000-4000-8000-000000000032'],
    ['shopify/webhook.orders_cancelled', 'orders/cancelled', '00000000-0000-4000-8000-000000000037'],
  ] as const) {
    it(`accept the sample ${name}`, () => {
      const { headers, rawBody, testSecret } = sample(name);
      assert.equal(testSecret, secret);
      assert.deepEqual(shopify.judge(request(headers, rawBody), rules([secret])), {
        kind: 'accept',
        topic,
        deliveryKey: id,
        contentKey: sha256(`${topic}\0${rawBody}`),
      });
      assert.equal(signShopify(secret, rawBody)['x-shopify-hmac-sha256'], headers['x-shopify-hmac-sha256']);
    });
  }

  it('accept the header names of the newer Events', () => {
    const signed = signShopify(secret, '{"id":1}');
    const headers = {
      'content-type': 'application/json',
      'shopify-hmac-sha256': signed['x-shopify-hmac-sha256'],
      'shopify-topic': 'Order',
      'shopify-webhook-id': 'w-1',
    };
    assert.deepEqual(shopify.judge(request(headers, '{"id":1}'), rules([secret])), {
      kind: 'accept',
      topic: 'Order',
      deliveryKey: 'w-1',
      contentKey: sha256('Order\0{"id":1}'),
    });
  });

  it('take topic and id from the family that is signed, not from a mixture', () => {
    const headers = { ...signShopify(secret, '{}'), 'shopify-topic': 'Order', 'shopify-webhook-id': 'w-1' };
    assert.deepEqual(shopify.judge(request(headers, '{}'), rules([secret], { contentRepeats: false })), {
      kind: 'accept',
      topic: '',
      deliveryKey: null,
      contentKey: null,
    });
  });

  it('accept either secret while one replaces the other, and neither before or after', () => {
    for (const current of ['old', 'new']) {
      const headers = signShopify(current, '{"id":1}');
      assert.equal(shopify.judge(request(headers, '{"id":1}'), rules(['old', 'new'])).kind, 'accept');
      assert.equal(shopify.judge(request(headers, '{"id":1}'), rules(['new', 'old'])).kind, 'accept');
      assert.deepEqual(refusalOf(headers, '{"id":1}', ['older', 'newer']), {
        status: 401,
        code: 'channel.signature-wrong',
      });
    }
  });

  it('accept a body of any language, and one that is not JSON, as the bytes that were signed', () => {
    const bodies = [
      '{"备注":"加急 ®™ 🎁 e\u0301"}',
      '{"id":',
      'not json',
      '\ufeff{}',
      Buffer.from([0xff, 0x00, 0xc3]),
    ];
    for (const body of bodies) {
      const headers = signShopify(secret, body);
      assert.equal(shopify.judge(request(headers, body), rules([secret])).kind, 'accept');
    }
    // The same text composed differently is different bytes.
    assert.equal(
      refusalOf(signShopify(secret, '{"a":"é"}'), '{"a":"e\u0301"}').code,
      'channel.signature-wrong',
    );
  });

  it('refuse what is not signed, badly signed or wrongly signed, each with its own code', () => {
    const type = { 'content-type': 'application/json' };
    const wrong = signShopify('another', '{"id":1}');
    const right = signShopify(secret, '{"id":1}')['x-shopify-hmac-sha256'] ?? '';
    const malformed = 'channel.signature-malformed';
    for (const [value, code] of [
      [undefined, 'channel.signature-missing'],
      ['', 'channel.signature-missing'],
      ['zzz', malformed],
      [right.slice(0, -1), malformed],
      [` ${right}`, malformed],
      [`${right}, ${right}`, malformed],
      [Buffer.from(right, 'base64').toString('hex'), malformed],
      [Buffer.from(right, 'base64').toString('base64url'), malformed],
      [Buffer.alloc(31).toString('base64'), malformed],
      [Buffer.alloc(33).toString('base64'), malformed],
      [Buffer.alloc(32).toString('base64'), 'channel.signature-wrong'],
      [wrong['x-shopify-hmac-sha256'], 'channel.signature-wrong'],
    ]) {
      assert.deepEqual(refusalOf({ ...type, 'x-shopify-hmac-sha256': value }), { status: 401, code });
    }
  });

  it('refuse everything for an account without a secret, even what is signed with an empty one', () => {
    const headers = signShopify('', '{"id":1}');
    for (const secrets of [[], [''], ['', '']]) {
      assert.deepEqual(refusalOf(headers, '{"id":1}', secrets), { status: 401, code: 'channel.secret-none' });
    }
  });

  it('refuse another form before looking at the signature', () => {
    for (const [headers, code] of [
      [{ 'content-type': 'text/plain' }, 'channel.type-unsupported'],
      [{ 'content-type': 'application/x-www-form-urlencoded' }, 'channel.type-unsupported'],
      [{ 'content-type': 'application/jsonp' }, 'channel.type-unsupported'],
      [{ 'content-type': 'application/+json' }, 'channel.type-unsupported'],
      [{ 'content-type': 'text/json' }, 'channel.type-unsupported'],
      [{ 'content-type': ';' }, 'channel.type-unsupported'],
      [{ 'content-type': 'application/json', 'content-encoding': 'gzip' }, 'channel.encoding-unsupported'],
      [{ 'content-encoding': 'identity, br' }, 'channel.encoding-unsupported'],
    ] as const) {
      assert.deepEqual(refusalOf(headers), { status: 415, code });
      assert.deepEqual(refusalOf({ ...signShopify(secret, '{"id":1}'), ...headers }), { status: 415, code });
    }
  });

  it('accept JSON however it is declared, and undeclared', () => {
    for (const headers of [
      { 'content-type': 'application/json; charset=utf-8' },
      { 'content-type': 'Application/JSON;charset="UTF-8"' },
      { 'content-type': 'application/vnd.shop.order+json' },
      { 'content-type': 'application/cloudevents+json; charset=utf-8' },
      { 'content-type': undefined },
      { 'content-type': ' ' },
      { 'content-encoding': 'Identity' },
      { 'content-encoding': '' },
    ]) {
      const all = { ...signShopify(secret, '{"id":1}'), ...headers };
      assert.equal(
        shopify.judge(request(all, '{"id":1}'), rules([secret])).kind,
        'accept',
        JSON.stringify(headers),
      );
    }
  });

  it('ignore a signed body with nothing in it, and refuse an unsigned one', () => {
    for (const body of ['', ' ', '\r\n\t ']) {
      const headers = { ...signShopify(secret, body), 'x-shopify-topic': 'orders/updated' };
      assert.deepEqual(shopify.judge(request(headers, body), rules([secret])), {
        kind: 'ignore',
        code: 'channel.body-empty',
        params: { topic: 'orders/updated' },
      });
    }
    assert.equal(refusalOf({}, '').code, 'channel.signature-missing');
  });

  it('name content by topic and body, and not at all when the account says that it may repeat', () => {
    const keyOf = (topic: string, body: string, contentRepeats = true) => {
      const headers = {
        ...signShopify(secret, body),
        'x-shopify-topic': topic,
        'x-shopify-webhook-id': 'w-1',
      };
      const verdict = shopify.judge(request(headers, body), rules([secret], { contentRepeats }));
      assert.equal(verdict.kind, 'accept');
      assert.equal(verdict.deliveryKey, 'w-1');
      return verdict.contentKey;
    };
    assert.equal(keyOf('orders/paid', '{"id":1}'), keyOf('orders/paid', '{"id":1}'));
    assert.notEqual(keyOf('orders/paid', '{"id":1}'), keyOf('orders/updated', '{"id":1}'));
    assert.notEqual(keyOf('orders/paid', '{"id":1}'), keyOf('orders/paid', '{"id":2}'));
    assert.equal(keyOf('orders/paid', '{"id":1}', false), null);
    assert.equal(platformNamed('shopify').contentRepeats, true);
  });

  it('tell the owner which secret is none', () => {
    for (const [text, code] of [
      ['', 'channel.secret-empty'],
      ['  ', 'channel.secret-empty'],
      ['abc\n', 'channel.secret-spaces'],
      ['shpat_0123456789abcdef', 'shopify.secret-is-token'],
      ['shpca_0123456789abcdef', 'shopify.secret-is-token'],
    ] as const) {
      assert.equal(shopify.validateSecret(text)?.code, code);
    }
    for (const text of ['shpss_0123456789abcdef', '0123456789abcdef', secret]) {
      assert.equal(shopify.validateSecret(text), undefined);
    }
  });
});
