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
  const failing: FailingStore = {
    real,
    asked: 0,
    get listeners() {
      return listeners.size;
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
            return broken ? Promise.reject(refusal()) : target.execute(...args);
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
