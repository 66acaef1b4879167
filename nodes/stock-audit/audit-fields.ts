import { HubError } from '../../core/errors.ts';
import type { AuditSettings } from '../../core/stock/audit/settings.ts';
import '../shared/messages.ts';

/** Statuses an order can have before all of it has left. */
export const coverableStatuses = ['created', 'deposit-paid', 'paid', 'part-shipped'] as const;

/** What each number of the dialog may be, and what it is when it is left empty. */
export const auditBounds = {
  graceMinutes: { least: 0, most: 1_440, usual: 5 },
  unknownHours: { least: 1, most: 8_760, usual: 24 },
  secondPersonAbove: { least: 0, most: 1_000_000_000, usual: 100 },
} as const;

export type AuditField = keyof typeof auditBounds;
type Value = string | number | undefined;

/** What is wrong with a number of the dialog: asked by the dialog and by the running node. */
export function fieldFault(field: AuditField, value: Value): HubError | undefined {
  const bounds = auditBounds[field];
  if (value === undefined || String(value).trim() === '') return undefined;
  const number = Number(value);
  if (Number.isInteger(number) && number >= bounds.least && number <= bounds.most) return undefined;
  return new HubError('source.bad-whole-number', { value: String(value), ...bounds });
}

export interface AuditFields extends Record<AuditField, Value> {
  /** Statuses of orders whose lines must be covered. */
  statuses: readonly string[];
}

/** The fields as the auditor takes them. */
export function settingsFrom(fields: Partial<AuditFields>): Partial<AuditSettings> {
  const number = (field: AuditField): number => {
    const value = fields[field];
    return value === undefined || String(value).trim() === '' ? auditBounds[field].usual : Number(value);
  };
  return {
    ...(Array.isArray(fields.statuses) && { coveredStatuses: fields.statuses }),
    graceMs: number('graceMinutes') * 60_000,
    unknownOrderMs: number('unknownHours') * 3_600_000,
    secondPersonAbove: number('secondPersonAbove'),
  };
}
