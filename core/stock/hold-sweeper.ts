import { RecurringWork } from '../delivery/recurring-work.ts';
import type { Timers } from '../delivery/timers.ts';
import type { Stock } from './stock.ts';

/** Holds tidied in one transaction, so that none takes long. */
const page = 200;
const everyMs = 15_000;

/**
 * Tidies holds whose time is up. They do not count from the moment it is, so nothing depends on when this runs;
 * it only moves their units back in the ledger for those who read it.
 */
export class HoldSweeper extends RecurringWork {
  /** @param leads whether this process is the one that tidies; asked before each page */
  constructor(stock: Stock, timers?: Timers, leads?: () => boolean) {
    super(async () => ((await stock.sweep(page)).more ? 0 : undefined), { everyMs, timers, leads });
  }
}
