import { systemTimers } from '../../../delivery/timers.ts';
import { heldUntil, keepHeld, takeTurn } from '../../../store/queries/channel-paces.ts';
import type { CommandHandler, Store } from '../../../store/store.ts';
import { AccountPacing, type PacingClock } from './account-pacing.ts';
import { InTurn } from './in-turn.ts';
import type { Pacing } from './pacing.ts';
import { sleep } from './sleep.ts';

/** How far requests may run ahead of the rate, milliseconds: the burst that a TokenBucket of the same rate allows. */
const aheadMs = 100;
/** Who waited longer than this for a turn asks once more whether the platform wants requests. Milliseconds. */
const staleMs = 1_000;

interface Held {
  account: string;
  /** Epoch milliseconds by the store's clock. */
  until: number;
}

const keepHeldHandler: CommandHandler<Held, void> = {
  name: 'channel.keep-held',
  async run(tx, commands) {
    for (const held of commands) await keepHeld(tx.db, held);
    return commands.map(() => undefined);
  },
};

/**
 * The pacing of an account that keeps what its platform demanded in a store, so that it is obeyed after a restart, and
 * shares its rate with the other processes on that store. Before a store is there, and where one process has it, the
 * process paces itself.
 *
 * A platform's demand is known to the other processes with their next request; one that was given its turn less than a
 * second before may still go.
 */
export class SharedPacing implements Pacing {
  readonly #account: string;
  readonly #perSecond: number;
  readonly #own: AccountPacing;
  readonly #timers;
  readonly #now;
  readonly #inTurn = new InTurn();
  #store: Store | undefined;
  /** What the platform demanded and the store was not told yet, milliseconds by this process's clock; 0 for nothing. */
  #untold = 0;
  #telling: Promise<void> | undefined;
  #isKnown = false;

  /** @param perSecond requests or cost points a second */
  constructor(
    account: string,
    perSecond: number,
    { timers = systemTimers, now = Date.now }: PacingClock = {},
  ) {
    this.#account = account;
    this.#perSecond = perSecond;
    this.#timers = timers;
    this.#now = now;
    this.#own = new AccountPacing(perSecond, { timers, now });
  }

  /** Keeps pace with all who use this store from now on. */
  keepIn(store: Store): void {
    if (this.#store === store) return;
    this.#store = store;
    this.#isKnown = false;
  }

  /**
   * Learns what the store knows, so that `heldUntil` says it before the first request.
   *
   * @throws HubError of the store
   */
  async learn(): Promise<void> {
    const store = this.#store;
    if (!store || this.#isKnown) return;
    const until = await asked(store, () => heldUntil(store.read, this.#account));
    this.#hear(until, store.now());
    this.#isKnown = true;
  }

  /** @throws HubError of a store that is away: what others do is not known then */
  take(weight: number, signal: AbortSignal, patienceMs: number): Promise<number> {
    return this.#inTurn.next(async () => {
      await this.learn();
      await this.#tell();
      const { shared } = this.#store ?? { shared: null };
      return shared
        ? this.#amongAll(this.#store!, weight, signal, patienceMs)
        : this.#own.take(weight, signal, patienceMs);
    });
  }

  hold(ms: number): void {
    this.#own.hold(ms);
    this.#untold = Math.max(this.#untold, this.#now() + ms);
    // A store that does not take it now is told with the next request, which learns of the trouble.
    this.#tell().catch(() => undefined);
  }

  heldUntil(): number | null {
    return this.#own.heldUntil();
  }

  async #amongAll(store: Store, weight: number, signal: AbortSignal, patienceMs: number): Promise<number> {
    const question = {
      account: this.#account,
      costUs: Math.round((weight * 1e6) / this.#perSecond),
      aheadUs: aheadMs * 1_000,
    };
    for (;;) {
      signal.throwIfAborted();
      const heldMs = (this.heldUntil() ?? 0) - this.#now();
      if (heldMs > patienceMs) return heldMs;
      if (heldMs > 0) {
        await sleep(this.#timers, heldMs, signal);
        continue;
      }
      const turn = await asked(store, () => takeTurn(store.shared!, question));
      if (turn.heldUntil !== null) {
        this.#hear(turn.heldUntil, turn.now);
        continue;
      }
      const wait = turn.at - turn.now;
      if (wait > 0) await sleep(this.#timers, Math.ceil(wait), signal);
      signal.throwIfAborted();
      if (wait > staleMs)
        this.#hear(await asked(store, () => heldUntil(store.read, this.#account)), store.now());
      if (this.heldUntil() === null) return 0;
    }
  }

  /** @param now of the clock that `until` is by */
  #hear(until: number, now: number): void {
    if (until > now) this.#own.hold(until - now);
  }

  /** Tells the store what the platform demanded, once at a time. */
  #tell(): Promise<void> {
    this.#telling ??= this.#tellAll().finally(() => {
      this.#telling = undefined;
    });
    return this.#telling;
  }

  async #tellAll(): Promise<void> {
    const store = this.#store;
    while (store && this.#untold > 0) {
      const told = this.#untold;
      const left = told - this.#now();
      if (left > 0) {
        const held = { account: this.#account, until: store.now() + Math.ceil(left) };
        await store.execute(keepHeldHandler, held);
      }
      if (this.#untold === told) this.#untold = 0;
    }
  }
}

/** A question to the store; its troubles come with a sentence. */
async function asked<T>(store: Store, question: () => Promise<T>): Promise<T> {
  try {
    return await question();
  } catch (error) {
    throw store.faultOf(error) ?? error;
  }
}
