import { type Explanation, explain } from './explain.ts';

export type WeightUnit = 'g' | 'kg' | 'jin' | 'liang' | 'lb' | 'oz';

/** Why a reading is not a parcel's weight. */
export type ReadingProblem = Explanation;

/** A parcel's weight in whole grams, at least 1. */
export interface Reading {
  grams: number;
}

/** Grams in a unit as a fraction of integers. Pound and ounce by the international agreement of 1959. */
const gramsPer: Readonly<Record<WeightUnit, { numerator: bigint; denominator: bigint }>> = {
  g: { numerator: 1n, denominator: 1n },
  kg: { numerator: 1000n, denominator: 1n },
  jin: { numerator: 500n, denominator: 1n },
  liang: { numerator: 50n, denominator: 1n },
  lb: { numerator: 45_359_237n, denominator: 100_000n },
  oz: { numerator: 28_349_523_125n, denominator: 1_000_000_000n },
};

/** Units as scales and people write them, after full-width forms were folded and letters made small. */
const spellings: ReadonlyMap<string, WeightUnit> = new Map([
  ...named('g', 'g gr gm grm gram grams gramm 克'),
  ...named('kg', 'kg kgs kilo kilos kilogram kilograms 公斤 千克'),
  ...named('jin', '斤 市斤'),
  ...named('liang', '两 市两'),
  ...named('lb', 'lb lbs pound pounds 磅'),
  ...named('oz', 'oz ounce ounces 盎司'),
]);

/** Scales send a dozen characters; anything much longer is not a reading. */
const longestText = 64;
/** No parcel scale goes beyond: 100 t. Also keeps every sum of weights exact. */
const mostGrams = 100_000_000;

/**
 * Reads what a scale sent as whole grams, with exact decimal arithmetic, half a gram rounding up.
 *
 * Understood are numbers; texts such as `1.25 kg`, `1,25 kg`, `1250克`; the continuous format of many scales,
 * `ST,GS,+  1.250kg` (stable/unstable/overload, gross/net/tare, value); and the standard command set's
 * `S S 1.250 kg` (stable) and `S D …` (still moving).
 *
 * @param defaultUnit what a number, or a text without a unit, is in
 * @returns the weight, or why there is none: an unstable, negative, empty or unreadable reading is never guessed
 */
export function parseReading(value: unknown, defaultUnit: WeightUnit = 'g'): Reading | ReadingProblem {
  if (typeof value === 'number') return fromNumber(value, defaultUnit);
  if (value === undefined || value === null) return explain('weight.empty');
  const sent =
    typeof value === 'string' ? value : Buffer.isBuffer(value) ? value.toString('latin1') : undefined;
  if (sent === undefined) return explain('weight.unreadable', { text: shown(describe(value)) });
  const text = folded(sent);
  if (text === '') return explain('weight.empty');
  if (text.length > longestText) return explain('weight.unreadable', { text: shown(text) });

  const frame = readFrame(text);
  if ('code' in frame) return frame;
  return fromText(frame.value, text, defaultUnit);
}

/** Whether a result of `parseReading` is a weight. */
export function isReading(result: Reading | ReadingProblem): result is Reading {
  return 'grams' in result;
}

function fromNumber(value: number, unit: WeightUnit): Reading | ReadingProblem {
  if (!Number.isFinite(value)) return explain('weight.unreadable', { text: String(value) });
  // The shortest decimal text means exactly what the sender wrote: 1.005 stays 1.005.
  const [digits = '', exponent = '0'] = String(Math.abs(value)).split('e');
  const [whole = '', fraction = ''] = digits.split('.');
  const power = Number(exponent) - fraction.length;
  const decimal =
    power >= 0
      ? { digits: BigInt(whole + fraction) * 10n ** BigInt(power), decimals: 0 }
      : { digits: BigInt(whole + fraction), decimals: -power };
  return toGrams(decimal, value < 0, unit, String(value));
}

/** The value's part of the text, once what the scale says about itself has been judged. */
function readFrame(text: string): { value: string } | ReadingProblem {
  const told = { text: shown(text) };
  if (/^[+-]?\s*(ol|overload|o-?ld?|err\s*ol|-+ol-+)$/i.test(text)) return explain('weight.overload', told);
  const continuous = /^(st|us|ol|qt|ud)\s*,\s*(?:(gs|nt|tr|pt|g|n|t)\s*,)?(.*)$/i.exec(text);
  if (continuous) {
    const [, state = '', kind = '', value = ''] = continuous;
    if (/^(us|ud)$/i.test(state)) return explain('weight.unstable', told);
    if (/^ol$/i.test(state)) return explain('weight.overload', told);
    if (/^qt$/i.test(state)) return explain('weight.unreadable', told);
    if (/^(tr|pt|t)$/i.test(kind)) return explain('weight.not-a-load', told);
    return { value: value.trim() };
  }
  const command = /^s[ix]?\s+([sdi+-])(?:\s+(.*))?$/i.exec(text);
  if (command) {
    const [, state = '', value = ''] = command;
    if (/d/i.test(state)) return explain('weight.unstable', told);
    if (/i/i.test(state)) return explain('weight.not-a-load', told);
    if (state === '+') return explain('weight.overload', told);
    if (state === '-') return explain('weight.underload', told);
    return { value: value.trim() };
  }
  return { value: text };
}

function fromText(value: string, text: string, defaultUnit: WeightUnit): Reading | ReadingProblem {
  const told = { text: shown(text) };
  if (value === '') return explain('weight.empty');
  const match = /^([+-]?)\s*(\d[\d.,]*|[.,]\d+)\s*(\p{L}*)\.?$/u.exec(value);
  if (!match) return explain('weight.unreadable', told);
  const [, sign = '', number = '', spelling = ''] = match;
  const unit = spelling === '' ? defaultUnit : spellings.get(spelling.toLowerCase());
  if (unit === undefined) return explain('weight.unit-unknown', { ...told, unit: spelling });
  const decimal = readDecimal(number, unit);
  if (decimal === 'ambiguous') return explain('weight.ambiguous', told);
  if (decimal === undefined) return explain('weight.unreadable', told);
  return toGrams(decimal, sign === '-', unit, text);
}

interface Decimal {
  digits: bigint;
  /** How many of the digits stand behind the decimal mark. */
  decimals: number;
}

/**
 * The last of point and comma is the decimal mark, the other one groups thousands. A lone comma before exactly
 * three digits is a decimal mark in all units but the small ones: `1,250 kg` is not more than a ton, whereas
 * `1,250 g` may mean both and is not guessed.
 */
function readDecimal(text: string, unit: WeightUnit): Decimal | 'ambiguous' | undefined {
  const grouped = /^\d{1,3}(?:(,)\d{3}(?:,\d{3})*(?:\.(\d+))?|(\.)\d{3}(?:\.\d{3})*,(\d+))$/.exec(text);
  const single = /^(\d*)([.,])?(\d*)$/.exec(text);
  if (single) {
    const [, whole = '', mark = '', fraction = ''] = single;
    const small = unit === 'g' || unit === 'oz' || unit === 'liang';
    if (mark === ',' && fraction.length === 3 && whole.length <= 3 && !/^0*$/.test(whole) && small) {
      return 'ambiguous';
    }
    return { digits: BigInt(whole + fraction), decimals: fraction.length };
  }
  if (!grouped) return undefined;
  const fraction = grouped[2] ?? grouped[4] ?? '';
  return { digits: BigInt(text.replace(/[.,]/g, '')), decimals: fraction.length };
}

function toGrams(
  { digits, decimals }: Decimal,
  negative: boolean,
  unit: WeightUnit,
  text: string,
): Reading | ReadingProblem {
  const told = { text: shown(text) };
  const { numerator, denominator } = gramsPer[unit];
  const dividend = digits * numerator;
  const divisor = denominator * 10n ** BigInt(decimals);
  if (negative && dividend > 0n) return explain('weight.negative', told);
  // Half up: floor(x + 1/2).
  const grams = (2n * dividend + divisor) / (2n * divisor);
  if (grams === 0n) return explain('weight.zero', told);
  if (grams > BigInt(mostGrams)) return explain('weight.too-heavy', { ...told, limit: mostGrams / 1000 });
  return { grams: Number(grams) };
}

/** Full-width digits, letters and signs become ordinary ones (NFKC); frame and control characters fall away. */
function folded(text: string): string {
  return text
    .slice(0, 4 * longestText)
    .normalize('NFKC')
    .replace(/[\p{Cc}\p{Cf}\s]+/gu, ' ')
    .replace(/[−–]/g, '-')
    .replace(/[。．]/g, '.')
    .trim();
}

function shown(text: string): string {
  return text.length > 40 ? `${text.slice(0, 39)}…` : text;
}

function describe(value: unknown): string {
  return Array.isArray(value) ? 'array' : typeof value;
}

function named(unit: WeightUnit, texts: string): [string, WeightUnit][] {
  return texts.split(' ').map((text) => [text, unit]);
}
