import { AccountCall } from '../../../../core/channel/connection/call/account-call.ts';
import { AccountPacing } from '../../../../core/channel/connection/call/account-pacing.ts';
import type { ChannelConnection } from '../../../../core/channel/connection/connection.ts';
import { platformFault, throttledFault } from '../../../../core/channel/connection/fault.ts';
import type {
  ChannelRecord,
  OrderSource,
  TimeWindow,
} from '../../../../core/channel/connection/order-source.ts';
import { ChannelPolls } from '../../../../core/channel/polling/channel-polls.ts';
import { Leadership } from '../../../../core/delivery/leadership.ts';
import { DeliverySource } from '../../../../core/delivery/source.ts';
import { Hub } from '../../../../core/hub.ts';
import { openPostgres } from '../../../../core/store/postgres/postgres-store.ts';
import { openSqlite } from '../../../../core/store/sqlite/sqlite-store.ts';
import type { SchemaAddress } from '../../../support/postgres-snapshot.ts';
import { anOrder } from '../../order/an-order.ts';
import type { ChangingOrder } from './changing-shop.ts';

/*
 * Reads a changing shop into a store, saves each record as an order, and tells the parent of each sheet. Its one argument
 * is a PollingTask as JSON.
 */

export interface PollingTask {
  /** A file of SQLite, or a schema that several of these processes share. */
  store: { location: string } | SchemaAddress;
  /** Where the shop is. */
  address: string;
  /** From when to read, epoch milliseconds. */
  since: number;
}

/** How long the reading of a process that died is nobody's; short, so that nobody waits long for it. Milliseconds. */
const leaseMs = 2_000;

if (!process.send) throw new Error('This file is a child process of the tests of polling.');
const { store: place, address, since } = JSON.parse(process.argv[2] ?? '{}') as PollingTask;
const tell = (what: object): void => void process.send?.(what);

const { call } = new AccountCall({
  platform: 'Changing',
  pacing: new AccountPacing(1e6),
  attempts: 4,
  firstWaitMs: 5,
  longestWaitMs: 200,
  breakAfter: 1_000,
});

const rowsAt = (path: string, signal: AbortSignal): Promise<ChangingOrder[]> =>
  call(
    () => ({ name: 'orders', method: 'GET', url: `${address}${path}`, repeatable: true }),
    (answer) => {
      const said = { platform: 'Changing', call: 'orders', code: String(answer.status), said: '' };
      if (answer.status === 429) throw throttledFault(said, 20);
      if (answer.status !== 200) throw platformFault(said);
      return (answer.json() as { rows: ChangingOrder[] }).rows;
    },
    signal,
  );

const recordOf = (order: ChangingOrder): ChannelRecord => ({
  channelOrderId: order.id,
  modifiedAt: order.modifiedAt,
  body: JSON.stringify(order),
});

async function* pages({ from, until }: TimeWindow, signal: AbortSignal): AsyncGenerator<ChangingOrder[]> {
  let after: ChangingOrder | undefined;
  for (;;) {
    const more = after ? `&after=${after.modifiedAt}&afterId=${after.id}` : '';
    const rows = await rowsAt(`/orders?from=${from}&until=${until}${more}`, signal);
    yield rows;
    if (rows.length < 100) return;
    after = rows.at(-1);
  }
}

const orders: OrderSource = {
  window: { mostMs: 30 * 60_000, lagMs: 200, overlapMs: 1_000, reachMs: 90 * 86_400_000, stepMs: 1 },
  async *changed(window, signal) {
    let page = 0;
    for await (const rows of pages(window, signal)) {
      page += 1;
      yield { records: rows.map(recordOf), bad: [], page, pages: null, total: null };
    }
  },
  async order(id, signal) {
    const [row] = await rowsAt(`/order?id=${id}`, signal);
    return row ? recordOf(row) : null;
  },
  async *stamps(window, signal) {
    for await (const rows of pages(window, signal))
      yield { total: null, stamps: rows.map(({ id, modifiedAt }) => ({ channelOrderId: id, modifiedAt })) };
  },
};
const connection: ChannelConnection = {
  orders,
  check: async () => ({ shop: null, clockAheadMs: null, expiresAt: null }),
};

const hub = await Hub.open('location' in place ? await openSqlite(place) : await openPostgres({ ...place }));
const leadership = new Leadership(hub.store, { leaseMs });
const channels = new ChannelPolls(hub.store, leadership);
const account = { path: 'changing', channel: 'fake', shop: 'main', zone: 'UTC' };
const subscriber = 'poll:changing';
const source = new DeliverySource(hub.store, {
  subscriber,
  maxInFlight: 64,
  async handler({ inbox }) {
    const { id, rev, modifiedAt } = JSON.parse(inbox!.body.toString()) as ChangingOrder;
    const modified = { at: new Date(modifiedAt).toISOString(), text: '' };
    const order = anOrder({
      channel: 'fake',
      shop: 'main',
      channelOrderId: id,
      times: { modified },
      sellerNote: String(rev),
    });
    await hub.orders.save({ order, inboxId: inbox!.id, arrivedAt: inbox!.receivedAt });
    return 'done';
  },
});
await source.start();
const running = channels.run({
  account,
  subscriber,
  connect: async () => connection,
  intervalMs: 100,
  since,
  census: { everyMs: 24 * 60 * 60_000 },
  messages: false,
  onSheet: async ({ kind, watermark, fault }) => {
    const { backlog, inFlight } = await hub.deliveries.counts(subscriber);
    const row = await hub.store.read.selectFrom('channel_polls').select('backfill_next').executeTakeFirst();
    tell({
      sheet: { kind, watermark, fault, waiting: backlog + inFlight, filling: row?.backfill_next != null },
    });
  },
  onCensus: (census) => tell({ census }),
});
tell({ ready: true });
process.on('message', (what) => {
  if (what === 'census') running.poller.countNow();
  if (what === 'stop')
    void source
      .stop()
      .then(() => channels.stopAll())
      .then(() => leadership.stop())
      .then(() => hub.close())
      .then(() => process.disconnect());
});
