import assert from 'node:assert/strict';
import fc from 'fast-check';
import { DateTime } from 'luxon';
import { closingOf, nextClosing } from '../../../../core/stock/policy/closing-time.ts';
import { aPolicy } from './a-policy.ts';

const at = (text: string, zone: string) => DateTime.fromISO(text, { zone }).toMillis();

describe('the next closing time', () => {
  const cases: [what: string, zone: string, closes: string, now: string, then: string][] = [
    ['is tonight', 'Asia/Shanghai', '22:00', '2026-11-22T21:59:59', '2026-11-22T22:00'],
    [
      'is tomorrow from the moment of closing on',
      'Asia/Shanghai',
      '22:00',
      '2026-11-22T22:00',
      '2026-11-23T22:00',
    ],
    ['may be past midnight', 'Asia/Shanghai', '02:00', '2026-11-22T21:00', '2026-11-23T02:00'],
    ['is the same night past midnight', 'Asia/Shanghai', '02:00', '2026-11-23T01:00', '2026-11-23T02:00'],
    ['may be midnight', 'Europe/Berlin', '24:00', '2026-11-22T21:00', '2026-11-23T00:00'],
    [
      'keeps the wall clock when clocks go forward',
      'America/New_York',
      '22:00',
      '2026-03-07T23:00',
      '2026-03-08T22:00',
    ],
    [
      'keeps the wall clock when clocks go back',
      'America/New_York',
      '22:00',
      '2026-10-31T23:00',
      '2026-11-01T22:00',
    ],
    [
      'is an hour later when its own hour is skipped',
      'America/New_York',
      '02:30',
      '2026-03-07T23:00',
      '2026-03-08T03:30',
    ],
  ];
  for (const [what, zone, closes, now, then] of cases)
    it(`${what} (${closes} in ${zone})`, () => {
      const found = nextClosing({ zone, closes }, at(now, zone));
      assert.equal(
        DateTime.fromMillis(found, { zone }).toISO(),
        DateTime.fromMillis(at(then, zone), { zone }).toISO(),
      );
    });

  it('is the later one when its hour comes twice', () => {
    const zone = 'America/New_York';
    assert.equal(
      nextClosing({ zone, closes: '01:30' }, at('2026-10-31T23:00', zone)),
      Date.parse('2026-11-01T01:30:00-05:00'),
    );
  });

  it('is always ahead, within a day and the hours clocks change by, in every zone', () => {
    const zones = fc.constantFrom(...Intl.supportedValuesOf('timeZone'));
    const minutes = fc.integer({ min: 0, max: 24 * 60 - 1 });
    const now = fc.integer({ min: Date.UTC(2020, 0), max: Date.UTC(2035, 0) });
    fc.assert(
      fc.property(zones, minutes, now, (zone, minute, moment) => {
        const text = DateTime.fromObject({ hour: Math.floor(minute / 60), minute: minute % 60 }).toFormat(
          'HH:mm',
        );
        const found = nextClosing({ zone, closes: text }, moment);
        assert.ok(found > moment);
        assert.ok(found - moment <= 27 * 3_600_000, `${(found - moment) / 3_600_000} hours`);
      }),
      { numRuns: 500 },
    );
  });

  it('is that of the shop where it has one', () => {
    const policy = aPolicy({ shops: [{ shop: 'night', zone: 'Asia/Tokyo', closes: '04:00' }] });
    assert.equal(closingOf(policy, 'night').closes, '04:00');
    assert.equal(closingOf(policy, 'day').closes, '22:00');
    assert.equal(closingOf(policy, undefined).zone, 'Asia/Shanghai');
  });
});
