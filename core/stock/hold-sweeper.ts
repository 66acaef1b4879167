import { systemTimers, type Timers } from '../delivery/timers.ts';
import type { Stock } from './stock.ts';

/** Holds tidied in one transaction, so that none takes long. */
const page = 200;
const everyMs = 15_000;

/**
 * Tidies holds whose time is up. They do not count from the moment it is, so nothing depends on when this runs;
 * it only moves their units back in the ledger for those who read it.
 */
export class HoldSweeper {
  readonly #stock: Stock;
  readonly #timers: Timers;
  readonly #leads: () => boolean;
  #cancel: (() => void) | undefined;
  #sweeping: Promise<void> = Promise.resolve();
  #running = false;
  /** Why the last sweep failed; null when it went through. The next one comes by itself. */
  fault: unknown = null;

  /** @param leads whether this process is the one that tidies; asked before each page */
  constructor(stock: Stock, timers: Timers = systemTimers, leads: () => boolean = () => true) {
    this.#stock = stock;
    this.#timers = timers;
    this.#leads = leads;
  }

  start(): void {
    this.#running = true;
    this.#plan(everyMs);
  }

  async stop(): Promise<void> {
    this.#running = false;
    this.#cancel?.();
    this.#cancel = undefined;
    await this.#sweeping;
  }

  #plan(ms: number): void {
    if (!this.#running) return;
    this.#cancel = this.#timers.after(ms, () => {
      this.#cancel = undefined;
      this.#sweeping = this.#sweep();
    });
  }

  async #sweep(): Promise<void> {
    let more = false;
    try {
      if (this.#leads()) ({ more } = await this.#stock.sweep(page));
      this.fault = null;
    } catch (error) {
      this.fault = error;
    }
    this.#plan(more ? 0 : everyMs);
  }
}
