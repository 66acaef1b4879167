import type { CommandHandler } from './store.ts';

/** Waits between two looks at a store that fails, milliseconds; the last one repeats. */
export const defaultProbeMs: readonly number[] = [1_000, 2_000, 5_000, 15_000];

/** More than a page of any store, so that writing it needs new space. */
const probeBytes = 32 * 1024;

/**
 * Writes as much as a page and takes it back, in one durable transaction: only a store that can grow and flush
 * lets it through, and no row of it stays.
 */
export const probe: CommandHandler<undefined, void> = {
  name: 'store.probe',
  async run(tx, commands) {
    const ids = await tx.insert('acts', [
      {
        actor: 'hub',
        act: 'store.probe',
        object: '',
        detail: JSON.stringify('x'.repeat(probeBytes)),
        at: tx.now,
      },
    ]);
    await tx.db.deleteFrom('acts').where('id', 'in', ids).execute();
    return commands.map(() => undefined);
  },
};

/**
 * Looks after a store that fails until a write gets through, so that it recovers by itself when nobody dares to
 * use it. Waits grow; its timer does not keep the process alive.
 */
export class Recovery {
  readonly #attempt: () => Promise<void>;
  readonly #waits: readonly number[];
  #attempts = 0;
  #timer: NodeJS.Timeout | undefined;
  #ended = false;

  /** @param attempt tries a write; its outcome is told to the store by the way every write's is */
  constructor(attempt: () => Promise<void>, waits: readonly number[] = defaultProbeMs) {
    this.#attempt = attempt;
    this.#waits = waits;
  }

  /** The store failed: looks again after a while, unless that is planned already. */
  failed(): void {
    if (this.#timer || this.#ended) return;
    const wait = this.#waits[Math.min(this.#attempts, this.#waits.length - 1)]!;
    this.#attempts += 1;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      // A refusal is no news here: it has reached failed() through the store before the promise rejects.
      this.#attempt().catch(() => this.failed());
    }, wait);
    this.#timer.unref();
  }

  /** A write got through. */
  recovered(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#attempts = 0;
  }

  end(): void {
    this.#ended = true;
    clearTimeout(this.#timer);
  }
}
