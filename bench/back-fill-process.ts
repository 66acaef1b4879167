import { AccountPacing } from '../core/channel/connection/call/account-pacing.ts';
import { openChannel } from '../core/channel/open-channel.ts';
import { platformNamed } from '../core/channel/platform.ts';
import { windowsOf } from '../core/channel/polling/windows.ts';
import { DeliverySource } from '../core/delivery/source.ts';
import { Hub } from '../core/hub.ts';
import { parseJson } from '../core/json.ts';
import { openSqlite } from '../core/store/sqlite/sqlite-store.ts';
import { canonicalOrder } from '../test/core/channel/simulated/canonical-order.ts';

/*
 * Reads a simulated shop back to a date, by the platform's own folder: into a store, mapped and saved as orders, or
 * (`location` null) only fetched. Tells the parent its BackFillResult and ends. Its one argument is a BackFillTask as
 * JSON.
 */

export interface BackFillTask {
  location: string | null;
  platform: string;
  address: string;
  access: Record<string, string>;
  /** Requests a second. */
  callsPerSecond: number;
  /** Epoch milliseconds. */
  since: number;
}

export interface BackFillResult {
  /** Orders that were read. */
  orders: number;
  /** Until the last page was here, and durable where there is a store. */
  readSeconds: number;
  /** Until the last order was mapped and saved; as `readSeconds` without a store. */
  savedSeconds: number;
  /** Largest resident set and heap in use, MiB. */
  peakRss: number;
  peakHeap: number;
}

if (!process.send) throw new Error('This file is a child process of bench/back-fill.ts.');
const task = JSON.parse(process.argv[2] ?? '{}') as BackFillTask;
const mebi = 1024 * 1024;

const opened = await openChannel(platformNamed(task.platform), {
  shop: 'main',
  address: task.address,
  credentials: task.access,
  settings: task.access,
  zone: 'Asia/Shanghai',
  currency: 'CNY',
  pacing: new AccountPacing(task.callsPerSecond),
});
const { orders: source } = opened.connection;
if (!source) throw new Error(`${task.platform} has no orders to read`);

let peakHeap = 0;
const watch = setInterval(() => {
  peakHeap = Math.max(peakHeap, process.memoryUsage().heapUsed);
}, 100);
const begun = performance.now();
const since = (): number => (performance.now() - begun) / 1_000;
const read = await (task.location === null ? fetchOnly() : fill(task.location));
clearInterval(watch);
opened.close();
const result: BackFillResult = {
  ...read,
  peakRss: process.resourceUsage().maxRSS / 1_024,
  peakHeap: peakHeap / mebi,
};
process.send(result, () => process.disconnect());

async function fetchOnly(): Promise<Pick<BackFillResult, 'orders' | 'readSeconds' | 'savedSeconds'>> {
  const ids = new Set<string>();
  const idle = new AbortController().signal;
  for (const window of windowsOf({ from: task.since, until: Date.now() }, source!.window))
    for await (const { records } of source!.changed(window, idle))
      for (const { channelOrderId } of records) ids.add(channelOrderId);
  return { orders: ids.size, readSeconds: since(), savedSeconds: since() };
}

async function fill(
  location: string,
): Promise<Pick<BackFillResult, 'orders' | 'readSeconds' | 'savedSeconds'>> {
  const hub = await Hub.open(await openSqlite({ location }));
  const account = { path: 'bench', channel: task.platform, shop: 'main', zone: 'Asia/Shanghai' };
  const subscriber = 'poll:bench';
  const saving = new DeliverySource(hub.store, {
    subscriber,
    maxInFlight: 64,
    async handler({ inbox }) {
      const order = await canonicalOrder(task.platform, parseJson(inbox!.body.toString()));
      await hub.orders.save({ order, inboxId: inbox!.id, arrivedAt: inbox!.receivedAt });
      return 'done';
    },
  });
  await saving.start();
  const readSeconds = await new Promise<number>((resolve, reject) => {
    hub.channels.run({
      account,
      subscriber,
      connect: async () => opened.connection,
      intervalMs: 60_000,
      since: task.since,
      census: null,
      messages: false,
      onSheet: ({ kind, fault }) => {
        if (fault) reject(new Error(`The back-fill met ${fault.code} ${JSON.stringify(fault.params)}`));
        if (kind !== 'back-fill') return;
        void hub.store.read
          .selectFrom('channel_polls')
          .select('backfill_next')
          .executeTakeFirst()
          .then((row) => row?.backfill_next === null && resolve(since()), reject);
      },
      onCensus: () => undefined,
    });
  });
  for (;;) {
    const { backlog, inFlight } = await hub.deliveries.counts(subscriber);
    if (backlog + inFlight === 0) break;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  const savedSeconds = since();
  const { count } = await hub.store.read
    .selectFrom('orders')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow();
  await saving.stop();
  await hub.close();
  return { orders: Number(count), readSeconds, savedSeconds };
}
