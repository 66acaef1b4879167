import assert from 'node:assert/strict';
import type { FaultKind } from '../../../../core/channel/connection/fault.ts';
import { connectJd } from '../../../../core/channel/jd/connection.ts';
import { type Answer, answeringChannel, faultOf, idle } from '../answering-channel.ts';
import { sampleText } from '../open-platform.ts';

function asking(answer: Answer) {
  return faultOf(answeringChannel(connectJd, () => answer).connection.check(idle));
}

const refusals: readonly (readonly [code: string, words: string, kind: FaultKind])[] = [
  ['19', '', 'credentials'],
  ['12', 'Invalid Signature', 'credentials'],
  ['11', '缺少签名参数', 'credentials'],
  ['8', 'Invalid Timestamp', 'clock'],
  ['2', 'App Call Limited', 'throttled'],
  ['900', '调用频率超限', 'throttled'],
  ['901', '应用没有该接口的权限', 'permission'],
  ['902', 'IP不在白名单', 'permission'],
  ['903', '系统繁忙，请稍后重试', 'platform'],
  ['904', '非法的参数', 'caller'],
  ['15', 'Invalid Method', 'caller'],
];

describe('what JD refuses', () => {
  for (const [code, words, kind] of refusals) {
    it(`${code} ${words} is trouble of the kind ${kind}`, async () => {
      const fault = await asking({ body: { error_response: { code, zh_desc: words, en_desc: '' } } });
      assert.equal(fault.kind, kind, fault.message);
      assert.equal(fault.params.code, code);
    });
  }

  it('a token that is not valid, as the sample has it', async () => {
    const fault = await asking({ body: sampleText('jd/error_response.token') });
    assert.equal(fault.kind, 'credentials');
    assert.match(fault.message, /token已过期/);
  });

  function failing(apiResult: object) {
    return asking({
      body: { jingdong_pop_order_enSearch_responce: { searchorderinfo_result: { apiResult } } },
    });
  }

  it('behind a gateway that says nothing of it', async () => {
    const busy = await failing({ success: false, chineseErrCode: '系统异常', numberCode: 10100 });
    assert.equal(busy.kind, 'platform');
    assert.equal(busy.params.code, '10100');
    const wrong = await failing({ success: 'false', chineseErrCode: '时间跨度过大' });
    assert.equal(wrong.kind, 'caller');
    assert.match(wrong.message, /时间跨度过大/);
  });

  it('trouble before the gateway is the platform’s', async () => {
    assert.equal((await asking({ status: 503, body: '' })).kind, 'platform');
    assert.equal((await asking({ body: '<html>login</html>' })).code, 'channel.answer-not-json');
    assert.equal((await asking({ body: '{"jingdong_' })).code, 'channel.answer-truncated');
    assert.equal((await asking({ body: {} })).code, 'channel.answer-unexpected');
    assert.equal(
      (await asking({ status: 429, body: '', headers: { 'retry-after': '3' } })).retryAfterMs,
      3_000,
    );
  });
});
