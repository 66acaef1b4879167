import assert from 'node:assert/strict';
import { textToSign } from '../../../../core/channel/parameter-signature.ts';
import { pddOf } from '../../../../core/channel/pinduoduo/call.ts';
import { connectPinduoduo } from '../../../../core/channel/pinduoduo/connection.ts';
import { pmcDigest } from '../../../../core/channel/pinduoduo/pmc-address.ts';
import { signPdd } from '../../../../core/channel/pinduoduo/sign.ts';
import { answeringChannel, idle } from '../answering-channel.ts';
import { formOf, signed } from '../open-platform.ts';
import { input, vector } from '../requests.ts';

const empty = { order_sn_increment_get_response: { has_next: false, order_sn_list: [] } };
const credentials = { appKey: '1', appSecret: 'testSecret', accessToken: 'tok' };

describe('requests to Pinduoduo', () => {
  for (const id of ['pdd.md5', 'pdd.md5.increment']) {
    it(`are signed as the vector ${id}`, () => {
      const { secret, parameters, expected } = signed(id);
      assert.equal(textToSign(parameters), vector(id).stringToSign);
      assert.equal(signPdd(secret, parameters), expected);
    });
  }

  it('prove who opens the message service as the vector has it', () => {
    const known = vector('pdd.pmc.digest');
    const ms = Number(input(known, 'ms'));
    const digest = pmcDigest(input(known, 'client_id'), ms, input(known, 'client_secret'));
    assert.equal(encodeURIComponent(digest), known.expected);
  });

  it('carry what every call has, the time in seconds', async () => {
    const { connection, asked } = answeringChannel(
      connectPinduoduo,
      () => ({ body: empty, headers: { date: 'Tue, 01 Sep 2026 07:59:30 GMT' } }),
      { credentials, address: '' },
    );
    assert.deepEqual(await connection.check(idle), { shop: null, clockAheadMs: -30_000, expiresAt: null });
    assert.equal(asked[0]!.url, 'https://gw-api.pinduoduo.com/api/router');
    assert.equal(asked[0]!.method, 'POST');
    const { sign, ...form } = formOf(asked[0]!);
    assert.equal(sign, signPdd('testSecret', form));
    assert.deepEqual(form, {
      type: 'pdd.order.number.list.increment.get',
      client_id: '1',
      access_token: 'tok',
      timestamp: String(Date.UTC(2026, 8, 1, 8) / 1_000),
      data_type: 'JSON',
      start_updated_at: String(Date.UTC(2026, 8, 1, 7, 59) / 1_000),
      end_updated_at: String(Date.UTC(2026, 8, 1, 8) / 1_000),
      order_status: '5',
      refund_status: '5',
      is_lucky_flag: '0',
      page: '1',
      page_size: '1',
      use_has_next: 'true',
    });
  });

  it('write objects once, and sign that very text; what has no value is left out', async () => {
    const { connection, asked } = answeringChannel(
      (access) => ({
        check: async (signal) => {
          const parameters = {
            feature: { note: '加急 <A&B>', count: 1 },
            list: [1],
            none: undefined,
            no: '',
          };
          await pddOf(access)({ type: 'pdd.any', parameters, repeatable: true }, () => undefined, signal);
          return { shop: null, clockAheadMs: null, expiresAt: null };
        },
      }),
      () => ({ body: { any_response: {} } }),
      { credentials },
    );
    await connection.check(idle);
    const { sign, ...form } = formOf(asked[0]!);
    assert.equal(form.feature, '{"note":"加急 <A&B>","count":1}');
    assert.equal(form.list, '[1]');
    assert.ok(!('none' in form) && !('no' in form));
    assert.equal(sign, signPdd('testSecret', form));
  });
});
