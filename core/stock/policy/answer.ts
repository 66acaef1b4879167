import { type MessageParams, sentence } from '../../message.ts';
import type { DeductAnswer, LockAnswer, ReleaseAnswer, StockRefusal } from '../answers.ts';
import './messages.ts';

/** One act on stock that was done, or refused. */
export interface PolicyAct {
  act: 'lock' | 'release' | 'deduct';
  state: 'locked' | 'released' | 'deducted' | 'short' | 'refused';
  lines: readonly object[];
  refusals: readonly StockRefusal[];
  replayed: boolean;
}

export interface PolicyAnswer {
  /**
   * What was done last; `nothing` when the stock was as the policy wants it; `short`: too little stock, `code` says
   * for what; `refused`: left as it was.
   */
  state: PolicyAct['state'] | 'nothing';
  scenario: string | undefined;
  /** Why it is short or refused: `policy.paid-no-stock`, `policy.short`, `policy.shipped-no-stock`, … */
  code?: string;
  sentence?: string;
  /** The lines of what `state` tells of. */
  lines: readonly object[];
  /** Everything that was done, in that order. */
  acts: readonly PolicyAct[];
  refusals: StockRefusal[];
  /** Whether the same event had done all of it before. */
  replayed: boolean;
}

export function actOf(
  act: PolicyAct['act'],
  { state, lines, refusals, replayed }: LockAnswer | ReleaseAnswer | DeductAnswer,
): PolicyAct {
  return { act, state, lines, refusals, replayed };
}

/** Whose stock was left as it was, and why. */
export function refused(scenario: string | undefined, code: string, params: MessageParams): PolicyAnswer {
  const told = sentence(code, params);
  return {
    state: 'refused',
    scenario,
    code,
    sentence: told,
    lines: [],
    acts: [],
    refusals: [{ code, params, sentence: told }],
    replayed: false,
  };
}

/** The order holds what the policy wants it to hold. */
export function nothing(scenario: string): PolicyAnswer {
  return { state: 'nothing', scenario, lines: [], acts: [], refusals: [], replayed: false };
}

/** What several acts come to: the first that failed, else the last. */
export function concluded(
  order: { orderKey: string; scenario: string; paid: boolean },
  acts: readonly PolicyAct[],
): PolicyAnswer {
  const failed = acts.find(({ state }) => state === 'short' || state === 'refused');
  const telling = failed ?? acts.at(-1);
  if (!telling) return nothing(order.scenario);
  const refusals = acts.flatMap((act) => act.refusals);
  const answer: PolicyAnswer = {
    state: telling.state,
    scenario: order.scenario,
    lines: telling.lines,
    acts,
    refusals,
    replayed: acts.every(({ replayed }) => replayed),
  };
  if (!failed) return answer;
  const code = codeOf(failed, order.paid);
  const reasons = refusals.map((refusal) => refusal.sentence).join(' ');
  return { ...answer, code, sentence: sentence(code, { orderKey: order.orderKey, reasons }) };
}

function codeOf({ act, state }: PolicyAct, paid: boolean): string {
  if (state === 'refused') return 'policy.refused';
  if (act === 'deduct') return 'policy.shipped-no-stock';
  return paid ? 'policy.paid-no-stock' : 'policy.short';
}
