import { randomUUID } from 'node:crypto';
import type { Store } from '../../../core/store/store.ts';

/**
 * One of several processes' views of a store, for tests of what they agree on: a store of its own kind and owner
 * whose rows are those of `store`.
 */
export function sharedView(store: Store): Store {
  const owner = randomUUID();
  return new Proxy(store, {
    get(target, property) {
      if (property === 'kind') return 'postgres';
      if (property === 'owner') return owner;
      const value: unknown = Reflect.get(target, property, target);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}
