import assert from 'node:assert/strict';
import { connectJd } from '../../../../core/channel/jd/connection.ts';
import { signJos } from '../../../../core/channel/jd/sign.ts';
import { textToSign } from '../../../../core/channel/parameter-signature.ts';
import { answeringChannel, idle } from '../answering-channel.ts';
import { formOf, signed } from '../open-platform.ts';
import { vector } from '../requests.ts';

describe('requests to JD', () => {
  for (const id of ['jd.md5', 'jd.md5.short-timestamp']) {
    it(`are signed as the vector ${id}`, () => {
      const { secret, parameters, expected } = signed(id);
      assert.equal(textToSign(parameters), vector(id).stringToSign);
      assert.equal(signJos(secret, parameters), expected);
    });
  }

  it('sign the very JSON that they send, with the time of Beijing', async () => {
    const { connection, asked } = answeringChannel(
      connectJd,
      () => ({
        body: {
          jingdong_pop_order_enSearch_responce: {
            searchorderinfo_result: { apiResult: { success: 'true' }, orderTotal: '0', orderInfoList: [] },
          },
        },
        headers: { date: 'Tue, 01 Sep 2026 07:59:30 GMT' },
      }),
      { credentials: { appKey: 'key', appSecret: 'secret', accessToken: 'token' }, address: '' },
    );
    assert.deepEqual(await connection.check(idle), { shop: null, clockAheadMs: -30_000, expiresAt: null });
    assert.equal(asked[0]!.url, 'https://api.jd.com/routerjson');
    const { sign, ...form } = formOf(asked[0]!);
    assert.equal(sign, signJos('secret', form));
    assert.equal(form.timestamp, '2026-09-01 16:00:00');
    assert.equal(form.access_token, 'token');
    assert.equal(form.format, undefined, 'JD does not want it, nor signs it');
    assert.equal(JSON.parse(form['360buy_param_json']!).start_date, '2026-09-01 15:59:00');
  });
});
