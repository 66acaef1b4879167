import type { PolicyRule, ShopClosing, StockPolicy, TimeLimit } from '../../core/stock/policy/rule.ts';
import type { BaseConfig } from '../shared/define-node.ts';
import { numberIn } from '../shared/number-field.ts';

type Digits = string | number;

/** A row as the dialog saves it: numbers may be text, and empty ones stand for none. */
export interface SavedRule extends Omit<PolicyRule, 'limit' | 'capPerBuyer' | 'pool'> {
  limit: { kind: TimeLimit['kind']; minutes?: Digits; scarceBelow?: Digits; scarceMinutes?: Digits };
  capPerBuyer?: Digits;
  pool?: string;
}

export interface SavedWarehouse {
  pool: string;
  /** Beginnings of regions, with commas between them. */
  regions: string;
}

/** What the dialog saves. */
export interface PolicySettings {
  pool: string;
  rules: SavedRule[];
  /** Units of each SKU that are kept back; empty for none. */
  buffer: Digits;
  /** Hours after the deposit within which the balance is due, where an order does not say it. */
  balanceHours: Digits;
  onHold: StockPolicy['onHold'];
  /** IANA zone and `HH:mm` of shops without a closing time of their own; this machine's zone when empty. */
  zone: string;
  closes: string;
  shops: ShopClosing[];
  warehouses: SavedWarehouse[];
  choose: 'nearest' | 'fewest-parcels' | 'fixed-order';
  split: boolean;
}

export interface StockPolicyConfig extends BaseConfig, PolicySettings {}

/** Hours after the deposit within which the balance is due, unless set. */
export const usualBalanceHours = 72;
export const usualClosing = '22:00';

/** The policy that settings stand for; what is wrong with them stays in it for the check to find. */
export function policyOf(settings: Partial<PolicySettings>): StockPolicy {
  const { warehouses = [], choose = 'nearest', split = true, shops = [] } = settings;
  const zone = settings.zone?.trim() || Intl.DateTimeFormat().resolvedOptions().timeZone;
  return {
    rules: (settings.rules ?? []).map(ruleOf),
    pool: settings.pool?.trim() || 'main',
    buffer: numberIn(settings.buffer) ?? 0,
    balanceMinutes: Math.round((numberIn(settings.balanceHours) ?? usualBalanceHours) * 60),
    onHold: settings.onHold ?? 'lock',
    closing: { zone, closes: settings.closes?.trim() || usualClosing },
    shops: shops.map((one) => ({
      shop: one.shop.trim(),
      zone: one.zone.trim() || zone,
      closes: one.closes.trim(),
    })),
    ...(warehouses.length > 0 && {
      warehouses: {
        pools: warehouses.map((one) => ({ pool: one.pool.trim(), regions: regionsIn(one.regions) })),
        choose,
        split,
      },
    }),
  };
}

function ruleOf(saved: SavedRule): PolicyRule {
  const { limit, capPerBuyer, pool, ...rest } = saved;
  const cap = numberIn(capPerBuyer);
  return {
    ...rest,
    scenario: saved.scenario.trim(),
    limit: limitOf(limit),
    ...(cap !== undefined && { capPerBuyer: cap }),
    ...(pool?.trim() && { pool: pool.trim() }),
  };
}

function limitOf({ kind, minutes, scarceBelow, scarceMinutes }: SavedRule['limit']): TimeLimit {
  if (kind !== 'minutes') return { kind };
  const below = numberIn(scarceBelow);
  const soon = numberIn(scarceMinutes);
  return {
    kind,
    minutes: numberIn(minutes) ?? Number.NaN,
    ...(below !== undefined && { scarceBelow: below }),
    ...(soon !== undefined && { scarceMinutes: soon }),
  };
}

/** Names with commas between them, also Chinese ones. */
function regionsIn(text: string): string[] {
  return text
    .split(/[,，、;；]/)
    .map((region) => region.trim())
    .filter((region) => region !== '');
}
