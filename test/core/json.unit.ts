import assert from 'node:assert/strict';
import fc from 'fast-check';
import { parseJson } from '../../core/json.ts';

/** An exact decimal value as coefficient × 10^exponent, reduced, worked out without floating point. */
function exactValue(text: string): string {
  const [mantissa = '', power = '0'] = text.toLowerCase().split('e');
  const [whole = '', fraction = ''] = mantissa.split('.');
  let coefficient = BigInt(whole.replace('-', '') + fraction);
  let exponent = BigInt(power) - BigInt(fraction.length);
  if (coefficient === 0n) return '0';
  while (coefficient % 10n === 0n) {
    coefficient /= 10n;
    exponent += 1n;
  }
  return `${mantissa.startsWith('-') ? '-' : ''}${coefficient}e${exponent}`;
}

const digits = (minLength: number, maxLength: number) =>
  fc.string({ unit: fc.constantFrom(...'0123456789'), minLength, maxLength });

/** Every form of number that JSON allows, from single digits to far beyond what a double can hold. */
const numberText = fc
  .record({
    sign: fc.constantFrom('', '-'),
    whole: fc.oneof(
      fc.constant('0'),
      fc.tuple(fc.constantFrom(...'123456789'), digits(0, 30)).map(([first, rest]) => first + rest),
    ),
    fraction: fc.option(digits(1, 30), { nil: undefined }),
    power: fc.option(
      fc.tuple(fc.constantFrom('e', 'E'), fc.constantFrom('', '+', '-'), fc.nat({ max: 420 })),
      { nil: undefined },
    ),
  })
  .map(
    ({ sign, whole, fraction, power }) =>
      sign + whole + (fraction === undefined ? '' : `.${fraction}`) + (power ? power.join('') : ''),
  );

describe('reading JSON without losing digits', () => {
  it('keeps the exact value of any number, as a number or as its own text', () => {
    fc.assert(
      fc.property(numberText, (text) => {
        const value = parseJson(text);
        if (typeof value === 'string') assert.equal(value, text);
        else assert.equal(exactValue(String(value)), exactValue(text));
      }),
      { numRuns: 2_000 },
    );
  });

  it('keeps it at any depth of objects and lists', () => {
    fc.assert(
      fc.property(numberText, fc.array(fc.boolean(), { maxLength: 6 }), (text, nesting) => {
        const nested = nesting.reduce((inner, list) => (list ? `[${inner}]` : `{"id": ${inner}}`), text);
        let value = parseJson(nested);
        for (const list of nesting.toReversed())
          value = list ? (value as unknown[])[0] : (value as { id: unknown }).id;
        assert.deepEqual(value, parseJson(text));
      }),
    );
  });

  it('reads every safe integer as a number', () => {
    fc.assert(
      fc.property(fc.maxSafeInteger(), (integer) => {
        assert.equal(parseJson(String(integer)), integer);
      }),
    );
  });

  it('reads every integer beyond 2^53 as its text', () => {
    const beyond = fc.bigInt({ min: BigInt(Number.MAX_SAFE_INTEGER) + 1n, max: 10n ** 40n });
    fc.assert(
      fc.property(beyond, fc.boolean(), (integer, negative) => {
        const text = `${negative ? '-' : ''}${integer}`;
        assert.equal(parseJson(text), text);
      }),
    );
  });

  it('reads whatever JSON.stringify wrote from ordinary values as those values', () => {
    const ordinary = fc.jsonValue().filter((value) => !/\d{16}|e[+-]?\d/i.test(JSON.stringify(value)));
    fc.assert(
      fc.property(ordinary, (value) => {
        assert.deepEqual(parseJson(JSON.stringify(value)), JSON.parse(JSON.stringify(value)));
      }),
    );
  });

  const told: [text: string, value: unknown][] = [
    ['10.10', 10.1],
    ['1.0', 1],
    ['1E2', 100],
    ['-0.50', -0.5],
    ['0e400', 0],
    ['5e-324', 5e-324],
    ['9007199254740991', 9007199254740991],
    ['9007199254740993', '9007199254740993'],
    ['820982911946154508', '820982911946154508'],
    ['1e400', '1e400'],
    ['1e-400', '1e-400'],
    ['0.1000000000000000055', '0.1000000000000000055'],
    ['19.99', 19.99],
  ];
  for (const [text, value] of told)
    it(`reads ${text} as ${JSON.stringify(value)}`, () => assert.equal(parseJson(text), value));

  it('leaves text, booleans and null alone, also text that looks like a number', () => {
    assert.deepEqual(parseJson('{"a":"9007199254740993","b":true,"c":null,"d":"1e400"}'), {
      a: '9007199254740993',
      b: true,
      c: null,
      d: '1e400',
    });
  });

  it('lets no key change the prototype of what it reads', () => {
    const value = parseJson('{"__proto__":{"admin":1},"id":1}') as object;
    assert.equal(Object.getPrototypeOf(value), Object.prototype);
    assert.deepEqual(Object.keys(value), ['__proto__', 'id']);
  });

  it('refuses text that is not JSON', () => {
    for (const text of ['', '01', '1.', '.5', '+1', '{"a":1,}', 'NaN', "{'a':1}"])
      assert.throws(() => parseJson(text), SyntaxError, text);
  });
});
