import { isRecord } from '../order/mapping/path.ts';

export type Row = Record<string, unknown>;

/** What stands at a path of names in parsed JSON; undefined where it ends before. */
export function fieldAt(value: unknown, ...path: readonly string[]): unknown {
  let here = value;
  for (const name of path) here = isRecord(here) ? here[name] : undefined;
  return here;
}

/** The objects of a list at a path; none where there is no list. */
export function rowsAt(value: unknown, ...path: readonly string[]): Row[] {
  const list = fieldAt(value, ...path);
  return Array.isArray(list) ? list.filter(isRecord) : [];
}

/** A text or number at a path, as text; empty where there is neither. */
export function textAt(value: unknown, ...path: readonly string[]): string {
  const found = fieldAt(value, ...path);
  return typeof found === 'string' || typeof found === 'number' ? String(found) : '';
}

/** Whether a flag is set, which some platforms write as text. */
export function isTrue(value: unknown): boolean {
  return value === true || (typeof value === 'string' && value.toLowerCase() === 'true');
}
