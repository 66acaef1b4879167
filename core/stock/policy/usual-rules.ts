import type { PolicyRule } from './rule.ts';

const ended = ['cancelled', 'closed', 'refunded', 'unpaid-timeout'] as const;

/** The rows a new policy has. */
export const usualRules: readonly PolicyRule[] = [
  {
    scenario: 'normal',
    lockOn: ['paid'],
    bucket: 'committed',
    limit: { kind: 'none' },
    committedOn: [],
    finalOn: ['shipped'],
    freeOn: ended,
    priority: 'normal',
  },
  {
    scenario: 'presale',
    lockOn: ['deposit-paid'],
    bucket: 'presale',
    limit: { kind: 'balance-window' },
    committedOn: ['paid'],
    finalOn: ['shipped'],
    freeOn: ended,
    priority: 'normal',
  },
  {
    scenario: 'pos',
    lockOn: ['created'],
    bucket: 'held',
    limit: { kind: 'closing-time' },
    committedOn: [],
    finalOn: ['completed', 'collected'],
    freeOn: ['cancelled', 'voided', 'refunded', 'not-collected'],
    priority: 'normal',
  },
];

/** Rows that a business may add, as the field does it. */
export const presetRules: readonly PolicyRule[] = [
  ...usualRules,
  {
    scenario: 'cash-on-delivery',
    lockOn: ['created'],
    bucket: 'held',
    limit: { kind: 'minutes', minutes: 24 * 60 },
    committedOn: ['confirmed', 'paid'],
    finalOn: ['shipped'],
    freeOn: ['cancelled', 'closed', 'refused'],
    priority: 'normal',
  },
  {
    scenario: 'live',
    lockOn: ['created'],
    bucket: 'held',
    limit: { kind: 'minutes', minutes: 5, scarceBelow: 20, scarceMinutes: 3 },
    committedOn: ['paid'],
    finalOn: ['shipped'],
    freeOn: ended,
    priority: 'normal',
    capPerBuyer: 2,
  },
  {
    scenario: 'exchange',
    lockOn: ['approved'],
    bucket: 'committed',
    limit: { kind: 'minutes', minutes: 7 * 24 * 60 },
    committedOn: [],
    finalOn: ['shipped'],
    freeOn: ['cancelled', 'withdrawn'],
    priority: 'high',
  },
  {
    scenario: 'transfer',
    lockOn: ['requested'],
    bucket: 'committed',
    limit: { kind: 'none' },
    committedOn: [],
    finalOn: ['shipped'],
    freeOn: ['cancelled', 'rejected'],
    priority: 'normal',
  },
];
