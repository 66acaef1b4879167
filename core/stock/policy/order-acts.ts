import type { DeductAnswer, LockAnswer, ReleaseAnswer } from '../answers.ts';
import type { LeftUpTo, Lock, Warehouses } from '../commands.ts';
import type { Stock } from '../stock.ts';
import { actKey } from './acts-done.ts';
import type { OrderFacts } from './facts.ts';
import type { Leaving, Step } from './plan.ts';
import { regionFor } from './region.ts';
import type { PolicyRule, StockPolicy } from './rule.ts';

/** What the acts of one event say about themselves. */
export interface ActSigns {
  orderKey: string;
  type: string;
  /** Why, as it stands in the ledger; the type of the event when absent. */
  reason?: string;
  opKey: string;
  actor: string;
}

/** Does steps for an order on the terms of its rule. */
export class OrderActs {
  readonly #stock: Stock;
  readonly #policy: StockPolicy;
  readonly #rule: PolicyRule;
  readonly #signs: ActSigns;
  readonly #order: OrderFacts;
  readonly #pool: string;
  readonly #warehouses: Warehouses | undefined;

  constructor(stock: Stock, policy: StockPolicy, rule: PolicyRule, signs: ActSigns, order: OrderFacts) {
    this.#stock = stock;
    this.#policy = policy;
    this.#rule = rule;
    this.#signs = signs;
    this.#order = order;
    this.#pool = rule.pool ?? policy.pool;
    // The warehouses are those behind the policy's pool; a pool of the rule's own is one by itself.
    const behind = rule.pool === undefined ? policy.warehouses : undefined;
    if (behind && behind.pools.length > 0) {
      const region = regionFor(order.places, behind);
      this.#warehouses = { ...behind, ...(region !== undefined && { region }) };
    }
  }

  /** @param now the store's clock when the step was planned */
  do(step: Step, number: number, now: number): Promise<LockAnswer | ReleaseAnswer | DeductAnswer> {
    const act = this.#act(number);
    const pools = [this.#pool, ...(this.#warehouses?.pools ?? []).map(({ pool }) => pool)];
    switch (step.act) {
      case 'deduct':
        return this.#stock.deduct({ ...act, pools, lines: step.lines, upTo: upToOf(step.lines) });
      case 'release':
        return this.#stock.release({ ...act, pools, lines: step.lines });
      case 'sale':
        return this.#stock.deduct({
          ...act,
          withoutHold: true,
          lines: step.lines,
          upTo: upToOf(step.lines),
          ...(this.#warehouses && { warehouses: this.#warehouses }),
        });
      default: {
        const { lines, bucket, deadline } = step;
        const ttlMs = deadline === null ? null : Math.max(1, deadline - now);
        return this.#stock.lock({
          ...this.#act(number),
          lines,
          bucket,
          ttlMs,
          upTo: upToOf(lines),
          ...this.#terms(ttlMs !== null),
        });
      }
    }
  }

  /** The answer to a lock that was asked for before: the first one, or what has become of it since. */
  lockAgain(number: number): Promise<LockAnswer> {
    const lines = this.#order.lines.map(({ lineId, sku, wanted }) => ({ lineId, sku, quantity: wanted }));
    return this.#stock.lock({ ...this.#act(number), lines, ...this.#terms(false) });
  }

  #terms(timed: boolean): Pick<Lock, 'scenario' | 'keepBack' | 'buyer' | 'scarce' | 'warehouses'> {
    const { limit, scenario, priority, capPerBuyer } = this.#rule;
    const scarce =
      timed &&
      limit.kind === 'minutes' &&
      limit.scarceBelow !== undefined &&
      limit.scarceMinutes !== undefined
        ? { below: limit.scarceBelow, ttlMs: limit.scarceMinutes * 60_000 }
        : undefined;
    return {
      scenario,
      keepBack: priority === 'high' ? 0 : this.#policy.buffer,
      ...(capPerBuyer !== undefined && {
        // Somebody nobody knows is the buyer of this one order.
        buyer: { key: this.#order.buyer ?? this.#order.orderKey, cap: capPerBuyer },
      }),
      ...(scarce && { scarce }),
      ...(this.#warehouses && { warehouses: this.#warehouses }),
    };
  }

  #act(number: number) {
    const { opKey, actor, orderKey, type, reason = type } = this.#signs;
    return { pool: this.#pool, opKey: actKey(opKey, number), actor, orderKey, reason };
  }
}

function upToOf(lines: readonly Leaving[]): LeftUpTo {
  return Object.fromEntries(lines.map(({ lineId, upTo }) => [lineId, upTo]));
}
