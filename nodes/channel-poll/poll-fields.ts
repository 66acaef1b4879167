import { HubError } from '../../core/errors.ts';
import '../../core/channel/polling/messages.ts';

/*
 * What may stand in the fields of the dialog; asked by the dialog and by the running node.
 */

type Value = string | number | null | undefined;

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
  intervalSeconds: (value: Value) => numberFault('intervalSeconds', 'polling.bad-interval', value),
  overlapMinutes: (value: Value) => numberFault('overlapMinutes', 'polling.bad-overlap', value),
  since: (value: Value) =>
    isEmpty(value) || isDate(String(value))
      ? undefined
      : new HubError('polling.bad-date', { value: String(value) }),
  censusMinutes: (value: Value) => numberFault('censusMinutes', 'polling.bad-census', value),
} as const;

/** The first thing wrong with the fields. */
export function pollFault(fields: Partial<PollFields>): HubError | undefined {
  for (const [field, faultOf] of Object.entries(pollFaults)) {
    const fault = faultOf(fields[field as keyof PollFields]);
    if (fault) return fault;
  }
  return undefined;
}

/** A number of the dialog; undefined when the field is empty. */
export function numberOf(value: Value): number | undefined {
  return isEmpty(value) ? undefined : Number(value);
}

function numberFault(field: keyof typeof pollBounds, code: string, value: Value): HubError | undefined {
  const { least, most } = pollBounds[field];
  const number = Number(value);
  return isEmpty(value) || (number >= least && number <= most)
    ? undefined
    : new HubError(code, { value: String(value), least, most });
}

/** A day that exists. */
function isDate(text: string): boolean {
  const at = /^\d{4}-\d{2}-\d{2}$/.test(text) ? Date.parse(`${text}T00:00:00Z`) : Number.NaN;
  return Number.isFinite(at) && new Date(at).toISOString().startsWith(text);
}

function isEmpty(value: Value): boolean {
  return value === undefined || value === null || String(value).trim() === '';
}
