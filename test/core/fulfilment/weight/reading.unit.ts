import assert from 'node:assert/strict';
import fc from 'fast-check';
import { isReading, parseReading, type WeightUnit } from '../../../../core/fulfilment/weight/reading.ts';

function grams(value: unknown, unit?: WeightUnit): number {
  const result = parseReading(value, unit);
  assert.ok(isReading(result), JSON.stringify(result));
  return result.grams;
}

function problem(value: unknown, unit?: WeightUnit): string {
  const result = parseReading(value, unit);
  assert.ok(!isReading(result), `${String(value)} was read as ${JSON.stringify(result)}`);
  assert.notEqual(result.sentence, '');
  assert.ok(!result.sentence.startsWith('weight.'), `no sentence for ${result.code}`);
  return result.code;
}

describe('parseReading', () => {
  const read: [unknown, number][] = [
    [1250, 1250],
    [1250.4, 1250],
    [0.5, 1],
    ['1250', 1250],
    ['1.25 kg', 1250],
    ['1,25 kg', 1250],
    ['1,250kg', 1250],
    ['1250 g', 1250],
    ['1,250.5 g', 1251],
    ['1.250,5 g', 1251],
    ['1,234,567 g', 1234567],
    ['ST,GS,+  1.250kg', 1250],
    ['ST,GS,+  1.250kg\r\n', 1250],
    ['\u0002ST,NT,+00012.5 g\u0003', 13],
    ['st,gs, 0.500 lb', 227],
    ['S S     1.250 kg', 1250],
    ['0.5lb', 227],
    ['2 lbs', 907],
    ['16 oz', 454],
    ['1.25公斤', 1250],
    ['1.25千克', 1250],
    ['1250克', 1250],
    ['2.5斤', 1250],
    ['1两', 50],
    ['１．２５ｋｇ', 1250],
    ['１２５０　克', 1250],
    ['1，25 公斤', 1250],
    ['1.25㎏', 1250],
    ['+1.25 KG', 1250],
    ['.5 kg', 500],
    ['1.0005 kg', 1001],
    ['1.00049999999999999999 kg', 1000],
    ['2.675 kg', 2675],
    [Buffer.from('ST,GS,+  1.250kg\r\n'), 1250],
  ];
  for (const [value, expected] of read) {
    it(`reads ${JSON.stringify(String(value))} as ${expected} g`, () => assert.equal(grams(value), expected));
  }

  it('takes numbers and texts without a unit in the unit given', () => {
    assert.equal(grams(1.005, 'kg'), 1005);
    assert.equal(grams('1.005', 'kg'), 1005);
    assert.equal(grams('3', 'jin'), 1500);
    assert.equal(grams('3 g', 'kg'), 3);
    assert.equal(problem(5e-7, 'kg'), 'weight.zero', 'half a milligram');
  });

  const refused: [unknown, string][] = [
    [undefined, 'weight.empty'],
    [null, 'weight.empty'],
    ['', 'weight.empty'],
    [' \r\n', 'weight.empty'],
    ['ST,GS,', 'weight.empty'],
    [Number.NaN, 'weight.unreadable'],
    [Number.POSITIVE_INFINITY, 'weight.unreadable'],
    [{}, 'weight.unreadable'],
    [[1250], 'weight.unreadable'],
    [true, 'weight.unreadable'],
    ['NaN', 'weight.unreadable'],
    ['heavy', 'weight.unreadable'],
    ['1.2.3 kg', 'weight.unreadable'],
    ['1 2 kg', 'weight.unreadable'],
    ['QT,GS,+ 12', 'weight.unreadable'],
    ['x'.repeat(10_000), 'weight.unreadable'],
    ['1,250 g', 'weight.ambiguous'],
    ['1,250', 'weight.ambiguous'],
    ['3 stone', 'weight.unit-unknown'],
    ['US,GS,+  1.250kg', 'weight.unstable'],
    ['S D 1.250 kg', 'weight.unstable'],
    ['OL', 'weight.overload'],
    ['+OL', 'weight.overload'],
    ['OL,GS,+9999999kg', 'weight.overload'],
    ['S +', 'weight.overload'],
    ['S -', 'weight.underload'],
    ['S I', 'weight.not-a-load'],
    ['ST,TR,+  0.250kg', 'weight.not-a-load'],
    [-1250, 'weight.negative'],
    ['-0.002 kg', 'weight.negative'],
    ['ST,GS,-  0.250kg', 'weight.negative'],
    ['−3 g', 'weight.negative'],
    [0, 'weight.zero'],
    [-0, 'weight.zero'],
    ['0.000 kg', 'weight.zero'],
    ['0.4 g', 'weight.zero'],
    ['100000.001 kg', 'weight.too-heavy'],
    [Number.MAX_VALUE, 'weight.too-heavy'],
  ];
  for (const [value, code] of refused) {
    const name = typeof value === 'string' ? JSON.stringify(value.slice(0, 20)) : String(value);
    it(`refuses ${name} with ${code}`, () => assert.equal(problem(value), code));
  }

  it('reads every whole number of grams written in kilograms exactly', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 99_999_999 }), fc.constantFrom('.', ','), (weight, mark) => {
        const digits = String(weight).padStart(4, '0');
        const text = `${digits.slice(0, -3)}${mark}${digits.slice(-3)} kg`;
        assert.equal(grams(text), weight);
      }),
    );
  });

  it('never throws, whatever is sent', () => {
    fc.assert(
      fc.property(fc.oneof(fc.anything(), fc.string({ unit: 'binary' }), fc.double()), (value) => {
        const result = parseReading(value);
        if (isReading(result)) assert.ok(Number.isSafeInteger(result.grams) && result.grams >= 1);
        else assert.match(result.code, /^weight\./);
      }),
      { numRuns: 500 },
    );
  });
});
