import { type Language, nearestLanguage } from '../message.ts';
import { currencyExponent } from './currencies.ts';
import { Refusal } from './refusal.ts';

export { currencyCodes, currencyExponent } from './currencies.ts';

const decimalForm = /^([+-]?)(\d+)(?:\.(\d+))?$/;

/**
 * Reads an amount in major units ("29.35") as integer minor units (2935). The decimals are moved within the
 * text; no floating-point arithmetic takes place. Trailing zeros beyond the currency's decimals are fine.
 *
 * @param amount decimal text, or a JSON number, which stands for the shortest decimal text that means it
 */
export function parseMajor(amount: string | number, currency: string): number | Refusal {
  const exponent = currencyExponent(currency);
  if (exponent === undefined) return new Refusal('order.money-currency', { currency });
  const text = String(amount).trim();
  const match = decimalForm.exec(text);
  if (!match) return notDecimal(text);
  const [, sign = '', whole = '', fraction = ''] = match;
  const kept = fraction.slice(0, exponent);
  if (!/^0*$/.test(fraction.slice(exponent))) {
    return new Refusal('order.money-decimals', { text, currency, decimals: exponent });
  }
  return signed(sign, whole + kept.padEnd(exponent, '0'), text);
}

/** Reads an amount that is already in minor units ("2935"): a whole number, nothing else. */
export function parseMinor(amount: string | number): number | Refusal {
  const text = String(amount).trim();
  const match = decimalForm.exec(text);
  if (!match) return notDecimal(text);
  const [, sign = '', whole = '', fraction = ''] = match;
  if (!/^0*$/.test(fraction)) return new Refusal('order.money-not-whole', { text });
  return signed(sign, whole, text);
}

/** Adds amounts in minor units; refused when the sum has more digits than are kept exactly. */
export function addMoney(a: number, b: number): number | Refusal {
  const sum = a + b;
  return Number.isSafeInteger(sum) ? sum : new Refusal('order.money-too-large', { text: `${a} + ${b}` });
}

/**
 * Minor units written as decimal text in major units: 2935 USD is "29.35". An unknown currency counts two
 * decimals.
 */
export function majorText(minor: number, currency: string): string {
  const exponent = currencyExponent(currency) ?? 2;
  const digits = String(Math.abs(minor)).padStart(exponent + 1, '0');
  const sign = minor < 0 ? '-' : '';
  if (exponent === 0) return sign + digits;
  return `${sign}${digits.slice(0, -exponent)}.${digits.slice(-exponent)}`;
}

/** An amount as people of a language write it, with its currency: 2935 USD is "$29.35". */
export function showMoney(minor: number, currency: string, language: Language | string = 'en-US'): string {
  const exponent = currencyExponent(currency);
  if (exponent === undefined) return `${majorText(minor, currency)} ${currency}`;
  const format = new Intl.NumberFormat(nearestLanguage(language), {
    style: 'currency',
    currency,
    minimumFractionDigits: exponent,
    maximumFractionDigits: exponent,
  });
  // Intl formats decimal text digit by digit, so large amounts keep theirs.
  return format.format(majorText(minor, currency) as `${number}`);
}

function notDecimal(text: string): Refusal {
  if (/^[+-]?\d[\d.,'’ \u00a0\u202f]*$/.test(text)) return new Refusal('order.money-separator', { text });
  return new Refusal('order.money-not-decimal', { text: text.slice(0, 80) });
}

function signed(sign: string, digits: string, text: string): number | Refusal {
  const value = Number(digits);
  if (!Number.isSafeInteger(value)) return new Refusal('order.money-too-large', { text: text.slice(0, 80) });
  return sign === '-' && value !== 0 ? -value : value;
}
