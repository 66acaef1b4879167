import assert from 'node:assert/strict';
import fc from 'fast-check';
import {
  addMoney,
  currencyCodes,
  currencyExponent,
  majorText,
  parseMajor,
  parseMinor,
  showMoney,
} from '../../../core/order/money.ts';
import { Refusal } from '../../../core/order/refusal.ts';

function refused(result: number | Refusal): string {
  assert.ok(result instanceof Refusal, `refused, but is ${String(result)}`);
  return result.code;
}

describe('money', () => {
  it('reads amounts in major units by the decimals of the currency', () => {
    const cases: [string | number, string, number][] = [
      ['29.35', 'USD', 2935],
      ['29.3', 'USD', 2930],
      ['29', 'USD', 2900],
      ['-29.35', 'USD', -2935],
      ['+0.05', 'CNY', 5],
      ['159.0', 'CNY', 15900],
      ['10.1000', 'EUR', 1010],
      [' 7.00 ', 'EUR', 700],
      ['007.10', 'EUR', 710],
      ['1200', 'JPY', 1200],
      ['1200.00', 'KRW', 1200],
      ['1.234', 'KWD', 1234],
      ['1.2', 'BHD', 1200],
      ['1.2345', 'CLF', 12345],
      ['-0.00', 'USD', 0],
      [3, 'USD', 300],
      [9.99, 'USD', 999],
      ['90071992547409.91', 'USD', 9007199254740991],
    ];
    for (const [text, currency, minor] of cases) {
      assert.ok(Object.is(parseMajor(text, currency), minor), `${text} ${currency}`);
    }
  });

  it('never lets an amount pass through floating point', () => {
    // Each of these goes wrong by one when computed as Math.trunc(x * 100).
    for (const text of ['1.15', '4.35', '8.2', '16.08', '19.99', '64.1', '1.1', '2.2', '1234567.29']) {
      const [whole = '', fraction = ''] = text.split('.');
      assert.equal(parseMajor(text, 'USD'), Number(whole + fraction.padEnd(2, '0')), text);
    }
  });

  it('refuses what it would have to round, and says which decimals there are', () => {
    const result = parseMajor('1.005', 'USD');
    assert.ok(result instanceof Refusal);
    assert.equal(result.code, 'order.money-decimals');
    assert.deepEqual(result.params, { text: '1.005', currency: 'USD', decimals: 2 });
    assert.equal(refused(parseMajor('1.5', 'JPY')), 'order.money-decimals');
    assert.equal(refused(parseMajor(0.1 + 0.2, 'USD')), 'order.money-decimals');
  });

  it('refuses separators, which mean different amounts in different countries', () => {
    for (const text of ['1,234.50', '12,50', '1.234.567', "1'234", '1 234.50', '1\u00a0234', '12.']) {
      assert.equal(refused(parseMajor(text, 'EUR')), 'order.money-separator', text);
    }
  });

  it('refuses what is no decimal number', () => {
    for (const text of ['', '¥12', '12元', '1e3', 'NaN', 'Infinity', '.5', '--1', '１２', '0x10']) {
      assert.equal(refused(parseMajor(text, 'CNY')), 'order.money-not-decimal', text);
    }
  });

  it('refuses more than can be kept exactly', () => {
    assert.equal(refused(parseMajor('90071992547409.92', 'USD')), 'order.money-too-large');
    assert.equal(refused(parseMinor('9007199254740993')), 'order.money-too-large');
    assert.equal(refused(parseMajor('9'.repeat(400), 'JPY')), 'order.money-too-large');
    assert.equal(refused(addMoney(Number.MAX_SAFE_INTEGER, 1)), 'order.money-too-large');
  });

  it('reads amounts in minor units only when they are whole', () => {
    assert.equal(parseMinor('2935'), 2935);
    assert.equal(parseMinor('2935.00'), 2935);
    assert.equal(parseMinor(-5), -5);
    assert.equal(refused(parseMinor('29.35')), 'order.money-not-whole');
  });

  it('knows the decimals of ISO 4217, not those people write', () => {
    const exponents = {
      JPY: 0,
      KRW: 0,
      VND: 0,
      CLP: 0,
      ISK: 0,
      KWD: 3,
      BHD: 3,
      OMR: 3,
      JOD: 3,
      TND: 3,
      IQD: 3,
      LYD: 3,
    };
    for (const [code, exponent] of Object.entries(exponents))
      assert.equal(currencyExponent(code), exponent, code);
    for (const code of ['USD', 'CNY', 'IDR', 'HUF', 'TWD', 'COP'])
      assert.equal(currencyExponent(code), 2, code);
    for (const code of ['RMB', 'usd', '', 'XXXX', 'toString'])
      assert.equal(currencyExponent(code), undefined, code);
  });

  it('refuses an amount in a currency that does not exist', () => {
    assert.equal(refused(parseMajor('1.00', 'RMB')), 'order.money-currency');
  });

  it('writes every amount back as it was read', () => {
    const amounts = fc.tuple(fc.maxSafeInteger(), fc.constantFrom(...currencyCodes()));
    fc.assert(
      fc.property(amounts, ([minor, currency]) => {
        const again = parseMajor(majorText(minor, currency), currency);
        assert.equal(again, minor);
      }),
    );
  });

  it('shows amounts as people of a language write them', () => {
    assert.equal(majorText(5, 'USD'), '0.05');
    assert.equal(majorText(-1234, 'KWD'), '-1.234');
    assert.equal(majorText(1200, 'JPY'), '1200');
    assert.equal(showMoney(2935, 'USD', 'en-US'), '$29.35');
    assert.equal(showMoney(15900, 'CNY', 'zh-CN'), '¥159.00');
    assert.equal(showMoney(9007199254740991, 'USD', 'en-US'), '$90,071,992,547,409.91');
    assert.equal(showMoney(100, 'RMB'), '1.00 RMB');
  });
});
