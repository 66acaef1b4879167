import { setTimeout as pause } from 'node:timers/promises';
import { isRefused, type Parcel, shipParcel } from '../../../../core/channel/shipping/ship-parcel.ts';
import { HubError } from '../../../../core/errors.ts';
import { Hub } from '../../../../core/hub.ts';
import { openSqlite } from '../../../../core/store/sqlite/sqlite-store.ts';
import { openSimulatedAccount, type SimulatedAccount } from './simulated-account.ts';

/*
 * Tells a simulated shop of parcels, as channel-ship does behind a durable source: each until it is taken or refused, those
 * of one order one after the other. Its one argument is a ShipperTask as JSON.
 */

export interface ShipperTask {
  location: string;
  account: SimulatedAccount;
}

/** An order whose parcels are to be told, in this order. */
export interface ShipperOrder {
  ship: string;
  parcels: readonly Omit<Parcel, 'account'>[];
}

export type ShipperNews =
  | { ready: true }
  /** The parcels of an order were taken, or one of them was refused: those behind it were not told. */
  | { done: string; refused: { parcel: Omit<Parcel, 'account'>; code: string; sentence: string } | null };

if (!process.send) throw new Error('This file is a child process of the tests with the simulator.');
const task = JSON.parse(process.argv[2] ?? '{}') as ShipperTask;
const tell = (what: ShipperNews): void => void process.send?.(what);

const opened = await openSimulatedAccount(task.account);
const hub = await Hub.open(await openSqlite({ location: task.location }));
const target = opened.connection.shipments!;
const open = new AbortController().signal;
/** As long as a delivery waits between two attempts, but no longer than the tests have. */
const retryMs = 50;

/** The refusal; null for a parcel that was taken. */
async function ship(parcel: Parcel): Promise<HubError | null> {
  for (;;) {
    try {
      await shipParcel(hub.store, target, parcel, open);
      return null;
    } catch (error) {
      if (isRefused(error)) return error;
      if (!HubError.is(error)) throw error;
      await pause(error.retryAfterMs ?? retryMs);
    }
  }
}

process.on('message', async ({ ship: order, parcels }: ShipperOrder) => {
  for (const parcel of parcels) {
    const fault = await ship({ account: 'simulated', ...parcel });
    if (fault === null) continue;
    tell({ done: order, refused: { parcel, code: fault.code, sentence: fault.message } });
    return;
  }
  tell({ done: order, refused: null });
});
tell({ ready: true });
