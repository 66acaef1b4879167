import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import axios from 'axios';
import { signStandardWebhook } from '../../../../../core/channel/standard-webhooks/standard-webhooks.ts';
import type { AlertMessage } from '../../../../../core/insight/alert/channel.ts';
import { webhook } from '../../../../../core/insight/alert/targets/webhook.ts';
import { type Answer, accepting, answering, assertWithout, failure, nobody } from '../listening.ts';

const now = 1_700_000_000_123;
const key = Buffer.alloc(32, 7);
const secret = `whsec_${key.toString('base64')}`;
const pathToken = 'path-tok-5d41402abc';
const message: AlertMessage = {
  id: 'late|shopify/main.shop/1001|paid',
  title: 'Late',
  text: 'Order 1001 ™ 超时 🚚',
  data: { orderKey: 'shopify/main.shop/1001', event: 'paid' },
};

async function sentTo(origin: string, tools: object = {}) {
  return await webhook.send(
    message,
    { url: `${origin}/in/${pathToken}?k=1` },
    { secret },
    { http: axios, now, ...tools },
  );
}

describe('the webhook alert', () => {
  it('signs the very bytes it sends, as the standard says', async () => {
    const server = await answering({ status: 202 });
    try {
      const receipt = await sentTo(server.origin);
      const { url, headers, body } = server.received[0]!;
      assert.equal(url.pathname + url.search, `/in/${pathToken}?k=1`);
      const id = String(headers['webhook-id']);
      assert.match(id, /^alert_[0-9a-f]{32}$/);
      assert.equal(headers['webhook-timestamp'], '1700000000');
      const expected = createHmac('sha256', key).update(`${id}.1700000000.${body}`).digest('base64');
      assert.equal(headers['webhook-signature'], `v1,${expected}`);
      assert.equal(headers['content-type'], 'application/json');
      assert.deepEqual(JSON.parse(body), {
        type: 'order-hub.alert',
        timestamp: '2023-11-14T22:13:20.123Z',
        data: {
          orderKey: 'shopify/main.shop/1001',
          event: 'paid',
          title: 'Late',
          text: 'Order 1001 ™ 超时 🚚',
        },
      });
      assert.deepEqual(receipt, { kind: 'webhook', at: now, providerId: id, cut: false, refused: [] });
    } finally {
      await server.close();
    }
  });

  it('keeps its id on another attempt, and has another for another alert', async () => {
    const server = await answering({});
    try {
      await sentTo(server.origin);
      await sentTo(server.origin, { now: now + 60_000 });
      const other = { ...message, id: `${message.id}#2` };
      await webhook.send(other, { url: server.origin }, { secret }, { http: axios, now });
      const [first, second, third] = server.received.map(({ headers }) => headers['webhook-id']);
      assert.equal(first, second);
      assert.notEqual(first, third);
    } finally {
      await server.close();
    }
  });

  it('makes the published signature', () => {
    const vectors = JSON.parse(readFileSync(new URL('../vectors.json', import.meta.url), 'utf8')) as {
      id: string;
      inputs: { secret: string };
      stringToSign: string;
      expected: string;
    }[];
    const { inputs, stringToSign, expected } = vectors.find(({ id }) => id === 'standard-webhooks.v1')!;
    const [id, timestamp, body] = stringToSign.split('.') as [string, string, string];
    const headers = signStandardWebhook(inputs.secret, id, Number(timestamp), body);
    assert.equal(headers['webhook-signature'], expected);
  });

  const failures: [string, Answer, string, boolean, number?][] = [
    ['HTTP 400', { status: 400, body: `no ${pathToken} ${secret}` }, 'alert.refused', false],
    ['HTTP 401', { status: 401 }, 'alert.refused', false],
    ['HTTP 408', { status: 408 }, 'alert.server-error', true],
    ['HTTP 410', { status: 410 }, 'alert.webhook-gone', false],
    ['HTTP 429', { status: 429, headers: { 'retry-after': '30' } }, 'alert.throttled', true, 30_000],
    ['HTTP 502', { status: 502 }, 'alert.server-error', true],
    [
      'HTTP 503 until a date',
      { status: 503, headers: { 'retry-after': new Date(1_700_000_060_000).toUTCString() } },
      'alert.server-error',
      true,
      59_877,
    ],
    [
      'HTTP 503 for ever',
      { status: 503, headers: { 'retry-after': '999999999' } },
      'alert.server-error',
      true,
      86_400_000,
    ],
    [
      'HTTP 503 with nonsense',
      { status: 503, headers: { 'retry-after': 'soon' } },
      'alert.server-error',
      true,
    ],
    ['a redirect', { status: 301, headers: { location: 'http://127.0.0.1:1/' } }, 'alert.redirected', false],
  ];
  for (const [name, answer, code, retryable, waitMs] of failures) {
    it(`tells ${name} as ${code}`, async () => {
      const server = await answering(answer);
      try {
        const error = await failure(sentTo(server.origin), [secret, key.toString('base64')]);
        assert.deepEqual([error.code, error.retryable, error.retryAfterMs], [code, retryable, waitMs]);
        assert.equal(server.received.length, 1);
      } finally {
        await server.close();
      }
    });
  }

  it('takes any 2xx, whatever the body', async () => {
    const flood = await answering({ status: 200, body: 'x'.repeat(1_000_000) });
    const half = await accepting((socket) => {
      socket.once('data', () => socket.end('HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nhalf'));
    });
    try {
      assert.equal((await sentTo(flood.origin)).kind, 'webhook');
      assert.equal((await sentTo(half.origin)).kind, 'webhook');
    } finally {
      await flood.close();
      await half.close();
    }
  });

  it('shows no part of the address but the host', async () => {
    const silent = await accepting();
    try {
      const hidden = [secret, pathToken];
      const late = await failure(sentTo(silent.origin, { timeoutMs: 100 }), hidden);
      assert.deepEqual([late.code, late.retryable], ['alert.timeout', true]);
      const gone = await failure(sentTo(await nobody()), hidden);
      assert.deepEqual([gone.code, gone.retryable], ['alert.unreachable', true]);
    } finally {
      await silent.close();
    }
  });

  it('tells a server that speaks no HTTP as one to try again', async () => {
    const server = await accepting((socket) =>
      socket.once('data', () => socket.end('220 mail.example.com ESMTP\r\n')),
    );
    try {
      const error = await failure(sentTo(server.origin), [secret, pathToken]);
      assert.deepEqual([error.code, error.retryable], ['alert.unreachable', true]);
    } finally {
      await server.close();
    }
  });

  it('finds what is wrong with its settings', () => {
    const codes = (url: string, given: string) =>
      webhook.validate({ url }, { secret: given }).map(({ code }) => code);
    assert.deepEqual(codes('https://example.com/in', secret), []);
    assert.deepEqual(codes('', ''), ['alert.url-missing', 'alert.secret-missing']);
    assert.deepEqual(codes('example.com', secret), ['alert.url-invalid']);
    assert.deepEqual(codes('https://u:p@example.com', secret), ['alert.url-credentials']);
    assert.deepEqual(codes('http://example.com', secret), ['alert.url-plain']);
    assert.deepEqual(codes('https://example.com', 'whsec_short'), ['standard-webhooks.secret-not-base64']);
    assertWithout(webhook.validate({ url: `https://x:${pathToken}@y` }, { secret: 'whsec_short!' }), [
      pathToken,
    ]);
  });
});
