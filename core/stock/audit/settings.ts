import type { StockPolicy } from '../policy/rule.ts';

/** What counts as wrong where the business decides it. */
export interface AuditSettings {
  /** Statuses of an order whose lines must be covered by stock. */
  coveredStatuses: readonly string[];
  /** How long an order may be on its way between a change and what the flow does about it, milliseconds. */
  graceMs: number;
  /** How long a lapsed hold may wait for the sweeper, milliseconds. */
  sweepLateMs: number;
  /** How long a channel may be shown more than is sellable before its number is worked out again, milliseconds. */
  shareLateMs: number;
  /** The stock policies that are applied: what they want of an order's stock decides whether it is covered. */
  policies: readonly StockPolicy[];
  /** After how long a hold for an order that is not stored is worth a hint, milliseconds. */
  unknownOrderMs: number;
  /** Repairs of more units than this need a second person, where users log in. */
  secondPersonAbove: number;
}

export const usualAudit: AuditSettings = {
  coveredStatuses: ['paid', 'part-shipped'],
  graceMs: 5 * 60_000,
  sweepLateMs: 5 * 60_000,
  shareLateMs: 5 * 60_000,
  policies: [],
  unknownOrderMs: 24 * 3_600_000,
  secondPersonAbove: 100,
};
