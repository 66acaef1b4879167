import { countUp } from '../insight/counters.ts';
import { traceOfOrder } from '../store/queries/stock.ts';
import type { CommandHandler, Store } from '../store/store.ts';
import type {
  AdjustAnswer,
  DeductAnswer,
  KeyedAnswer,
  LockAnswer,
  ReleaseAnswer,
  StockAnswer,
  SweepAnswer,
} from './answers.ts';
import { bundleHandler } from './bundles/bundle-handler.ts';
import { type CheckedBundle, checkDefine, checkRemove } from './bundles/check-bundle.ts';
import type { BundleAnswer, DefineBundle, RemoveBundle } from './bundles/definitions.ts';
import {
  type Checked,
  checkCorrect,
  checkCount,
  checkDeduct,
  checkLock,
  checkMove,
  checkReceive,
  checkRelease,
  checkReturn,
  checkSale,
  checkTransfer,
} from './check.ts';
import type {
  Correct,
  Count,
  Deduct,
  DeductWithoutHold,
  KeyedCommand,
  Lock,
  Move,
  ReadyLock,
  ReadySale,
  Receive,
  Release,
  Return,
  StockCommand,
  Transfer,
} from './commands.ts';
import { decide } from './decide.ts';
import { load } from './load.ts';
import { refuse } from './refusals.ts';
import { lookAgainWhenShort } from './second-look.ts';
import { type UnknownSkus, unknownSkusOf } from './unknown-skus.ts';
import { number, write } from './write.ts';

export type * from './answers.ts';
export type * from './bundles/definitions.ts';
export type * from './commands.ts';
export { opKeyOf } from './commands.ts';

/** All acts on stock of a batch are decided together, in the order they came. */
export const stockHandler: CommandHandler<StockCommand, StockAnswer> = {
  name: 'stock',
  async run(tx, commands) {
    const state = await load(tx, commands);
    const decision = decide(state, commands);
    lookAgainWhenShort(decision.acts, state.passedOver);
    await number(tx, decision);
    const answers = decision.answers();
    await write(tx, decision);
    return answers;
  },
};

/** One adjustment of any kind, for callers to whom the kind is data. */
export type Adjustment =
  | ({ kind: 'receive' } & Receive)
  | ({ kind: 'correct' } & Correct)
  | ({ kind: 'set' } & Count)
  | ({ kind: 'return' } & Return)
  | ({ kind: 'move' } & Move)
  | ({ kind: 'transfer' } & Transfer);

/**
 * The stock of a store. Every act answers when it is durable; business refusals are answers (`state`,
 * `refusals`), a rejection is a fault of the store.
 */
export class Stock {
  readonly #store: Store;
  readonly #unknown: UnknownSkus;

  constructor(store: Store) {
    this.#store = store;
    this.#unknown = unknownSkusOf(store);
  }

  /** Goods arrive. Makes a SKU known that was not. */
  receive(act: Receive): Promise<AdjustAnswer> {
    return this.#do(checkReceive(act));
  }

  /** Adds or takes away free units that were counted wrong; never below zero. */
  correct(act: Correct): Promise<AdjustAnswer> {
    return this.#do(checkCorrect(act));
  }

  /** Stock-taking: makes the units on hand what was counted, by changing those that are free. */
  set(act: Count): Promise<AdjustAnswer> {
    return this.#do(checkCount(act));
  }

  adjust(act: Adjustment): Promise<AdjustAnswer> {
    switch (act.kind) {
      case 'receive':
        return this.receive(act);
      case 'correct':
        return this.correct(act);
      case 'set':
        return this.set(act);
      case 'return':
        return this.takeBack(act);
      case 'move':
        return this.move(act);
      case 'transfer':
        return this.transfer(act);
    }
  }

  /** Goods come back from the customer. */
  takeBack(act: Return): Promise<AdjustAnswer> {
    return this.#do(checkReturn(act));
  }

  /** Units change their place inside a pool. */
  move(act: Move): Promise<AdjustAnswer> {
    return this.#do(checkMove(act));
  }

  /** Free units go to another pool; the answer's lines are of the pool they left. */
  transfer(act: Transfer): Promise<AdjustAnswer> {
    return this.#do(checkTransfer(act));
  }

  /** Says what a bundle is made of, from now on. */
  defineBundle(act: DefineBundle): Promise<BundleAnswer> {
    return this.#doBundle(checkDefine(act), act.bundle);
  }

  /** Makes a bundle an unknown SKU again; units that are locked stay locked. */
  removeBundle(act: RemoveBundle): Promise<BundleAnswer> {
    return this.#doBundle(checkRemove(act), act.bundle);
  }

  /** Takes units for an order, all lines or none unless `partial` says otherwise. */
  lock(act: Lock): Promise<LockAnswer> {
    return this.#take(checkLock(act));
  }

  /** Gives the units of open holds back. */
  release(act: Release): Promise<ReleaseAnswer> {
    return this.#do(checkRelease(act), { holds: [] });
  }

  /** The units of open holds leave for the customer; with `withoutHold`, free units do. */
  deduct(act: Deduct | DeductWithoutHold): Promise<DeductAnswer> {
    return act.withoutHold ? this.#take(checkSale(act)) : this.#do(checkDeduct(act), { holds: [] });
  }

  /** Moves the units of at most `limit` lapsed holds back. They count as available before that already. */
  sweep(limit = 500): Promise<SweepAnswer> {
    const page = Math.min(Math.max(1, Math.trunc(limit) || 1), 1_000);
    return this.#store.execute(stockHandler, { kind: 'sweep', limit: page }) as Promise<SweepAnswer>;
  }

  /**
   * Takes units, unless a SKU is known to be unknown and nothing stored depends on it. Commands reach the store in the
   * order they came: only those that name such a SKU wait for something first.
   */
  #take<A extends LockAnswer | DeductAnswer>(checked: Checked<ReadyLock | ReadySale>): Promise<A> {
    const { command } = checked;
    if (!command || this.#unknown.size === 0) return this.#takeStored(checked);
    const unknown = new Set<string>();
    for (const { sku } of command.lines)
      if (poolsOf(command).every((pool) => this.#unknown.has(pool, sku))) unknown.add(sku);
    return unknown.size === 0 ? this.#takeStored(checked) : this.#refuseUnknown(checked, unknown);
  }

  /** Takes units, and remembers which SKUs the store did not know. */
  async #takeStored<A extends LockAnswer | DeductAnswer>(
    checked: Checked<ReadyLock | ReadySale>,
  ): Promise<A> {
    const { command } = checked;
    if (!command) return this.#do<A>(checked, { holds: [] });
    const { epoch } = this.#unknown;
    const answer = counted((await this.#store.execute(stockHandler, command)) as A);
    for (const { code, params } of answer.refusals) {
      if (code !== 'stock.unknown-sku') continue;
      for (const pool of poolsOf(command)) this.#unknown.add(pool, String(params.sku), epoch);
    }
    return answer;
  }

  /**
   * A refusal that needs no transaction, and that no op key keeps. A stored order is to be told what it is short of,
   * and an act that was done before has its answer, so those go the whole way.
   */
  async #refuseUnknown<A extends LockAnswer | DeductAnswer>(
    checked: Checked<ReadyLock | ReadySale>,
    unknown: ReadonlySet<string>,
  ): Promise<A> {
    const { command } = checked;
    if (!command) return this.#takeStored(checked);
    const { orderKey, opKey, pool, lines, kind } = command;
    const stored = await this.#read((db) => traceOfOrder(db, { orderKey, opKey }));
    if (stored.length > 0) return this.#takeStored(checked);
    const answer = {
      state: 'refused',
      lines:
        kind === 'sale'
          ? []
          : lines.map(({ lineId, sku, quantity }) => ({ lineId, sku, asked: quantity, locked: 0 })),
      holds: [],
      refusals: [...unknown].map((sku) => refuse('stock.unknown-sku', { sku, pool }).refusal),
      replayed: false,
    };
    return counted(answer as KeyedAnswer as A);
  }

  /** @throws HubError when the store cannot be read */
  async #read<R>(query: (db: Store['read']) => Promise<R>): Promise<R> {
    try {
      return await query(this.#store.read);
    } catch (error) {
      throw this.#store.faultOf(error) ?? error;
    }
  }

  #doBundle(checked: CheckedBundle, bundle: string): Promise<BundleAnswer> {
    if (checked.command) return this.#store.execute(bundleHandler, checked.command);
    const { refusals } = checked;
    return Promise.resolve({ state: 'refused', bundle, components: [], refusals, replayed: false });
  }

  #do<A extends KeyedAnswer>(checked: Checked<KeyedCommand>, nothing = {}): Promise<A> {
    if (checked.command)
      return (this.#store.execute(stockHandler, checked.command) as Promise<A>).then(counted);
    // Malformed: nothing to be kept by an op key, so a mended command may use the same one.
    const answer = { state: 'refused', lines: [], ...nothing, refusals: checked.refusals, replayed: false };
    return Promise.resolve(counted(answer as unknown as A));
  }
}

/** Where a command takes from. */
function poolsOf({ pool, warehouses }: ReadyLock | ReadySale): readonly string[] {
  return warehouses?.pools ?? [pool];
}

/** Counts why acts were refused, for the metrics; a repeat is no refusal of its own. */
function counted<A extends KeyedAnswer>(answer: A): A {
  if (!answer.replayed) for (const { code } of answer.refusals) countUp('stock-refusal', { code });
  return answer;
}
