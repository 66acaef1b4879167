import { HubError } from '../../errors.ts';
import './messages.ts';
import { isReading, parseReading } from './reading.ts';

/** What one unit of a SKU weighs. */
export interface UnitWeight {
  sku: string;
  /** Whole grams; 0 for what no scale notices (a voucher). */
  grams: number;
}

const longestSku = 255;
/** As much as a reading may be: 100 t. */
const mostGrams = 100_000_000;
/** Entries taken at once: one transaction must stay short. */
const mostEntries = 5_000;

/**
 * The unit weights that somebody enters: a list of `{sku, grams}` or an object of weights by SKU. A weight is a
 * number of grams or a text with its unit (`0.25 kg`). Of a SKU that comes twice the last entry counts.
 *
 * @throws HubError `weight.table-empty`, `weight.table-long`, `weight.table-sku`, `weight.table-grams`
 */
export function readUnitWeights(entered: unknown): UnitWeight[] {
  const entries = entriesOf(entered);
  if (entries.length === 0) throw new HubError('weight.table-empty');
  if (entries.length > mostEntries) {
    throw new HubError('weight.table-long', { found: entries.length, most: mostEntries });
  }
  const weights = new Map<string, UnitWeight>();
  for (const [index, { sku, weight }] of entries.entries()) {
    const name = typeof sku === 'string' || typeof sku === 'number' ? String(sku).normalize().trim() : '';
    if (name === '' || name.length > longestSku || /[\p{Cc}\p{Cs}]/u.test(name)) {
      throw new HubError('weight.table-sku', { position: index + 1, most: longestSku });
    }
    weights.set(name, { sku: name, grams: gramsOf(name, weight) });
  }
  return [...weights.values()];
}

function entriesOf(entered: unknown): { sku: unknown; weight: unknown }[] {
  if (Array.isArray(entered)) {
    return entered.map((entry: unknown) => {
      const { sku, grams, weight } = (typeof entry === 'object' && entry !== null ? entry : {}) as Record<
        string,
        unknown
      >;
      return { sku, weight: grams ?? weight };
    });
  }
  if (typeof entered !== 'object' || entered === null) return [];
  const single = entered as Record<string, unknown>;
  // One entry by itself, as a dashboard's form sends it.
  if (typeof single.sku === 'string' && ('grams' in single || 'weight' in single)) return entriesOf([single]);
  return Object.entries(single).map(([sku, weight]) => ({ sku, weight }));
}

function gramsOf(sku: string, weight: unknown): number {
  if (weight === 0 || (typeof weight === 'string' && /^\s*0+(?:\.0+)?\s*(?:g|kg|克)?\s*$/.test(weight)))
    return 0;
  // Unlike a reading, a number in the table is exact: a fraction of a gram is more likely a slip of the unit.
  const whole = typeof weight === 'string' || Number.isSafeInteger(weight);
  const read = whole ? parseReading(weight) : undefined;
  if (!read || !isReading(read) || read.grams > mostGrams) {
    throw new HubError('weight.table-grams', { sku, found: shown(weight) });
  }
  return read.grams;
}

function shown(value: unknown): string {
  if (value === undefined || value === null) return '–';
  const text = typeof value === 'object' ? (Array.isArray(value) ? '[…]' : '{…}') : String(value);
  return text.length > 40 ? `${text.slice(0, 39)}…` : text;
}
