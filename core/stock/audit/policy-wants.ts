import type { Kysely } from 'kysely';
import type { Database } from '../../store/schema.ts';
import { planFor } from '../policy/plan.ts';
import { readFacts } from '../policy/read-facts.ts';
import type { PolicyRule, StockPolicy } from '../policy/rule.ts';

/** The event in whose name the audit asks a policy: nothing is locked, freed or final at it by itself. */
export const auditEvent = 'audit';

export interface AppliedRule {
  policy: StockPolicy;
  rule: PolicyRule;
}

/** The rule that is applied to orders of a scenario; undefined when no policy has one. */
export function ruleFor(policies: readonly StockPolicy[], scenario: string): AppliedRule | undefined {
  for (const policy of policies) {
    const rule = policy.rules.find((one) => one.scenario === scenario);
    if (rule) return { policy, rule };
  }
  return undefined;
}

/** What a policy would lock for an order that is to hold more, or otherwise, than it does. */
export interface PolicyWants {
  pool: string;
  bucket: string;
  /** Ordered units to be held, by line id; empty when the policy wants nothing more. */
  units: ReadonlyMap<string, number>;
}

/**
 * Asks the policy that is applied to an order what it is to hold now. Whose time ran out, as at closing, who was
 * freed by an event, or who waits on hold holds nothing by right.
 *
 * @returns undefined when no policy is applied to it
 */
export async function policyWants(
  db: Kysely<Database>,
  { orderKey, scenario, now }: { orderKey: string; scenario: string; now: number },
  policies: readonly StockPolicy[],
): Promise<PolicyWants | undefined> {
  const applied = ruleFor(policies, scenario);
  if (!applied) return undefined;
  const { policy, rule } = applied;
  const wants: PolicyWants = { pool: rule.pool ?? policy.pool, bucket: rule.bucket, units: new Map() };
  const read = await readFacts({ read: db, now: () => now }, orderKey, undefined, auditEvent);
  if ('code' in read) return wants;
  for (const step of planFor(policy, rule, auditEvent, read.facts, now)) {
    if (step.act !== 'lock') continue;
    const units = step.lines.map(({ lineId, quantity }) => [lineId, quantity] as const);
    return { ...wants, bucket: step.bucket, units: new Map(units) };
  }
  return wants;
}
