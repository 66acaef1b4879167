import type { AdjustAnswer, AdjustedLine } from './answers.ts';
import type { Draft } from './operation.ts';
import type { Told } from './refusals.ts';

/**
 * The outcome of an act that does all of its lines or none.
 *
 * @param told what stands in its way; nothing moves when there is any of it
 * @param apply moves the units and answers the lines
 */
export function allOrNone(told: readonly Told[], apply: () => AdjustedLine[]): Draft {
  const refused = told.length > 0;
  const answer: AdjustAnswer = {
    state: refused ? 'refused' : 'done',
    lines: refused ? [] : apply(),
    refusals: told.map((one) => one.refusal),
    replayed: false,
  };
  return { answer, holds: [], told };
}
