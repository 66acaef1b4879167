import { Refusal, shown } from '../refusal.ts';
import { compilePath, type Getter, isMissing, isRecord } from './path.ts';
import type { AccountContext, AccountField, Condition, MatchCase, Source } from './types.ts';

/** What a rule may look at. */
export interface Scope {
  record: unknown;
  /** What paths start from: the line in a line's rule, else the record. */
  here: unknown;
  account: AccountContext;
}

/** Finds a rule's value in a scope; a Refusal when the record does not fit the rule. */
export type Reader = (scope: Scope) => unknown;

/**
 * Compiles every kind of source but JSONata, which is evaluated ahead of the rules since it cannot answer at
 * once.
 * @returns the reader, or why the source cannot work
 */
export function compileSource(source: Exclude<Source, { kind: 'jsonata' }>): Reader | Refusal {
  switch (source.kind) {
    case 'path':
      return pathReader(source.value);
    case 'constant': {
      const { value } = source;
      return () => value;
    }
    case 'account': {
      const field = source.value;
      return (scope) => scope.account[field];
    }
    case 'template':
      return templateReader(source.value);
    case 'first-match':
      return firstMatchReader(source.cases, source.otherwise);
  }
}

const accountPath = /^\$account\.(channel|shop|currency|zone|scenario)$/;

function pathReader(text: string): Reader | Refusal {
  const field = accountPath.exec(text)?.[1] as AccountField | undefined;
  if (field) return (scope) => scope.account[field];
  const path = compilePath(text);
  if (path instanceof Refusal) return path;
  const get: Getter = path.get;
  return path.fromRoot ? (scope) => get(scope.record, scope.here) : (scope) => get(scope.here, scope.here);
}

function templateReader(template: string): Reader | Refusal {
  const pieces = template.split(/\{([^{}]*)\}/);
  const readers: Reader[] = [];
  for (const [index, piece] of pieces.entries()) {
    const reader = index % 2 === 0 ? () => piece : pathReader(piece);
    if (reader instanceof Refusal) return reader;
    readers.push(reader);
  }
  if (readers.length < 2) return new Refusal('mapping.template', { value: template });
  return (scope) => {
    let text = '';
    let found = false;
    for (const [index, read] of readers.entries()) {
      const value = read(scope);
      if (index % 2 === 0) text += value as string;
      else if (!isMissing(value)) {
        if (typeof value === 'object') return new Refusal('map.not-a-value', { value: shown(value) });
        found = true;
        text += String(value);
      }
    }
    return found ? text.replace(/ {2,}/g, ' ').trim() : undefined;
  };
}

function firstMatchReader(cases: MatchCase[], otherwise: string | null | undefined): Reader | Refusal {
  const rows: { holds: (scope: Scope) => boolean; read: Reader }[] = [];
  const looked = new Map<string, Reader>();
  for (const row of cases) {
    const holds = compileConditions(row.when);
    if (holds instanceof Refusal) return holds;
    const read = resultReader(row);
    if (read instanceof Refusal) return read;
    rows.push({ holds, read });
    for (const { path } of row.when) {
      const reader = pathReader(path);
      if (!(reader instanceof Refusal)) looked.set(path, reader);
    }
  }
  return (scope) => {
    for (const row of rows) if (row.holds(scope)) return row.read(scope);
    if (otherwise !== undefined) return otherwise;
    const values = [...looked].map(([path, read]) => ({ path, value: read(scope) }));
    const said = values.filter(({ value }) => !isMissing(value));
    const told = said.map(({ path, value }) => `${path} = ${shown(value)}`);
    const unsaid = values.map(({ path }) => `${path} –`);
    return new Refusal('map.no-case', { looked: (told.length > 0 ? told : unsaid).slice(0, 8).join(', ') });
  };
}

function resultReader(row: MatchCase): Reader | Refusal {
  if ('value' in row) {
    const text = row.value;
    return () => text;
  }
  if ('sum' in row) return sumReader(row.sum);
  return 'path' in row ? pathReader(row.path) : templateReader(row.template);
}

/** Finds every term of `total - deposit`, those taken away with their sign turned; adding is the transform's, exactly. */
function sumReader(sum: string): Reader | Refusal {
  const [first = '', ...others] = sum.split(/ ([+-]) /);
  const terms: { isLess: boolean; read: Reader }[] = [];
  for (const [isLess, path] of [[false, first], ...pairs(others)] as const) {
    const read = pathReader(path.trim());
    if (read instanceof Refusal) return read;
    terms.push({ isLess, read });
  }
  return (scope) => {
    const found = terms.flatMap(({ isLess, read }) => {
      const values = [read(scope)].flat().filter((value) => !isMissing(value));
      return isLess ? values.map(negated) : values;
    });
    return found.length === 0 ? undefined : found;
  };
}

/** Signs and paths in turn: whether each path is taken away. */
function pairs(parts: readonly string[]): [isLess: boolean, path: string][] {
  return parts.flatMap((part, index) => (index % 2 === 0 ? [[part === '-', parts[index + 1] ?? '']] : []));
}

function negated(value: unknown): unknown {
  if (typeof value === 'number') return -value;
  const text = String(value).trim();
  return text.startsWith('-') ? text.slice(1) : `-${text.replace(/^\+/, '')}`;
}

/** Compiles conditions into one question that is true when all of them hold. */
export function compileConditions(conditions: Condition[]): ((scope: Scope) => boolean) | Refusal {
  const tests: ((scope: Scope) => boolean)[] = [];
  for (const condition of conditions) {
    const read = pathReader(condition.path);
    if (read instanceof Refusal) return read;
    tests.push(test(condition, read));
  }
  const [only, ...others] = tests;
  if (!only) return () => true;
  if (others.length === 0) return only;
  return (scope) => tests.every((holds) => holds(scope));
}

function test(condition: Condition, read: Reader): (scope: Scope) => boolean {
  const wanted = new Set([condition.value ?? []].flat());
  const isWanted = (value: unknown): boolean => {
    if (Array.isArray(value)) return value.some(isWanted);
    return !isMissing(value) && !isRecord(value) && wanted.has(String(value));
  };
  switch (condition.is) {
    case 'present':
      return (scope) => !isMissing(read(scope));
    case 'absent':
      return (scope) => isMissing(read(scope));
    case 'equals':
    case 'in':
      return (scope) => isWanted(read(scope));
    case 'not-equals':
    case 'not-in':
      return (scope) => !isWanted(read(scope));
  }
}
