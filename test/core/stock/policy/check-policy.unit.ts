import assert from 'node:assert/strict';
import { checkPolicy, policyFaults } from '../../../../core/stock/policy/check-policy.ts';
import type { PolicyRule, StockPolicy } from '../../../../core/stock/policy/rule.ts';
import { presetRules } from '../../../../core/stock/policy/usual-rules.ts';
import { aPolicy, aRule } from './a-policy.ts';

const codes = (policy: StockPolicy) => policyFaults(policy).map(({ code }) => code);
const withRule = (fields: object) => aPolicy({ rules: [{ ...aRule('normal'), ...fields } as PolicyRule] });

describe('the check of a policy', () => {
  it('finds nothing wrong with the rows that are offered', () => {
    assert.deepEqual(codes(aPolicy()), []);
    assert.deepEqual(codes(aPolicy({ rules: presetRules })), []);
  });

  const cases: [code: string, policy: StockPolicy][] = [
    ['policy.no-rows', aPolicy({ rules: [] })],
    ['policy.bad-scenario', withRule({ scenario: 'Live Sale' })],
    ['policy.bad-scenario', withRule({ scenario: '' })],
    ['policy.scenario-twice', aPolicy({ rules: [aRule('normal'), aRule('normal')] })],
    ['policy.no-events', withRule({ lockOn: [] })],
    ['policy.no-events', withRule({ finalOn: [] })],
    ['policy.bad-event', withRule({ finalOn: ['Shipped!'] })],
    ['policy.event-both-ways', withRule({ lockOn: ['refunded'] })],
    ['policy.cancel-frees-nothing', withRule({ freeOn: ['refunded'] })],
    ['policy.presale-never-committed', withRule({ bucket: 'presale' })],
    ['policy.presale-never-committed', withRule({ limit: { kind: 'balance-window' } })],
    ['policy.bad-bucket', withRule({ bucket: 'qc' })],
    ['policy.bad-limit', withRule({ limit: { kind: 'soon' } })],
    ['policy.bad-minutes', withRule({ limit: { kind: 'minutes', minutes: 0 } })],
    ['policy.bad-minutes', withRule({ limit: { kind: 'minutes', minutes: Number.NaN } })],
    ['policy.bad-scarce', withRule({ limit: { kind: 'minutes', minutes: 5, scarceBelow: 3 } })],
    [
      'policy.bad-scarce',
      withRule({ limit: { kind: 'minutes', minutes: 5, scarceBelow: 1.5, scarceMinutes: 3 } }),
    ],
    ['policy.bad-priority', withRule({ priority: 'urgent' })],
    ['policy.bad-cap', withRule({ capPerBuyer: 0 })],
    ['policy.bad-buffer', aPolicy({ buffer: -1 })],
    ['policy.bad-balance-minutes', aPolicy({ balanceMinutes: 0 })],
    ['policy.bad-on-hold', aPolicy({ onHold: 'ask' as 'wait' })],
    ['policy.bad-closing', aPolicy({ closing: { zone: 'UTC', closes: '25:00' } })],
    ['policy.bad-zone', aPolicy({ closing: { zone: 'Mars/Phobos', closes: '22:00' } })],
    ['policy.shop-without-name', aPolicy({ shops: [{ shop: '', zone: 'UTC', closes: '22:00' }] })],
    [
      'policy.shop-twice',
      aPolicy({
        shops: [
          { shop: 'a', zone: 'UTC', closes: '22:00' },
          { shop: 'a', zone: 'UTC', closes: '23:00' },
        ],
      }),
    ],
    [
      'policy.bad-warehouse',
      aPolicy({ warehouses: { pools: [{ pool: '', regions: [] }], choose: 'nearest', split: true } }),
    ],
    [
      'policy.bad-choice',
      aPolicy({ warehouses: { pools: [], choose: 'cheapest' as 'nearest', split: true } }),
    ],
  ];
  for (const [code, policy] of cases)
    it(`finds ${code}, alone`, () => assert.deepEqual([...new Set(codes(policy))], [code]));

  it('names the row in the sentence', () => {
    const rules = [aRule('normal'), { ...aRule('live'), lockOn: [] }];
    assert.throws(() => checkPolicy(aPolicy({ rules })), {
      code: 'policy.no-events',
      message: /^Row 2 \(live\).*"Lock on"/,
    });
  });
});
