import { type DeliveryError, deliveryError } from './failure.ts';
import type { Timers } from './timers.ts';

/** Waits between attempts at a store that fails, milliseconds; doubled up to the longest. */
const waits = { first: 500, longest: 30_000 };

/** How long to wait after so many failures one after another, milliseconds. */
export function storeWaitMs(failures: number): number {
  return Math.min(waits.longest, waits.first * 2 ** Math.min(failures, 10));
}

/** Remembers that the store refuses its service, and when it is worth another attempt. */
export class StoreTrouble {
  readonly #timers: Timers;
  readonly #tryAgain: () => void;
  #failures = 0;
  #cancel: (() => void) | undefined;
  /** Why, until the store has proved that it works again. */
  fault: DeliveryError | null = null;

  constructor(timers: Timers, tryAgain: () => void) {
    this.#timers = timers;
    this.#tryAgain = tryAgain;
  }

  /** True while it is too early for another attempt. */
  get holdsOff(): boolean {
    return this.#cancel !== undefined;
  }

  /** The store refused something; many refusals at once count as one. */
  failing(reason: string): void {
    this.fault = deliveryError('delivery.store-failing', { reason });
    if (this.#cancel) return;
    this.#cancel = this.#timers.after(storeWaitMs(this.#failures), () => {
      this.#cancel = undefined;
      this.#tryAgain();
    });
    this.#failures += 1;
  }

  /** The store did something; answers whether that is news. */
  healthy(): boolean {
    const news = this.fault !== null;
    this.fault = null;
    this.#failures = 0;
    this.rest();
    return news;
  }

  /** Plans nothing more. */
  rest(): void {
    this.#cancel?.();
    this.#cancel = undefined;
  }
}
