import { HubError } from '../../errors.ts';
import type { MessageParams } from '../../message.ts';
import './messages.ts';
import { currencyExponent } from '../currencies.ts';
import { problemAt, Refusal, shown } from '../refusal.ts';
import type { Order } from '../schema.ts';
import { validateOrder } from '../validate.ts';
import { compileExpression, type Expression, type ExpressionLimits } from './expression.ts';
import { compileLineList, type LineList, numberRepeated } from './line-list.ts';
import { compilePath, type Getter, isMissing, isRecord } from './path.ts';
import { compileConditions, compileSource, type Reader, type Scope } from './sources.ts';
import { findTarget } from './targets.ts';
import { compileTransform, type Transformer } from './transforms.ts';
import type { Guard, MapContext, MapProblem, Mapping, MapResult, Rule, RuleRef, Source } from './types.ts';
import { validateMapping } from './validate.ts';

/** A mapping made ready to run over many records. */
export interface CompiledMapping {
  readonly name: string;
  readonly version: number;
  /** When false, `map` answers at once; when true it returns a promise. */
  readonly isAsync: boolean;
  /**
   * Makes a canonical order of one parsed record (`readRecord`). Never throws for what is in the record: every
   * problem is in the result, with the rule and the path it belongs to.
   */
  map(record: unknown, context: MapContext): MapResult | Promise<MapResult>;
}

/** Sees what each rule found and wrote, for the preview. */
export type Trace = (rule: RuleRef, line: number | undefined, found: unknown, written: unknown) => void;

/**
 * Compiles a mapping once, so that each order costs microseconds.
 * @throws HubError `mapping.invalid` when `validateMapping` finds anything
 */
export function compileMapping(mapping: Mapping, limits?: ExpressionLimits): CompiledMapping {
  const problems = validateMapping(mapping);
  const [first] = problems;
  if (first) {
    const params = { name: shown(mapping?.name ?? ''), count: problems.length, first: first.sentence };
    throw new HubError('mapping.invalid', params);
  }
  return compileTracing(mapping, limits);
}

/**
 * Compiles the rules of a mapping that can work and leaves out the others, telling each rule's values to `trace`.
 * For the preview of a mapping that is still being written.
 */
export function compileTracing(mapping: Mapping, limits?: ExpressionLimits, trace?: Trace): CompiledMapping {
  const program = compileProgram(mapping, limits);
  const expressions = [...program.order, ...program.lines].filter((rule) => rule.expression);
  return {
    name: mapping.name,
    version: mapping.version,
    isAsync: expressions.length > 0,
    map(record, context) {
      const bare = program.unwrap(record);
      const run: Run = { program, record: bare, context, trace, problems: [], warnings: [] };
      if (expressions.length === 0) return execute(run);
      return precompute(run).then(() => execute(run));
    },
  };
}

interface CompiledRule {
  ref: RuleRef;
  rule: Rule;
  /** What people read about where the value is from. */
  from: string;
  read: Reader;
  expression: Expression | undefined;
  transform: Transformer;
  write: (into: Draft, value: unknown) => void;
}

interface Program {
  mapping: Mapping;
  guards: { guard: Guard; holds: (scope: Scope) => boolean; id: Getter | undefined }[];
  order: CompiledRule[];
  lines: CompiledRule[];
  lineList: LineList | undefined;
  /** The order itself, out of what may be an envelope. */
  unwrap: (record: unknown) => unknown;
}

type Draft = Record<string, unknown>;
type Computed = Map<CompiledRule, unknown>;

interface Run {
  program: Program;
  record: unknown;
  context: MapContext;
  trace: Trace | undefined;
  problems: MapProblem[];
  warnings: MapProblem[];
  /** Values of JSONata rules: of the order, and of each line. */
  computed?: { order: Computed; lines: Computed[] };
}

function compileProgram(mapping: Mapping, limits: ExpressionLimits | undefined): Program {
  const rulesOf = (table: RuleRef['table'], rules: Rule[]) =>
    rules
      .map((rule, index) => compileRule({ table, index, target: rule.target }, rule, limits))
      .filter((rule) => rule !== undefined);
  const order = rulesOf('order', mapping.rules);
  // Amounts are read in the order's currency, so that has to be known first.
  order.sort((a, b) => Number(b.rule.target === 'currency') - Number(a.rule.target === 'currency'));
  const lineList = compileLineList(mapping.lines.source);
  return {
    mapping,
    guards: (mapping.guards ?? []).flatMap(compileGuard),
    order,
    lines: rulesOf('lines', mapping.lines.rules),
    lineList: lineList instanceof Refusal ? undefined : lineList,
    unwrap: unwrapper(mapping.envelopes ?? []),
  };
}

function unwrapper(envelopes: readonly string[]): Program['unwrap'] {
  const getters = envelopes.map(compilePath).flatMap((path) => (path instanceof Refusal ? [] : [path.get]));
  return (record) => {
    for (const get of getters) {
      const inner = get(record);
      if (isRecord(inner)) return inner;
    }
    return record;
  };
}

function compileGuard(guard: Guard): Program['guards'] {
  const holds = compileConditions(guard.when);
  if (holds instanceof Refusal) return [];
  const id = guard.id === undefined ? undefined : compilePath(guard.id);
  return [{ guard, holds, id: id instanceof Refusal ? undefined : id?.get }];
}

function compileRule(
  ref: RuleRef,
  rule: Rule,
  limits: ExpressionLimits | undefined,
): CompiledRule | undefined {
  if (!findTarget(ref.table, rule.target)) return undefined;
  const { source } = rule;
  const compiled =
    source.kind === 'jsonata' ? compileExpression(source.value, limits) : compileSource(source);
  if (compiled instanceof Refusal) return undefined;
  const isReader = typeof compiled === 'function';
  return {
    ref,
    rule,
    from: describeSource(source),
    read: isReader ? compiled : () => undefined,
    expression: isReader ? undefined : compiled,
    transform: compileTransform(rule.transform),
    write: writer(rule.target),
  };
}

function describeSource(source: Source): string {
  if (source.kind === 'first-match') {
    const paths = source.cases.flatMap((row) => [
      ...row.when.map(({ path }) => path),
      'path' in row ? row.path : 'sum' in row ? row.sum : '',
    ]);
    return shown([...new Set(paths)].filter((path) => path !== '').join(', '));
  }
  return source.kind === 'account' ? `$account.${source.value}` : shown(source.value);
}

/** Targets are at most two names deep: `currency`, `times.paid`. */
function writer(target: string): CompiledRule['write'] {
  const dot = target.indexOf('.');
  if (dot === -1) {
    return (into, value) => {
      into[target] = value;
    };
  }
  const group = target.slice(0, dot);
  const name = target.slice(dot + 1);
  return (into, value) => {
    const existing = into[group] as Draft | undefined;
    if (existing) existing[name] = value;
    else into[group] = { [name]: value };
  };
}

/** Evaluates the JSONata rules, one after another, so that the other rules can run without waiting. */
async function precompute(run: Run): Promise<void> {
  const { program, record, context } = run;
  const bindings = { order: record, account: { ...context.account } };
  const evaluate = async (rules: CompiledRule[], input: unknown): Promise<Computed> => {
    const values: Computed = new Map();
    for (const rule of rules) {
      if (rule.expression) values.set(rule, await rule.expression.evaluate(input, bindings));
    }
    return values;
  };
  const computed = { order: await evaluate(program.order, record), lines: [] as Computed[] };
  const list = program.lineList?.(record);
  if (Array.isArray(list)) for (const line of list) computed.lines.push(await evaluate(program.lines, line));
  run.computed = computed;
}

function execute(run: Run): MapResult {
  const { program, record, context } = run;
  const { version } = program.mapping;
  const scope: Scope = { record, here: record, account: context.account };
  for (const { guard, holds, id } of program.guards) {
    if (!holds(scope)) continue;
    const said = id?.(record);
    const problem = problemAt('', guard.code, { id: isMissing(said) ? '' : ` ${shown(said)}` });
    return { ok: false, problems: [problem], mappingVersion: version };
  }
  const draft: Draft = { times: {} };
  applyRules(run, program.order, scope, draft, run.computed?.order, undefined);
  draft.lines = mapLines(run, draft);
  if (draft.lines === undefined) delete draft.lines;
  if (context.inboxId !== undefined) draft.raw = { inboxId: context.inboxId };
  const problems = [...run.problems, ...validated(run, draft)];
  if (problems.length > 0) return { ok: false, problems, mappingVersion: version };
  const result: MapResult = { ok: true, order: draft as unknown as Order, mappingVersion: version };
  if (run.warnings.length > 0) result.warnings = run.warnings;
  return result;
}

function mapLines(run: Run, order: Draft): Draft[] | undefined {
  const { program, record, context } = run;
  const source = program.mapping.lines.source;
  const list = program.lineList?.(record);
  if (isMissing(list) && !Array.isArray(list)) {
    run.problems.push(problemAt('lines', 'map.lines-missing', { source }));
    return undefined;
  }
  if (!Array.isArray(list)) {
    run.problems.push(problemAt('lines', 'map.lines-not-list', { source, value: shown(list) }));
    return undefined;
  }
  const lines: Draft[] = [];
  for (const [index, here] of (list as unknown[]).entries()) {
    const line: Draft = {};
    lines.push(line);
    if (isRecord(here)) {
      const scope: Scope = { record, here, account: context.account };
      applyRules(run, program.lines, scope, line, run.computed?.lines[index], index, order.currency);
    } else {
      const params = { line: index + 1, value: shown(here) };
      run.problems.push({ ...problemAt(`lines[${index}]`, 'map.line-not-object', params), line: index });
    }
  }
  if (program.mapping.lines.repeated === 'number') numberRepeated(lines);
  return lines;
}

function applyRules(
  run: Run,
  rules: CompiledRule[],
  scope: Scope,
  into: Draft,
  computed: Computed | undefined,
  line: number | undefined,
  currency: unknown = undefined,
): void {
  let current: CompiledRule;
  const transformScope = {
    account: scope.account,
    currency: usableCurrency(currency),
    warn: (code: string, params: MessageParams) => {
      run.warnings.push(problemOf(current, line, code, params));
    },
  };
  for (const rule of rules) {
    current = rule;
    const found = rule.expression ? computed?.get(rule) : rule.read(scope);
    const written = writtenBy(rule, found, transformScope);
    if (written instanceof Refusal)
      run.problems.push(problemOf(rule, line, written.code, written.params, found));
    else if (written !== undefined) rule.write(into, written);
    if (rule.rule.target === 'currency') transformScope.currency = usableCurrency(written);
    run.trace?.(rule.ref, line, found, written);
  }
}

/** Amounts are read only in a currency that exists; one that does not is told once, as the currency's problem. */
function usableCurrency(value: unknown): string | undefined {
  return typeof value === 'string' && currencyExponent(value) !== undefined ? value : undefined;
}

function writtenBy(compiled: CompiledRule, found: unknown, scope: Parameters<Transformer>[1]): unknown {
  if (found instanceof Refusal) return found;
  const { rule } = compiled;
  if (!isMissing(found)) {
    const written = compiled.transform(found, scope);
    if (written !== undefined) return written;
  }
  if (rule.default !== undefined && rule.default !== '') {
    return rule.transform.kind === 'lookup' ? rule.default : compiled.transform(rule.default, scope);
  }
  if (!rule.required) return undefined;
  // Without a currency no amount can be read, and the missing currency is a problem of its own.
  if (rule.transform.kind === 'money' && !isMissing(found) && scope.currency === undefined) return undefined;
  return new Refusal('map.missing', { target: rule.target, source: compiled.from });
}

function problemOf(
  rule: CompiledRule,
  line: number | undefined,
  code: string,
  params: MessageParams,
  found?: unknown,
): MapProblem {
  const path = line === undefined ? rule.ref.target : `lines[${line}].${rule.ref.target}`;
  const problem: MapProblem = { ...problemAt(path, code, params), rule: rule.ref };
  if (line !== undefined) problem.line = line;
  if (!isMissing(found) && !(found instanceof Refusal)) problem.value = shown(found);
  return problem;
}

const linePath = /^lines\[(\d+)\]\.?(.*)$/;

/** What the schema has against the draft, less what a rule has already said about the same field. */
function validated(run: Run, draft: Draft): MapProblem[] {
  const found = validateOrder(draft);
  if (found.length === 0) return [];
  const known = new Set(run.problems.map((problem) => problem.path));
  return found
    .filter(({ path }) => !known.has(path) && !known.has(path.replace(/\..*$/, '')))
    .map((problem) => {
      const match = linePath.exec(problem.path);
      const rules = match ? run.program.lines : run.program.order;
      const field = match ? match[2]! : problem.path;
      const rule = rules.find(({ ref }) => field === ref.target || field.startsWith(`${ref.target}.`));
      const value = valueAt(draft, problem.path);
      return {
        ...problem,
        ...(rule && { rule: rule.ref }),
        ...(match && { line: Number(match[1]) }),
        ...(value !== undefined && { value: shown(value) }),
      };
    });
}

function valueAt(draft: Draft, path: string): unknown {
  const compiled = path === '' ? undefined : compilePath(path);
  return compiled === undefined || compiled instanceof Refusal ? undefined : compiled.get(draft);
}
