import { HubError } from '../../errors.ts';
import { compilePath, isRecord } from '../../order/mapping/path.ts';
import { Refusal, shown } from '../../order/refusal.ts';
import './messages.ts';

/**
 * Takes a value of a configuration for what it should be.
 *
 * @param at where it stands, such as `orders.paging.kind`
 * @throws HubError `custom.…`, which names the place
 */
export type Reader<T> = (value: unknown, at: string) => T;

/** One reader for each member of a group; the compiler sees to it that none is forgotten. */
export type Readers<T> = { [Name in keyof T]-?: Reader<T[Name]> };

/** A group of named members; a name it does not know is refused, for it may be a slip of the finger. */
export function group<T extends object>(readers: Readers<T>): Reader<T> {
  const names = Object.keys(readers) as (keyof T & string)[];
  return (value, at) => {
    const fields = record(value, at);
    const unknown = Object.keys(fields).find((name) => !(names as string[]).includes(name));
    if (unknown !== undefined)
      throw new HubError('custom.unknown-field', { at: inside(at, unknown), known: names.join(', ') });
    const found: Partial<T> = {};
    for (const name of names) {
      const own = Object.hasOwn(fields, name) ? fields[name] : undefined;
      const member = readers[name](own, inside(at, name));
      if (member !== undefined) found[name] = member;
    }
    return found as T;
  };
}

/** Groups of which each says by `kind` what it is. */
export function kinds<T extends { kind: string }>(
  readers: {
    [Kind in T['kind']]: Reader<Extract<T, { kind: Kind }>>;
  },
): Reader<T> {
  const kind = choice(Object.keys(readers) as T['kind'][]);
  return (value, at) => readers[kind(record(value, at).kind, inside(at, 'kind'))](value, at);
}

export function optional<T>(reader: Reader<T>): Reader<T | undefined> {
  return (value, at) => (value === undefined ? undefined : reader(value, at));
}

export function usually<T>(usual: T, reader: Reader<T>): Reader<T> {
  return (value, at) => (value === undefined ? usual : reader(value, at));
}

export const text: Reader<string> = (value, at) => {
  if (value === undefined || value === '') throw new HubError('custom.missing', { at });
  return anyText(value, at);
};

/** A text that may be empty. */
export const anyText: Reader<string> = (value, at) => {
  if (typeof value !== 'string') throw new HubError('custom.not-text', { at, value: shown(value) });
  return value;
};

export const flag: Reader<boolean> = (value, at) => {
  if (typeof value !== 'boolean') throw new HubError('custom.not-flag', { at, value: shown(value) });
  return value;
};

export function wholeNumber(least: number, most: number): Reader<number> {
  return (value, at) => {
    if (typeof value === 'number' && Number.isInteger(value) && value >= least && value <= most) return value;
    throw new HubError('custom.not-number', { at, value: shown(value), least, most });
  };
}

export function choice<const T extends string>(options: readonly T[]): Reader<T> {
  return (value, at) => {
    const known = options.find((option) => option === value);
    if (known !== undefined) return known;
    throw new HubError('custom.choice', { at, value: shown(value), known: options.join(', ') });
  };
}

export function list<T>(reader: Reader<T>): Reader<readonly T[]> {
  return (value, at) => {
    if (!Array.isArray(value)) throw new HubError('custom.not-list', { at, value: shown(value) });
    return value.map((member, index) => reader(member, `${at}[${index}]`));
  };
}

/** Any names, each with the same kind of value. */
export function named<T>(reader: Reader<T>): Reader<Record<string, T>> {
  return (value, at) =>
    Object.fromEntries(
      Object.entries(record(value, at)).map(([name, member]) => [name, reader(member, inside(at, name))]),
    );
}

/** A path as order-map has them. */
export const path: Reader<string> = (value, at) => {
  const written = text(value, at);
  const compiled = compilePath(written);
  if (compiled instanceof Refusal) throw new HubError('custom.path', { at, reason: compiled.sentence });
  return written;
};

/** A path within an answer, or one of its headers. */
export const source: Reader<string> = (value, at) =>
  typeof value === 'string' && /^\$header\.[\w-]+$/.test(value) ? value : path(value, at);

/** A list of texts; numbers of JSON, such as a code 0, are taken as texts. */
export const texts: Reader<readonly string[]> = (value, at) =>
  list<string>((member, place) =>
    typeof member === 'number' || typeof member === 'boolean' ? String(member) : anyText(member, place),
  )(Array.isArray(value) || value === undefined ? value : [value], at);

export function record(value: unknown, at: string): Record<string, unknown> {
  if (value === undefined) throw new HubError('custom.missing', { at });
  if (!isRecord(value)) throw new HubError('custom.not-group', { at, value: shown(value) });
  return value;
}

function inside(at: string, name: string): string {
  return at === '' ? name : `${at}.${name}`;
}
