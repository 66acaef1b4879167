import assert from 'node:assert/strict';
import fc from 'fast-check';
import { DateTime } from 'luxon';
import { Refusal } from '../../../core/order/refusal.ts';
import { parseTime, type TimeForm, timeReader } from '../../../core/order/time.ts';

function at(value: string | number, form: TimeForm): string {
  const result = parseTime(value, form);
  if (result instanceof Refusal) return result.code;
  return result.kind === 'none' ? 'none' : result.time.at;
}

const iso = { format: 'iso' };
const shanghai = { format: 'iso', zone: 'Asia/Shanghai' };
const newYork = { format: 'iso', zone: 'America/New_York' };

describe('time', () => {
  it('reads ISO times with an offset, whatever the zone', () => {
    for (const form of [iso, shanghai, newYork]) {
      assert.equal(at('2026-09-01T09:00:00+08:00', form), '2026-09-01T01:00:00.000Z');
      assert.equal(at('2026-09-01T01:00:00Z', form), '2026-09-01T01:00:00.000Z');
      assert.equal(at('2026-09-01 09:00:00.250 +0800', form), '2026-09-01T01:00:00.250Z');
      assert.equal(at('2026-08-31T19:30:00-05:30', form), '2026-09-01T01:00:00.000Z');
    }
  });

  it('reads ISO times without an offset in the named zone, and in no other', () => {
    assert.equal(at('2026-09-01T09:00:00', shanghai), '2026-09-01T01:00:00.000Z');
    assert.equal(at('2026-09-01 09:00', shanghai), '2026-09-01T01:00:00.000Z');
    assert.equal(at('2026-09-01', shanghai), '2026-08-31T16:00:00.000Z');
    assert.equal(at('2026-01-15T09:00:00', newYork), '2026-01-15T14:00:00.000Z');
    assert.equal(at('2026-07-15T09:00:00', newYork), '2026-07-15T13:00:00.000Z');
    assert.equal(at('2017-03-22T19:28:02', { format: 'iso', zone: 'UTC' }), '2017-03-22T19:28:02.000Z');
    assert.equal(at('2026-09-01T09:00:00', iso), 'order.time-no-zone');
    assert.equal(
      at('2026-09-01T09:00:00', { format: 'iso', zone: 'Asia/Atlantis' }),
      'order.time-zone-unknown',
    );
  });

  it('keeps the text it read', () => {
    const result = parseTime(' 2026-09-01T09:00:00+08:00 ', iso);
    assert.ok('time' in result);
    assert.deepEqual(result.time, { at: '2026-09-01T01:00:00.000Z', text: '2026-09-01T09:00:00+08:00' });
  });

  it('cuts what is finer than a millisecond and never rounds up', () => {
    assert.equal(at('2026-09-01T01:00:05.999999999Z', iso), '2026-09-01T01:00:05.999Z');
  });

  it('refuses dates that do not exist', () => {
    for (const text of [
      '2026-02-30T00:00:00Z',
      '2026-13-01T00:00:00Z',
      '2026-00-10T00:00:00Z',
      '2026-04-31',
      '2026-09-01T24:00:00Z',
      '2026-09-01T10:60:00Z',
      '2026-09-01T10:00:60Z',
      '2026-09-01T10:00:00+99:00',
      '2025-02-29T00:00:00Z',
    ]) {
      assert.equal(at(text, shanghai), 'order.time-no-such-date', text);
    }
    assert.equal(at('2024-02-29T00:00:00Z', iso), '2024-02-29T00:00:00.000Z');
  });

  it('refuses texts of another form and names the form', () => {
    for (const text of ['', 'yesterday', '01/09/2026', '2026-9-1', '2026-09-01T09', '1693530000']) {
      assert.equal(at(text, shanghai), 'order.time-format', text);
    }
  });

  it('explains the hour that is skipped when clocks go forward', () => {
    const result = parseTime('2026-03-08T02:30:00', newYork);
    assert.ok(result instanceof Refusal);
    assert.equal(result.code, 'order.time-skipped');
    assert.equal(
      result.sentence,
      '"2026-03-08T02:30:00" never was in America/New_York: clocks were put forward over it. The zone may be the wrong one.',
    );
    assert.equal(at('2026-03-08T01:59:59', newYork), '2026-03-08T06:59:59.000Z');
    assert.equal(at('2026-03-08T03:00:00', newYork), '2026-03-08T07:00:00.000Z');
  });

  it('takes the first of the two when clocks go back, and tells the other', () => {
    const result = parseTime('2026-11-01T01:30:00', newYork);
    assert.ok('time' in result);
    assert.equal(result.time.at, '2026-11-01T05:30:00.000Z');
    assert.equal(result.later, '2026-11-01T06:30:00.000Z');
    for (const text of ['2026-11-01T00:59:59', '2026-11-01T02:00:00', '2026-07-01T01:30:00']) {
      const plain = parseTime(text, newYork);
      assert.ok('time' in plain);
      assert.equal(plain.later, undefined, text);
    }
  });

  it('knows zones that shift by half an hour, and those south of the equator', () => {
    const lordHowe = { format: 'iso', zone: 'Australia/Lord_Howe' };
    assert.equal(at('2026-10-04T02:15:00', lordHowe), 'order.time-skipped');
    assert.equal(at('2026-10-04T02:30:00', lordHowe), '2026-10-03T15:30:00.000Z');
    assert.equal(
      at('2026-01-10T12:00:00', { format: 'iso', zone: 'America/Santiago' }),
      '2026-01-10T15:00:00.000Z',
    );
    assert.equal(
      at('2026-07-10T12:00:00', { format: 'iso', zone: 'Asia/Kathmandu' }),
      '2026-07-10T06:15:00.000Z',
    );
  });

  it('agrees with luxon on every instant of a zone, told in its own clock', () => {
    const zones = [
      'Asia/Shanghai',
      'America/New_York',
      'Europe/London',
      'Australia/Lord_Howe',
      'Africa/Cairo',
    ];
    const moments = fc.tuple(
      fc.integer({ min: Date.UTC(2000, 0), max: Date.UTC(2035, 0) }),
      fc.constantFrom(...zones),
    );
    fc.assert(
      fc.property(moments, ([epochMs, zone]) => {
        const local = DateTime.fromMillis(epochMs, { zone }).toISO({ includeOffset: false });
        assert.ok(local);
        const result = parseTime(local, { format: 'iso', zone });
        assert.ok('time' in result, local);
        const instants = [result.time.at, result.later];
        assert.ok(instants.includes(new Date(epochMs).toISOString()), `${local} in ${zone}`);
      }),
    );
  });

  it('reads Unix times and notices the wrong unit', () => {
    assert.equal(at(1788224400, { format: 'unix-seconds' }), '2026-09-01T01:00:00.000Z');
    assert.equal(at('1788224400', { format: 'unix-seconds' }), '2026-09-01T01:00:00.000Z');
    assert.equal(at(1788224400250, { format: 'unix-ms' }), '2026-09-01T01:00:00.250Z');
    assert.equal(at(1788224400250, { format: 'unix-seconds' }), 'order.time-is-ms');
    assert.equal(at(1788224400, { format: 'unix-ms' }), 'order.time-is-seconds');
    assert.equal(at('1788224400.5', { format: 'unix-seconds' }), 'order.time-not-unix');
    assert.equal(at('soon', { format: 'unix-ms' }), 'order.time-not-unix');
  });

  it('takes the texts channels write for "no time" as none, when asked to', () => {
    for (const text of ['0001-01-01 00:00:00', '0001-01-01T00:00:00Z', '1970-01-01 08:00:00', '1970-01-01']) {
      assert.equal(at(text, { ...shanghai, sentinels: true }), 'none', text);
    }
    assert.equal(at(0, { format: 'unix-seconds', sentinels: true }), 'none');
    assert.equal(at('0', { format: 'unix-ms', sentinels: true }), 'none');
    assert.equal(at('1970-01-01T00:00:00Z', iso), '1970-01-01T00:00:00.000Z');
    assert.equal(at('2026-09-01T09:00:00', { ...shanghai, sentinels: true }), '2026-09-01T01:00:00.000Z');
  });

  it('reads formats of one’s own by the same rules', () => {
    const slashes = { format: 'yyyy/MM/dd HH:mm', zone: 'Asia/Shanghai' };
    assert.equal(at('2026/09/01 09:00', slashes), '2026-09-01T01:00:00.000Z');
    assert.equal(at('2026-09-01 09:00', slashes), 'order.time-format');
    assert.equal(at('2026/02/30 09:00', slashes), 'order.time-no-such-date');
    assert.equal(at('2026/03/08 02:30', { ...slashes, zone: 'America/New_York' }), 'order.time-skipped');
    assert.equal(at('2026/09/01 09:00', { format: 'yyyy/MM/dd HH:mm' }), 'order.time-no-zone');
    assert.equal(
      at('2026/09/01 09:00 +08:00', { format: 'yyyy/MM/dd HH:mm ZZ' }),
      '2026-09-01T01:00:00.000Z',
    );
    assert.equal(
      at('2026年09月01日', { format: 'yyyy年MM月dd日', zone: 'Asia/Shanghai' }),
      '2026-08-31T16:00:00.000Z',
    );
  });

  it('does not depend on the zone of the machine', () => {
    const before = process.env.TZ;
    const read = timeReader(newYork);
    try {
      const answers = ['UTC', 'Asia/Shanghai', 'America/New_York', 'Pacific/Kiritimati'].map((zone) => {
        process.env.TZ = zone;
        const result = read('2026-07-15T09:00:00');
        return 'time' in result ? result.time.at : result;
      });
      assert.deepEqual(new Set(answers), new Set(['2026-07-15T13:00:00.000Z']));
    } finally {
      if (before === undefined) delete process.env.TZ;
      else process.env.TZ = before;
    }
  });
});
