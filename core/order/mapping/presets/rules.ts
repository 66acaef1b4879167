import type { Condition, MatchCase, Rule, Transform } from '../types.ts';

/** A rule that takes what stands at a path. */
export function fromPath(target: string, path: string, transform: Transform, required = false): Rule {
  return { target, source: { kind: 'path', value: path }, transform, required };
}

export function text(target: string, path: string, required = false): Rule {
  return fromPath(target, path, { kind: 'text' }, required);
}

/** An amount in major units, such as "29.35". */
export function money(target: string, path: string, required = false): Rule {
  return fromPath(target, path, { kind: 'money', unit: 'major' }, required);
}

/** A text from the first row that fits; without `otherwise` it is a problem when none does. */
export function firstMatch(target: string, cases: MatchCase[], otherwise?: string | null): Rule {
  const source = { kind: 'first-match', cases } as const;
  return {
    target,
    source: otherwise === undefined ? source : { ...source, otherwise },
    transform: { kind: 'text' },
    required: false,
  };
}

/** A rule that must have a value. */
export function required(rule: Rule): Rule {
  return { ...rule, required: true };
}

export function is(path: string, ...values: string[]): Condition {
  return { path, is: 'in', value: values };
}

export function isNot(path: string, value: string): Condition {
  return { path, is: 'not-equals', value };
}

export function present(path: string): Condition {
  return { path, is: 'present' };
}

export function absent(path: string): Condition {
  return { path, is: 'absent' };
}

/** Which channel and shop an order is of: the account knows. */
export const accountRules: readonly Rule[] = (['channel', 'shop'] as const).map((value) => ({
  target: value,
  source: { kind: 'account', value },
  transform: { kind: 'text' },
  required: true,
}));

/** The scenario the account sells in, `normal` unless it says otherwise. */
export const accountScenario: Rule = {
  target: 'scenario',
  source: { kind: 'account', value: 'scenario' },
  transform: { kind: 'text' },
  required: true,
  default: 'normal',
};
