import type { Timers } from '../../../core/delivery/timers.ts';
import type { Store } from '../../../core/store/store.ts';
import { inTx } from './deliveries.ts';

interface Planned {
  at: number;
  act: () => void;
}

/** A clock that stands still until it is put forward, and the timers that hang on it. */
export class VirtualTime implements Timers {
  #now = Date.UTC(2026, 0, 5, 8);
  readonly #planned = new Set<Planned>();

  /** Waits until what a timer set going is done; what a server answers takes longer than some turns. */
  settled: () => Promise<void> = () => turns();

  /** Waits for what a store was asked to write, too, so that the clock does not run away from a slow server. */
  waitFor(store: Store): void {
    this.settled = async () => {
      // Writes are done in the order they are asked for.
      await inTx(store, async () => undefined);
      await turns();
    };
  }

  readonly now = (): number => this.#now;

  after(ms: number, act: () => void): () => void {
    const planned = { at: this.#now + ms, act };
    this.#planned.add(planned);
    return () => this.#planned.delete(planned);
  }

  /** Timers that wait. */
  get pending(): number {
    return this.#planned.size;
  }

  /** Milliseconds until the next timer. */
  get nextIn(): number {
    return Math.min(...[...this.#planned].map(({ at }) => at)) - this.#now;
  }

  /** Puts the clock forward and calls the timers that are due on the way, in order. */
  async advance(ms: number): Promise<void> {
    const end = this.#now + ms;
    for (;;) {
      const [next] = [...this.#planned].filter(({ at }) => at <= end).sort((a, b) => a.at - b.at);
      if (!next) break;
      this.#planned.delete(next);
      this.#now = Math.max(this.#now, next.at);
      next.act();
      await this.settled();
    }
    // What was called may have let the clock jump on.
    this.#now = Math.max(this.#now, end);
    await this.settled();
  }

  /** Lets the clock jump without calling any timer, as when the process stood still. */
  jump(ms: number): void {
    this.#now += ms;
  }
}

/** Lets what is under way go on for some turns of the event loop. */
export async function turns(count = 12): Promise<void> {
  for (let turn = 0; turn < count; turn += 1) {
    await new Promise((resolve) => {
      setImmediate(resolve);
    });
  }
}

/** How long something that needs no clock is waited for, milliseconds: a server on a busy machine stands still for seconds. */
const patienceMs = 15_000;

/** Lets the event loop turn until something is so. */
export async function until(isSo: () => boolean, what: string): Promise<void> {
  const end = performance.now() + patienceMs;
  while (!isSo()) {
    if (performance.now() > end) throw new Error(`In vain waited until ${what}`);
    await turns(1);
  }
}
