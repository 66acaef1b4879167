import assert from 'node:assert/strict';
import { standardSignature } from './platforms/custom/webhooks.ts';
import { douyinSign, eventSign } from './platforms/douyin/sign.ts';
import { wrappedMd5 } from './platforms/form.ts';
import { pmcDigest } from './platforms/pinduoduo/messages.ts';
import { taobaoSign } from './platforms/taobao/sign.ts';
import { baseString, oauthSignature } from './platforms/woocommerce/oauth.ts';
import { bodySignature } from './signing.ts';
import { vector } from './vectors.ts';

describe('signatures of the simulator', () => {
  for (const hash of ['sha1', 'sha256'] as const)
    it(`are right for OAuth 1.0a with ${hash}`, () => {
      const { inputs, expected, stringToSign } = vector(`woocommerce.oauth1.HMAC-${hash.toUpperCase()}`);
      const base = baseString('GET', inputs.url!, Object.entries(inputs.params!));
      assert.equal(base, stringToSign);
      assert.equal(oauthSignature(base, inputs.consumer_secret!, hash), expected);
    });

  it('are right for webhooks of WooCommerce', () => {
    const { inputs, expected } = vector('woocommerce.webhook');
    assert.equal(bodySignature(inputs.secret!, inputs.rawBody!), expected);
  });

  it('are right for webhooks of Shopify', () => {
    const { inputs, expected } = vector('shopify.webhook');
    assert.equal(bodySignature(inputs.secret!, inputs.rawBody!), expected);
  });

  for (const id of ['taobao.md5', 'taobao.hmac', 'taobao.hmac-sha256', 'taobao.md5.utf8'])
    it(`are right for ${id}`, () => {
      const { inputs, expected } = vector(id);
      assert.equal(taobaoSign(inputs.params!, inputs.secret!), expected);
    });

  for (const id of ['jd.md5', 'jd.md5.short-timestamp', 'pdd.md5', 'pdd.md5.increment'])
    it(`are right for ${id}`, () => {
      const { inputs, expected } = vector(id);
      assert.equal(wrappedMd5(inputs.params!, inputs.secret!), expected);
    });

  it('are right for the address of PMC', () => {
    const { inputs, expected } = vector('pdd.pmc.digest');
    const digest = pmcDigest(inputs.client_id!, inputs.ms!, inputs.client_secret!);
    assert.equal(encodeURIComponent(digest), expected);
  });

  for (const id of ['douyin.hmac-sha256', 'douyin.md5', 'douyin.hmac-sha256.escaping'])
    it(`are right for ${id}`, () => {
      const { inputs, expected } = vector(id);
      const { app_key: appKey = '', method = '', param_json: paramJson = '', timestamp = '' } = inputs;
      const way = id === 'douyin.md5' ? 'md5' : 'hmac-sha256';
      assert.equal(douyinSign({ appKey, method, paramJson, timestamp }, inputs.secret!, way), expected);
    });

  it('are right for pushes of Douyin', () => {
    const { inputs, expected } = vector('douyin.push.event-sign.md5');
    assert.equal(eventSign(inputs.app_key!, inputs.rawBody!, inputs.secret!), expected);
  });

  it('are right for Standard Webhooks', () => {
    const { inputs, stringToSign, expected } = vector('standard-webhooks.v1');
    const [, id = '', seconds = '', body = ''] = /^([^.]+)\.(\d+)\.(.*)$/s.exec(stringToSign) ?? [];
    assert.equal(standardSignature(inputs.secret!, id, seconds, body), expected);
  });
});
