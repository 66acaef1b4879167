import assert from 'node:assert/strict';
import type { FaultKind } from '../../../../core/channel/connection/fault.ts';
import { connectPinduoduo } from '../../../../core/channel/pinduoduo/connection.ts';
import { type Answer, answeringChannel, faultOf, idle } from '../answering-channel.ts';
import { sampleText } from '../open-platform.ts';

function asking(answer: Answer) {
  return faultOf(answeringChannel(connectPinduoduo, () => answer).connection.check(idle));
}

const refusals: readonly (readonly [code: number | string, words: string, kind: FaultKind])[] = [
  [20004, '签名sign校验失败', 'credentials'],
  [20005, 'ip无权访问接口，请加入ip白名单', 'permission'],
  [20031, '用户没有授权访问此接口', 'permission'],
  ['10019', 'access_token已过期', 'credentials'],
  [10001, '公共参数错误:timestamp', 'clock'],
  [10001, '公共参数错误:client_id', 'credentials'],
  [10000, '参数错误:end_updated_at', 'caller'],
  [52101, '当前接口被限流，请稍后重试', 'throttled'],
  [70031, '调用过于频繁，请调整调用频率', 'throttled'],
  [52102, '当前接口暂不可用，请稍后重试', 'platform'],
  [52103, '服务暂不可用，请稍后重试', 'platform'],
  [70033, '当前接口因系统维护，暂时下线', 'platform'],
  [50000, '系统内部错误', 'platform'],
  [52001, '网关业务服务错误', 'platform'],
  [50001, '订单状态不允许发货', 'caller'],
];

describe('what Pinduoduo refuses', () => {
  for (const [code, words, kind] of refusals) {
    it(`${code} ${words} is trouble of the kind ${kind}`, async () => {
      const fault = await asking({
        body: { error_response: { error_code: code, error_msg: words, sub_code: '-2', request_id: 'r-1' } },
      });
      assert.equal(fault.kind, kind, fault.message);
      assert.equal(fault.params.code, `${code} -2`);
      assert.equal(fault.retryable, kind === 'throttled' || kind === 'platform');
      assert.ok(fault.message.includes(words), 'the platform’s words are not told');
      assert.match(fault.message, /r-1/, 'the request id, which the platform asks for, is not told');
    });
  }

  for (const [code, expected] of [
    [70032, 'pinduoduo.risk-control'],
    [70034, 'pinduoduo.risk-control'],
    [70035, 'pinduoduo.risk-control'],
    [70036, 'pinduoduo.test-quota'],
  ] as const)
    it(`${code} waits for a person, and says for what`, async () => {
      const fault = await asking({ body: { error_response: { error_code: code, error_msg: '受限' } } });
      assert.deepEqual([fault.code, fault.kind, fault.retryable], [expected, 'permission', false]);
      assert.match(fault.message, /console of the open platform/);
      assert.match(fault.told('zh-CN'), /开放平台控制台/);
      assert.match(fault.message, /受限/);
    });

  it('a wrong signature and too many calls, as the samples have them', async () => {
    const sign = await asking({ body: sampleText('pdd/error_response.sign') });
    assert.deepEqual([sign.kind, sign.params.code], ['credentials', '20004']);
    const limited = await asking({ body: sampleText('pdd/error_response.rate_limited') });
    assert.deepEqual([limited.kind, limited.params.code], ['throttled', '70031']);
  });

  it('trouble before the gateway is the platform’s', async () => {
    assert.equal((await asking({ status: 502, body: '<html>Bad gateway</html>' })).kind, 'platform');
    assert.equal((await asking({ body: '<html>维护中</html>' })).code, 'channel.answer-not-json');
    assert.equal((await asking({ body: '{"order_sn_incr' })).code, 'channel.answer-truncated');
    assert.equal((await asking({ body: {} })).code, 'channel.answer-unexpected');
    assert.equal((await asking({ body: { any_response: null } })).code, 'channel.answer-unexpected');
    const busy = await asking({ status: 429, body: '', headers: { 'retry-after': '7' } });
    assert.equal(busy.retryAfterMs, 7_000);
  });
});
