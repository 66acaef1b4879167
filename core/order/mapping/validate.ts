import { DateTime } from 'luxon';
import type { MessageParams } from '../../message.ts';
import './messages.ts';
import { problemAt, Refusal, shown } from '../refusal.ts';
import { isZone } from '../time.ts';
import { compileExpression } from './expression.ts';
import { compileLineList } from './line-list.ts';
import { compilePath } from './path.ts';
import { shapeProblems } from './shape.ts';
import { compileConditions, compileSource } from './sources.ts';
import { describeTargets, findTarget, type Target, type TargetKind } from './targets.ts';
import { compileTransform } from './transforms.ts';
import type { Condition, Mapping, MappingProblem, Rule, RuleRef, Source, Transform } from './types.ts';

/**
 * Everything in a mapping that cannot work, whatever record it is given; empty when it can be used. Takes any
 * value, as what comes out of a node's saved config may have been edited by hand.
 */
export function validateMapping(mapping: unknown): MappingProblem[] {
  const misshapen = shapeProblems(mapping);
  if (misshapen.length > 0) return misshapen;
  const sound = mapping as Mapping;
  return [
    ...envelopeProblems(sound),
    ...guardProblems(sound),
    ...tableProblems('order', sound.rules),
    ...linesSourceProblems(sound),
    ...tableProblems('lines', sound.lines.rules),
  ];
}

type Report = (field: string, code: string, params?: MessageParams) => void;

function guardProblems(mapping: Mapping): MappingProblem[] {
  const problems: MappingProblem[] = [];
  for (const [index, guard] of (mapping.guards ?? []).entries()) {
    const path = `guards[${index}]`;
    const report: Report = (field, code, params) =>
      problems.push(problemAt(`${path}.${field}`, code, params));
    checkConditions(guard.when, 'when', report);
    const id = guard.id === undefined ? undefined : compilePath(guard.id);
    if (id instanceof Refusal) report('id', id.code, id.params);
  }
  return problems;
}

function linesSourceProblems(mapping: Mapping): MappingProblem[] {
  const list = compileLineList(mapping.lines.source);
  return list instanceof Refusal ? [problemAt('lines.source', list.code, list.params)] : [];
}

function envelopeProblems(mapping: Mapping): MappingProblem[] {
  return (mapping.envelopes ?? []).flatMap((text, index) => {
    const path = compilePath(text);
    return path instanceof Refusal ? [problemAt(`envelopes[${index}]`, path.code, path.params)] : [];
  });
}

function tableProblems(table: RuleRef['table'], rules: Rule[]): MappingProblem[] {
  const prefix = table === 'order' ? 'rules' : 'lines.rules';
  const problems: MappingProblem[] = [];
  const filledBy = new Map<string, number>();
  for (const [index, rule] of rules.entries()) {
    const ref: RuleRef = { table, index, target: rule.target };
    const report: Report = (field, code, params) => {
      problems.push({ ...problemAt(`${prefix}[${index}].${field}`, code, params), rule: ref });
    };
    const first = filledBy.get(rule.target);
    if (first === undefined) filledBy.set(rule.target, index);
    else
      report('target', 'mapping.target-twice', { target: rule.target, first: first + 1, second: index + 1 });
    checkRule(rule, findTarget(table, rule.target), report);
  }
  for (const target of describeTargets()[table]) {
    if (!target.required || filledBy.has(target.target)) continue;
    problems.push(problemAt(prefix, 'mapping.target-unfilled', { target: target.target }));
  }
  return problems;
}

function checkRule(rule: Rule, target: Target | undefined, report: Report): void {
  if (!target) report('target', 'mapping.target-unknown', { target: rule.target });
  checkSource(rule.source, report);
  checkTransform(rule, report);
  if (!target) return;
  const allowed = transformsFor[target.kind];
  if (!allowed.includes(rule.transform.kind)) {
    const params = { target: rule.target, transform: rule.transform.kind, allowed: allowed.join(', ') };
    report('transform.kind', 'mapping.transform', params);
    return;
  }
  for (const [field, value] of fixedValues(rule)) checkFixed(field, value, rule, target, report);
}

const transformsFor: Record<TargetKind, readonly Transform['kind'][]> = {
  text: ['text', 'lookup'],
  choice: ['text', 'lookup'],
  integer: ['integer'],
  money: ['money'],
  time: ['time'],
  weight: ['weight'],
};

function checkSource(source: Source, report: Report): void {
  if (source.kind === 'first-match') {
    for (const [index, row] of source.cases.entries())
      checkConditions(row.when, `source.cases[${index}].when`, report);
  }
  const compiled = source.kind === 'jsonata' ? compileExpression(source.value) : compileSource(source);
  if (compiled instanceof Refusal) report('source.value', compiled.code, compiled.params);
}

function checkConditions(conditions: Condition[], field: string, report: Report): void {
  for (const [index, condition] of conditions.entries()) {
    const compares = condition.is !== 'present' && condition.is !== 'absent';
    if (compares && [condition.value ?? []].flat().length === 0) {
      report(`${field}[${index}].value`, 'mapping.condition', { field: condition.path });
    }
  }
  const compiled = compileConditions(conditions);
  if (compiled instanceof Refusal) report(field, compiled.code, compiled.params);
}

function checkTransform(rule: Rule, report: Report): void {
  const { transform } = rule;
  if (transform.kind === 'time') {
    const { zone, format } = transform;
    if (zone !== undefined && zone !== 'account' && !isZone(zone))
      report('transform.zone', 'mapping.zone', { zone });
    if (!isFormat(format)) report('transform.format', 'mapping.format', { format: shown(format) });
  }
  if (transform.kind === 'lookup') {
    if (transform.table.length === 0)
      report('transform.table', 'mapping.table-empty', { target: rule.target });
    const seen = new Set<string>();
    for (const [index, { from }] of transform.table.entries()) {
      if (seen.has(from)) report(`transform.table[${index}]`, 'mapping.table-twice', { from: shown(from) });
      seen.add(from);
    }
  }
}

function isFormat(format: string): boolean {
  if (format === 'iso' || format === 'unix-seconds' || format === 'unix-ms') return true;
  try {
    // A format without any token would take only its own text.
    const sample = DateTime.fromMillis(0, { zone: 'utc' }).toFormat(format);
    DateTime.buildFormatParser(format, { locale: 'en-US' });
    return sample !== format;
  } catch (error) {
    if (error instanceof Error) return false;
    throw error;
  }
}

/** The values a rule may write that stand in the rule itself. */
function fixedValues(rule: Rule): [field: string, value: string][] {
  const { source, transform } = rule;
  const values: [string, string][] = [];
  if (transform.kind === 'lookup') {
    for (const [index, { to }] of transform.table.entries())
      values.push([`transform.table[${index}].to`, to]);
    if (typeof transform.otherwise === 'string') values.push(['transform.otherwise', transform.otherwise]);
  } else if (source.kind === 'constant') values.push(['source.value', String(source.value)]);
  else if (source.kind === 'first-match') {
    for (const [index, row] of source.cases.entries()) {
      if ('value' in row) values.push([`source.cases[${index}].value`, row.value]);
    }
    if (typeof source.otherwise === 'string') values.push(['source.otherwise', source.otherwise]);
  }
  if (rule.default !== undefined && rule.default !== '') values.push(['default', rule.default]);
  return values;
}

function checkFixed(field: string, value: string, rule: Rule, target: Target, report: Report): void {
  if (target.choices) {
    const allowed = target.choices.map((choice) => choice.value);
    if (value !== '' && !allowed.includes(value)) {
      report(field, 'mapping.choice', {
        value: shown(value),
        target: rule.target,
        allowed: allowed.join(', '),
      });
    }
    return;
  }
  // Amounts depend on the order's currency and times on the account's zone; both are judged when they are known.
  if (rule.transform.kind !== 'integer' && rule.transform.kind !== 'weight') return;
  const account = { channel: '', shop: '' };
  const written = compileTransform(rule.transform)(value, {
    account,
    currency: undefined,
    warn: () => undefined,
  });
  if (!(written instanceof Refusal)) return;
  report(field, 'mapping.constant', { value: shown(value), target: rule.target, reason: written.sentence });
}
