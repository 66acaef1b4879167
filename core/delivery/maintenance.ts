import type { Store } from '../store/store.ts';
import { DeliveryQueue } from './queue.ts';
import { systemTimers, type Timers } from './timers.ts';

export interface MaintenanceOptions {
  /** Milliseconds between two looks. */
  everyMs?: number;
  timers?: Timers;
  /** Whether this process is the one that looks; asked each time. By default it is the only one. */
  leads?: () => boolean;
}

/**
 * Looks after a store's leases every few seconds, with one timer however many sources there are: those that ran
 * out go back into the queue, those of processes that died among them. A store that fails reports itself; here the next look simply comes.
 */
export class Maintenance {
  readonly #queue: DeliveryQueue;
  readonly #everyMs: number;
  readonly #timers: Timers;
  readonly #leads: () => boolean;
  #cancel: (() => void) | undefined;
  #looking: Promise<void> | undefined;
  #running = false;
  /** Why the last look failed; null when it went through. */
  fault: unknown = null;

  constructor(store: Store, options: MaintenanceOptions = {}) {
    this.#queue = new DeliveryQueue(store);
    this.#everyMs = options.everyMs ?? 5_000;
    this.#timers = options.timers ?? systemTimers;
    this.#leads = options.leads ?? (() => true);
  }

  start(): void {
    if (this.#running) return;
    this.#running = true;
    this.#plan();
  }

  /** Resolves when nothing of it is at work any more. */
  async stop(): Promise<void> {
    this.#running = false;
    this.#cancel?.();
    this.#cancel = undefined;
    await this.#looking;
  }

  #plan(): void {
    this.#cancel?.();
    this.#cancel = this.#timers.after(this.#everyMs, () => {
      this.#cancel = undefined;
      this.#looking = this.#look();
    });
  }

  async #look(): Promise<void> {
    try {
      if (this.#leads()) await this.#queue.lapse();
      this.fault = null;
    } catch (error) {
      this.fault = error;
    }
    if (this.#running) this.#plan();
  }
}
