import { Refusal } from '../refusal.ts';
import { compilePath, isMissing } from './path.ts';

/** Finds an order's lines: a list, what stands there instead of one, or undefined for nothing. */
export type LineList = (record: unknown) => unknown;

/**
 * Compiles where the lines are: a path, or several joined with ` + ` whose lists are one after the other, such as
 * `item_list + gift_list`. Of several, what is not there counts as empty.
 */
export function compileLineList(source: string): LineList | Refusal {
  const getters: LineList[] = [];
  for (const text of source.split(' + ')) {
    const path = compilePath(text.trim());
    if (path instanceof Refusal) return path;
    getters.push(path.get);
  }
  const [only, ...others] = getters;
  if (only && others.length === 0) return only;
  return (record) => {
    const found = getters.map((get) => get(record)).filter((list) => Array.isArray(list) || !isMissing(list));
    if (found.length === 0) return undefined;
    return found.find((list) => !Array.isArray(list)) ?? found.flat();
  };
}

/** Tells lines of the same id apart: the second of `A` is `A-2`, if no other line is called so. */
export function numberRepeated(lines: readonly Record<string, unknown>[]): void {
  const taken = new Set(lines.map(({ lineId }) => lineId));
  const seen = new Set<unknown>();
  for (const line of lines) {
    const { lineId } = line;
    if (typeof lineId !== 'string') continue;
    if (!seen.has(lineId)) {
      seen.add(lineId);
      continue;
    }
    let number = 2;
    while (taken.has(`${lineId}-${number}`)) number += 1;
    line.lineId = `${lineId}-${number}`;
    taken.add(line.lineId);
  }
}
