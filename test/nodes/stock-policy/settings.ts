import { usualRules } from '../../../core/stock/policy/usual-rules.ts';
import type { PolicySettings, SavedRule } from '../../../nodes/stock-policy/policy-settings.ts';

/** What the dialog of stock-policy saves when nothing is changed in it. */
export function policySettings(fields: Partial<PolicySettings> = {}): PolicySettings {
  return {
    pool: 'main',
    rules: structuredClone(usualRules) as SavedRule[],
    buffer: '',
    balanceHours: '72',
    onHold: 'lock',
    zone: 'Asia/Shanghai',
    closes: '22:00',
    shops: [],
    warehouses: [],
    choose: 'nearest',
    split: true,
    ...fields,
  };
}
