import { HubError } from '../../core/errors.ts';
import './messages.ts';

type Value = string | number | null | undefined;

export interface PushFields {
  /** Percent of what was told that is read again; 0 for none. */
  readBackPercent: Value;
  /** Listings read again in a minute at most. */
  readBackPerMinute: Value;
}

export const pushBounds = {
  readBackPercent: { least: 0, most: 100, usual: 5 },
  readBackPerMinute: { least: 1, most: 600, usual: 10 },
} as const;

type Field = keyof typeof pushBounds;

/** What is wrong with a field: asked by the dialog and by the running node. */
export const pushFaults = {
  readBackPercent: (value: Value) => faultOf('readBackPercent', 'channel-stock.bad-percent', value),
  readBackPerMinute: (value: Value) => faultOf('readBackPerMinute', 'channel-stock.bad-per-minute', value),
} as const;

/** The number of a field, or what it is when nothing was entered. */
export function pushNumber(field: Field, value: Value): number {
  return isEmpty(value) ? pushBounds[field].usual : Number(value);
}

function faultOf(field: Field, code: string, value: Value): HubError | undefined {
  const { least, most } = pushBounds[field];
  const number = Number(value);
  return isEmpty(value) || (number >= least && number <= most)
    ? undefined
    : new HubError(code, { value: String(value), least, most });
}

function isEmpty(value: Value): boolean {
  return value === undefined || value === null || String(value).trim() === '';
}
