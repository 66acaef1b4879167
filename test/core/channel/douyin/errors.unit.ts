import assert from 'node:assert/strict';
import type { FaultKind } from '../../../../core/channel/connection/fault.ts';
import { type Answer, faultOf, idle } from '../answering-channel.ts';
import { sampleText } from '../open-platform.ts';
import { douyinShop, refusal } from './shop.ts';

function asking(answer: Answer) {
  return faultOf(douyinShop(() => answer).connection.check(idle));
}

const refusals: readonly (readonly [code: number, subCode: string, words: string, kind: FaultKind])[] = [
  [20_000, 'isp.service-error', '服务暂时不可用', 'platform'],
  [20_001, 'isp.service-timeout-error:1', '内部服务超时', 'platform'],
  [30_001, 'isv.permission-denied', '应用没有权限', 'permission'],
  [30_002, 'isv.ip-not-in-whitelist', 'IP不在白名单', 'permission'],
  [40_002, 'isv.missing-parameter:60083', '物流公司编码不能为空', 'caller'],
  [40_003, 'isv.signature-invalid', '签名校验失败', 'credentials'],
  [40_003, 'isv.access-token-expired', 'access_token已过期', 'credentials'],
  [40_003, 'isv.access-token-no-existed', 'access_token不存在', 'credentials'],
  [40_003, 'isv.app-key-invalid', 'app_key 不存在', 'credentials'],
  [40_003, 'isv.timestamp-invalid', '时间戳过期', 'clock'],
  [40_004, 'isv.parameter-invalid:page', '应在 0 和 100 之间', 'caller'],
  [50_001, 'isp.internal-error', '处理失败', 'platform'],
  [50_002, 'isv.business-failed:4007', '请求内部服务超时，请稍后重试', 'platform'],
  [50_002, 'isv.business-failed:60021', '该订单的订单状态不允许发货', 'caller'],
  [50_002, 'isv.business-failed:60033', '订单号有误，请仔细检查后重试', 'caller'],
  [60_000, '', '', 'throttled'],
  [99_999, '', '没见过', 'caller'],
];

describe('what Douyin refuses', () => {
  for (const [code, subCode, words, kind] of refusals) {
    it(`${code} ${subCode} ${words} is trouble of the kind ${kind}`, async () => {
      const fault = await asking(refusal(code, subCode, words, '说明'));
      assert.equal(fault.kind, kind, fault.message);
      assert.equal(fault.params.code, subCode ? `${code} ${subCode}` : String(code));
      assert.equal(fault.params.said, `${words || '说明'} · log-7`);
    });
  }

  const samples = { rate_limited: 'throttled', sign: 'credentials', token_expired: 'credentials' } as const;
  for (const [name, kind] of Object.entries(samples)) {
    it(`as the sample ${name} has it is trouble of the kind ${kind}`, async () => {
      assert.equal((await asking({ body: sampleText(`douyin/error_response.${name}`) })).kind, kind);
    });
  }

  it('in the envelope of old interfaces is read alike', async () => {
    const fault = await asking({ body: { err_no: 7, message: '店铺不存在' } });
    assert.deepEqual([fault.kind, fault.params.code, fault.params.said], ['caller', '7', '店铺不存在']);
    const { connection } = douyinShop(() => ({
      body: { err_no: 0, message: 'success', data: { total: 0, shop_order_list: [] } },
    }));
    assert.ok(await connection.check(idle));
  });

  it('trouble before the gateway is the platform’s', async () => {
    assert.equal((await asking({ status: 503, body: '' })).kind, 'platform');
    assert.equal((await asking({ body: '<html>login</html>' })).code, 'channel.answer-not-json');
    assert.equal((await asking({ body: '{"code":' })).code, 'channel.answer-truncated');
    for (const body of [{}, [], { data: {} }])
      assert.equal((await asking({ body })).code, 'channel.answer-unexpected', JSON.stringify(body));
    const busy = await asking({ status: 429, body: '', headers: { 'retry-after': '3' } });
    assert.equal(busy.retryAfterMs, 3_000);
  });
});
