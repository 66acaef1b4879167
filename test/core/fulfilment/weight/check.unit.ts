import assert from 'node:assert/strict';
import fc from 'fast-check';
import { HubError } from '../../../../core/errors.ts';
import { bandGrams, type WeightBand } from '../../../../core/fulfilment/weight/band.ts';
import { checkWeight, type WeightCheckInput } from '../../../../core/fulfilment/weight/check.ts';

const parcel: WeightCheckInput = {
  lines: [
    { sku: 'SKU-3', quantity: 2, unitGrams: 400 },
    { sku: 'SKU-17', quantity: 1, unitGrams: 180 },
  ],
  packagingGrams: 120,
  readingGrams: 1100,
  band: { percent: 5, floorGrams: 20, ceilingGrams: 50 },
};

function weighed(readingGrams: number, changes: Partial<WeightCheckInput> = {}) {
  return checkWeight({ ...parcel, readingGrams, ...changes });
}

const weights = fc.integer({ min: 0, max: 20_000 });
const bands: fc.Arbitrary<WeightBand> = fc.record({
  percent: fc.integer({ min: 0, max: 10_000 }).map((points) => points / 100),
  floorGrams: fc.integer({ min: 0, max: 500 }),
  ceilingGrams: fc.option(fc.integer({ min: 0, max: 1000 })),
});
const parcels = fc.record({
  lines: fc.array(
    fc.record({
      sku: fc.constantFrom('A', 'B', 'C', 'D'),
      quantity: fc.integer({ min: 0, max: 20 }),
      unitGrams: fc.option(weights, { freq: 10 }),
    }),
    { maxLength: 6 },
  ),
  packagingGrams: fc.integer({ min: 0, max: 2000 }),
  readingGrams: fc.integer({ min: 1, max: 500_000 }),
  band: bands,
});

describe('bandGrams', () => {
  const cases: [number, WeightBand, number][] = [
    [3000, {}, 300],
    [3000, { percent: 10, ceilingGrams: 100 }, 100],
    [80, { percent: 10, floorGrams: 15 }, 15],
    [1255, { percent: 10 }, 125],
    [1000, { percent: 2.5 }, 25],
    [10_000, { percent: 1.15 }, 115],
    [1000, { percent: 0 }, 0],
    [1000, { percent: 10, floorGrams: 200, ceilingGrams: 50 }, 50],
    [1000, { percent: 10, ceilingGrams: null }, 100],
    [0, { percent: 10 }, 0],
  ];
  for (const [expected, band, grams] of cases) {
    it(`gives ±${grams} g to ${expected} g with ${JSON.stringify(band)}`, () =>
      assert.equal(bandGrams(expected, band), grams));
  }

  for (const band of [
    { percent: -1 },
    { percent: 100.01 },
    { percent: 2.555 },
    { percent: Number.NaN },
    { floorGrams: -1 },
    { floorGrams: 1.5 },
    { ceilingGrams: -1 },
  ]) {
    it(`refuses ${JSON.stringify(band)}`, () =>
      assert.throws(
        () => bandGrams(1000, band),
        (error) => HubError.is(error) && error.code === 'weight.input-invalid',
      ));
  }

  it('never narrows as the parcel gets heavier, and stays between floor and ceiling', () => {
    fc.assert(
      fc.property(weights, weights, bands, (a, b, band) => {
        const [light, heavy] = [Math.min(a, b), Math.max(a, b)];
        assert.ok(bandGrams(light, band) <= bandGrams(heavy, band));
        const ceiling = band.ceilingGrams ?? Number.MAX_SAFE_INTEGER;
        assert.ok(bandGrams(a, band) <= ceiling);
        assert.ok(bandGrams(a, band) >= Math.min(band.floorGrams!, ceiling));
      }),
    );
  });

  it('never lets a reading pass that the exact percentage would not', () => {
    fc.assert(
      fc.property(weights, fc.integer({ min: 0, max: 10_000 }), (expected, points) => {
        const grams = bandGrams(expected, { percent: points / 100 });
        assert.ok(BigInt(grams) * 10_000n <= BigInt(expected) * BigInt(points));
        assert.ok((BigInt(grams) + 1n) * 10_000n > BigInt(expected) * BigInt(points));
      }),
    );
  });
});

describe('checkWeight', () => {
  it('passes at both edges of the band and blocks one gram outside', () => {
    assert.deepEqual(
      [1050, 1150, 1049, 1151].map((grams) => weighed(grams).verdict),
      ['passed', 'passed', 'blocked', 'blocked'],
    );
    const { expectedGrams, bandGrams: band, low, high, differenceGrams } = weighed(1049);
    assert.deepEqual([expectedGrams, band, low, high, differenceGrams], [1100, 50, 1050, 1150, -51]);
  });

  it('says which unit is likely too many, with the numbers', () => {
    const { explanation } = weighed(1282);
    assert.equal(explanation.code, 'weight.one-over');
    assert.deepEqual(explanation.params, {
      difference: 182,
      reading: 1282,
      expected: 1100,
      band: 50,
      sku: 'SKU-17',
      unit: 180,
    });
    assert.match(explanation.sentence, /^182 g over .*about one more SKU-17/);
  });

  it('says which unit is likely missing', () => {
    assert.match(weighed(697).explanation.sentence, /one SKU-3 missing/);
    assert.equal(weighed(920).explanation.params.sku, 'SKU-17');
  });

  it('counts several units when one does not explain it', () => {
    const lines = [{ sku: 'PEN', quantity: 10, unitGrams: 100 }];
    const missing = weighed(700, { lines, packagingGrams: 0 });
    assert.deepEqual(
      [missing.explanation.code, missing.explanation.params.count],
      ['weight.several-missing', 3],
    );
    const over = weighed(1200, { lines, packagingGrams: 0 });
    assert.deepEqual([over.explanation.code, over.explanation.params.count], ['weight.several-over', 2]);
  });

  it('does not call more units missing than were ordered', () => {
    const lines = [{ sku: 'RING', quantity: 1, unitGrams: 10 }];
    const { explanation } = weighed(100, { lines, packagingGrams: 390, band: { percent: 5 } });
    assert.equal(explanation.code, 'weight.under-unexplained');
  });

  it('recognises a parcel that was never filled', () => {
    assert.equal(weighed(118).explanation.code, 'weight.only-packaging');
  });

  it('says so when nothing explains it', () => {
    assert.equal(weighed(9000).explanation.code, 'weight.over-unexplained');
    assert.equal(weighed(800).explanation.code, 'weight.under-unexplained');
  });

  it('puts the lines of one SKU together', () => {
    const lines = [
      { sku: 'PEN', quantity: 1, unitGrams: 100 },
      { sku: 'PEN', quantity: 1, unitGrams: 100 },
    ];
    const { explanation } = weighed(1, { lines, packagingGrams: 0, band: { percent: 10 } });
    assert.deepEqual([explanation.code, explanation.params.count], ['weight.only-packaging', undefined]);
    const two = weighed(140, { lines, packagingGrams: 140, band: { percent: 0 } });
    assert.equal(two.explanation.code, 'weight.only-packaging');
  });

  it('names the SKUs without a weight, once each, and judges nothing', () => {
    const result = weighed(1100, {
      lines: [
        { sku: 'NEW', quantity: 1, unitGrams: null },
        { sku: 'NEW', quantity: 2, unitGrams: null },
        { sku: 'OLD', quantity: 1, unitGrams: 5 },
        { sku: 'GONE', quantity: 0, unitGrams: null },
      ],
    });
    assert.equal(result.verdict, 'unknown');
    assert.deepEqual(result.unknownSkus, ['NEW']);
    assert.deepEqual([result.expectedGrams, result.low, result.differenceGrams], [null, null, null]);
    assert.equal(result.explanation.code, 'weight.unknown');
  });

  it('does not pass an order with nothing to ship', () => {
    const result = weighed(120, { lines: [{ sku: 'A', quantity: 0, unitGrams: 10 }] });
    assert.deepEqual([result.verdict, result.explanation.code], ['unknown', 'weight.no-lines']);
  });

  it('warns of the lightest unit below twice the band, and not at twice', () => {
    const lines = [
      { sku: 'LIGHT', quantity: 1, unitGrams: 100 },
      { sku: 'HEAVY', quantity: 1, unitGrams: 1000 },
    ];
    const at = (ceilingGrams: number) =>
      weighed(1220, { lines, band: { percent: 100, ceilingGrams } }).warnings.map(({ params }) => params.sku);
    assert.deepEqual(at(50), []);
    assert.deepEqual(at(51), ['LIGHT']);
    const [warning] = weighed(1220, { lines, band: { percent: 100, ceilingGrams: 51 } }).warnings;
    assert.match(warning!.sentence, /LIGHT weighs 100 g, less than twice the band of ±51 g.*50 g or less/);
  });

  it('warns of a unit of no weight whatever the band', () => {
    const { warnings } = weighed(100, {
      lines: [{ sku: 'CARD', quantity: 1, unitGrams: 0 }],
      packagingGrams: 100,
      band: { percent: 0 },
    });
    assert.deepEqual(
      warnings.map(({ code }) => code),
      ['weight.blind-spot-weightless'],
    );
  });

  const broken: [string, Partial<WeightCheckInput>][] = [
    ['negative quantity', { lines: [{ sku: 'A', quantity: -1, unitGrams: 10 }] }],
    ['half a unit', { lines: [{ sku: 'A', quantity: 0.5, unitGrams: 10 }] }],
    ['fractional grams', { lines: [{ sku: 'A', quantity: 1, unitGrams: 10.5 }] }],
    ['negative packaging', { packagingGrams: -1 }],
    ['no reading', { readingGrams: Number.NaN }],
    ['a sum beyond exact integers', { lines: [{ sku: 'A', quantity: 2 ** 40, unitGrams: 2 ** 40 }] }],
  ];
  for (const [name, changes] of broken) {
    it(`refuses ${name}`, () =>
      assert.throws(
        () => checkWeight({ ...parcel, ...changes }),
        (error) => HubError.is(error) && error.code === 'weight.input-invalid',
      ));
  }

  it('passes exactly what lies within the band', () => {
    fc.assert(
      fc.property(parcels, (input) => {
        const result = checkWeight(input);
        if (result.verdict === 'unknown') return;
        const distance = Math.abs(result.readingGrams - result.expectedGrams);
        assert.equal(result.verdict === 'passed', distance <= result.bandGrams);
        assert.equal(
          result.verdict === 'passed',
          result.readingGrams >= result.low && result.readingGrams <= result.high,
        );
        assert.equal(result.bandGrams, bandGrams(result.expectedGrams, input.band));
      }),
    );
  });

  it('never warns less when a parcel with one unit missing could pass', () => {
    fc.assert(
      fc.property(parcels, (input) => {
        const full = checkWeight(input);
        if (full.verdict === 'unknown') return;
        const shipped = input.lines.filter(({ quantity }) => quantity > 0);
        const lightest = Math.min(...shipped.map(({ unitGrams }) => unitGrams!));
        if (full.warnings.length > 0) return;
        // A reading anywhere in the band, less the unit, is below the band.
        assert.ok(full.high - lightest <= full.expectedGrams - full.bandGrams);
      }),
    );
  });

  it('explains a block by units that put it into the band', () => {
    fc.assert(
      fc.property(parcels, (input) => {
        const result = checkWeight(input);
        const { code, params } = result.explanation;
        if (result.verdict !== 'blocked' || !('unit' in params)) return;
        const change = Number(params.unit) * Number(params.count ?? 1);
        const mended = code.endsWith('-over') ? input.readingGrams - change : input.readingGrams + change;
        assert.ok(mended >= result.expectedGrams - result.bandGrams && mended <= result.high);
      }),
    );
  });
});
