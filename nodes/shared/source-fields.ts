import { HubError } from '../../core/errors.ts';
import { isEmpty, type FieldValue as Value } from './number-field.ts';
import './messages.ts';

/** What the settings of a source are when its dialog leaves them empty. */
export const usualSource = { maxInFlight: 64, deadlineSeconds: 30, attempts: 8, deadCeiling: 1_000 } as const;

/** The least and the most a field takes. A timer of Node.js ends at once beyond 2,147,483 seconds. */
export const sourceBounds = {
  maxInFlight: { least: 1, most: 1_000 },
  perSecond: { least: 0, most: 1_000 },
  deadlineSeconds: { least: 1, most: 3_600 },
  attempts: { least: 1, most: 100 },
  deadCeiling: { least: 1, most: 1_000_000 },
} as const;

/** What is wrong with the settings of a source, field by field: asked by the dialog and by the running node. */
export const sourceFaults = {
  maxInFlight: (value: Value) => wholeNumberFault('maxInFlight', value),
  perSecond: (value: Value) =>
    isEmpty(value) || (Number(value) > 0 && Number(value) <= sourceBounds.perSecond.most)
      ? undefined
      : new HubError('source.bad-rate', { value: String(value), most: sourceBounds.perSecond.most }),
  deadlineSeconds: (value: Value) =>
    isEmpty(value) || isWithin('deadlineSeconds', Number(value))
      ? undefined
      : new HubError('source.bad-seconds', { value: String(value), ...possible('deadlineSeconds') }),
  attempts: (value: Value) => wholeNumberFault('attempts', value),
  deadCeiling: (value: Value) => wholeNumberFault('deadCeiling', value),
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

function wholeNumberFault(field: keyof typeof usualSource, value: Value): HubError | undefined {
  return isEmpty(value) || (Number.isInteger(Number(value)) && isWithin(field, Number(value)))
    ? undefined
    : new HubError('source.bad-whole-number', { value: String(value), ...possible(field) });
}

function isWithin(field: keyof typeof sourceBounds, value: number): boolean {
  const { least, most } = sourceBounds[field];
  return value >= least && value <= most;
}

/** What a field may be, for the sentence that refuses a value. */
function possible(field: keyof typeof usualSource) {
  return { ...sourceBounds[field], usual: usualSource[field] };
}
