import { HubError } from '../../errors.ts';
import { type Language, type MessageParams, sentence } from '../../message.ts';
import { holdBuckets } from '../buckets.ts';
import { mostUnits } from '../check.ts';
import { closingForm, isKnownZone } from './clock-form.ts';
import './messages.ts';
import type { PolicyRule, StockPolicy, TimeLimit } from './rule.ts';

/** Ten years: a longer limit is a slip of the hand. */
export const mostMinutes = 10 * 365 * 24 * 60;
const name = /^[a-z0-9]+(-[a-z0-9]+)*$/;

/** What is wrong with a policy, and where. */
export interface PolicyFault {
  /** Index of the rule; undefined for what all rules share. */
  rule: number | undefined;
  code: string;
  params: MessageParams;
}

/** @throws HubError the first fault, which names the row */
export function checkPolicy(policy: StockPolicy): void {
  const [first] = policyFaults(policy);
  if (first) throw new HubError(first.code, first.params);
}

/** Everything that is wrong with a policy, row by row; the same for the dialog and the running node. */
export function policyFaults(policy: StockPolicy, language?: Language): PolicyFault[] {
  const faults: PolicyFault[] = [];
  if (policy.rules.length === 0) faults.push({ rule: undefined, code: 'policy.no-rows', params: {} });
  const seen = new Set<string>();
  policy.rules.forEach((rule, index) => {
    const add = (code: string, params: MessageParams = {}): void => {
      faults.push({ rule: index, code, params: { row: index + 1, scenario: rule.scenario, ...params } });
    };
    if (!name.test(rule.scenario) || rule.scenario.length > 60)
      add('policy.bad-scenario', { value: rule.scenario });
    else if (seen.has(rule.scenario)) add('policy.scenario-twice', { value: rule.scenario });
    seen.add(rule.scenario);
    checkRule(rule, add, language);
  });
  const add = (code: string, params: MessageParams = {}): void => {
    faults.push({ rule: undefined, code, params });
  };
  checkShared(policy, add, language);
  return faults;
}

type Add = (code: string, params?: MessageParams) => void;

function checkRule(rule: PolicyRule, add: Add, language: Language | undefined): void {
  const { lockOn, finalOn, freeOn, committedOn, bucket, limit, priority, capPerBuyer } = rule;
  if (lockOn.length === 0) add('policy.no-events', { field: sentence('policy.field-lock-on', {}, language) });
  if (finalOn.length === 0)
    add('policy.no-events', { field: sentence('policy.field-final-on', {}, language) });
  for (const event of [...lockOn, ...finalOn, ...freeOn, ...committedOn])
    if (!name.test(event) || event.length > 60) add('policy.bad-event', { value: event });
  for (const event of [...lockOn, ...committedOn])
    if (freeOn.includes(event)) add('policy.event-both-ways', { value: event });
  if (!freeOn.includes('cancelled')) add('policy.cancel-frees-nothing');
  if (!(holdBuckets as readonly string[]).includes(bucket)) add('policy.bad-bucket', { value: bucket });
  if ((bucket === 'presale' || limit.kind === 'balance-window') && committedOn.length === 0)
    add('policy.presale-never-committed');
  checkLimit(limit, add);
  if (priority !== 'normal' && priority !== 'high') add('policy.bad-priority', { value: priority });
  if (capPerBuyer !== undefined && !isWhole(capPerBuyer, 1, mostUnits))
    add('policy.bad-cap', { value: shown(capPerBuyer) });
}

function checkLimit(limit: TimeLimit, add: Add): void {
  if (!['none', 'minutes', 'balance-window', 'closing-time'].includes(limit.kind))
    add('policy.bad-limit', { value: shown(limit.kind) });
  if (limit.kind !== 'minutes') return;
  if (!isWhole(limit.minutes, 1, mostMinutes))
    add('policy.bad-minutes', { value: shown(limit.minutes), most: mostMinutes });
  const { scarceBelow, scarceMinutes } = limit;
  if (scarceBelow === undefined && scarceMinutes === undefined) return;
  if (!isWhole(scarceBelow, 1, mostUnits) || !isWhole(scarceMinutes, 1, mostMinutes))
    add('policy.bad-scarce');
}

function checkShared(policy: StockPolicy, add: Add, language: Language | undefined): void {
  const { buffer, balanceMinutes, onHold, shops, closing, warehouses } = policy;
  if (!isWhole(buffer, 0, mostUnits)) add('policy.bad-buffer', { value: shown(buffer) });
  if (!isWhole(balanceMinutes, 1, mostMinutes))
    add('policy.bad-balance-minutes', { value: shown(balanceMinutes), most: mostMinutes });
  if (onHold !== 'lock' && onHold !== 'wait') add('policy.bad-on-hold', { value: shown(onHold) });
  const seen = new Set<string>();
  const others = sentence('policy.closing-default', {}, language);
  for (const [index, one] of [{ ...closing, shop: undefined }, ...shops].entries()) {
    const { shop, zone, closes } = one;
    if (shop === '') {
      add('policy.shop-without-name', { row: index });
      continue;
    }
    if (shop !== undefined && seen.has(shop)) add('policy.shop-twice', { shop });
    if (shop !== undefined) seen.add(shop);
    if (!closingForm.test(closes)) add('policy.bad-closing', { shop: shop ?? others, value: closes });
    if (!isKnownZone(zone)) add('policy.bad-zone', { shop: shop ?? others, value: zone });
  }
  if (!warehouses) return;
  if (!['nearest', 'fewest-parcels', 'fixed-order'].includes(warehouses.choose))
    add('policy.bad-choice', { value: shown(warehouses.choose) });
  const pools = new Set<string>();
  for (const [index, one] of warehouses.pools.entries()) {
    if (one.pool === '' || pools.has(one.pool))
      add('policy.bad-warehouse', { row: index + 1, value: one.pool });
    pools.add(one.pool);
  }
}

function isWhole(value: unknown, least: number, most: number): boolean {
  return typeof value === 'number' && Number.isInteger(value) && value >= least && value <= most;
}

function shown(value: unknown): string {
  return value === undefined || value === null ? '' : String(value);
}
