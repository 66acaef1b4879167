/**
 * Reads JSON without losing digits. A number stays a JavaScript number when its shortest decimal text means
 * exactly what stood in the source (so `10.10` is 10.1); any other (integers beyond 2^53, 1e400,
 * 0.1000000000000000055) becomes the text it was written as. Arithmetic on money is never done on the number, only on its text.
 *
 * @throws SyntaxError from JSON.parse for text that is not JSON
 */
export function parseJson(text: string): unknown {
  return JSON.parse(text, keepDigits as (this: unknown, key: string, value: unknown) => unknown);
}

function keepDigits(_key: string, value: unknown, context?: { source?: string }): unknown {
  if (typeof value !== 'number' || context?.source === undefined) return value;
  if (Number.isInteger(value) && !Number.isSafeInteger(value)) return context.source;
  return sameDecimal(context.source, String(value)) ? value : context.source;
}

function sameDecimal(source: string, shown: string): boolean {
  if (source === shown) return true;
  const a = decimal(source);
  const b = decimal(shown);
  return (
    a !== undefined &&
    b !== undefined &&
    a.digits === b.digits &&
    a.exponent === b.exponent &&
    a.sign === b.sign
  );
}

/** A decimal number's significant digits without leading or trailing zeros, and the exponent of the last one. */
function decimal(text: string): { sign: string; digits: string; exponent: number } | undefined {
  const match = /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/.exec(text);
  if (!match) return undefined;
  const [, sign = '', whole = '', fraction = '', power = '0'] = match;
  const all = whole + fraction;
  const trimmed = all.replace(/0+$/, '');
  const digits = trimmed.replace(/^0+/, '');
  if (digits === '') return { sign: '', digits: '0', exponent: 0 };
  return { sign, digits, exponent: Number(power) - fraction.length + (all.length - trimmed.length) };
}
