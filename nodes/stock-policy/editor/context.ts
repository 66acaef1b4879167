import type { Language } from '../../../core/message.ts';

/** What every part of the dialog needs. */
export interface DialogContext {
  /** Looks up one of the node's texts. */
  t(key: string, values?: Record<string, string | number>): string;
  language: Language;
  /** Something was changed: the faults are looked for again. */
  changed(): void;
}

/** Events that are offered, in the order of an order's life; those of a business's own can be typed. */
export const knownEvents = [
  'created',
  'confirmed',
  'requested',
  'approved',
  'deposit-paid',
  'paid',
  'part-shipped',
  'shipped',
  'collected',
  'completed',
  'cancelled',
  'closed',
  'refund-requested',
  'refunded',
  'unpaid-timeout',
  'voided',
  'not-collected',
  'refused',
  'withdrawn',
  'rejected',
] as const;

/** Scenarios that have a name in both languages. */
export const namedScenarios: readonly string[] = [
  'normal',
  'presale',
  'pos',
  'cash-on-delivery',
  'live',
  'exchange',
  'transfer',
];
