import { setTimeout } from 'node:timers/promises';
import { HubError, reasonOf } from '../errors.ts';
import type { CommandHandler, Tx } from './store.ts';

/** What a store must do for the queue: the transaction itself. */
export interface Transactor {
  /** Where the store is, for the sentence of a failure. */
  readonly location: string;
  /** Begins a transaction; `savepoint` and the rest act inside it. */
  begin(): Promise<Tx>;
  /** Makes the transaction durable and wakes who waited for what it wrote. */
  commit(tx: Tx): Promise<void>;
  rollback(tx: Tx): Promise<void>;
  savepoint(tx: Tx): Promise<void>;
  releaseSavepoint(tx: Tx): Promise<void>;
  rollbackToSavepoint(tx: Tx): Promise<void>;
  /** A failure of the store itself (disk full, file damaged): the whole batch fails with it. Else undefined. */
  storeFault(error: unknown): HubError | undefined;
  /**
   * What to decide again because another process on the store came in between: the whole `batch` from its beginning
   * (the store ended it in the other one's favour), or the `command`, which then finds what the other one wrote. A
   * store with one process never asks for it.
   */
  decideAgain?(error: unknown): 'batch' | 'command' | undefined;
}

/** How often a batch is decided again that others came in between of. */
const mostAgain = 5;
/** Longest wait before the first time, milliseconds; doubled for each further one, and random below. */
const againMs = 8;

interface Waiting {
  handler: CommandHandler<unknown, unknown>;
  command: unknown;
  /** What its handler answered; an error is for this caller only. */
  answer: unknown;
  resolve(answer: unknown): void;
  reject(error: unknown): void;
}

/**
 * Commits writes that arrive together in one transaction. Commands queue up during a turn of the event loop,
 * at most `bound` of them to a batch; those of one handler are decided together in the order they came.
 */
export class GroupCommit {
  readonly #transactor: Transactor;
  readonly #bound: number;
  #queue: Waiting[] = [];
  #running: Promise<void> | undefined;
  #closed = false;
  commands = 0;
  batches = 0;
  lastCommitMs = 0;
  /** Told after every batch: undefined when it was committed, else why the store refused it. */
  onBatch: (fault: HubError | undefined) => void = () => {};

  constructor(transactor: Transactor, bound = 256) {
    this.#transactor = transactor;
    this.#bound = bound;
  }

  get waiting(): number {
    return this.#queue.length;
  }

  execute<C, A>(handler: CommandHandler<C, A>, command: C): Promise<A> {
    return new Promise<A>((resolve, reject) => {
      if (this.#closed) {
        reject(new HubError('store.closed', {}, { retryable: true }));
        return;
      }
      this.#queue.push({
        handler: handler as CommandHandler<unknown, unknown>,
        command,
        answer: undefined,
        resolve: resolve as (answer: unknown) => void,
        reject,
      });
      this.#running ??= this.#drain();
    });
  }

  /** Commits what is queued and refuses what comes after. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.#running;
  }

  async #drain(): Promise<void> {
    // The turn of the event loop in which callers may still join the batch.
    await nextTurn();
    while (this.#queue.length > 0) {
      const batch = this.#queue.length > this.#bound ? this.#queue.splice(0, this.#bound) : this.#queue;
      if (batch === this.#queue) this.#queue = [];
      await this.#commit(batch);
      await nextTurn();
    }
    this.#running = undefined;
  }

  /**
   * Decides a batch and makes it durable. Groups are kept apart by savepoints; a batch of one group needs none, and
   * is decided again with them when it fails.
   */
  async #commit(batch: Waiting[], apart = false, again = 0): Promise<void> {
    const groups = [...byHandler(batch)];
    const whole = groups.length === 1 && !apart;
    let tx: Tx | undefined;
    try {
      tx = await this.#transactor.begin();
      if (whole) await run(tx, batch);
      else for (const group of groups) await this.#decide(tx, group, apart);
      const started = performance.now();
      await this.#transactor.commit(tx);
      this.lastCommitMs = performance.now() - started;
    } catch (error) {
      const fault = await this.#undone(tx, error);
      // Not the store's own failure but that of a command, perhaps of one whose rows were the last to be written.
      if (whole && tx && !this.#endsBatch(error)) return this.#commit(batch, true, again);
      if (again < mostAgain && this.#transactor.decideAgain?.(error) === 'batch') {
        await setTimeout(Math.random() * againMs * 2 ** again);
        return this.#commit(batch, apart, again + 1);
      }
      this.onBatch(fault);
      for (const waiting of batch) waiting.reject(fault);
      return;
    }
    this.batches += 1;
    this.commands += batch.length;
    this.onBatch(undefined);
    for (const waiting of batch) {
      const { answer } = waiting;
      if (answer instanceof Error) waiting.reject(answer);
      else waiting.resolve(answer);
    }
  }

  /** Undoes a batch and answers why the store refused it. A failing rollback is told, and keeps nobody waiting. */
  async #undone(tx: Tx | undefined, error: unknown): Promise<HubError> {
    const { location } = this.#transactor;
    const failed = (reason: string) => new HubError('store.failed', { location, reason }, { cause: error });
    const fault = this.#transactor.storeFault(error);
    try {
      if (tx) await this.#transactor.rollback(tx);
    } catch (second) {
      return fault ?? failed(`${reasonOf(error)}; ${reasonOf(second)}`);
    }
    return fault ?? failed(reasonOf(error));
  }

  /** @param second whether these commands were decided before and failed */
  async #decide(tx: Tx, group: Waiting[], second = false): Promise<void> {
    await this.#transactor.savepoint(tx);
    try {
      await run(tx, group);
      await this.#transactor.releaseSavepoint(tx);
    } catch (error) {
      if (this.#endsBatch(error)) throw error;
      await this.#transactor.rollbackToSavepoint(tx);
      await this.#transactor.releaseSavepoint(tx);
      // One bad command must not take its neighbours with it: each is tried alone.
      if (group.length > 1) for (const waiting of group) await this.#decide(tx, [waiting], true);
      else if (!second && this.#transactor.decideAgain?.(error) === 'command')
        await this.#decide(tx, group, true);
      else group[0]!.answer = asError(error);
    }
  }

  #endsBatch(error: unknown): boolean {
    return (
      this.#transactor.storeFault(error) !== undefined || this.#transactor.decideAgain?.(error) === 'batch'
    );
  }
}

/** Has a group's handler decide its commands. */
async function run(tx: Tx, group: readonly Waiting[]): Promise<void> {
  const { handler } = group[0]!;
  const given = await handler.run(
    tx,
    group.map((waiting) => waiting.command),
  );
  if (given.length !== group.length) {
    throw new Error(`${handler.name} answered ${given.length} of ${group.length} commands`);
  }
  group.forEach((waiting, index) => {
    waiting.answer = given[index];
  });
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}

function byHandler(batch: Waiting[]): Iterable<Waiting[]> {
  const groups = new Map<unknown, Waiting[]>();
  for (const waiting of batch) {
    const group = groups.get(waiting.handler);
    if (group) group.push(waiting);
    else groups.set(waiting.handler, [waiting]);
  }
  return groups.values();
}

function nextTurn(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}
