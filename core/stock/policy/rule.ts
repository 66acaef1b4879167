import type { HoldBucket } from '../buckets.ts';
import type { WarehouseChoice } from '../commands.ts';

/** How long units stay locked before they are for sale again by themselves. */
export type TimeLimit =
  | { kind: 'none' }
  /** Minutes from the first lock; fewer where stock is scarce. */
  | {
      kind: 'minutes';
      minutes: number;
      /** Scarce is a SKU of which fewer units than this would stay available. */
      scarceBelow?: number;
      scarceMinutes?: number;
    }
  /** Until the balance of a presale is due: what the order says, else so long after the deposit as the policy says. */
  | { kind: 'balance-window' }
  /** Until the shop closes, in its own zone. */
  | { kind: 'closing-time' };

/** What becomes of stock in one scenario: one row of the policy. Events are types of order events. */
export interface PolicyRule {
  /** The order's scenario that the row is for. */
  scenario: string;
  /** Units are locked at any of these. */
  lockOn: readonly string[];
  bucket: HoldBucket;
  limit: TimeLimit;
  /** From any of these on units are committed, without a time limit. */
  committedOn: readonly string[];
  /** Units leave the stock at any of these. */
  finalOn: readonly string[];
  /** Units are free again at any of these, as far as they have not left. */
  freeOn: readonly string[];
  /** `high` may use the units that the policy keeps back. */
  priority: 'normal' | 'high';
  /** Most units of one SKU in a buyer's open locks of the scenario; none when absent. */
  capPerBuyer?: number;
  /** The pool units are taken from; that of the policy when absent. */
  pool?: string;
}

/** When a shop closes, `HH:mm` in an IANA zone; a time after midnight belongs to the evening before. */
export interface ClosingTime {
  zone: string;
  closes: string;
}

export interface ShopClosing extends ClosingTime {
  shop: string;
}

export interface PolicyWarehouses {
  pools: readonly { pool: string; regions: readonly string[] }[];
  choose: WarehouseChoice;
  split: boolean;
}

/** What a business decides about its stock: a rule for each scenario, and what they share. */
export interface StockPolicy {
  rules: readonly PolicyRule[];
  pool: string;
  /** Units of each SKU that only rules of high priority may take. */
  buffer: number;
  /** Minutes after the deposit within which the balance is paid, for orders that do not say it. */
  balanceMinutes: number;
  /** An order on hold (risk control, an address to be cleared): locked like any other, or once it may go on. */
  onHold: 'lock' | 'wait';
  /** When shops close that are not named. */
  closing: ClosingTime;
  shops: readonly ShopClosing[];
  warehouses?: PolicyWarehouses;
}
