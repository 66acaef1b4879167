import type { Lease } from './delivery.ts';
import type { Timers } from './timers.ts';

export interface LeaseKeeperOptions {
  /** Extends leases and answers those that are still the holder's. */
  extend(leases: readonly Lease[]): Promise<readonly Lease[]>;
  everyMs: number;
  timers: Timers;
  /** Told why leases could not be extended. */
  onFault(error: unknown): void;
}

/** Extends the leases of what is in flight, all with one write, as long as anything is. */
export class LeaseKeeper {
  readonly #options: LeaseKeeperOptions;
  readonly #held = new Map<number, Lease>();
  #cancel: (() => void) | undefined;
  #extending = false;

  constructor(options: LeaseKeeperOptions) {
    this.#options = options;
  }

  hold({ id, token }: Lease): void {
    this.#held.set(id, { id, token });
    this.#plan();
  }

  /** Lets go of a lease, if it is the one that is held. */
  drop({ id, token }: Lease): void {
    if (this.#held.get(id)?.token === token) this.#held.delete(id);
    if (this.#held.size === 0) this.stop();
  }

  stop(): void {
    this.#cancel?.();
    this.#cancel = undefined;
  }

  #plan(): void {
    if (this.#cancel || this.#extending || this.#held.size === 0) return;
    this.#cancel = this.#options.timers.after(this.#options.everyMs, () => {
      this.#cancel = undefined;
      void this.#extend();
    });
  }

  async #extend(): Promise<void> {
    const asked = [...this.#held.values()];
    this.#extending = true;
    try {
      const kept = new Set((await this.#options.extend(asked)).map((lease) => lease.id));
      // What is no longer ours is not worth extending; its handler may go on, and its finish will be refused.
      for (const lease of asked) if (!kept.has(lease.id)) this.drop(lease);
    } catch (error) {
      this.#options.onFault(error);
    }
    this.#extending = false;
    this.#plan();
  }
}
