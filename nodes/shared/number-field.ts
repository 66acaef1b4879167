import { HubError } from '../../core/errors.ts';

/*
 * Fields of dialogs that take a number or nothing. Asked by the dialogs and by the running nodes.
 */

/** What a field may hold: text as it was typed, or a number of an older or hand-made flow. */
export type FieldValue = string | number | null | undefined;

/** Whether nothing was entered. */
export function isEmpty(value: FieldValue): boolean {
  return value === undefined || value === null || String(value).trim() === '';
}

/** The number that was entered; undefined for none, NaN for what is no number. */
export function numberIn(value: FieldValue): number | undefined {
  return isEmpty(value) ? undefined : Number(value);
}

/** What is wrong with a field that takes a number within bounds, or nothing: `code` with `value`, `least` and `most`. */
export function boundsFault(
  { least, most }: { least: number; most: number },
  code: string,
  value: FieldValue,
): HubError | undefined {
  const number = numberIn(value);
  return number === undefined || (number >= least && number <= most)
    ? undefined
    : new HubError(code, { value: String(value), least, most });
}
