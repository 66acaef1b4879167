import { listed, type WeightCheck } from './check.ts';
import { type Explanation, explain } from './explain.ts';

/** Where a parcel stands with the weight check; kept with the order. */
export interface WeighingState {
  /** `lifted`: outside the band, and a person took it upon himself. */
  verdict: 'passed' | 'blocked' | 'unknown' | 'lifted';
  /** Of the weighing that the verdict is about; expectedGrams is null when it was unknown. */
  readingGrams: number;
  expectedGrams: number | null;
  bandGrams: number | null;
  /** When the block began, epoch milliseconds; null when there is none. */
  blockedAt: number | null;
  liftedBy: string | null;
  liftReason: string | null;
  liftedAt: number | null;
}

export interface WeighingDecision {
  state: WeighingState;
  /** What changed: a block that begins, goes on, or ended because the parcel was put right. */
  change: 'passed' | 'blocked' | 'still-blocked' | 'unblocked' | 'unknown' | 'still-lifted';
  explanation: Explanation;
}

export type LiftDecision =
  | { accepted: true; replayed: boolean; state: WeighingState; explanation: Explanation }
  | { accepted: false; refusal: Explanation };

export interface Lift {
  /** Who lifts, as signed in. That he has the right is the caller's to check. */
  actor: string;
  reason: string;
  /** Epoch milliseconds. */
  at: number;
}

/** Characters of a reason that are kept. */
export const longestReason = 500;

/**
 * What a weighing makes of a parcel. A block ends only with a reading inside the band: neither a reading whose
 * expectation has become unknown nor another wrong one ends it. A lift is for the weighing that the person saw:
 * the same numbers again leave it in place, any other reading outside the band blocks anew.
 *
 * @param at time of the reading, epoch milliseconds
 */
export function decideWeighing(
  previous: WeighingState | undefined,
  check: WeightCheck,
  at: number,
): WeighingDecision {
  const decided = outcome(previous, check);
  return { state: stateAfter(previous, check, decided.change, at), ...decided };
}

function outcome(
  previous: WeighingState | undefined,
  check: WeightCheck,
): Pick<WeighingDecision, 'change' | 'explanation'> {
  const wasBlocked = previous?.verdict === 'blocked';
  const { explanation } = check;
  if (check.verdict === 'passed') return { change: wasBlocked ? 'unblocked' : 'passed', explanation };
  if (check.verdict === 'unknown') {
    if (!wasBlocked) return { change: 'unknown', explanation };
    // Without a SKU to name it is the reading or its lines that are wrong, and their own sentence says how.
    if (check.unknownSkus.length === 0) return { change: 'still-blocked', explanation };
    const skus = listed(check.unknownSkus);
    return { change: 'still-blocked', explanation: explain('weight.still-blocked', { skus }) };
  }
  if (wasBlocked) return { change: 'still-blocked', explanation };
  if (previous?.verdict === 'lifted' && sameWeighing(previous, check)) {
    const params = { actor: previous.liftedBy, reason: previous.liftReason };
    return { change: 'still-lifted', explanation: explain('weight.lifted', params) };
  }
  return { change: 'blocked', explanation };
}

function stateAfter(
  previous: WeighingState | undefined,
  check: WeightCheck,
  change: WeighingDecision['change'],
  at: number,
): WeighingState {
  if (change === 'still-lifted') return previous!;
  const numbers = {
    readingGrams: check.readingGrams,
    expectedGrams: check.expectedGrams,
    bandGrams: check.bandGrams,
    liftedBy: null,
    liftReason: null,
    liftedAt: null,
  };
  if (change === 'blocked') return { ...numbers, verdict: 'blocked', blockedAt: at };
  if (change === 'still-blocked') {
    return { ...numbers, verdict: 'blocked', blockedAt: previous?.blockedAt ?? at };
  }
  return { ...numbers, verdict: change === 'unknown' ? 'unknown' : 'passed', blockedAt: null };
}

function sameWeighing(lifted: WeighingState, check: WeightCheck): boolean {
  return (
    lifted.readingGrams === check.readingGrams &&
    lifted.expectedGrams === check.expectedGrams &&
    lifted.bandGrams === check.bandGrams
  );
}

/**
 * Lifts a block on a person's word. The same person lifting again for the same reason (a second click, a repeated
 * request) gets the first answer, marked `replayed`, and nothing is recorded twice.
 */
export function decideLift(previous: WeighingState | undefined, lift: Lift): LiftDecision {
  const actor = lift.actor.trim();
  const reason = lift.reason.trim();
  const length = [...reason].length;
  if (actor === '') return refused('weight.lift-no-actor');
  if (reason === '') return refused('weight.lift-no-reason');
  if (length > longestReason) return refused('weight.lift-reason-long', { length, limit: longestReason });
  if (previous?.verdict === 'lifted') {
    const told = { actor: previous.liftedBy, reason: previous.liftReason };
    if (previous.liftedBy !== actor || previous.liftReason !== reason)
      return refused('weight.lift-already', told);
    return {
      accepted: true,
      replayed: true,
      state: previous,
      explanation: explain('weight.lifted', told),
    };
  }
  if (previous?.verdict !== 'blocked') return refused('weight.lift-no-block');
  return {
    accepted: true,
    replayed: false,
    state: { ...previous, verdict: 'lifted', liftedBy: actor, liftReason: reason, liftedAt: lift.at },
    explanation: explain('weight.lifted', { actor, reason }),
  };
}

function refused(code: string, params: Record<string, string | number | null> = {}): LiftDecision {
  return { accepted: false, refusal: explain(code, params) };
}
