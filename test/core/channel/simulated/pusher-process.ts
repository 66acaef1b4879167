import { StockPusher } from '../../../../core/channel/publishing/stock-pusher.ts';
import { DeliverySource } from '../../../../core/delivery/source.ts';
import { systemTimers, type Timers } from '../../../../core/delivery/timers.ts';
import { Hub } from '../../../../core/hub.ts';
import type { SharePolicy } from '../../../../core/stock/shares/policy.ts';
import { openSqlite } from '../../../../core/store/sqlite/sqlite-store.ts';
import { openSimulatedAccount, type SimulatedAccount } from './simulated-account.ts';

/*
 * Keeps the numbers of a simulated shop true, as stock-changed and channel-stock do in a flow: works out what each listing
 * is to show, and tells it until it is taken. Its one argument is a PusherTask as JSON.
 */

export interface PusherTask {
  location: string;
  account: SimulatedAccount;
  policy: Omit<SharePolicy, 'channels'>;
  listings: readonly { listing: string; sku: string }[];
}

/** What it is told. */
export type PusherOrder =
  /** Somebody counted: so many units of a SKU are there. */
  { set: { key: string; sku: string; units: number } } | { rest: true };

/** What it tells. */
export type PusherNews =
  | { ready: true }
  /** The change is durable. */
  | { done: string }
  | { refused: { listing: string; code: string } }
  | { differs: string }
  /** Reading back failed; what was to be read is not read again. */
  | { trouble: string }
  /** Nothing waits any more. */
  | {
      resting: readonly { listing: string; sellable: number; open: boolean; version: number; told: number }[];
    };

if (!process.send) throw new Error('This file is a child process of the tests with the simulator.');
const task = JSON.parse(process.argv[2] ?? '{}') as PusherTask;
const tell = (what: PusherNews): void => void process.send?.(what);

const share = 's1';
const { platform } = task.account;
const shop = { channel: platform, shop: 'main' };
/** Ten times as fast, so that reading back is a matter of seconds. */
const timers: Timers = { after: (ms, act) => systemTimers.after(ms / 10, act) };

const opened = await openSimulatedAccount(task.account);
const hub = await Hub.open(await openSqlite({ location: task.location }));
const subscriber = `stock:${share}`;
const pusher = new StockPusher({
  store: hub.store,
  account: { account: 'simulated', ...shop },
  connect: async () => opened.connection.stock,
  timers,
  readBackPercent: 100,
  readBackPerMinute: 10_000,
  onDifference: ({ number }) => tell({ differs: number.listing }),
  onTrouble: (error) => tell({ trouble: String(error) }),
  onAnswer: async ({ listing, version }, answer) => {
    await hub.shares.pushed({ share, ...shop, listing, version, ...answer });
  },
});
const source = new DeliverySource(hub.store, {
  subscriber,
  maxInFlight: 64,
  retry: { baseMs: 20, capMs: 200, attempts: 1_000 },
  async handler({ ref }) {
    const state = await hub.shares.stateOf(ref);
    if (!state) return 'done';
    const outcome = await pusher.push(state);
    if (outcome.kind === 'refused') tell({ refused: { listing: state.listing, code: outcome.fault.code } });
    return 'done';
  },
});
await hub.subscribers.register({
  id: subscriber,
  topic: 'stock',
  types: null,
  channels: null,
  label: 'stock of the simulated shop',
});
await hub.shares.tellListings(task.listings.map((listing) => ({ ...shop, ...listing })));
const channels = [
  { ...shop, kind: 'shared', amount: null, cap: null, fence: null, listings: 'mapped' } as const,
];
await hub.shares.run({
  id: share,
  label: 'simulated',
  policy: { ...task.policy, channels },
  debounceMs: 20,
  maxWaitMs: 100,
});
await source.start();

/** Tells what every listing is to show once all of them were told. */
async function rest(): Promise<void> {
  await hub.shares.settle(share);
  const { backlog, inFlight, dead } = await hub.deliveries.counts(subscriber);
  if (backlog + inFlight + pusher.state().waiting > 0 && dead === 0) {
    systemTimers.after(50, () => void rest());
    return;
  }
  const states = await hub.store.read
    .selectFrom('share_states')
    .innerJoin('channel_pushes', 'channel_pushes.listing', 'share_states.listing')
    .select(['share_states.listing', 'share_states.sellable', 'share_states.open', 'share_states.version'])
    .select('channel_pushes.version as told')
    .execute();
  tell({ resting: states.map((state) => ({ ...state, open: state.open === 1, told: state.told ?? 0 })) });
}

process.on('message', (order: PusherOrder) => {
  if ('rest' in order) {
    void rest();
    return;
  }
  const { key, sku, units } = order.set;
  void hub.stock
    .set({ opKey: key, actor: 'test', lines: [{ sku, counted: units }] })
    .then(() => tell({ done: key }));
});
tell({ ready: true });
