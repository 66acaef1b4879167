import type { WebhookRequest } from '../../core/channel/platform.ts';
import type { AccountState, WebhookAnswer } from '../../core/channel/webhook-gate.ts';

/** What a deployed channel-webhook node does for the route. */
export interface LiveHook {
  account: AccountState;
  /** The store answers. */
  ready(): boolean;
  /** Makes what was accepted of a request durable; whether all of it was there already. @throws when it could not */
  store(
    request: WebhookRequest,
    accepted: NonNullable<WebhookAnswer['accept']>,
  ): Promise<{ repeated: boolean }>;
  /** Told about every call and its answer. */
  answered(answer: WebhookAnswer): void;
}

/** Requests that may wait for their node at once; more are sent away, so that a flood cannot pile up here. */
const mostWaiting = 500;

/**
 * The nodes that receive, by their account's path. The route stays while they come and go with each deploy, so
 * it has to know whether a node is missing for good or just being replaced.
 */
export class LiveHooks {
  readonly #hooks = new Map<string, LiveHook>();
  readonly #waiting = new Set<() => void>();
  #flowsRun = false;

  /** Whether the flows run: only then is a missing hook one that does not exist. */
  get flowsRun(): boolean {
    return this.#flowsRun;
  }

  set flowsRun(run: boolean) {
    this.#flowsRun = run;
    this.changed();
  }

  /** Binds a node to its account's path; answers how to undo that. @returns undefined when it is taken */
  open(path: string, hook: LiveHook): (() => void) | undefined {
    if (this.#hooks.has(path)) return undefined;
    this.#hooks.set(path, hook);
    this.changed();
    return () => {
      if (this.#hooks.get(path) === hook) this.#hooks.delete(path);
    };
  }

  /** To be called when a hook may have become ready. */
  changed(): void {
    for (const look of this.#waiting) look();
  }

  /**
   * The hook at a path, once it is ready or it is certain that there is none; after `patience` milliseconds
   * whatever is there. A deploy takes less than that, and senders such as WooCommerce never try again.
   */
  async find(path: string, patience: number): Promise<LiveHook | undefined> {
    if (!this.#settled(path) && this.#waiting.size < mostWaiting) await this.#settle(path, patience);
    return this.#hooks.get(path);
  }

  #settled(path: string): boolean {
    const hook = this.#hooks.get(path);
    return hook ? hook.ready() : this.#flowsRun;
  }

  #settle(path: string, patience: number): Promise<void> {
    return new Promise((resolve) => {
      const end = (): void => {
        clearTimeout(timer);
        this.#waiting.delete(look);
        resolve();
      };
      const look = (): void => {
        if (this.#settled(path)) end();
      };
      const timer = setTimeout(end, patience);
      this.#waiting.add(look);
    });
  }
}
