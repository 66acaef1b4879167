import type { SkuWeight } from './check.ts';
import { type Explanation, explain } from './explain.ts';

interface Blocked {
  units: readonly SkuWeight[];
  expected: number;
  reading: number;
  band: number;
  packaging: number;
}

interface Candidate extends SkuWeight {
  /** Units too many or too few. */
  count: number;
  /** Grams that this many units leave unexplained. */
  rest: number;
}

/** More units than this by mistake are unlikelier than a wrong weight in the table. */
const mostExtra = 3;

/**
 * The likeliest reason why a parcel is outside its band: so many units of one SKU too many or missing, with which
 * the parcel would be inside it. Fewer units are likelier than more; among equals, the one that leaves the least
 * unexplained. A reading about as heavy as the packaging alone means that it was never filled.
 */
export function likeliestExplanation(blocked: Blocked): Explanation {
  const { expected, reading, band, packaging } = blocked;
  const over = reading > expected;
  const difference = Math.abs(reading - expected);
  const params = { difference, reading, expected, band };
  const best = candidates(blocked, over, difference)[0];
  const unitsInAll = blocked.units.reduce((sum, { quantity }) => sum + quantity, 0);
  if (!over && unitsInAll > 1 && reading - packaging <= Math.min(band, best?.rest ?? band)) {
    return explain('weight.only-packaging', { ...params, packaging });
  }
  if (!best) return explain(over ? 'weight.over-unexplained' : 'weight.under-unexplained', params);
  const { sku, count, unitGrams: unit } = best;
  if (count === 1) return explain(over ? 'weight.one-over' : 'weight.one-missing', { ...params, sku, unit });
  return explain(over ? 'weight.several-over' : 'weight.several-missing', { ...params, sku, unit, count });
}

function candidates({ units, band }: Blocked, over: boolean, difference: number): Candidate[] {
  return units
    .filter(({ unitGrams }) => unitGrams > 0)
    .map((unit) => {
      const most = over ? mostExtra : unit.quantity;
      const count = Math.min(most, Math.max(1, Math.round(difference / unit.unitGrams)));
      return { ...unit, count, rest: Math.abs(difference - count * unit.unitGrams) };
    })
    .filter(({ rest }) => rest <= band)
    .sort((a, b) => a.count - b.count || a.rest - b.rest);
}
