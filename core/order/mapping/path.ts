import { Refusal } from '../refusal.ts';

/**
 * Reads a value out of a record; undefined when there is none.
 *
 * @param here what `$here.` stands for: the line in a line's rule, else the record
 */
export type Getter = (from: unknown, here?: unknown) => unknown;

type Single = { kind: 'key'; key: string } | { kind: 'index'; index: number };
/** Steps that go on with several members of a list. */
type Several = { kind: 'all' } | { kind: 'where'; holds: (member: unknown, here: unknown) => boolean };
type Step = Single | Several;

export interface Path {
  /** Starts at the record even in a line's rule. */
  fromRoot: boolean;
  get: Getter;
}

const rootPrefix = '$root.';
const herePrefix = '$here.';

/**
 * Compiles a path such as `billing.city`, `items[0].id`, `items[-1].id`, `refunds[*].total`, `["odd.key"].x`,
 * `parcels[state=sent].weight`, `parcels[state!=sent].weight` or `$root.parcels[line.id=$here.id].units`. What is compared is compared as text; a
 * member that does not say it fits `!=` only. Only what the record itself holds is found, never what JavaScript adds
 * to objects.
 * @returns the path, or why it is none
 */
export function compilePath(text: string): Path | Refusal {
  const fromRoot = text.startsWith(rootPrefix);
  const steps = parse(
    fromRoot ? text.slice(rootPrefix.length) : text,
    fromRoot ? rootPrefix.length : 0,
    text,
  );
  if (steps instanceof Refusal) return steps;
  return { fromRoot, get: getter(steps) };
}

const stepForm =
  /(?:^|\.)([^.[\]"]+)|\[(-?\d{1,9}|\*)\]|(?:^|\.)?\["((?:[^"\\]|\\.)+)"\]|\[([^[\]"=!]+)(!?=)([^[\]"=]+)\]/y;

function parse(text: string, offset: number, whole: string): Step[] | Refusal {
  const steps: Step[] = [];
  stepForm.lastIndex = 0;
  while (stepForm.lastIndex < text.length) {
    const at = stepForm.lastIndex;
    const match = stepForm.exec(text);
    // A dot joins two names; there is nothing before the first.
    if (!match || (at === 0 && match[0].startsWith('.'))) {
      return new Refusal('mapping.path', { value: whole, position: at + offset + 1 });
    }
    const [, key, index, quoted, field, test, value] = match;
    if (key !== undefined) steps.push({ kind: 'key', key });
    else if (quoted !== undefined) steps.push({ kind: 'key', key: quoted.replace(/\\(.)/g, '$1') });
    else if (field !== undefined && value !== undefined) steps.push(where(field, value, test === '!='));
    else if (index === '*') steps.push({ kind: 'all' });
    else steps.push({ kind: 'index', index: Number(index) });
  }
  return steps.length === 0 ? new Refusal('mapping.path', { value: whole, position: offset + 1 }) : steps;
}

/** Members of a list whose field is, or is not, as given: a text, or what stands in another field. */
function where(field: string, value: string, isNot: boolean): Several {
  const get = named(field);
  const wanted = value.startsWith(herePrefix) ? named(value.slice(herePrefix.length)) : () => value;
  return {
    kind: 'where',
    holds: (member, here) => {
      const [has, looked] = [get(member), wanted(here)];
      const same = isPlain(has) && isPlain(looked) && String(has) === String(looked);
      return same !== isNot;
    },
  };
}

/** What stands under names joined by dots. */
function named(names: string): (from: unknown) => unknown {
  return chain(names.split('.').map((key) => single({ kind: 'key', key })));
}

function isSeveral(step: Step): step is Several {
  return step.kind === 'all' || step.kind === 'where';
}

function getter(steps: Step[]): Getter {
  const at = steps.findIndex(isSeveral);
  const several = steps[at];
  if (!several || !isSeveral(several)) return chain(steps.filter((step) => !isSeveral(step)).map(single));
  const before = getter(steps.slice(0, at));
  const rest = steps.slice(at + 1);
  const after = rest.length === 0 ? undefined : getter(rest);
  const flat = rest.some(isSeveral);
  return (from, here) => {
    const list = before(from);
    if (!Array.isArray(list)) return undefined;
    const members =
      several.kind === 'all' ? list : (list as unknown[]).filter((member) => several.holds(member, here));
    if (!after) return members;
    const found: unknown[] = [];
    for (const item of members) {
      const value = after(item, here);
      if (value === undefined) continue;
      if (Array.isArray(value) && flat) found.push(...value);
      else found.push(value);
    }
    return found;
  };
}

/** A path is read for every rule of every order, so short ones get functions without a loop. */
function chain(getters: Getter[]): Getter {
  const [first, second, third] = getters;
  if (!first) return (from) => from;
  if (!second) return first;
  if (!third) return (from) => second(first(from));
  if (getters.length === 3) return (from) => third(second(first(from)));
  return (from) => getters.reduce((value, get) => get(value), from);
}

function single(step: Single): Getter {
  if (step.kind === 'index') {
    const { index } = step;
    return (from) => (Array.isArray(from) ? from.at(index) : undefined);
  }
  const { key } = step;
  // Names every object inherits must be looked up with care; all others are found only if the record has them.
  if (key in Object.prototype)
    return (from) => (isRecord(from) && Object.hasOwn(from, key) ? from[key] : undefined);
  return (from) => (isRecord(from) ? from[key] : undefined);
}

/** True for a JSON object: not for a list, a text or null. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isPlain(value: unknown): boolean {
  return !isMissing(value) && typeof value !== 'object';
}

/** True for what counts as not said: nothing, null, blank text, an empty list. */
export function isMissing(value: unknown): value is undefined | null | '' {
  if (value === undefined || value === null || value === '') return true;
  if (typeof value === 'string') return !/\S/.test(value);
  return Array.isArray(value) && value.every(isMissing);
}
