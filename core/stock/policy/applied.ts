import { RecurringWork } from '../../delivery/recurring-work.ts';
import { systemTimers, type Timers } from '../../delivery/timers.ts';
import { appliedByOthers, replaceApplied } from '../../store/queries/applied-policies.ts';
import type { CommandHandler, Store } from '../../store/store.ts';
import type { StockPolicy } from './rule.ts';

/** How often a process says that it still applies its policies, milliseconds. */
const everyMs = 60_000;
/** Who has said nothing for so long applies nothing any more; long enough for a restart. */
const silentMs = 5 * everyMs;

interface Saying {
  owner: string;
  policies: readonly string[];
}

const sayHandler: CommandHandler<Saying, void> = {
  name: 'policies.apply',
  async run(tx, commands) {
    for (const { owner, policies } of commands)
      await replaceApplied(tx.db, { owner, policies, now: tx.now, goneBefore: tx.now - silentMs });
    return commands.map(() => undefined);
  },
};

/**
 * The stock policies that are applied to orders of a store, for whoever asks what they say. Where several processes share
 * the store each says in it what it applies: whoever audits or explains need not be one that applies them.
 */
export class AppliedPolicies {
  readonly #policies = new Set<StockPolicy>();
  readonly #store: Store | undefined;
  readonly #saying: RecurringWork;
  /** Whether the store has anything of this process. */
  #said = false;

  /** @param store where several processes may say what they apply; without one this process is alone */
  constructor(store?: Store, timers: Timers = systemTimers) {
    this.#store = store?.kind === 'postgres' ? store : undefined;
    this.#saying = new RecurringWork(
      async () => {
        await this.say();
        return undefined;
      },
      { everyMs, timers },
    );
  }

  /** Why saying it failed last; null when it went through. It is said again by itself. */
  get fault(): unknown {
    return this.#saying.fault;
  }

  /** Those that this process applies. */
  get own(): readonly StockPolicy[] {
    return [...this.#policies];
  }

  /** Notes that a policy is applied; answers how to forget it. */
  add(policy: StockPolicy): () => void {
    this.#policies.add(policy);
    this.#saying.hasten();
    return () => {
      if (this.#policies.delete(policy)) this.#saying.hasten();
    };
  }

  /**
   * All that are applied, each once, those of this process first.
   *
   * @throws Error of the store when it cannot be read
   */
  async inForce(): Promise<readonly StockPolicy[]> {
    const store = this.#store;
    if (!store) return this.own;
    const known = new Map(this.own.map((policy) => [JSON.stringify(policy), policy]));
    for (const text of await appliedByOthers(store.read, {
      owner: store.owner,
      since: store.now() - silentMs,
    }))
      if (!known.has(text)) known.set(text, JSON.parse(text) as StockPolicy);
    return [...known.values()];
  }

  /** Says now what this process applies. */
  async say(): Promise<void> {
    const store = this.#store;
    if (!store || (this.#policies.size === 0 && !this.#said)) return;
    const policies = this.own.map((policy) => JSON.stringify(policy));
    this.#said = true;
    await store.execute(sayHandler, { owner: store.owner, policies });
    this.#said = policies.length > 0;
  }

  start(): void {
    if (this.#store) this.#saying.start();
  }

  /** Resolves when nothing of it is at work any more. What was said lasts a while: who restarts says it again. */
  stop(): Promise<void> {
    return this.#saying.stop();
  }
}
