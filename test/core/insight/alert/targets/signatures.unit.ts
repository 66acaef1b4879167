import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import type { PreparedRequest } from '../../../../../core/insight/alert/channel.ts';
import { signAcs3 } from '../../../../../core/insight/alert/targets/acs3-signature.ts';
import { dingtalk, dingtalkSignature } from '../../../../../core/insight/alert/targets/dingtalk.ts';
import { feishu, feishuSignature } from '../../../../../core/insight/alert/targets/feishu.ts';
import { signTc3 } from '../../../../../core/insight/alert/targets/tc3-signature.ts';

interface Vector<I> {
  id: string;
  inputs: I;
  expected: string;
  canonicalHash: string;
}

const vectors = JSON.parse(
  readFileSync(new URL('../vectors.json', import.meta.url), 'utf8'),
) as Vector<unknown>[];

function vector<I>(id: string): Vector<I> {
  const found = vectors.find((entry) => entry.id === id);
  assert.ok(found, id);
  return found as Vector<I>;
}

const message = { id: 'late|shopify/main/1|paid', title: 'Late', text: 'Order 1 is late' };

describe('the signatures of the alert targets', () => {
  it('of DingTalk match, and stand url-encoded in the query', () => {
    const { inputs, expected } = vector<{ secret: string; timestamp: string }>('dingtalk.robot');
    assert.equal(dingtalkSignature(inputs.secret, Number(inputs.timestamp)), expected);
    const secrets = { webhook: 'robot-token', secret: inputs.secret };
    const { url } = dingtalk.prepare(message, {}, secrets, Number(inputs.timestamp), '') as PreparedRequest;
    assert.equal(
      url,
      `https://oapi.dingtalk.com/robot/send?access_token=robot-token&timestamp=${inputs.timestamp}` +
        `&sign=${encodeURIComponent(expected)}`,
    );
  });

  it('of Feishu match, and stand in the body', () => {
    const { inputs, expected } = vector<{ secret: string; timestamp: string }>('feishu.robot');
    assert.equal(feishuSignature(inputs.secret, Number(inputs.timestamp)), expected);
    const secrets = { webhook: 'robot-token', secret: inputs.secret };
    const { body } = feishu.prepare(
      message,
      {},
      secrets,
      Number(inputs.timestamp) * 1000 + 999,
      '',
    ) as PreparedRequest;
    assert.equal(
      body,
      `{"timestamp":"${inputs.timestamp}","sign":"${expected}","msg_type":"text","content":{"text":"Order 1 is late"}}`,
    );
  });

  it('of Alibaba Cloud match', () => {
    const { inputs, expected, canonicalHash } = vector<{
      accessKeyId: string;
      accessKeySecret: string;
      host: string;
      action: string;
      version: string;
      date: string;
      nonce: string;
      query: Record<string, string>;
      body: string;
    }>('aliyun.acs3');
    const { accessKeyId, accessKeySecret, date, ...rest } = inputs;
    const signed = signAcs3({ ...rest, method: 'POST', now: Date.parse(date) }, accessKeyId, accessKeySecret);
    assert.equal(signed.canonicalHash, canonicalHash);
    assert.equal(
      signed.headers.authorization,
      'ACS3-HMAC-SHA256 Credential=YourAccessKeyId,SignedHeaders=host;x-acs-action;x-acs-content-sha256;x-acs-date;' +
        `x-acs-signature-nonce;x-acs-version,Signature=${expected}`,
    );
    assert.equal(signed.headers['x-acs-date'], date);
  });

  it('of Tencent Cloud match', () => {
    const { inputs, expected, canonicalHash } = vector<{
      secretId: string;
      secretKey: string;
      host: string;
      service: string;
      contentType: string;
      timestamp: number;
      body: string;
    }>('tencent.tc3');
    const signed = signTc3(inputs, inputs.secretId, inputs.secretKey);
    assert.equal(signed.canonicalHash, canonicalHash);
    assert.equal(
      signed.authorization,
      'TC3-HMAC-SHA256 Credential=example-secret-id/2019-02-25/cvm/tc3_request, SignedHeaders=content-type;host, ' +
        `Signature=${expected}`,
    );
  });
});
