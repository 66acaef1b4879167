import { countUp } from '../insight/counters.ts';
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
import {
  type Checked,
  checkCorrect,
  checkCount,
  checkDeduct,
  checkLock,
  checkReceive,
  checkRelease,
  checkSale,
} from './check.ts';
import type {
  Correct,
  Count,
  Deduct,
  DeductWithoutHold,
  KeyedCommand,
  Lock,
  Receive,
  Release,
  StockCommand,
} from './commands.ts';
import { decide } from './decide.ts';
import { load } from './load.ts';
import { number, write } from './write.ts';

export type * from './answers.ts';
export type * from './commands.ts';
export { opKeyOf } from './commands.ts';

/** All acts on stock of a batch are decided together, in the order they came. */
export const stockHandler: CommandHandler<StockCommand, StockAnswer> = {
  name: 'stock',
  async run(tx, commands) {
    const decision = decide(await load(tx, commands), commands);
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
  | ({ kind: 'set' } & Count);

/**
 * The stock of a store. Every act answers when it is durable; business refusals are answers (`state`,
 * `refusals`), a rejection is a fault of the store.
 */
export class Stock {
  readonly #store: Store;

  constructor(store: Store) {
    this.#store = store;
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
    if (act.kind === 'receive') return this.receive(act);
    return act.kind === 'correct' ? this.correct(act) : this.set(act);
  }

  /** Takes units for an order, all lines or none unless `partial` says otherwise. */
  lock(act: Lock): Promise<LockAnswer> {
    return this.#do(checkLock(act), { holds: [] });
  }

  /** Gives the units of open holds back. */
  release(act: Release): Promise<ReleaseAnswer> {
    return this.#do(checkRelease(act), { holds: [] });
  }

  /** The units of open holds leave for the customer; with `withoutHold`, free units do. */
  deduct(act: Deduct | DeductWithoutHold): Promise<DeductAnswer> {
    return act.withoutHold
      ? this.#do(checkSale(act), { holds: [] })
      : this.#do(checkDeduct(act), { holds: [] });
  }

  /** Moves the units of at most `limit` lapsed holds back. They count as available before that already. */
  sweep(limit = 500): Promise<SweepAnswer> {
    const page = Math.min(Math.max(1, Math.trunc(limit) || 1), 1_000);
    return this.#store.execute(stockHandler, { kind: 'sweep', limit: page }) as Promise<SweepAnswer>;
  }

  #do<A extends KeyedAnswer>(checked: Checked<KeyedCommand>, nothing = {}): Promise<A> {
    if (checked.command)
      return (this.#store.execute(stockHandler, checked.command) as Promise<A>).then(counted);
    // Malformed: nothing to be kept by an op key, so a mended command may use the same one.
    const answer = { state: 'refused', lines: [], ...nothing, refusals: checked.refusals, replayed: false };
    return Promise.resolve(counted(answer as unknown as A));
  }
}

/** Counts why acts were refused, for the metrics; a repeat is no refusal of its own. */
function counted<A extends KeyedAnswer>(answer: A): A {
  if (!answer.replayed) for (const { code } of answer.refusals) countUp('stock-refusal', { code });
  return answer;
}
