import assert from 'node:assert/strict';
import type { CensusSheet } from '../../../../core/channel/polling/census/sheet.ts';
import { toldCensus } from '../../../../core/insight/query/channels.ts';
import '../../../../core/channel/connection/messages.ts';

const shop = { channel: 'taobao', shop: 'main' };
const day: CensusSheet = {
  account: 'taobao-main',
  kind: 'day',
  day: '2026-11-11',
  zone: 'Asia/Shanghai',
  windowFrom: Date.parse('2026-11-10T16:00:00Z'),
  windowUntil: Date.parse('2026-11-11T16:00:00Z'),
  at: Date.parse('2026-11-11T16:10:00Z'),
  tookMs: 900,
  listed: 3_412,
  total: 3_412,
  had: 3_412,
  fetched: 0,
  gone: 0,
  missing: 0,
  saved: 3_412,
  gaps: [],
  unsaved: [],
  fault: null,
};
const gap = { modifiedAt: day.windowFrom, was: 'absent' } as const;

describe('The completeness sheet of a day', () => {
  const inBoth = (sheet: CensusSheet): string[] =>
    (['en-US', 'zh-CN'] as const).map((language) => toldCensus(sheet, shop, language).sentence);

  it('says that all are here', () => {
    assert.deepEqual(inBoth(day), [
      'taobao/main: 3,412 of 3,412 orders are here.',
      'taobao/main：3,412 单中已有 3,412 单，完整。',
    ]);
    assert.equal(toldCensus(day, shop).complete, true);
  });

  it('says how many were missing and were fetched', () => {
    const filled: CensusSheet = {
      ...day,
      had: 3_411,
      fetched: 1,
      gaps: [{ ...gap, channelOrderId: '1', became: 'fetched' }],
    };
    assert.deepEqual(inBoth(filled), [
      'taobao/main: 3,412 of 3,412 orders are here; 1 of them were missing and fetched now.',
      'taobao/main：3,412 单中已有 3,412 单，其中 1 单缺失，已补取。',
    ]);
    assert.equal(toldCensus(filled, shop).complete, true);
  });

  it('says which are missing, and why', () => {
    const params = { platform: 'Taobao / Tmall', call: 'trade', code: '15', said: 'no such right' };
    const incomplete: CensusSheet = {
      ...day,
      had: 3_411,
      missing: 1,
      gaps: [{ ...gap, channelOrderId: '7', became: 'missing', code: 'channel.request-refused', params }],
    };
    const [english, chinese] = inBoth(incomplete);
    assert.match(
      english!,
      /^taobao\/main: 3,411 of 3,412 orders are here, 1 are missing\. First: 7: .*no such right/,
    );
    assert.match(chinese!, /^taobao\/main：3,412 单中已有 3,411 单，缺 1 单。例如：7: .*拒绝.*no such right/);
    const told = toldCensus(incomplete, shop, 'zh-CN');
    assert.equal(told.complete, false);
    assert.deepEqual(
      told.gaps.map(({ channelOrderId, became, reason }) => [channelOrderId, became, reason?.code]),
      [['7', 'missing', 'channel.request-refused']],
    );
    assert.match(told.gaps[0]!.reason!.sentence, /拒绝了请求/);
  });
});
