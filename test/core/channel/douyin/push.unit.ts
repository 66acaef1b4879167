import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { eventSigns } from '../../../../core/channel/douyin/sign.ts';
import {
  type AccountRules,
  platformNamed,
  type WebhookRequest,
  type WebhookVerdict,
} from '../../../../core/channel/platform.ts';
import { parseJson } from '../../../../core/json.ts';

const douyin = platformNamed('douyin');
const appKey = '7000000000000000001';
const secret = 'douyin-test-secret';
const rules: AccountRules = { secrets: [secret], replayWindowMs: 300_000, contentRepeats: false };

interface Sample {
  note: string;
  headers: Record<string, string>;
  rawBody: string;
  expectedResponse: object;
}
const samples = JSON.parse(
  readFileSync(new URL('../../../samples/douyin/push_requests.json', import.meta.url), 'utf8'),
) as [Sample, Sample, Sample];

function judged(body: string, headers: Record<string, string>, changes: Partial<AccountRules> = {}) {
  const request: WebhookRequest = { headers, body: Buffer.from(body), receivedAt: Date.now() };
  return douyin.judge(request, { ...rules, ...changes });
}

function signed(body: string, by = secret): Record<string, string> {
  return {
    'content-type': 'application/json',
    'app-id': appKey,
    'event-sign': eventSigns.hmac(appKey, Buffer.from(body), by).toString('hex'),
  };
}

/** What would be stored, an entry for each message. */
function accepted(verdict: WebhookVerdict) {
  assert.equal(verdict.kind, 'accept-each', JSON.stringify(verdict));
  return (verdict as Extract<WebhookVerdict, { kind: 'accept-each' }>).messages;
}

describe('pushes of Douyin', () => {
  it('that only check the address are answered, and nothing is stored', () => {
    const [{ headers, rawBody, expectedResponse }] = samples;
    assert.equal(judged(rawBody, headers).kind, 'ping');
    assert.deepEqual(douyin.success, expectedResponse);
  });

  for (const [index, order] of [
    [1, '4800000000000000101'],
    [2, '4800000000000000121'],
  ] as const) {
    it(`are taken under their own id, and hint at an order: ${samples[index].note}`, () => {
      const { headers, rawBody } = samples[index];
      const [message, ...others] = accepted(judged(rawBody, headers));
      assert.equal(others.length, 0);
      assert.match(message!.deliveryKey!, /^741234567890123456\d:0:/);
      assert.equal(
        douyin.hintOf!({ topic: message!.topic, body: parseJson(message!.body.toString()) }),
        order,
      );
    });
  }

  it('with several messages are several records, address checks not among them', () => {
    const body = JSON.stringify([
      { tag: '101', msg_id: 'a', data: '{"p_id":4800000000000000101}' },
      { tag: '0', msg_id: '0', data: 'now' },
      { tag: 206, msgId: 'b', data: { p_id: '4800000000000000121' } },
    ]);
    const messages = accepted(judged(body, signed(body)));
    assert.deepEqual(
      messages.map(({ topic, deliveryKey }) => [topic, deliveryKey]),
      [
        ['101', 'a'],
        ['206', 'b'],
      ],
    );
    assert.deepEqual(
      messages.map((message) => (parseJson(message.body.toString()) as { tag: unknown }).tag),
      ['101', 206],
    );
  });

  it('are refused unsigned, wrongly signed, changed, or where digits moved between key and body', () => {
    const [, { headers, rawBody }] = samples;
    const codeOf = (verdict: WebhookVerdict) => ('code' in verdict ? verdict.code : verdict.kind);
    const without = (name: string) =>
      Object.fromEntries(Object.entries(headers).filter(([key]) => key !== name));
    assert.equal(codeOf(judged(rawBody, without('event-sign'))), 'channel.signature-missing');
    assert.equal(codeOf(judged(rawBody, without('app-id'))), 'channel.signature-missing');
    assert.equal(
      codeOf(judged(rawBody, { ...headers, 'event-sign': 'F'.repeat(32) })),
      'channel.signature-malformed',
    );
    assert.equal(
      codeOf(judged(rawBody, { ...headers, 'event-sign': '0'.repeat(32) })),
      'channel.signature-wrong',
    );
    assert.equal(codeOf(judged(`${rawBody} `, headers)), 'channel.signature-wrong');
    assert.equal(codeOf(judged(rawBody, headers, { secrets: ['another'] })), 'channel.signature-wrong');
    assert.equal(codeOf(judged(rawBody, headers, { secrets: [''] })), 'channel.secret-none');
    const body = '1[]';
    assert.equal(codeOf(judged(body, signed(body))), 'channel.signature-wrong');
  });

  it('without a message, or none at all, lose nothing and store nothing needless', () => {
    assert.equal(judged('[]', signed('[]')).kind, 'ignore');
    const broken = '[{"tag":';
    assert.equal(judged(broken, signed(broken)).kind, 'accept', 'kept as it came, for a person to look at');
  });
});
