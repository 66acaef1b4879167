import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { ChildMessage, ParentMessage, Sale, SellerOptions } from './selling-process.ts';

/** Processes that sell one SKU on one PostgreSQL schema; see selling-process.ts. */
export class Sellers {
  /** Every answer that any of them got, in the order they told. */
  readonly sales: Sale[] = [];
  readonly #children: ChildProcess[] = [];
  readonly #wanted: { count: number; reached(): void }[] = [];
  #fail: (error: Error) => void = () => {};
  /** Rejects when one of them fails; never resolves. */
  readonly #failed = new Promise<never>((_, reject) => {
    this.#fail = reject;
  });

  /** Starts them and resolves when each has the store open. */
  static async open(options: Omit<SellerOptions, 'seller'>): Promise<Sellers> {
    const sellers = new Sellers();
    try {
      await sellers.#each('opened', (seller) => ({ type: 'open', options: { ...options, seller } }), options);
    } catch (error) {
      await sellers.close();
      throw error;
    }
    return sellers;
  }

  private constructor() {
    // Whoever waits for something hears of it; nobody has to be waiting.
    this.#failed.catch(() => {});
  }

  /** Has all of them sell at once until nothing is left; answers how often an act was asked for again. */
  async sell(): Promise<number> {
    const done = await this.#each('done', () => ({ type: 'sell' }));
    return done.reduce((sum, { again }) => sum + again, 0);
  }

  /** Resolves when they have been answered so often. */
  answered(count: number): Promise<void> {
    const reached = new Promise<void>((resolve) => this.#wanted.push({ count, reached: resolve }));
    return Promise.race([reached, this.#failed]);
  }

  /** Closes their stores and resolves when the processes are gone. */
  async close(): Promise<void> {
    await Promise.all(
      this.#children.map(async (child) => {
        if (child.exitCode !== null || child.signalCode !== null) return;
        const gone = once(child, 'exit');
        if (child.connected) child.send({ type: 'close' } satisfies ParentMessage);
        await gone;
      }),
    );
  }

  #each<T extends ChildMessage['type']>(
    type: T,
    message: (seller: number) => ParentMessage,
    start?: { sellers: number },
  ): Promise<Extract<ChildMessage, { type: T }>[]> {
    for (let seller = 0; seller < (start?.sellers ?? 0); seller += 1) this.#children.push(this.#fork());
    const answers = this.#children.map(
      (child) =>
        new Promise<Extract<ChildMessage, { type: T }>>((resolve) => {
          const listener = (answer: ChildMessage): void => {
            if (answer.type !== type) return;
            child.off('message', listener);
            resolve(answer as Extract<ChildMessage, { type: T }>);
          };
          child.on('message', listener);
        }),
    );
    for (const [seller, child] of this.#children.entries()) child.send(message(seller));
    return Promise.race([Promise.all(answers), this.#failed]);
  }

  #fork(): ChildProcess {
    const child = fork(fileURLToPath(new URL('./selling-process.ts', import.meta.url)), [], {
      execArgv: ['--disable-warning=ExperimentalWarning'],
    });
    child.on('message', (message: ChildMessage) => {
      if (message.type === 'failed') this.#fail(new Error(message.reason));
      if (message.type !== 'sale') return;
      this.sales.push(message.sale);
      for (const { count, reached } of this.#wanted) if (this.sales.length >= count) reached();
    });
    child.on('exit', (code, signal) => {
      if (code !== 0) this.#fail(new Error(`A seller ended (${signal ?? code}).`));
    });
    return child;
  }
}
