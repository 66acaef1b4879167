import { createHash } from 'node:crypto';
import type { StockNumber } from './stock-target.ts';

/** Texts of this length every platform takes for an id of ours. */
const longestKey = 64;

/** The same for each attempt at the same states of the same listings, and no other. */
export function batchKey(numbers: readonly StockNumber[]): string {
  const [only, ...others] = numbers;
  if (only && others.length === 0 && only.key.length <= longestKey) return only.key;
  const keys = numbers.map(({ key }) => key).join('\n');
  return createHash('sha256').update(keys).digest('hex');
}
