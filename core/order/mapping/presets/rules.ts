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

/** An amount from the first row that fits; nothing when none does, and nothing for one below zero. */
export function moneyByCase(target: string, cases: MatchCase[], unit: 'major' | 'minor' = 'major'): Rule {
  return { ...firstMatch(target, cases, null), transform: { kind: 'money', unit, sign: 'leave-out' } };
}

/** A number of units from the first row that fits; nothing when none does. */
export function unitsByCase(target: string, cases: MatchCase[]): Rule {
  return { ...firstMatch(target, cases, null), transform: { kind: 'integer' } };
}

/** A time from the first row that fits; nothing when none does. */
export function timeByCase(target: string, transform: Transform, cases: MatchCase[]): Rule {
  return { ...firstMatch(target, cases, null), transform };
}

/** A fixed text. */
export function constant(target: string, value: string): Rule {
  return { target, source: { kind: 'constant', value }, transform: { kind: 'text' }, required: true };
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

export function isNoneOf(path: string, ...values: string[]): Condition {
  return { path, is: 'not-in', value: values };
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

/** The scenario of a platform that sells by deposit too: `presale` when it says so, else the account's. */
export function scenarioOf(presale: Condition[]): Rule {
  return required(
    firstMatch(
      'scenario',
      [
        { when: presale, value: 'presale' },
        { when: [present('$account.scenario')], path: '$account.scenario' },
      ],
      'normal',
    ),
  );
}

/** Times as the platforms of China write them: in Beijing time, without saying so. */
export const beijingTime: Transform = {
  kind: 'time',
  format: 'iso',
  zone: 'Asia/Shanghai',
  // Some write one of these for a time that is not there yet.
  sentinels: true,
};

/** Encrypted fields of a receiver by name, of which a platform makes them plain again; nothing when all are empty. */
export function cipherHandle(fields: Readonly<Record<'name' | 'phone' | 'address', string>>): Rule {
  const value = Object.entries(fields)
    .map(([name, path]) => `${name}={${path}}`)
    .join(';');
  return {
    target: 'receiver.handle',
    source: { kind: 'template', value },
    transform: { kind: 'text' },
    required: false,
  };
}
