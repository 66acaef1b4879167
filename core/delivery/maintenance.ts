import type { Store } from '../store/store.ts';
import { DeliveryQueue } from './queue.ts';
import { RecurringWork } from './recurring-work.ts';
import type { Timers } from './timers.ts';

export interface MaintenanceOptions {
  /** Milliseconds between two looks. */
  everyMs?: number;
  timers?: Timers;
  /** Whether this process is the one that looks; asked each time. By default it is the only one. */
  leads?: () => boolean;
}

/**
 * Looks after a store's leases every few seconds, with one timer however many sources there are: those that ran
 * out go back into the queue, those of processes that died among them. A store that fails reports itself; here the
 * next look simply comes.
 */
export class Maintenance extends RecurringWork {
  constructor(store: Store, { everyMs = 5_000, timers, leads }: MaintenanceOptions = {}) {
    const queue = new DeliveryQueue(store);
    const look = async () => {
      await queue.lapse();
      return undefined;
    };
    super(look, { everyMs, timers, leads });
  }
}
