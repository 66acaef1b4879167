import type { Store } from '../../store/store.ts';
import type { Stock } from '../stock.ts';
import { actsDone, type DoneAct, mostActs } from './acts-done.ts';
import { actOf, concluded, nothing, type PolicyAct, type PolicyAnswer, refused } from './answer.ts';
import { isPaid } from './milestones.ts';
import { type ActSigns, OrderActs } from './order-acts.ts';
import { planFor, type Step } from './plan.ts';
import { readFacts } from './read-facts.ts';
import type { StockPolicy } from './rule.ts';

/** An order event that the policy is to be applied to; its acts get op keys that begin with `opKey`. */
export interface PolicyEvent extends ActSigns {
  /** What the message says of the order; counts only when the store does not have it. */
  order: unknown;
}

/** Something else may happen to the order's holds between reading and doing; then the plan is made anew. */
const mostPlans = 3;

/**
 * Does for one event of an order what the policy says. Whoever was told before what the event did (a message that
 * is delivered again) is told the same, as long as it is true; what remained to be done is done.
 */
export async function applyPolicy(
  store: Store,
  stock: Stock,
  policy: StockPolicy,
  event: PolicyEvent,
): Promise<PolicyAnswer> {
  const done = await actsDone(store, event.opKey);
  const acts: PolicyAct[] = [];
  let number = (done.at(-1)?.number ?? -1) + 1;
  for (let plan = 1; ; plan += 1) {
    const read = await readFacts(store, event.orderKey, event.order, event.type);
    if ('code' in read) return refused(undefined, read.code, read.params);
    const { facts } = read;
    const { orderKey, scenario } = facts;
    const rule = policy.rules.find((one) => one.scenario === scenario);
    if (!rule) {
      const known = policy.rules.map((one) => one.scenario).join(', ');
      return refused(scenario, 'policy.unknown-scenario', { orderKey, scenario, known });
    }
    const order = { orderKey, scenario, paid: isPaid(facts) };
    const doing = new OrderActs(stock, policy, rule, event, facts);
    const now = store.now();
    const steps = endedShort(done) ? [] : planFor(policy, rule, event.type, facts, now);
    if (steps.length === 0) {
      if (acts.length > 0) return concluded(order, acts);
      const told = await toldAgain(done, doing, read.acts);
      return told.length > 0 ? concluded(order, told) : nothing(scenario);
    }
    let anew = false;
    for (const step of steps) {
      if (number >= mostActs) return refused(scenario, 'policy.too-many-acts', { orderKey, most: mostActs });
      const answer = await doing.do(step, number, now);
      number += 1;
      anew = plan < mostPlans && answer.state === 'refused' && wasOvertaken(step.act, answer.refusals);
      if (anew) break;
      acts.push(actOf(step.act === 'sale' ? 'deduct' : step.act, answer));
    }
    if (!anew) return concluded(order, acts);
  }
}

function isResolve(act: Step['act']): boolean {
  return act === 'deduct' || act === 'release';
}

/** Whether an act was refused because another one was done since it was planned. */
function wasOvertaken(act: Step['act'], refusals: readonly { code: string }[]): boolean {
  return isResolve(act) || refusals.some(({ code }) => code === 'stock.left-already');
}

/** Whether the event ended with too little stock before: who was told so has acted on it. */
function endedShort(done: readonly DoneAct[]): boolean {
  const last = done.at(-1);
  if (!last || wasOvertaken(last.kind, last.act.refusals)) return false;
  return last.act.state === 'short' || last.act.state === 'refused';
}

/** What an event did before, told again. */
async function toldAgain(
  done: readonly DoneAct[],
  doing: OrderActs,
  lines: ReadonlyMap<string, readonly unknown[]>,
): Promise<PolicyAct[]> {
  const acts: PolicyAct[] = [];
  for (const { opKey, number, kind, act } of done) {
    if (kind === 'lock') acts.push(actOf('lock', await doing.lockAgain(number)));
    // A plan that was overtaken by another act was made anew.
    else if (act.state === 'refused' && wasOvertaken(kind, act.refusals)) continue;
    else acts.push({ ...act, lines: (lines.get(opKey) as readonly object[] | undefined) ?? act.lines });
  }
  return acts;
}
