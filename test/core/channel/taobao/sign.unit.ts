import assert from 'node:assert/strict';
import { enclosedMd5, textToSign } from '../../../../core/channel/parameter-signature.ts';
import { connectTaobao } from '../../../../core/channel/taobao/connection.ts';
import { type SignMethod, signTop } from '../../../../core/channel/taobao/sign.ts';
import { answeringChannel, idle } from '../answering-channel.ts';
import { formOf, signed } from '../open-platform.ts';
import { vector } from '../requests.ts';

describe('requests to Taobao', () => {
  for (const id of ['taobao.md5', 'taobao.hmac', 'taobao.hmac-sha256', 'taobao.md5.utf8']) {
    it(`are signed as the vector ${id}`, () => {
      const { secret, parameters, expected } = signed(id);
      assert.equal(textToSign(parameters), vector(id).stringToSign);
      assert.equal(signTop(secret, parameters, parameters.sign_method as SignMethod), expected);
    });
  }

  it('sign the connection of the message service in the same way', () => {
    const { secret, parameters, expected } = signed('taobao.tmc.connect');
    assert.equal(enclosedMd5(secret, textToSign(parameters)), expected);
  });

  const empty = { trades_sold_increment_get_response: { has_next: false } };

  for (const method of ['hmac-sha256', 'hmac', 'md5', undefined] as const) {
    it(`carry what every call has, signed with ${method ?? 'the usual method'}`, async () => {
      const { connection, asked } = answeringChannel(connectTaobao, () => ({ body: empty }), {
        credentials: { appKey: '12345678', appSecret: 'helloworld', accessToken: 'session-1' },
        settings: { signMethod: method },
        address: '',
      });
      await connection.check(idle);
      assert.equal(asked[0]!.url, 'https://gw.api.taobao.com/router/rest');
      const { sign, ...form } = formOf(asked[0]!);
      assert.equal(form.timestamp, '2026-09-01 16:00:00', 'not Beijing time');
      assert.equal(form.session, 'session-1');
      assert.equal(form.format, 'json');
      assert.equal(form.sign_method, method ?? 'hmac-sha256');
      assert.equal(sign, signTop('helloworld', form, method ?? 'hmac-sha256'));
    });
  }

  it('are made with the time of this moment, whatever the zone of the machine', async () => {
    const { TZ } = process.env;
    try {
      for (const zone of ['America/New_York', 'Asia/Shanghai', 'UTC']) {
        process.env.TZ = zone;
        const { connection, asked } = answeringChannel(connectTaobao, () => ({ body: empty }));
        await connection.check(idle);
        assert.equal(formOf(asked[0]!).timestamp, '2026-09-01 16:00:00', zone);
      }
    } finally {
      if (TZ === undefined) delete process.env.TZ;
      else process.env.TZ = TZ;
    }
  });

  it('measure by the answer how far the clock of the platform is ahead', async () => {
    const { connection } = answeringChannel(connectTaobao, () => ({
      body: empty,
      headers: { date: 'Tue, 01 Sep 2026 08:07:00 GMT' },
    }));
    assert.deepEqual(await connection.check(idle), {
      shop: null,
      clockAheadMs: 7 * 60_000,
      expiresAt: null,
    });
  });
});
