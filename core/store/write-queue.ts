import { HubError } from '../errors.ts';
import { GroupCommit, type Transactor } from './group-commit.ts';
import { Listeners } from './listeners.ts';
import './messages.ts';
import { schemaVersion } from './migrations/migrate.ts';
import { probe, Recovery } from './recovery.ts';
import type { CommandHandler, StoreHealth } from './store.ts';

export interface WriteQueueOptions {
  kind: StoreHealth['kind'];
  /** The store's clock, epoch milliseconds. */
  now: () => number;
  /** Most commands in one transaction. */
  batch: number | undefined;
  /** Waits between two looks at a store that fails, milliseconds; the last one repeats. */
  probeMs: readonly number[] | undefined;
  /** Whether a batch may fail with this and the store is none the worse for it; by default no fault is like that. */
  passes?: (fault: HubError) => boolean;
}

/**
 * All writes of a store, and what they prove of it: it is open while batches go through and failing from one that
 * the store refused until a write gets through again, which is tried by itself when nobody writes.
 */
export class WriteQueue {
  readonly #commits: GroupCommit;
  readonly #recovery: Recovery;
  readonly #location: string;
  readonly #options: WriteQueueOptions;
  readonly #changed = new Listeners<StoreHealth>();
  #state: StoreHealth['state'] = 'open';
  #fault: StoreHealth['fault'] = null;
  #closing: Promise<void> | undefined;

  constructor(transactor: Transactor, options: WriteQueueOptions) {
    this.#location = transactor.location;
    this.#options = options;
    this.#commits = new GroupCommit(transactor, options.batch);
    this.#commits.onBatch = (fault) => this.#proved(fault);
    this.#recovery = new Recovery(() => this.#commits.execute(probe, undefined), options.probeMs);
  }

  execute<C, A>(handler: CommandHandler<C, A>, command: C): Promise<A> {
    return this.#commits.execute(handler, command);
  }

  executeAll<C, A>(
    handler: CommandHandler<C, A>,
    commands: readonly C[],
  ): Promise<PromiseSettledResult<A>[]> {
    return Promise.allSettled(commands.map((command) => this.#commits.execute(handler, command)));
  }

  health(): StoreHealth {
    return {
      state: this.#state,
      kind: this.#options.kind,
      location: this.#location,
      fault: this.#fault,
      commands: this.#commits.commands,
      batches: this.#commits.batches,
      waiting: this.#commits.waiting,
      lastCommitMs: this.#commits.lastCommitMs,
      schemaVersion,
    };
  }

  /** Calls back when `state` changes; answers how to stop that. */
  onState(listener: (health: StoreHealth) => void): () => void {
    return this.#changed.add(listener);
  }

  /** For what is no write but must not begin on a store that closes. @throws HubError store.closed */
  mustBeOpen(): void {
    if (this.#closing) throw new HubError('store.closed', {}, { retryable: true });
  }

  /**
   * Commits what is queued, refuses what comes after, and then has the store let go of what it holds. Asked again,
   * it answers the end of the first time.
   */
  close(letGo: () => Promise<void>): Promise<void> {
    this.#closing ??= this.#close(letGo);
    return this.#closing;
  }

  async #close(letGo: () => Promise<void>): Promise<void> {
    this.#recovery.end();
    await this.#commits.close();
    await letGo();
    this.#become('closed', this.#fault);
  }

  /** A batch went through or the store refused it: the last proof counts, not the intention. */
  #proved(fault: HubError | undefined): void {
    if (!fault) {
      if (this.#state !== 'failing') return;
      this.#recovery.recovered();
      this.#become('open', null);
      return;
    }
    if (this.#options.passes?.(fault)) return;
    this.#recovery.failed();
    this.#become('failing', { code: fault.code, sentence: fault.message, at: this.#options.now() });
  }

  #become(state: StoreHealth['state'], fault: StoreHealth['fault']): void {
    this.#state = state;
    this.#fault = fault;
    this.#changed.tell(this.health());
  }
}
