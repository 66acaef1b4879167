import { maskPersonal, personalKind } from '../alert/personal.ts';

/**
 * A value without what tells people: every text in it whose name says that it is a name, phone, address, note or
 * the like is masked, at any depth. Numbers that stand for a phone become masked text.
 */
export function masked<T>(value: T, path: readonly string[] = []): T {
  if (Array.isArray(value)) {
    return value.map((entry, index) => masked(entry, [...path, String(index)])) as T;
  }
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(
      Object.entries(value).map(([name, entry]) => [name, masked(entry, [...path, name])]),
    ) as T;
  }
  if (typeof value !== 'string' && typeof value !== 'number') return value;
  const kind = personalKind(path);
  return kind === undefined ? value : (maskPersonal(String(value), kind) as T);
}
