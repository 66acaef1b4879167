import { HubError } from '../../errors.ts';

/** How far a parcel may lie from its expected weight. */
export interface WeightBand {
  /** Of the expected weight, 0 to 100, with at most two decimals. Default 10. */
  percent?: number;
  /** The band is never narrower than this, grams: light parcels need it. Default 0. */
  floorGrams?: number;
  /** The band is never wider than this, grams: on heavy parcels a percentage hides a whole item. Default none. */
  ceilingGrams?: number | null;
}

export const defaultBandPercent = 10;

/** Hundredths of a percent in the whole. */
const basisPoints = 10_000n;

/**
 * The band for an expected weight: min(ceiling, max(percent of the weight, floor)), in whole grams. The
 * percentage's fraction of a gram is cut: readings are whole grams, so one that is within 125.5 g is within 125 g.
 *
 * @throws HubError `weight.input-invalid` for a percentage outside 0–100 or with more than two decimals, and for
 *   bounds that are no whole grams
 */
export function bandGrams(expectedGrams: number, band: WeightBand): number {
  const percent = band.percent ?? defaultBandPercent;
  const points = asBasisPoints(percent);
  if (points === undefined) throw invalid('percent', percent, '0–100 (at most two decimals)');
  const floor = wholeGrams('floorGrams', band.floorGrams ?? 0);
  const ceiling = wholeGrams('ceilingGrams', band.ceilingGrams ?? Number.MAX_SAFE_INTEGER);
  const share = Number((BigInt(expectedGrams) * points) / basisPoints);
  return Math.min(ceiling, Math.max(share, floor));
}

/** Read from the decimal text, so that 1.15 is 115 and not 114.99999999999999. */
function asBasisPoints(percent: number): bigint | undefined {
  const match = /^(\d{1,3})(?:\.(\d{1,2}))?$/.exec(String(percent));
  if (!match) return undefined;
  const points = BigInt(match[1]! + (match[2] ?? '').padEnd(2, '0'));
  return points <= basisPoints ? points : undefined;
}

function wholeGrams(field: string, value: number): number {
  if (!Number.isSafeInteger(value) || value < 0) throw invalid(field, value, '0, 1, 2, … g');
  return value;
}

function invalid(field: string, found: unknown, wanted: string): HubError {
  return new HubError('weight.input-invalid', { field, found: String(found), wanted });
}
