import { Maintenance } from '../../../core/delivery/maintenance.ts';
import { DeliverySource } from '../../../core/delivery/source.ts';
import { openSqlite } from '../../../core/store/sqlite/sqlite-store.ts';
import { deliver } from './deliveries.ts';

/*
 * Runs a source with real timers, one of its handlers never ending, stops it and closes the store. Whatever keeps
 * this process alive after that was left behind.
 */
const store = await openSqlite({ location: process.argv[2]! });
await deliver(store, 'a', ['k1', 'k2', 'k3']);
const maintenance = new Maintenance(store);
maintenance.start();
let handled = 0;
let allBegan = () => {};
const began = new Promise<void>((resolve) => {
  allBegan = resolve;
});
const source = new DeliverySource(store, {
  subscriber: 'a',
  maxPerSecond: 1_000,
  async handler({ key }) {
    handled += 1;
    if (handled === 3) allBegan();
    return key === 'k1' ? new Promise<'done'>(() => {}) : 'done';
  },
});
await source.start();
await began;
await source.stop({ graceMs: 20 });
await maintenance.stop();
await store.close();
process.stdout.write(`stopped, ${handled} handled\n`);
