import { HubError } from '../../core/errors.ts';
import { boundsFault, isEmpty, type FieldValue as Value } from '../shared/number-field.ts';
import '../../core/channel/polling/messages.ts';

/*
 * What may stand in the fields of the dialog; asked by the dialog and by the running node.
 */

export const pollBounds = {
  intervalSeconds: { least: 5, most: 180, usual: 60 },
  overlapMinutes: { least: 0, most: 24 * 60 },
  censusMinutes: { least: 5, most: 60, usual: 60 },
} as const;

export interface PollFields {
  intervalSeconds: Value;
  /** Empty for what the platform needs. */
  overlapMinutes: Value;
  /** `2026-11-01` in the zone of the account, or empty. */
  since: Value;
  censusMinutes: Value;
}

export const pollFaults = {
  intervalSeconds: (value: Value) => boundsFault(pollBounds.intervalSeconds, 'polling.bad-interval', value),
  overlapMinutes: (value: Value) => boundsFault(pollBounds.overlapMinutes, 'polling.bad-overlap', value),
  since: (value: Value) =>
    isEmpty(value) || isDate(String(value))
      ? undefined
      : new HubError('polling.bad-date', { value: String(value) }),
  censusMinutes: (value: Value) => boundsFault(pollBounds.censusMinutes, 'polling.bad-census', value),
} as const;

/** The first thing wrong with the fields. */
export function pollFault(fields: Partial<PollFields>): HubError | undefined {
  for (const [field, faultOf] of Object.entries(pollFaults)) {
    const fault = faultOf(fields[field as keyof PollFields]);
    if (fault) return fault;
  }
  return undefined;
}

/** A day that exists. */
function isDate(text: string): boolean {
  const at = /^\d{4}-\d{2}-\d{2}$/.test(text) ? Date.parse(`${text}T00:00:00Z`) : Number.NaN;
  return Number.isFinite(at) && new Date(at).toISOString().startsWith(text);
}
