import assert from 'node:assert/strict';
import { platformNamed } from '../../../core/channel/platform.ts';
import { signShopify } from '../../../core/channel/shopify/shopify.ts';
import { signStandardWebhook } from '../../../core/channel/standard-webhooks/standard-webhooks.ts';
import {
  type AccountState,
  defaultMaxBodyBytes,
  judgeArrival,
  judgeWebhook,
  type WebhookCall,
} from '../../../core/channel/webhook-gate.ts';
import { receivedAt, request, rules, sample } from './requests.ts';

const secret = 'gate-test-secret';
const body = '{"id":1}';

const account: AccountState = { platform: platformNamed('shopify'), rules: rules([secret]), disabled: false };

function call(changes: Partial<WebhookCall> = {}): WebhookCall {
  return {
    account,
    method: 'POST',
    contentLength: body.length,
    bodyTooLarge: false,
    bodyAlreadyParsed: false,
    ready: true,
    request: request({ ...signShopify(secret, body), 'x-shopify-topic': 'orders/paid' }, body),
    ...changes,
  };
}

describe('webhook gate', () => {
  it('hands on what to store, with the answer for when it is durable', () => {
    const answer = judgeWebhook(call());
    assert.equal(answer.status, 200);
    assert.deepEqual(answer.body, { ok: true });
    assert.equal(answer.code, 'channel.accepted');
    assert.deepEqual(answer.params, { topic: 'orders/paid' });
    assert.equal(answer.accept?.length, 1);
    const [record] = answer.accept!;
    assert.equal(record!.topic, 'orders/paid');
    assert.equal(record!.deliveryKey, null);
    assert.match(record!.contentKey ?? '', /^[0-9a-f]{64}$/);
    assert.equal(judgeArrival(call()), undefined);
  });

  it('answers 404 to an address nobody has, without a hint', () => {
    for (const method of ['POST', 'GET']) {
      const answer = judgeWebhook(call({ account: undefined, method }));
      assert.equal(answer.status, 404);
      assert.equal(answer.code, 'channel.account-unknown');
      assert.deepEqual(answer.body, { error: 'not-found' });
      assert.equal(answer.accept, undefined);
    }
  });

  it('answers 503 to an unknown address while the hub is starting, since the account may be on its way', () => {
    const answer = judgeWebhook(call({ account: undefined, ready: false }));
    assert.deepEqual([answer.status, answer.retryAfterSeconds], [503, 10]);
  });

  it('answers 405 with what is allowed', () => {
    for (const method of ['GET', 'HEAD', 'PUT', 'OPTIONS', 'post']) {
      const answer = judgeWebhook(call({ method }));
      assert.deepEqual([answer.status, answer.allow, answer.code], [405, 'POST', 'channel.method-wrong']);
    }
  });

  it('answers 503 and when to come back while it is not ready or the account is switched off', () => {
    const starting = judgeWebhook(call({ ready: false }));
    assert.deepEqual(
      [starting.status, starting.retryAfterSeconds, starting.code],
      [503, 10, 'channel.not-ready'],
    );
    const off = judgeWebhook(call({ account: { ...account, disabled: true } }));
    assert.deepEqual([off.status, off.retryAfterSeconds, off.code], [503, 300, 'channel.disabled']);
    assert.equal(off.accept, undefined);
  });

  it('answers 413 by the declared length, by the reader, and by the bytes themselves', () => {
    assert.equal(defaultMaxBodyBytes, 5_242_880);
    assert.equal(judgeArrival(call({ contentLength: defaultMaxBodyBytes })), undefined);
    const small = { ...account, maxBodyBytes: body.length - 1 };
    for (const answer of [
      judgeArrival(call({ contentLength: defaultMaxBodyBytes + 1 })),
      judgeWebhook(call({ contentLength: defaultMaxBodyBytes + 1 })),
      judgeWebhook(call({ bodyTooLarge: true, contentLength: undefined })),
      judgeWebhook(call({ account: small, contentLength: undefined })),
    ]) {
      assert.deepEqual([answer?.status, answer?.code], [413, 'channel.body-too-large']);
    }
    const exact = { ...account, maxBodyBytes: body.length };
    assert.equal(judgeWebhook(call({ account: exact })).status, 200);
  });

  it('answers a signed body of 6 MB with 413, and one of exactly 5 MB with 200', () => {
    const six = Buffer.alloc(6 * 1024 * 1024, 'x');
    const five = Buffer.alloc(5 * 1024 * 1024, 'x');
    assert.equal(judgeWebhook(call({ request: request(signShopify(secret, six), six) })).status, 413);
    assert.equal(judgeWebhook(call({ request: request(signShopify(secret, five), five) })).status, 200);
  });

  it('answers 500 with the cause when the bytes are gone, rather than sign something else', () => {
    const answer = judgeWebhook(call({ bodyAlreadyParsed: true }));
    assert.deepEqual([answer.status, answer.code], [500, 'channel.body-consumed']);
    assert.match(String(answer.body.message), /body parser/);
  });

  it('says what will not change before what will', () => {
    const waiting = { ready: false, account: { ...account, disabled: true } };
    assert.equal(judgeWebhook(call({ ...waiting, method: 'GET' })).status, 405);
    assert.equal(judgeWebhook(call({ ...waiting, contentLength: defaultMaxBodyBytes + 1 })).status, 413);
    assert.equal(judgeWebhook(call({ ...waiting, bodyAlreadyParsed: true })).status, 500);
    assert.equal(judgeWebhook(call(waiting)).status, 503);
  });

  it('answers every cause of a 401 with the same words, and keeps the cause for the owner', () => {
    const standard: AccountState = {
      platform: platformNamed('standard-webhooks'),
      rules: rules([`whsec_${Buffer.alloc(32, 7).toString('base64')}`]),
      disabled: false,
    };
    const old = signStandardWebhook(standard.rules.secrets[0] ?? '', 'm', receivedAt / 1000 - 301, body);
    const answers = [
      judgeWebhook(call({ request: request({}, body) })),
      judgeWebhook(call({ request: request({ 'x-shopify-hmac-sha256': 'x' }, body) })),
      judgeWebhook(call({ request: request(signShopify('other', body), body) })),
      judgeWebhook(call({ account: { ...account, rules: rules([]) } })),
      judgeWebhook(call({ account: standard, request: request(old, body) })),
      judgeWebhook(call({ account: standard, request: request({ ...old, 'webhook-id': '' }, body) })),
    ];
    const codes = answers.map(({ code }) => code);
    assert.deepEqual(codes, [
      'channel.signature-missing',
      'channel.signature-malformed',
      'channel.signature-wrong',
      'channel.secret-none',
      'standard-webhooks.too-old',
      'standard-webhooks.id-missing',
    ]);
    for (const { code, params, ...outside } of answers) {
      assert.deepEqual(
        outside,
        { status: 401, body: { error: 'unauthorized' } },
        `${code} ${params.platform}`,
      );
    }
  });

  it('answers 415 with what was found', () => {
    const answer = judgeWebhook(call({ request: request({ 'content-type': 'text/xml' }, body) }));
    assert.equal(answer.status, 415);
    assert.match(String(answer.body.message), /text\/xml/);
  });

  it('answers a ping exactly 200, and an empty webhook 200, and stores neither', () => {
    const woo: AccountState = {
      platform: platformNamed('woocommerce'),
      rules: rules([secret]),
      disabled: false,
    };
    const { headers, rawBody } = sample('woocommerce/webhook.ping');
    const ping = judgeWebhook(call({ account: woo, request: request(headers, rawBody) }));
    assert.deepEqual([ping.status, ping.code, ping.accept], [200, 'channel.ping', undefined]);
    const empty = judgeWebhook(call({ request: request(signShopify(secret, ''), '') }));
    assert.deepEqual([empty.status, empty.code, empty.accept], [200, 'channel.body-empty', undefined]);
  });
});
