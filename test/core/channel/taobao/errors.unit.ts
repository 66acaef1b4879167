import assert from 'node:assert/strict';
import type { FaultKind } from '../../../../core/channel/connection/fault.ts';
import { connectTaobao } from '../../../../core/channel/taobao/connection.ts';
import { type Answer, answeringChannel, faultOf, idle } from '../answering-channel.ts';
import { sampleText } from '../open-platform.ts';

function asking(answer: Answer) {
  return faultOf(answeringChannel(connectTaobao, () => answer).connection.check(idle));
}

const refusals: readonly (readonly [code: number | string, sub: string, kind: FaultKind, msg?: string])[] = [
  [25, 'isv.invalid-signature', 'credentials', 'Invalid signature'],
  [25, 'isv.invalid-timestamp', 'clock', 'Invalid signature'],
  [31, '', 'clock', 'Invalid Timestamp'],
  ['41', 'isv.invalid-timestamp', 'clock'],
  [26, '', 'credentials', 'Missing session'],
  [27, 'invalid-sessionkey', 'credentials', 'Invalid session'],
  [44, '', 'credentials'],
  [29, '', 'credentials', 'Invalid app Key'],
  [11, 'isv.permission-api-package-limit', 'permission', 'Insufficient isv permissions'],
  [15, 'isv.permission-api-package-limit', 'permission', 'Remote service error'],
  [12, '', 'permission', 'Insufficient user permissions'],
  [10, '', 'platform', 'Service Currently Unavailable'],
  [15, 'isp.top-remote-connection-timeout', 'platform', 'Remote service error'],
  [15, '', 'platform', 'Remote service error'],
  [15, 'isv.trade-service-error', 'caller', 'Remote service error'],
  [41, 'isv.invalid-parameter', 'caller', 'Invalid arguments'],
  [22, '', 'caller', 'Invalid method'],
];

describe('what Taobao refuses', () => {
  for (const [code, sub, kind, msg = 'no'] of refusals) {
    it(`${code} ${sub || '(without a sub code)'} is trouble of the kind ${kind}`, async () => {
      const fault = await asking({
        body: { error_response: { code, msg, sub_code: sub, sub_msg: '原因', request_id: 'r-1' } },
      });
      assert.equal(fault.kind, kind, fault.message);
      assert.match(fault.message, /Taobao/);
      assert.match(fault.message, /r-1/, 'the request id, which the platform asks for, is not told');
    });
  }

  it('a session that is not valid, as the sample has it', async () => {
    const fault = await asking({ body: sampleText('taobao/error_response.invalid_session') });
    assert.equal(fault.kind, 'credentials');
    assert.equal(fault.params.code, '27 invalid-sessionkey');
  });

  it('too many calls, with the wait it names', async () => {
    const short = await asking({ body: sampleText('taobao/error_response.call_limited') });
    assert.equal(short.kind, 'throttled');
    assert.equal(short.retryAfterMs, 1_000);
    const long = await asking({
      body: {
        error_response: {
          code: 7,
          msg: 'App Call Limited',
          sub_code: 'accesscontrol.limited-by-app-access-count',
          sub_msg: 'This ban will last for 25200 more seconds',
        },
      },
    });
    assert.equal(long.retryAfterMs, 25_200_000);
  });

  it('trouble before the gateway is the platform’s', async () => {
    assert.equal((await asking({ status: 502, body: '<html>Bad gateway</html>' })).kind, 'platform');
    const page = await asking({ body: '<html><title>维护中</title></html>' });
    assert.equal(page.code, 'channel.answer-not-json');
    assert.equal((await asking({ body: '{"trades_sold_incr' })).code, 'channel.answer-truncated');
    assert.equal((await asking({ body: { else: 1 } })).code, 'channel.answer-unexpected');
    const busy = await asking({ status: 429, body: '', headers: { 'retry-after': '7' } });
    assert.equal(busy.retryAfterMs, 7_000);
  });
});
