import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { numberParameter, paramJson } from '../../../../core/channel/douyin/param-json.ts';
import { eventSigns, requestText, signRequest } from '../../../../core/channel/douyin/sign.ts';
import { idle } from '../answering-channel.ts';
import { input, vector } from '../requests.ts';
import { done, douyinShop } from './shop.ts';

function signedCall(id: string) {
  const known = vector(id);
  return {
    known,
    secret: input(known, 'secret'),
    call: {
      appKey: input(known, 'app_key'),
      method: input(known, 'method'),
      paramJson: input(known, 'param_json'),
      timestamp: input(known, 'timestamp'),
    },
  };
}

describe('requests to Douyin', () => {
  for (const id of ['douyin.hmac-sha256', 'douyin.hmac-sha256.escaping']) {
    it(`are signed as the vector ${id}`, () => {
      const { known, secret, call } = signedCall(id);
      assert.equal(requestText(secret, call), known.stringToSign);
      assert.equal(signRequest(secret, call), known.expected);
    });
  }

  it('are signed over the text of the vector douyin.md5, the way of old', () => {
    const { known, secret, call } = signedCall('douyin.md5');
    assert.equal(createHash('md5').update(requestText(secret, call)).digest('hex'), known.expected);
  });

  for (const id of ['douyin.hmac-sha256', 'douyin.hmac-sha256.escaping']) {
    it(`write their parameters as the vector ${id}, however they are sorted`, () => {
      const text = input(vector(id), 'param_json');
      const parameters = JSON.parse(text) as object;
      const turned = Object.fromEntries(Object.entries(parameters).reverse());
      assert.equal(paramJson(turned), text);
    });
  }

  it('sort names at every depth, escape only what they must, and keep every digit', () => {
    const parameters = {
      b: [{ z: 1, a: 'é😀</script>\u2028"\\' }],
      a: { d: undefined, c: null, b: true },
      B: numberParameter('3500000000000000101'),
    };
    assert.equal(
      paramJson(parameters),
      '{"B":3500000000000000101,"a":{"b":true,"c":null},"b":[{"a":"é😀</script>\u2028\\"\\\\","z":1}]}',
    );
    assert.equal(paramJson(numberParameter('SKU 1')), '"SKU 1"');
  });

  it('send the very text that is signed, with the token beside the signature', async () => {
    const { connection, asked } = douyinShop(() => ({
      ...done({ total: 0, shop_order_list: [] }),
      headers: { date: 'Tue, 01 Sep 2026 07:59:30 GMT' },
    }));
    assert.deepEqual(await connection.check(idle), { shop: null, clockAheadMs: -30_000, expiresAt: null });
    const [{ url, body, headers, method }] = asked as [(typeof asked)[0]];
    const { origin, pathname, searchParams } = new URL(url);
    assert.equal(origin + pathname, 'https://openapi-fxg.jinritemai.com/order/searchList');
    const { sign, ...query } = Object.fromEntries(searchParams);
    assert.deepEqual(query, {
      app_key: '7000000000000000001',
      method: 'order.searchList',
      access_token: 'entered',
      timestamp: '1788249600',
      v: '2',
      sign_method: 'hmac-sha256',
    });
    const call = {
      appKey: query.app_key!,
      method: query.method!,
      paramJson: body!,
      timestamp: query.timestamp!,
    };
    assert.equal(sign, signRequest('douyin-test-secret', call));
    assert.deepEqual([method, headers], ['POST', { 'content-type': 'application/json' }]);
    assert.equal(
      body,
      '{"order_asc":true,"order_by":"update_time","page":0,"size":1,"update_time_end":1788249600,"update_time_start":1788249540}',
    );
  });

  for (const way of ['md5', 'hmac'] as const) {
    it(`of Douyin to us are signed as the vector douyin.push.event-sign.${way}`, () => {
      const known = vector(`douyin.push.event-sign.${way}`);
      const body = Buffer.from(input(known, 'rawBody'));
      const sign = eventSigns[way](input(known, 'app_key'), body, input(known, 'secret'));
      assert.equal(sign.toString('hex'), known.expected);
    });
  }
});
