import { HubError } from '../../core/errors.ts';
import './messages.ts';

/** What the settings of a source are when its dialog leaves them empty. */
export const usualSource = { maxInFlight: 64, deadlineSeconds: 30, attempts: 8, deadCeiling: 1_000 } as const;

type Value = string | number | undefined | null;

/** What is wrong with the settings of a source, field by field: asked by the dialog and by the running node. */
export const sourceFaults = {
  maxInFlight: (value: Value) => wholeNumberFault(value, usualSource.maxInFlight),
  perSecond: (value: Value) =>
    isEmpty(value) || isPositive(value)
      ? undefined
      : new HubError('source.bad-rate', { value: String(value) }),
  deadlineSeconds: (value: Value) =>
    isEmpty(value) || isPositive(value)
      ? undefined
      : new HubError('source.bad-seconds', { value: String(value), usual: usualSource.deadlineSeconds }),
  attempts: (value: Value) => wholeNumberFault(value, usualSource.attempts),
  deadCeiling: (value: Value) => wholeNumberFault(value, usualSource.deadCeiling),
} as const;

/** The first thing wrong with the settings of a source. */
export function sourceFault(
  settings: Readonly<Partial<Record<keyof typeof sourceFaults, Value>>>,
): HubError | undefined {
  for (const [field, faultOf] of Object.entries(sourceFaults)) {
    const fault = faultOf(settings[field as keyof typeof sourceFaults]);
    if (fault) return fault;
  }
  return undefined;
}

function wholeNumberFault(value: Value, usual: number): HubError | undefined {
  return isEmpty(value) || (Number.isSafeInteger(Number(value)) && Number(value) >= 1)
    ? undefined
    : new HubError('source.bad-whole-number', { value: String(value), usual });
}

function isEmpty(value: Value): boolean {
  return value === undefined || value === null || String(value).trim() === '';
}

function isPositive(value: Value): boolean {
  return Number.isFinite(Number(value)) && Number(value) > 0;
}
