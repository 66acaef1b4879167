import { HubError } from '../../core/errors.ts';
import { defaultBandPercent, type WeightBand } from '../../core/fulfilment/weight/band.ts';
import { isEmpty, numberIn, type FieldValue as Value } from '../shared/number-field.ts';
import './messages.ts';

/*
 * The band as the dialog has it. The dialog and the running node ask the same functions, so that what the one
 * accepts the other does, too.
 */

export interface BandFields {
  percent: Value;
  floorGrams: Value;
  ceilingGrams: Value;
}

/** A percentage from 0 to 100 with at most two decimals; empty for the usual one. */
export function percentFault(value: Value): HubError | undefined {
  if (isEmpty(value)) return undefined;
  const text = String(value).trim();
  return /^\d{1,3}(\.\d{1,2})?$/.test(text) && Number(text) <= 100
    ? undefined
    : new HubError('weight-check.bad-percent', { value: text });
}

/** Whole grams, or nothing. */
export function gramsFault(value: Value): HubError | undefined {
  if (isEmpty(value)) return undefined;
  const text = String(value).trim();
  return /^\d+$/.test(text) && Number.isSafeInteger(Number(text))
    ? undefined
    : new HubError('weight-check.bad-grams', { value: text });
}

/** The first thing wrong with a band. */
export function bandFault({ percent, floorGrams, ceilingGrams }: BandFields): HubError | undefined {
  const fault = percentFault(percent) ?? gramsFault(floorGrams) ?? gramsFault(ceilingGrams);
  if (fault || isEmpty(floorGrams) || isEmpty(ceilingGrams)) return fault;
  return Number(floorGrams) > Number(ceilingGrams)
    ? new HubError('weight-check.floor-above-ceiling', {
        floor: Number(floorGrams),
        ceiling: Number(ceilingGrams),
      })
    : undefined;
}

/** The band that sound fields mean. */
export function bandFrom({ percent, floorGrams, ceilingGrams }: BandFields): WeightBand {
  return {
    percent: numberIn(percent) ?? defaultBandPercent,
    floorGrams: numberIn(floorGrams) ?? 0,
    ceilingGrams: numberIn(ceilingGrams) ?? null,
  };
}
