import type { PolicyRule, StockPolicy } from '../../../../core/stock/policy/rule.ts';
import { presetRules, usualRules } from '../../../../core/stock/policy/usual-rules.ts';

/** A policy as the dialog makes it; fields of it can be given. */
export function aPolicy(fields: Partial<StockPolicy> = {}): StockPolicy {
  return {
    rules: usualRules,
    pool: 'main',
    buffer: 0,
    balanceMinutes: 3 * 24 * 60,
    onHold: 'lock',
    closing: { zone: 'Asia/Shanghai', closes: '22:00' },
    shops: [],
    ...fields,
  };
}

/** The row of a scenario that the dialog offers. */
export function aRule(scenario: string, fields: Partial<PolicyRule> = {}): PolicyRule {
  const rule = presetRules.find((one) => one.scenario === scenario);
  if (!rule) throw new Error(`There is no preset for ${scenario}`);
  return { ...rule, ...fields };
}
