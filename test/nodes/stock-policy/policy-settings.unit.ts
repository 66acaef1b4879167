import assert from 'node:assert/strict';
import { policyFaults } from '../../../core/stock/policy/check-policy.ts';
import { usualRules } from '../../../core/stock/policy/usual-rules.ts';
import { policyOf, type SavedRule } from '../../../nodes/stock-policy/policy-settings.ts';
import { policySettings } from './settings.ts';

const live: SavedRule = {
  scenario: ' live ',
  lockOn: ['created'],
  bucket: 'held',
  limit: { kind: 'minutes', minutes: '5', scarceBelow: '20', scarceMinutes: 3 },
  committedOn: ['paid'],
  finalOn: ['shipped'],
  freeOn: ['cancelled'],
  priority: 'high',
  capPerBuyer: '2',
  pool: '',
};

describe('the settings of stock-policy', () => {
  it('are a policy without faults as they come from the palette', () => {
    const policy = policyOf(policySettings());
    assert.deepEqual(policy.rules, usualRules);
    assert.equal(policy.balanceMinutes, 72 * 60);
    assert.equal(policy.warehouses, undefined);
    assert.deepEqual(policyFaults(policy), []);
  });

  it('take numbers as text, and empty fields for what is usual', () => {
    const policy = policyOf(
      policySettings({ rules: [live], buffer: '3', balanceHours: '', zone: '', closes: '' }),
    );
    assert.deepEqual(policy.rules[0], {
      scenario: 'live',
      lockOn: ['created'],
      bucket: 'held',
      limit: { kind: 'minutes', minutes: 5, scarceBelow: 20, scarceMinutes: 3 },
      committedOn: ['paid'],
      finalOn: ['shipped'],
      freeOn: ['cancelled'],
      priority: 'high',
      capPerBuyer: 2,
    });
    assert.equal(policy.buffer, 3);
    assert.equal(policy.balanceMinutes, 72 * 60);
    assert.equal(policy.closing.closes, '22:00');
    assert.deepEqual(policyFaults(policy), []);
  });

  it('leave what is no number to the check, which names it', () => {
    const rules: SavedRule[] = [{ ...live, limit: { kind: 'minutes', minutes: '' }, capPerBuyer: 'two' }];
    const codes = policyFaults(policyOf(policySettings({ rules, buffer: 'few' }))).map(({ code }) => code);
    assert.deepEqual(codes, ['policy.bad-minutes', 'policy.bad-cap', 'policy.bad-buffer']);
  });

  it('read regions with commas of both languages, and give shops the zone of all', () => {
    const policy = policyOf(
      policySettings({
        warehouses: [{ pool: ' east ', regions: '浙江，江苏、上海, US-NY' }],
        shops: [{ shop: 'night', zone: '', closes: '02:00' }],
      }),
    );
    assert.deepEqual(policy.warehouses, {
      pools: [{ pool: 'east', regions: ['浙江', '江苏', '上海', 'US-NY'] }],
      choose: 'nearest',
      split: true,
    });
    assert.equal(policy.shops[0]?.zone, 'Asia/Shanghai');
  });
});
