import { DeliverySource } from '../../../../core/delivery/source.ts';
import { Hub } from '../../../../core/hub.ts';
import { parseJson } from '../../../../core/json.ts';
import { openSqlite } from '../../../../core/store/sqlite/sqlite-store.ts';
import { canonicalOrder } from './canonical-order.ts';
import { openSimulatedAccount, type SimulatedAccount } from './simulated-account.ts';

/*
 * Reads a simulated shop into a store by the platform's own folder, maps and saves what comes, and tells the parent
 * of each sheet. Its one argument is a ReaderTask as JSON.
 */

export interface ReaderTask extends SimulatedAccount {
  location: string;
  /** Epoch milliseconds. */
  since: number;
}

if (!process.send) throw new Error('This file is a child process of the tests with the simulator.');
const task = JSON.parse(process.argv[2] ?? '{}') as ReaderTask;
const tell = (what: object): void => void process.send?.(what);

const opened = await openSimulatedAccount(task);
const hub = await Hub.open(await openSqlite({ location: task.location }));
const account = { path: 'simulated', channel: task.platform, shop: 'main', zone: 'Asia/Shanghai' };
const subscriber = 'poll:simulated';
const source = new DeliverySource(hub.store, {
  subscriber,
  maxInFlight: 64,
  async handler({ inbox }) {
    const record = parseJson(inbox!.body.toString());
    const order = await canonicalOrder(task.platform, record);
    await hub.orders.save({ order, inboxId: inbox!.id, arrivedAt: inbox!.receivedAt });
    return 'done';
  },
});
await source.start();
const running = hub.channels.run({
  account,
  subscriber,
  connect: async () => opened.connection,
  intervalMs: 200,
  since: task.since,
  census: { everyMs: 24 * 60 * 60_000 },
  messages: false,
  onSheet: async ({ kind, startedAt, fault }) => {
    const { backlog, inFlight } = await hub.deliveries.counts(subscriber);
    const row = await hub.store.read.selectFrom('channel_polls').select('backfill_next').executeTakeFirst();
    tell({
      sheet: { kind, startedAt, fault, waiting: backlog + inFlight, filling: row?.backfill_next != null },
    });
  },
  onCensus: (census) => tell({ census }),
});
process.on('message', (what) => {
  if (what === 'census') running.poller.countNow();
  if (what === 'stop')
    void source
      .stop()
      .then(() => hub.close())
      .then(() => opened.close())
      .then(() => process.disconnect());
});
