import type { MessageParams } from '../../message.ts';
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

/** Values of a sentence that hold what a record, a person or another program said; all others are the hub's own. */
const quoted: ReadonlySet<string> = new Set(['value', 'text', 'near', 'looked', 'found']);
const hidden = '****';

/**
 * The values of a reason without what tells people: what was said is left out where the field it was said of is a
 * personal one, or where it is a group or list, which may hold anything; what a program said keeps its words.
 *
 * @param about paths of the fields that the reason is about, as people write them: `receiver.address`,
 *   `shipping_address.phone`; an empty one is the record as a whole
 */
export function maskedReason(params: MessageParams, about: readonly string[]): MessageParams {
  const isPersonal = about.some((path) => path === '' || isPersonalPath(path));
  return Object.fromEntries(
    Object.entries(params).map(([name, value]) => {
      if (typeof value !== 'string' && typeof value !== 'number') return [name, value];
      const text = String(value);
      if (name === 'reason') return [name, isPersonal ? hidden : maskedWords(text)];
      const mayTell = quoted.has(name) && (isPersonal || isStructure(text) || namesPersonal(text));
      return [name, mayTell ? hidden : value];
    }),
  );
}

/** Words of another program: without the data it quotes, and with numbers that ring and mail addresses masked. */
export function maskedWords(text: string): string {
  return maskPersonal(text.replace(/\{.*"\s*:.*\}|\[\s*["{].*\]/s, hidden), 'note');
}

function isPersonalPath(path: string): boolean {
  return personalKind(path.split(/[.[\]]+/).filter((part) => part !== '')) !== undefined;
}

function isStructure(text: string): boolean {
  return /^\s*[{[]/.test(text) || /= [{[]/.test(text);
}

/** Whether fields that were looked at (`shipping_address.phone = …`) are personal ones. */
function namesPersonal(text: string): boolean {
  return [...text.matchAll(/(\S+) = /g)].some(([, path = '']) => isPersonalPath(path));
}
