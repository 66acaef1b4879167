import { boundsFault, numberIn, type FieldValue as Value } from '../shared/number-field.ts';
import './messages.ts';

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
  readBackPercent: (value: Value) =>
    boundsFault(pushBounds.readBackPercent, 'channel-stock.bad-percent', value),
  readBackPerMinute: (value: Value) =>
    boundsFault(pushBounds.readBackPerMinute, 'channel-stock.bad-per-minute', value),
} as const;

/** The number of a field, or what it is when nothing was entered. */
export function pushNumber(field: Field, value: Value): number {
  return numberIn(value) ?? pushBounds[field].usual;
}
