import { HubError } from '../../errors.ts';
import { bandGrams, type WeightBand } from './band.ts';
import { type Explanation, explain } from './explain.ts';
import { likeliestExplanation } from './likeliest.ts';

export type { WeightBand } from './band.ts';

/** A line of the parcel. The same SKU may stand on several lines. */
export interface WeightLine {
  sku: string;
  /** Units in this parcel, a whole number. */
  quantity: number;
  /** Grams of one unit; null when nobody knows. */
  unitGrams: number | null;
}

export interface WeightCheckInput {
  lines: readonly WeightLine[];
  /** Carton, filler and inserts together, grams. */
  packagingGrams: number;
  /** What the scale showed, grams. */
  readingGrams: number;
  band: WeightBand;
}

interface Judged {
  expectedGrams: number;
  readingGrams: number;
  /** Reading less expectation: positive is too heavy. */
  differenceGrams: number;
  /** How far the reading may lie from the expectation, inclusive. */
  bandGrams: number;
  /** Least and most grams that pass. */
  low: number;
  high: number;
  unknownSkus: readonly string[];
  warnings: readonly Explanation[];
  /** The likeliest reason of a block; for a pass, the numbers. */
  explanation: Explanation;
}

export type WeightCheck =
  | ({ verdict: 'passed' | 'blocked' } & Judged)
  | ({ verdict: 'unknown' } & Omit<
      Judged,
      'expectedGrams' | 'differenceGrams' | 'bandGrams' | 'low' | 'high'
    > & {
        expectedGrams: null;
        differenceGrams: null;
        bandGrams: null;
        low: null;
        high: null;
      });

/** Units of one SKU in the parcel, its lines put together. */
export interface SkuWeight {
  sku: string;
  quantity: number;
  unitGrams: number;
}

/**
 * Compares a parcel's weight with what it should be: the sum of quantity times unit weight, plus packaging, give
 * or take the band. Whole grams throughout.
 *
 * @throws HubError `weight.input-invalid` for values no parcel can have, such as a negative quantity
 */
export function checkWeight(input: WeightCheckInput): WeightCheck {
  requireGrams('packagingGrams', input.packagingGrams, 0);
  requireGrams('readingGrams', input.readingGrams, 1);
  for (const line of input.lines) requireLine(line);

  const lines = input.lines.filter(({ quantity }) => quantity > 0);
  const unknownSkus = [...new Set(lines.filter((line) => line.unitGrams === null).map(({ sku }) => sku))];
  if (lines.length === 0) return unknownWeight(input, unknownSkus, explain('weight.no-lines'));
  if (unknownSkus.length > 0) {
    return unknownWeight(input, unknownSkus, explain('weight.unknown', { skus: listed(unknownSkus) }));
  }

  const units = bySku(lines);
  const expected = units.reduce(
    (sum, { quantity, unitGrams }) => sum + quantity * unitGrams,
    input.packagingGrams,
  );
  requireGrams('expectedGrams', expected, 0);
  const band = bandGrams(expected, input.band);
  const difference = input.readingGrams - expected;
  const passed = Math.abs(difference) <= band;
  const low = Math.max(0, expected - band);
  const high = expected + band;
  const reading = input.readingGrams;
  return {
    verdict: passed ? 'passed' : 'blocked',
    expectedGrams: expected,
    readingGrams: reading,
    differenceGrams: difference,
    bandGrams: band,
    low,
    high,
    unknownSkus,
    warnings: blindSpots(units, band),
    explanation: passed
      ? explain('weight.passed', { reading, low, high })
      : likeliestExplanation({ units, expected, reading, band, packaging: input.packagingGrams }),
  };
}

/**
 * A missing unit goes unnoticed for certain when it weighs no more than the band. Between that and twice the band
 * it depends on where in the band the full parcel lies (a parcel at the band's top, less the unit, may still be
 * above its bottom), so by the rule of the field every unit lighter than twice the band is warned of. The warning
 * names the lightest.
 */
function blindSpots(units: readonly SkuWeight[], band: number): Explanation[] {
  const lightest = units.reduce((least, unit) => (unit.unitGrams < least.unitGrams ? unit : least));
  const { sku, unitGrams } = lightest;
  if (unitGrams === 0) return [explain('weight.blind-spot-weightless', { sku })];
  if (unitGrams >= 2 * band) return [];
  return [explain('weight.blind-spot', { sku, unit: unitGrams, band, suggested: Math.floor(unitGrams / 2) })];
}

function bySku(lines: readonly WeightLine[]): SkuWeight[] {
  const units = new Map<string, SkuWeight>();
  for (const { sku, quantity, unitGrams } of lines) {
    // Lines of one SKU that disagree about its weight stay apart: each is right about its own units.
    const key = JSON.stringify([sku, unitGrams]);
    const unit = units.get(key) ?? { sku, quantity: 0, unitGrams: unitGrams ?? 0 };
    unit.quantity += quantity;
    units.set(key, unit);
  }
  return [...units.values()];
}

/** A reading that there is nothing to compare with. */
export function unknownWeight(
  input: Pick<WeightCheckInput, 'readingGrams'>,
  unknownSkus: readonly string[],
  explanation: Explanation,
): WeightCheck {
  return {
    verdict: 'unknown',
    expectedGrams: null,
    readingGrams: input.readingGrams,
    differenceGrams: null,
    bandGrams: null,
    low: null,
    high: null,
    unknownSkus,
    warnings: [],
    explanation,
  };
}

function requireLine({ sku, quantity, unitGrams }: WeightLine): void {
  if (!Number.isSafeInteger(quantity) || quantity < 0) {
    throw invalid(`quantity (${sku})`, quantity, '0, 1, 2, …');
  }
  if (unitGrams !== null) requireGrams(`unitGrams (${sku})`, unitGrams, 0);
}

function requireGrams(field: string, value: number, least: number): void {
  if (!Number.isSafeInteger(value) || value < least)
    throw invalid(field, value, `${least}, ${least + 1}, … g`);
}

function invalid(field: string, found: unknown, wanted: string): HubError {
  return new HubError('weight.input-invalid', { field, found: String(found), wanted });
}

/** The first few of a list, so that a sentence stays one. */
export function listed(skus: readonly string[]): string {
  const most = 5;
  const more = skus.length - most;
  return more > 0 ? `${skus.slice(0, most).join(', ')} … (+${more})` : skus.join(', ');
}
