import { HubError } from '../../core/errors.ts';
import { checkPolicy } from '../../core/stock/policy/check-policy.ts';
import type { StockPolicy } from '../../core/stock/policy/rule.ts';
import { defineNode } from '../shared/define-node.ts';
import './messages.ts';
import { policyOf, type SavedRule, type StockPolicyConfig } from './policy-settings.ts';

/** What the nodes that apply a policy ask of it. */
export interface StockPolicyApi {
  readonly policy: StockPolicy;
}

export default defineNode<StockPolicyConfig>({
  type: 'stock-policy',
  version: 1,
  check(config) {
    const { rules, shops = [], warehouses = [] } = config;
    if (!Array.isArray(rules) || !rules.every(isRow)) throw new HubError('stock-policy.bad-rows');
    if (!hasTexts(shops, ['shop', 'zone', 'closes'])) throw new HubError('stock-policy.bad-shops');
    if (!hasTexts(warehouses, ['pool', 'regions'])) throw new HubError('stock-policy.bad-warehouses');
    checkPolicy(policyOf(config));
  },
  setup({ config }) {
    const api: StockPolicyApi = { policy: policyOf(config) };
    return { api };
  },
});

/** Whether a row has the form the dialog gives it; a flow file may have been written by hand. */
function isRow(value: unknown): boolean {
  const row = value as Partial<SavedRule> | null;
  return (
    typeof row?.scenario === 'string' &&
    typeof row.limit === 'object' &&
    row.limit !== null &&
    [row.lockOn, row.committedOn, row.finalOn, row.freeOn].every(
      (events) => Array.isArray(events) && events.every((event) => typeof event === 'string'),
    )
  );
}

function hasTexts(list: unknown, names: readonly string[]): boolean {
  return (
    Array.isArray(list) &&
    list.every((one: Record<string, unknown> | null) =>
      names.every((name) => typeof one?.[name] === 'string'),
    )
  );
}
