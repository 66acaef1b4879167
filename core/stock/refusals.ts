import { type MessageParams, sentence } from '../message.ts';
import type { Holder, Shortage, StockRefusal } from './answers.ts';
import { type HoldBucket, notFree } from './buckets.ts';
import type { Balance, Hold } from './ledger.ts';
import './messages.ts';

/** The most holders a refusal names. */
export const mostHolders = 5;

/** A refusal and its text as an operation keeps it (the sentence is told anew, in the language of the day). */
export interface Told {
  refusal: StockRefusal;
  json: string;
}

export function refuse(code: string, params: MessageParams): Told {
  return tell({ code, params });
}

/** What became of a hold that is over, and when: `stock.hold-posted`, `-released`, `-expired`. */
export function holdEnded({ row }: Hold): Told {
  // One that has lapsed ended then, whether or not its units have been moved back yet.
  const state = row.state === 'open' ? 'expired' : row.state;
  const at = state === 'expired' ? row.deadline : row.resolved_at;
  return refuse(`stock.hold-${state}`, {
    orderKey: row.order_key,
    line: row.line_id,
    quantity: row.quantity / row.per_unit,
    sku: row.bundle ?? row.sku,
    at: at === null ? '–' : new Date(at).toISOString(),
  });
}

/** What an order itself holds of a SKU, by bucket; it does not stand in its own way. */
export type OwnUnits = Readonly<Record<HoldBucket, number>>;

const nothingOwn: OwnUnits = { held: 0, committed: 0, presale: 0 };

/** Who asks, and what of the units it may not have. */
export interface Asker {
  orderKey?: string | undefined;
  /** What the asking order holds itself; undefined when it holds nothing of the SKU. */
  own?: OwnUnits | undefined;
  /** Units that must stay available. */
  keepBack?: number;
}

interface Kept {
  version: number;
  byAsked: Map<string, Told>;
}

/**
 * Makes the refusals of a batch. On a SKU that is sold out most commands are refused for the same reason, so a
 * sentence is kept until the numbers change.
 */
export class Shortages {
  readonly #kept = new Map<Balance, Kept>();

  /** Too little of a SKU: `stock.short`, `stock.below-zero`. */
  of(code: string, balance: Balance, asked: number, asker: Asker = {}): Told {
    if (asker.own) return shortage(code, balance.sku, [balance], asked, asker);
    const keepBack = asker.keepBack ?? 0;
    let kept = this.#kept.get(balance);
    if (!kept || kept.version !== balance.version) {
      kept = { version: balance.version, byAsked: new Map() };
      this.#kept.set(balance, kept);
    }
    const name = `${code} ${asked} ${keepBack}`;
    let told = kept.byAsked.get(name);
    if (!told) {
      told = shortage(code, balance.sku, [balance], asked, { keepBack });
      kept.byAsked.set(name, told);
      return told;
    }
    // A caller may change its answer; the numbers are shared, the objects are not.
    return { refusal: copyRefusal(told.refusal), json: told.json };
  }

  /** Too little of a SKU in all of several pools together. */
  inAll(code: string, sku: string, balances: readonly Balance[], asked: number, asker: Asker): Told {
    return shortage(code, sku, balances, asked, asker);
  }

  /** A count below what is not free. */
  count(balance: Balance, counted: number): Told {
    const { units } = balance;
    const heldBy = holdersOf(balance, undefined);
    const params = {
      sku: balance.sku,
      asked: counted,
      locked: notFree(units),
      available: units.available,
      held: units.held,
      committed: units.committed,
      presale: units.presale,
      qc: units.qc,
      damaged: units.damaged,
      buffer: 0,
    };
    return tell({ code: 'stock.count-below-locked', params, heldBy });
  }
}

function shortage(
  code: string,
  sku: string,
  balances: readonly Balance[],
  asked: number,
  { orderKey, own = nothingOwn, keepBack = 0 }: Asker,
): Told {
  const heldBy = balances.flatMap((balance) => holdersOf(balance, orderKey)).slice(0, mostHolders);
  const sum = { available: 0, held: 0, committed: 0, presale: 0 };
  for (const { units } of balances) {
    sum.available += units.available;
    sum.held += units.held;
    sum.committed += units.committed;
    sum.presale += units.presale;
  }
  const arithmetic = {
    sku,
    asked,
    available: Math.max(0, sum.available - keepBack) + own.held + own.committed + own.presale,
    held: Math.max(0, sum.held - own.held),
    committed: Math.max(0, sum.committed - own.committed),
    presale: Math.max(0, sum.presale - own.presale),
    buffer: keepBack,
  };
  return tell({ code, params: arithmetic, heldBy });
}

/** A refusal as an operation keeps it: what can be told again from the rest is left out. */
export interface KeptRefusal {
  code: string;
  params: MessageParams;
  heldBy?: Holder[];
}

function tell(kept: KeptRefusal): Told {
  return { refusal: refusalFrom(kept), json: JSON.stringify(kept) };
}

/** The whole refusal, told in the language of the day. */
export function refusalFrom({ code, params, heldBy }: KeptRefusal): StockRefusal {
  if (!heldBy) return { code, params, sentence: sentence(code, params) };
  const all = { ...params, holders: named(heldBy) };
  const units = (name: keyof Shortage): number => Number(params[name] ?? 0);
  const shortage: Shortage = {
    sku: String(params.sku),
    asked: units('asked'),
    available: units('available'),
    held: units('held'),
    committed: units('committed'),
    presale: units('presale'),
    buffer: units('buffer'),
    heldBy,
  };
  return { code, params: all, sentence: sentence(code, all), shortage };
}

/** The newest open holds on a SKU that are not the asking order's own. */
function holdersOf(balance: Balance, orderKey: string | undefined): Holder[] {
  const holders: Holder[] = [];
  const add = (hold: Hold | undefined): void => {
    if (hold?.open && hold.row.order_key !== orderKey) {
      holders.push({
        orderKey: hold.row.order_key,
        quantity: hold.row.remaining,
        until: hold.row.deadline ?? null,
      });
    }
  };
  const made = balance.made ?? [];
  for (let index = made.length - 1; index >= 0 && holders.length < mostHolders; index -= 1) add(made[index]);
  for (const hold of balance.holders ?? []) {
    if (holders.length === mostHolders) break;
    add(hold);
  }
  return holders;
}

/** Holders as a sentence names them. */
function named(holders: readonly Holder[]): string {
  if (holders.length === 0) return '–';
  return holders
    .map(({ orderKey, quantity, until }) => {
      const limit = until === null ? '' : ` (${new Date(until).toISOString()})`;
      return `${orderKey} × ${quantity}${limit}`;
    })
    .join(', ');
}

export function copyRefusal(refusal: StockRefusal): StockRefusal {
  const { code, params, sentence, shortage } = refusal;
  return shortage
    ? {
        code,
        params: { ...params },
        sentence,
        shortage: { ...shortage, heldBy: shortage.heldBy.map((holder) => ({ ...holder })) },
      }
    : { code, params: { ...params }, sentence };
}
