import { systemTimers, type Timers } from './timers.ts';

export interface RecurringWorkOptions {
  /** Milliseconds from the end of a turn to the next one, unless the turn says otherwise. */
  everyMs: number;
  /** Milliseconds until the first turn; by default as many as between turns. */
  firstMs?: number;
  timers?: Timers;
  /** Whether this process is the one that does the work; asked before each turn. By default it is the only one. */
  leads?: () => boolean | Promise<boolean>;
}

/**
 * Work done again and again in the background, one turn at a time and with one timer. A turn that fails is kept as
 * the fault until one goes through; the next one comes by itself.
 */
export class RecurringWork {
  readonly #turn: () => Promise<number | undefined>;
  readonly #everyMs: number;
  readonly #firstMs: number;
  readonly #timers: Timers;
  readonly #leads: () => boolean | Promise<boolean>;
  #cancel: (() => void) | undefined;
  #running = false;
  #hastened = false;
  #ticking: Promise<void> | undefined;
  #work: Promise<unknown> = Promise.resolve();
  /** Why the last turn failed; null when it went through, or was another process's to do. */
  fault: unknown = null;

  /**
   * @param turn one step, short enough to be waited for when the hub closes; answers after how many milliseconds the
   *   next one is due (0: there is more to do at once), or undefined for the usual wait
   */
  constructor(turn: () => Promise<number | undefined>, options: RecurringWorkOptions) {
    this.#turn = turn;
    this.#everyMs = options.everyMs;
    this.#firstMs = options.firstMs ?? options.everyMs;
    this.#timers = options.timers ?? systemTimers;
    this.#leads = options.leads ?? (() => true);
  }

  start(): void {
    if (this.#running) return;
    this.#running = true;
    this.#plan(this.#firstMs);
  }

  /** Has the next turn come at once, or right after the one under way. */
  hasten(): void {
    if (!this.#running) return;
    if (this.#cancel) this.#plan(0);
    else this.#hastened = true;
  }

  /** Resolves when nothing of it is at work any more. */
  async stop(): Promise<void> {
    this.#running = false;
    this.#cancel?.();
    this.#cancel = undefined;
    // Whoever asked for work between turns is told how it ended.
    await Promise.allSettled([this.#ticking, this.#work]);
  }

  /** Does something that must not meet a turn: after what is under way and before what comes next. */
  between<R>(work: () => Promise<R>): Promise<R> {
    const done = this.#work.then(work, work);
    this.#work = done;
    return done;
  }

  #plan(ms: number): void {
    this.#cancel?.();
    this.#cancel = this.#timers.after(ms, () => {
      this.#cancel = undefined;
      this.#ticking = this.#tick();
    });
  }

  async #tick(): Promise<void> {
    let wait: number | undefined;
    this.#hastened = false;
    try {
      if (await this.#leads()) wait = await this.between(this.#turn);
      this.fault = null;
    } catch (error) {
      this.fault = error;
    }
    if (this.#running) this.#plan(this.#hastened ? 0 : (wait ?? this.#everyMs));
  }
}
