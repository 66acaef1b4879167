import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { signWooCommerce, woocommerce } from '../../../core/channel/woocommerce/woocommerce.ts';
import { input, request, rules, sample, vector } from './requests.ts';

const secret = 'woo-test-secret';
const form = { 'content-type': 'application/x-www-form-urlencoded' };

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

function judge(headers: Record<string, string | undefined>, body: string | Buffer, contentRepeats = true) {
  return woocommerce.judge(request(headers, body), rules([secret], { contentRepeats }));
}

function keyOf(topic: string, body: string, deliveryId?: string, contentRepeats = true): string {
  const headers = {
    ...signWooCommerce(secret, body),
    'x-wc-webhook-topic': topic,
    'x-wc-webhook-delivery-id': deliveryId,
  };
  const verdict = judge(headers, body, contentRepeats);
  assert.equal(verdict.kind, 'accept');
  assert.equal(verdict.deliveryKey, null);
  assert.ok(verdict.contentKey);
  return verdict.contentKey;
}

describe('WooCommerce webhooks', () => {
  it('sign and verify the vector bit for bit', () => {
    const known = vector('woocommerce.webhook');
    const body = input(known, 'rawBody');
    const headers = signWooCommerce(input(known, 'secret'), body);
    assert.deepEqual(headers, {
      'content-type': 'application/json',
      'x-wc-webhook-signature': known.expected,
    });
    assert.equal(woocommerce.judge(request(headers, body), rules([input(known, 'secret')])).kind, 'accept');
  });

  it('accept the sample of a changed order, told apart by its content alone', () => {
    const { headers, rawBody, testSecret } = sample('woocommerce/webhook.order_updated');
    assert.equal(testSecret, secret);
    assert.deepEqual(judge(headers, rawBody), {
      kind: 'accept',
      topic: 'order.updated',
      deliveryKey: null,
      contentKey: sha256(`order.updated\0${rawBody}`),
    });
  });

  it('accept the sample of a deletion, told apart by its delivery too', () => {
    const { headers, rawBody, testSecret } = sample('woocommerce/webhook.order_deleted');
    assert.equal(testSecret, secret);
    assert.deepEqual(judge(headers, rawBody), {
      kind: 'accept',
      topic: 'order.deleted',
      deliveryKey: null,
      contentKey: sha256(`order.deleted\x0092eb5ffee6ae2fec3ad71c777531578f\0{"id":728}`),
    });
  });

  it('know a repeat of a change whatever its delivery, and keep two states of one second apart', () => {
    const first = '{"id":727,"date_modified_gmt":"2026-09-01T01:00:00","status":"on-hold"}';
    const second = '{"id":727,"date_modified_gmt":"2026-09-01T01:00:00","status":"processing"}';
    assert.equal(keyOf('order.updated', first, 'a'), keyOf('order.updated', first, 'b'));
    assert.notEqual(keyOf('order.updated', first, 'a'), keyOf('order.updated', second, 'a'));
    assert.notEqual(keyOf('order.updated', first, 'a'), keyOf('order.created', first, 'a'));
  });

  it('know a repeat of what carries no time by its delivery', () => {
    for (const topic of ['order.deleted', 'action.woocommerce_payment_complete']) {
      assert.equal(keyOf(topic, '{"id":1}', 'a'), keyOf(topic, '{"id":1}', 'a'));
      assert.notEqual(keyOf(topic, '{"id":1}', 'a'), keyOf(topic, '{"id":1}', 'b'));
      assert.notEqual(keyOf(topic, '{"id":1}', 'a'), keyOf(topic, '{"id":2}', 'a'));
      assert.equal(keyOf(topic, '{"id":1}'), keyOf(topic, '{"id":1}'));
    }
  });

  it('keep the content key when content does not repeat, since nothing else tells a repeat', () => {
    assert.equal(
      keyOf('order.updated', '{"id":1}', 'a', false),
      keyOf('order.updated', '{"id":1}', 'a', true),
    );
    assert.equal(woocommerce.contentRepeats, true);
  });

  it('answer the ping that WooCommerce sends when a webhook is saved', () => {
    const { headers, rawBody } = sample('woocommerce/webhook.ping');
    assert.deepEqual(judge(headers, rawBody), { kind: 'ping' });
    assert.deepEqual(woocommerce.judge(request(headers, rawBody), rules([])), { kind: 'ping' });
    const charset = { 'content-type': 'Application/x-www-form-urlencoded; charset=UTF-8' };
    assert.deepEqual(judge(charset, `webhook_id=${'9'.repeat(20)}`), { kind: 'ping' });
  });

  it('take nothing for a ping that only resembles it', () => {
    for (const [headers, body, status] of [
      [{}, 'webhook_id=12', 401],
      [{ 'content-type': 'application/json' }, 'webhook_id=12', 401],
      [{ 'content-type': 'text/plain' }, 'webhook_id=12', 415],
      [{ ...form, 'x-wc-webhook-signature': '' }, 'webhook_id=12', 415],
      [{ ...form, 'x-wc-webhook-signature': 'abc' }, 'webhook_id=12', 415],
      [{ ...form, 'content-encoding': 'gzip' }, 'webhook_id=12', 415],
      [form, '', 415],
      [form, 'webhook_id=', 415],
      [form, 'webhook_id=12&order=1', 415],
      [form, 'a=1&webhook_id=12', 415],
      [form, 'webhook_id=12\n', 415],
      [form, ' webhook_id=12', 415],
      [form, 'webhook_id=-1', 415],
      [form, 'webhook_id=1e3', 415],
      [form, 'webhook_id=١٢', 415],
      [form, 'WEBHOOK_ID=12', 415],
      [form, `webhook_id=${'9'.repeat(21)}`, 415],
      [form, '{"id":1}', 415],
    ] as const) {
      const verdict = judge(headers, body);
      assert.equal(verdict.kind, 'refuse', JSON.stringify([headers, body]));
      assert.equal(verdict.status, status, JSON.stringify([headers, body]));
    }
    const signedForm = { ...signWooCommerce(secret, 'webhook_id=12'), ...form };
    assert.equal(judge(signedForm, 'webhook_id=12').kind, 'refuse');
  });

  it('accept either secret while one replaces the other', () => {
    for (const current of ['old', 'new']) {
      const headers = signWooCommerce(current, '{"id":1}');
      assert.equal(woocommerce.judge(request(headers, '{"id":1}'), rules(['old', 'new'])).kind, 'accept');
      assert.equal(woocommerce.judge(request(headers, '{"id":1}'), rules(['other'])).kind, 'refuse');
    }
  });

  it('accept any text, and what is not JSON', () => {
    for (const body of ['{"note":"请尽快 🎁"}', '{"note":"\\u8bf7\\/"}', '<html>', '[]', 'null']) {
      assert.equal(judge(signWooCommerce(secret, body), body).kind, 'accept');
    }
    // What PHP escapes and what it does not mean the same and are other bytes.
    assert.equal(judge(signWooCommerce(secret, '{"a":"\\/"}'), '{"a":"/"}').kind, 'refuse');
  });

  it('ignore a signed body with nothing in it', () => {
    assert.deepEqual(judge(signWooCommerce(secret, ''), ''), {
      kind: 'ignore',
      code: 'channel.body-empty',
      params: { topic: null },
    });
  });

  it('refuse a missing, malformed and wrong signature, each with its own code', () => {
    for (const [value, code] of [
      [undefined, 'channel.signature-missing'],
      ['not base64', 'channel.signature-malformed'],
      [Buffer.alloc(20).toString('base64'), 'channel.signature-malformed'],
      [Buffer.alloc(32).toString('base64'), 'channel.signature-wrong'],
    ] as const) {
      const verdict = judge({ 'x-wc-webhook-signature': value }, '{"id":1}');
      assert.equal(verdict.kind, 'refuse');
      assert.deepEqual([verdict.status, verdict.code], [401, code]);
    }
  });

  it('tell the owner which secret is none', () => {
    for (const [text, code] of [
      ['', 'channel.secret-empty'],
      [' s', 'channel.secret-spaces'],
      ['a&b', 'woocommerce.secret-escaped'],
      ['a<b', 'woocommerce.secret-escaped'],
      ['a>b', 'woocommerce.secret-escaped'],
      ['a"b', 'woocommerce.secret-escaped'],
      ['ck_0123', 'woocommerce.secret-is-key'],
    ] as const) {
      assert.equal(woocommerce.validateSecret(text)?.code, code);
    }
    assert.equal(woocommerce.validateSecret('a&b&"c')?.params.found, '& "');
    assert.equal(woocommerce.validateSecret('cs_0123'), undefined);
    assert.equal(woocommerce.validateSecret(secret), undefined);
  });
});
