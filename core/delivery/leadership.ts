import { dropLeases, takeLease } from '../store/queries/leases.ts';
import type { CommandHandler, Store } from '../store/store.ts';
import { systemTimers, type Timers } from './timers.ts';

export interface LeadershipOptions {
  /** Milliseconds, by the store's clock, after which a leader that says nothing is one no longer. */
  leaseMs?: number;
  timers?: Timers;
}

/** One process's wish to do a piece of work that one process at a time does. */
export interface Candidacy {
  /** Whether this process does the work now. Ask before every step: it ends by itself when the store is away. */
  leads(): boolean;
  /** Wishes no more. The work is free for another process at once. */
  resign(): Promise<void>;
}

interface Bid {
  names: readonly string[];
  owner: string;
  leaseMs: number;
}

/** Takes or extends leases; answers which of them are the owner's now. */
const bidHandler: CommandHandler<Bid, string[]> = {
  name: 'leadership.bid',
  async run(tx, commands) {
    const answers: string[][] = [];
    for (const { names, owner, leaseMs } of commands) {
      const won: string[] = [];
      // In one order, so that two processes that bid for several wait for one another and not in a circle.
      for (const name of [...names].sort())
        if (await takeLease(tx.db, { name, owner, now: tx.now, until: tx.now + leaseMs })) won.push(name);
      answers.push(won);
    }
    return answers;
  },
};

const resignHandler: CommandHandler<Omit<Bid, 'leaseMs'>, void> = {
  name: 'leadership.resign',
  async run(tx, commands) {
    for (const { names, owner } of commands) await dropLeases(tx.db, names, owner);
    return commands.map(() => undefined);
  },
};

/**
 * Sees to it that of all processes on a store one does each piece of work in the background: a lease a name, taken by
 * whoever comes first, extended three times in its length, taken over once it ran out, and given up on closing. An
 * embedded store has one process, which leads without asking and writes nothing.
 *
 * A lease keeps processes from doing the same work in vain. It is no lock: a leader that stands still in the middle
 * of a step finds another one at work when it wakes up, so every step must be right when two do it.
 */
export class Leadership {
  readonly #store: Store;
  readonly #leaseMs: number;
  readonly #timers: Timers;
  /** How many in this process wish to do each work. */
  readonly #wishes = new Map<string, number>();
  /** Until when this process leads, by the store's clock. */
  readonly #until = new Map<string, number>();
  #cancel: (() => void) | undefined;
  #bidding: Promise<void> | undefined;
  #stopped = false;
  /** Why the last bid failed; null when it went through. The next one comes by itself. */
  fault: unknown = null;

  constructor(store: Store, { leaseMs = 30_000, timers = systemTimers }: LeadershipOptions = {}) {
    this.#store = store;
    this.#leaseMs = leaseMs;
    this.#timers = timers;
  }

  /** Wishes to do a piece of work, and bids for it at once. */
  candidate(name: string): Candidacy {
    if (this.#store.kind === 'sqlite') return { leads: () => !this.#stopped, resign: async () => undefined };
    this.#wishes.set(name, (this.#wishes.get(name) ?? 0) + 1);
    this.#bidSoon();
    let resigned = false;
    return {
      leads: () => !resigned && this.#leads(name),
      resign: async () => {
        if (resigned) return;
        resigned = true;
        const left = this.#wishes.get(name)! - 1;
        if (left > 0) {
          this.#wishes.set(name, left);
          return;
        }
        this.#wishes.delete(name);
        await this.#giveUp([name]);
      },
    };
  }

  /** Bids no more, and gives up what this process leads. Resolves when nothing of it is at work. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#cancel?.();
    this.#cancel = undefined;
    await this.#giveUp([...this.#wishes.keys()]);
  }

  #leads(name: string): boolean {
    return !this.#stopped && this.#store.now() < (this.#until.get(name) ?? 0);
  }

  async #giveUp(names: readonly string[]): Promise<void> {
    // A bid under way would take the lease again behind our back.
    await this.#bidding;
    const held = names.filter((name) => this.#until.delete(name));
    // A store that is away is not waited for; there the leases run out.
    if (held.length === 0 || this.#store.health().state !== 'open') return;
    try {
      await this.#store.execute(resignHandler, { names: held, owner: this.#store.owner });
    } catch (error) {
      this.fault = error;
    }
  }

  #bidSoon(): void {
    this.#cancel?.();
    this.#plan(0);
  }

  #plan(ms: number): void {
    if (this.#stopped) return;
    this.#cancel = this.#timers.after(ms, () => {
      this.#cancel = undefined;
      // One at a time: an earlier one may still be under way when somebody new has come.
      this.#bidding = (this.#bidding ?? Promise.resolve()).then(() => this.#bid());
    });
  }

  async #bid(): Promise<void> {
    const names = [...this.#wishes.keys()];
    if (this.#stopped || names.length === 0) return;
    // From before the question: in the store the lease begins later, and so never ends before it does here.
    const asked = this.#store.now();
    try {
      const bid = { names, owner: this.#store.owner, leaseMs: this.#leaseMs };
      const won = new Set(await this.#store.execute(bidHandler, bid));
      for (const name of names) {
        if (won.has(name)) this.#until.set(name, asked + this.#leaseMs);
        else this.#until.delete(name);
      }
      this.fault = null;
    } catch (error) {
      this.fault = error;
    }
    if (!this.#cancel) this.#plan(this.#leaseMs / 3);
  }
}
