import assert from 'node:assert/strict';
import { beijingText, beijingTime } from '../../../core/channel/beijing-time.ts';

describe('Beijing time', () => {
  const at = Date.UTC(2026, 7, 31, 16, 0, 36);

  it('is eight hours ahead of UTC, in any month and any zone of the machine', () => {
    const { TZ } = process.env;
    try {
      for (const zone of ['UTC', 'Asia/Shanghai', 'America/New_York']) {
        process.env.TZ = zone;
        assert.equal(beijingText(at), '2026-09-01 00:00:36', zone);
        assert.equal(beijingTime('2026-09-01 00:00:36'), at, zone);
        assert.equal(beijingText(Date.UTC(2026, 0, 31, 20)), '2026-02-01 04:00:00', zone);
      }
    } finally {
      if (TZ === undefined) delete process.env.TZ;
      else process.env.TZ = TZ;
    }
  });

  it('is null for dates that stand for "never" and for what is no time', () => {
    for (const value of [
      '0001-01-01 00:00:00',
      '1970-01-01 08:00:00',
      '',
      'soon',
      '2026-02-30 00:00:00',
      5,
      null,
    ])
      assert.equal(beijingTime(value), null, JSON.stringify(value));
  });
});
