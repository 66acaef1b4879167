import { anyUnits } from './buckets.ts';
import { BundleBook } from './bundles/bundle-book.ts';
import type { KeyedCommand } from './commands.ts';
import type { Hold } from './ledger.ts';
import { Ledger } from './ledger.ts';
import type { Draft, Operation } from './operation.ts';
import { readOperation } from './operation.ts';
import { OrderBook } from './order-book.ts';
import { Shortages } from './refusals.ts';
import type { StockState } from './state.ts';
import { lotsOf } from './taking/ordered-units.ts';
import { UnsavedLines } from './unsaved-lines.ts';

/** A batch while it is decided: the stock, the orders, and the answers so far. */
export class Batch {
  readonly now: number;
  readonly ledger: Ledger;
  readonly orders: OrderBook;
  readonly unsaved: UnsavedLines;
  readonly shortages = new Shortages();
  readonly due: readonly Hold[];
  readonly moreDue: boolean;
  readonly bundles: BundleBook;
  readonly #operations = new Map<string, Operation>();
  #act = 0;

  constructor(state: StockState) {
    this.now = state.now;
    const ledger = new Ledger(state.now);
    const answers = new Map(state.answered.map((row) => [row.id, row.answer]));
    for (const row of state.operations) {
      const answer = row.same_as === null ? row.answer : answers.get(row.same_as);
      if (row.op_key !== null) this.#operations.set(row.op_key, readOperation(row, answer ?? null));
    }
    for (const row of state.balances) ledger.readBalance(row);
    for (const row of state.orderHolds) ledger.readOrderHold(row);
    for (const row of state.lapsed) {
      const balance = ledger.balance(row.pool, row.sku);
      if (balance) balance.lapsed = [...(balance.lapsed ?? []), ledger.readHold(row)];
    }
    for (const row of state.holders) {
      const balance = ledger.balance(row.pool, row.sku);
      if (balance) balance.holders = [...(balance.holders ?? []), ledger.readHold(row)];
    }
    for (const row of state.buyerHolds) ledger.readBuyerHold(row);
    this.bundles = new BundleBook(state.bundles);
    this.due = state.due.map((row) => ledger.readHold(row));
    this.moreDue = state.moreDue;
    this.ledger = ledger;
    this.orders = new OrderBook(state.now, state);
    this.unsaved = new UnsavedLines(state.unsavedLines);
  }

  /** Whether a SKU is to be taken as a bundle: it is defined as one and none of the pools has units of its own. */
  isBundle(pools: readonly string[], sku: string): boolean {
    if (this.bundles.empty || !this.bundles.has(sku)) return false;
    for (const pool of pools) {
      const balance = this.ledger.balance(pool, sku);
      if (balance && anyUnits(balance.units)) return false;
    }
    return true;
  }

  /** A number for the command decided next, by which sums kept in balances are known to be its own. */
  nextAct(): number {
    this.#act += 1;
    return this.#act;
  }

  earlier(opKey: string): Operation | undefined {
    return this.#operations.get(opKey);
  }

  /** Decides a command that is the first with its op key, and keeps its answer. */
  first(command: KeyedCommand, decide: (batch: Batch, command: KeyedCommand) => Draft): Draft {
    const act = this.ledger.begin(command);
    const draft = decide(this, command);
    act.draft = draft;
    this.#operations.set(command.opKey, { kind: command.kind, content: command.content, draft });
    return draft;
  }

  /** Tells the orders of holds that lapsed. */
  settleExpired(): void {
    const { expired } = this.ledger;
    if (expired.length === 0) return;
    this.ledger.expired = [];
    const byOrder = new Map<string, { hold: Hold; quantity: number }[]>();
    for (const one of expired) {
      const ofOrder = byOrder.get(one.hold.row.order_key);
      if (ofOrder) ofOrder.push(one);
      else byOrder.set(one.hold.row.order_key, [one]);
    }
    for (const [orderKey, ended] of byOrder) {
      const units = new Map(ended.map(({ hold, quantity }) => [hold, quantity]));
      const lines = lotsOf(units.keys()).map(({ lineId, sku, holds }) => ({
        lineId,
        sku,
        released: Math.min(...holds.map((hold) => Math.floor(units.get(hold)! / hold.row.per_unit))),
      }));
      const order = this.orders.get(orderKey);
      if (!order) continue;
      const all = this.ledger.holdsOf(orderKey);
      const none = !all?.some((hold) => hold.open);
      this.orders.settle(order, all, 'stock-released', { reason: 'expire', lines }, none);
    }
  }
}
