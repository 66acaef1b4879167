import { HubError } from '../../../core/errors.ts';
import type { Store, StoreHealth } from '../../../core/store/store.ts';

/** A store that can be told to refuse its service, as one with a full disk does. */
export interface FailingStore {
  store: Store;
  /** The store behind it, as others use it; it does not fail. */
  real: Store;
  /** Refuses all from now on. */
  fail(): void;
  /** Serves again, and tells so if `tell` is set. */
  mend(tell?: boolean): void;
  /** Does what one kind of command asks, but keeps the answers back until the function it answers is called. */
  holdAnswers(handler: string): () => void;
  /** Writes asked for since it was made. */
  asked: number;
  /** Listeners that are attached. */
  readonly listeners: number;
}

export function failingStore(real: Store): FailingStore {
  let broken = false;
  const listeners = new Set<unknown>();
  const stateListeners = new Set<(health: StoreHealth) => void>();
  const refusal = () =>
    new HubError('store.full', { location: 'hub.sqlite', reason: 'full' }, { retryable: true });
  const counted =
    <L>(attach: (listener: L) => () => void) =>
    (listener: L) => {
      const entry = {};
      listeners.add(entry);
      const detach = attach(listener);
      return () => {
        listeners.delete(entry);
        detach();
      };
    };
  const held = new Map<string, Promise<void>>();
  const failing: FailingStore = {
    real,
    asked: 0,
    get listeners() {
      return listeners.size;
    },
    holdAnswers(handler) {
      let release = () => {};
      held.set(
        handler,
        new Promise((resolve) => {
          release = resolve;
        }),
      );
      return () => {
        held.delete(handler);
        release();
      };
    },
    fail() {
      broken = true;
    },
    mend(tell = false) {
      broken = false;
      if (tell) for (const listener of stateListeners) listener(real.health());
    },
    store: new Proxy(real, {
      get(target, name) {
        if (name === 'execute') {
          return (...args: Parameters<Store['execute']>) => {
            failing.asked += 1;
            if (broken) return Promise.reject(refusal());
            const hold = held.get(args[0].name);
            const answer = target.execute(...args);
            return hold ? Promise.all([answer, hold]).then(([given]) => given) : answer;
          };
        }
        if (name === 'read' && broken) throw refusal();
        if (name === 'onWake') return counted((listener: (woken: string) => void) => target.onWake(listener));
        if (name === 'onState') {
          return counted((listener: (health: StoreHealth) => void) => {
            stateListeners.add(listener);
            const detach = target.onState(listener);
            return () => {
              stateListeners.delete(listener);
              detach();
            };
          });
        }
        const value = Reflect.get(target, name, target);
        return typeof value === 'function' ? value.bind(target) : value;
      },
    }),
  };
  return failing;
}
