import assert from 'node:assert/strict';
import { fieldFault, settingsFrom } from '../../../nodes/stock-audit/audit-fields.ts';

describe('the fields of stock-audit', () => {
  it('take whole numbers in bounds, or nothing', () => {
    for (const value of ['', ' ', '0', '5', 1_440])
      assert.equal(fieldFault('graceMinutes', value), undefined);
    for (const value of ['-1', '1.5', '1441', 'soon'])
      assert.equal(fieldFault('graceMinutes', value)?.code, 'source.bad-whole-number');
    assert.match(fieldFault('unknownHours', '0')?.told('zh-CN') ?? '', /1 到 8760/);
  });

  it('become settings, with the usual ones for what is empty', () => {
    assert.deepEqual(settingsFrom({ graceMinutes: '', unknownHours: '2', statuses: ['paid'] }), {
      coveredStatuses: ['paid'],
      graceMs: 300_000,
      unknownOrderMs: 7_200_000,
      secondPersonAbove: 100,
    });
  });
});
