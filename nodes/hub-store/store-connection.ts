import { HubError, reasonOf } from '../../core/errors.ts';
import { Hub } from '../../core/hub.ts';
import type { Store } from '../../core/store/store.ts';
import type { HubUser } from '../shared/hub-lease.ts';
import './messages.ts';

export interface ConnectionOptions {
  open(): Promise<Store>;
  /** Told about failures to open, once for each new reason. */
  onFailure(error: HubError): void;
  /** Waits between attempts to open, milliseconds; the last one repeats. */
  retryMs?: readonly number[];
}

const defaultRetryMs = [250, 500, 1_000, 2_000, 5_000, 15_000];
/** How long an act waits for a store that is being opened before it is refused. */
const patienceMs = 10_000;

/**
 * Keeps one store open for the nodes that use it: opens at once, tries again when it fails, tells its users, and
 * ends it by one path only, when it was told to close and the last user has let go.
 */
export class StoreConnection {
  readonly #options: ConnectionOptions;
  readonly #users = new Set<HubUser>();
  readonly #waiting = new Set<(outcome: Hub | HubError) => void>();
  #hub: Hub | undefined;
  #failure = new HubError('store.not-open', { reason: '' }, { retryable: true });
  #closing = false;
  #attempts = 0;
  #retry: NodeJS.Timeout | undefined;
  #opening: Promise<void>;
  #lastUserGone: (() => void) | undefined;

  constructor(options: ConnectionOptions) {
    this.#options = options;
    this.#opening = this.#open();
  }

  get hub(): Hub | undefined {
    return this.#hub;
  }

  /** Why the store is not open. */
  get failure(): HubError {
    return this.#failure;
  }

  acquire(user: HubUser): { ready(): Promise<Hub>; release(): void } {
    this.#users.add(user);
    if (this.#hub) user.opened(this.#hub);
    else if (this.#attempts > 0) user.failing(this.#failure.code);
    return {
      ready: () => this.#ready(),
      release: () => {
        this.#users.delete(user);
        if (this.#users.size === 0) this.#lastUserGone?.();
      },
    };
  }

  /** Ends the store once its users have let go, or after `patience` milliseconds without them. */
  async close(patience: number): Promise<void> {
    this.#closing = true;
    clearTimeout(this.#retry);
    await this.#opening;
    if (this.#users.size > 0) await this.#usersGone(patience);
    const hub = this.#hub;
    this.#hub = undefined;
    this.#failure = new HubError('store.closed', {}, { retryable: true });
    for (const answer of this.#waiting) answer(this.#failure);
    await hub?.close();
  }

  #ready(): Promise<Hub> {
    if (this.#hub) return Promise.resolve(this.#hub);
    if (this.#closing) return Promise.reject(new HubError('store.closed', {}, { retryable: true }));
    return new Promise((resolve, reject) => {
      const answer = (outcome: Hub | HubError) => {
        clearTimeout(timer);
        this.#waiting.delete(answer);
        if (outcome instanceof Hub) resolve(outcome);
        else reject(outcome);
      };
      const timer = setTimeout(
        () => answer(new HubError('store.not-open', { reason: this.#failure.message }, { retryable: true })),
        patienceMs,
      );
      this.#waiting.add(answer);
    });
  }

  async #open(): Promise<void> {
    try {
      this.#hub = await this.#openHub();
    } catch (error) {
      this.#failed(
        HubError.is(error) ? error : new HubError('store.failed', { location: '–', reason: reasonOf(error) }),
      );
      return;
    }
    const hub = this.#hub;
    this.#attempts = 0;
    hub.store.onState((health) => {
      if (this.#closing) return;
      if (health.state === 'failing')
        this.#tell((user) => user.failing(health.fault?.code ?? 'store.failed'));
      if (health.state === 'open') this.#tell((user) => user.opened(hub));
    });
    this.#tell((user) => user.opened(hub));
    for (const answer of this.#waiting) answer(hub);
  }

  async #openHub(): Promise<Hub> {
    const store = await this.#options.open();
    try {
      return await Hub.open(store);
    } catch (error) {
      await store.close();
      throw error;
    }
  }

  #failed(failure: HubError): void {
    if (this.#attempts === 0 || failure.code !== this.#failure.code) this.#options.onFailure(failure);
    this.#failure = failure;
    this.#tell((user) => user.failing(failure.code));
    this.#retryLater();
  }

  /** Tells all users; one that fails at it is reported and keeps nobody else from being told. */
  #tell(act: (user: HubUser) => void): void {
    for (const user of [...this.#users]) {
      try {
        act(user);
      } catch (error) {
        this.#options.onFailure(
          new HubError('hub-store.user-failed', { reason: reasonOf(error) }, { cause: error }),
        );
      }
    }
  }

  #retryLater(): void {
    const waits = this.#options.retryMs ?? defaultRetryMs;
    const wait = waits[Math.min(this.#attempts, waits.length - 1)]!;
    this.#attempts += 1;
    if (this.#closing) return;
    this.#retry = setTimeout(() => {
      this.#opening = this.#open();
    }, wait);
  }

  #usersGone(patience: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, patience);
      this.#lastUserGone = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}
