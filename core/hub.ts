import type { Store } from './store/store.ts';

/** Everything one store's users share. Made when the store opens, and gone when it closes. */
export class Hub {
  readonly store: Store;

  constructor(store: Store) {
    this.store = store;
  }

  async close(): Promise<void> {
    await this.store.close();
  }
}
