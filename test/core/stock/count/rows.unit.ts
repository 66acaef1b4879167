import { strict as assert } from 'node:assert';
import { countTime } from '../../../../core/stock/count/count-time.ts';
import { type RowRules, readRows } from '../../../../core/stock/count/rows.ts';
import { thresholdsFrom } from '../../../../core/stock/count/settings.ts';
import { aboveThreshold, moneyOf } from '../../../../core/stock/count/threshold.ts';

const now = Date.UTC(2026, 2, 2);
const read = (rows: readonly object[], more: Partial<RowRules> = {}) =>
  readRows(
    rows.map((row, index) => ({ row: index + 2, sku: undefined, counted: undefined, ...row })),
    { zone: 'Asia/Shanghai', now, duplicates: 'refuse', ...more },
  );
const codes = async (rows: readonly object[], more: Partial<RowRules> = {}) =>
  (await read(rows, more)).idle.map(({ row, reason }) => [row, reason.code]);

describe('rows of a count', () => {
  for (const [given, units] of [
    [0, 0],
    [12, 12],
    ['12', 12],
    [' 12 ', 12],
    ['12.0', 12],
    ['１２', 12],
    [1_000_000_000, 1_000_000_000],
  ] as const) {
    it(`take ${JSON.stringify(given)} as ${units}`, async () =>
      assert.equal((await read([{ sku: 'TEA', counted: given }])).counted[0]?.counted, units));
  }

  for (const given of [
    -1,
    '-1',
    1.5,
    '1.5',
    '1,5',
    'twelve',
    '1e3',
    1e9 + 1,
    '99999999999999999999',
    Number.NaN,
    true,
    {},
  ]) {
    it(`refuse ${typeof given} ${JSON.stringify(given)} and no other row`, async () => {
      const { counted, idle } = await read([
        { sku: 'TEA', counted: given },
        { sku: 'MUG', counted: 1 },
      ]);
      assert.deepEqual(
        counted.map(({ sku }) => sku),
        ['MUG'],
      );
      assert.deepEqual(
        [idle[0]?.row, idle[0]?.sku, idle[0]?.reason.code],
        [2, 'TEA', 'count.row-bad-quantity'],
      );
    });
  }

  it('skip what is empty, and change nothing where no count was entered', async () => {
    const { counted, idle } = await read([
      { sku: ' ', counted: '' },
      { sku: 'TEA', counted: '' },
    ]);
    assert.deepEqual([counted, idle.length], [[], 1]);
    assert.deepEqual([idle[0]?.state, idle[0]?.reason.code], ['uncounted', 'count.row-empty']);
  });

  it('refuse a row without a SKU that can be kept', async () => {
    for (const sku of ['', null, 'a\0b', '\ud800', 'x'.repeat(1_001), 1.5, {}])
      assert.deepEqual(await codes([{ sku, counted: 1 }]), [[2, 'count.row-no-sku']], JSON.stringify(sku));
  });

  it('refuse two rows of one SKU, each naming the other', async () => {
    const { counted, idle } = await read([
      { sku: 'TEA', counted: 1 },
      { sku: 'MUG', counted: 1 },
      { sku: ' TEA ', counted: 2 },
    ]);
    assert.deepEqual(
      counted.map(({ sku }) => sku),
      ['MUG'],
    );
    assert.deepEqual(
      idle.map(({ row, reason }) => [row, reason.code, reason.params.others]),
      [
        [2, 'count.row-duplicate', '4'],
        [4, 'count.row-duplicate', '2'],
      ],
    );
  });

  it('add up several places of one SKU when asked to', async () => {
    const sum = { duplicates: 'sum' } as const;
    const rows = [
      { sku: 'TEA', counted: 1 },
      { sku: 'TEA', counted: 2, cost: '1.50' },
    ];
    assert.deepEqual((await read(rows, sum)).counted, [
      { row: 2, sku: 'TEA', counted: 3, at: null, unitCost: 15_000 },
    ]);
    assert.deepEqual(await codes([...rows, { sku: 'TEA', counted: 'x' }], sum), [
      [2, 'count.row-part-refused'],
      [3, 'count.row-part-refused'],
      [4, 'count.row-bad-quantity'],
    ]);
    const times = [
      { sku: 'TEA', counted: 1, at: '2026-03-01 10:00' },
      { sku: 'TEA', counted: 2, at: '2026-03-01 11:00' },
    ];
    assert.deepEqual(await codes(times, sum), [
      [2, 'count.row-times-differ'],
      [3, 'count.row-times-differ'],
    ]);
    const huge = [1e9, 1].map((counted) => ({ sku: 'TEA', counted }));
    assert.equal((await codes(huge, sum)).length, 2);
  });

  it('refuse times that are none or still to come, and costs that are none', async () => {
    assert.deepEqual(await codes([{ sku: 'TEA', counted: 1, at: '2026-03-01' }]), [
      [2, 'count.row-bad-time'],
    ]);
    assert.deepEqual(await codes([{ sku: 'TEA', counted: 1, at: now + 120_000 }]), [[2, 'count.row-future']]);
    assert.deepEqual(await codes([{ sku: 'TEA', counted: 1, cost: 'cheap' }]), [[2, 'count.row-bad-cost']]);
    // A clock that is some seconds ahead is no reason to count again.
    assert.equal((await read([{ sku: 'TEA', counted: 1, at: now + 5_000 }])).counted[0]?.at, now);
  });
});

describe('the time of counting', () => {
  const shanghai = Date.UTC(2026, 2, 1, 6, 30);
  for (const [given, at] of [
    ['2026-03-01 14:30', shanghai],
    ['2026-03-01T14:30:00', shanghai],
    ['2026/3/1 14:30', shanghai],
    ['2026.03.01 14:30:00', shanghai],
    ['2026年3月1日 14:30', shanghai],
    ['2026-03-01T06:30:00Z', shanghai],
    ['2026-03-01T06:30:00.250Z', shanghai],
    ['2026-03-01T08:30+02:00', shanghai],
    ['2026-03-01T08:30+0200', shanghai],
    [shanghai, shanghai],
    [new Date(shanghai), shanghai],
    ['2026-03-01', undefined],
    ['03/01/2026 14:30', undefined],
    ['2026-02-30 14:30', undefined],
    ['2026-03-01 25:00', undefined],
    ['soon', undefined],
    [12, undefined],
    [null, undefined],
  ] as const) {
    it(`is ${at === undefined ? 'not' : 'read from'} ${JSON.stringify(given)}`, () =>
      assert.equal(countTime(given, 'Asia/Shanghai'), at));
  }

  it('is none in the hour that a change of clocks skips', () => {
    assert.equal(countTime('2026-03-29 02:30', 'Europe/Berlin'), undefined);
    assert.equal(countTime('2026-03-29 03:30', 'Europe/Berlin'), Date.UTC(2026, 2, 29, 1, 30));
  });
});

describe('what needs a second person', () => {
  const line = { sku: 'TEA', expected: 100, unitCost: null };
  const code = (difference: number, limits: object, more: object = {}) =>
    aboveThreshold({ ...line, difference, ...more }, thresholdsFrom(limits))?.code;

  it('is decided by units, percent and value, each by itself', () => {
    assert.equal(code(-5, { units: '5' }), undefined);
    assert.equal(code(-6, { units: '5' }), 'count.above-units');
    assert.equal(code(6, { units: '5' }), 'count.above-units');
    assert.equal(code(5, { percent: '5' }), undefined);
    assert.equal(code(6, { percent: 5.5 }), 'count.above-percent');
    assert.equal(code(1, { percent: '90' }, { expected: 0 }), 'count.above-percent');
    assert.equal(code(8, { value: '100' }, { unitCost: 125_000 }), undefined);
    assert.equal(code(9, { value: '100' }, { unitCost: 125_000 }), 'count.above-value');
    assert.equal(code(9, { value: '100' }), undefined);
    assert.equal(code(1e9, { value: '1' }, { unitCost: moneyOf('99999999999.9999') }), 'count.above-value');
    assert.equal(code(1e9, {}), undefined);
    assert.equal(code(1, { units: 0 }), 'count.above-units');
  });

  it('says the value exactly', () => {
    const above = aboveThreshold(
      { ...line, difference: -3, unitCost: moneyOf('33.3333')! },
      thresholdsFrom({ value: 50 }),
    );
    assert.deepEqual([above?.params.value, above?.params.most], ['99.9999', '50.00']);
  });

  for (const limits of [{ units: '-1' }, { units: '1.5' }, { percent: 'few' }, { value: '1,000' }]) {
    it(`has no limit ${JSON.stringify(limits)}`, () =>
      assert.throws(() => thresholdsFrom(limits), { code: 'count.bad-threshold' }));
  }
});
