import assert from 'node:assert/strict';
import { AccountCall } from '../../../core/channel/connection/call/account-call.ts';
import { AccountPacing } from '../../../core/channel/connection/call/account-pacing.ts';
import type { ChannelConnection } from '../../../core/channel/connection/connection.ts';
import { ChannelFault } from '../../../core/channel/connection/fault.ts';
import type {
  ChannelRecord,
  OrderSource,
  TimeWindow,
} from '../../../core/channel/connection/order-source.ts';
import { platformNamed } from '../../../core/channel/platform.ts';
import type { VirtualClock } from '../../simulator/clock.ts';
import type { SimulatedShop } from '../../simulator/simulator.ts';
import { idle } from './answering-channel.ts';

/** The hub's connection to a simulated shop: over HTTP, tried again as usual but sooner. */
export function openSimulated(
  { platform, address, access }: Pick<SimulatedShop, 'platform' | 'address' | 'access'>,
  clock: Pick<VirtualClock, 'now'>,
  settings: Readonly<Record<string, unknown>> = {},
): { connection: ChannelConnection; close(): void } {
  const account = new AccountCall({
    platform,
    pacing: new AccountPacing(10_000),
    attempts: 8,
    firstWaitMs: 1,
    longestWaitMs: 2_000,
    timeoutMs: 300,
    // The faults are drawn for each request: they say nothing of the next one.
    breakAfter: Number.MAX_SAFE_INTEGER,
  });
  const { connect } = platformNamed(platform);
  assert.ok(connect, `${platform} cannot be called`);
  const connection = connect({
    shop: 'main',
    address,
    credentials: { ...access },
    settings,
    zone: 'Asia/Shanghai',
    currency: 'CNY',
    call: account.call,
    now: () => clock.now(),
  });
  return { connection, close: () => account.close() };
}

/** Reads a window as a poller does: again from its beginning after whatever broke it off. */
export async function readWindow(
  orders: OrderSource,
  window: TimeWindow,
  take: (record: ChannelRecord) => void,
): Promise<void> {
  const faults: string[] = [];
  for (;;) {
    try {
      for await (const { records, bad } of orders.changed(window, idle)) {
        assert.deepEqual(bad, []);
        for (const record of records) take(record);
      }
      return;
    } catch (error) {
      if (!ChannelFault.is(error)) throw error;
      faults.push(error.code);
      assert.ok(faults.length < 100, `The window was never read: ${faults.join(', ')}`);
    }
  }
}

/**
 * Follows a shop while it lives, window by window as a poller does, until it rests.
 *
 * @returns the last state of every order that was read
 */
export async function follow(
  shop: SimulatedShop,
  orders: OrderSource,
  clock: VirtualClock,
  { from, rounds, stepMs }: { from: number; rounds: number; stepMs: number },
): Promise<Map<string, ChannelRecord>> {
  const last = new Map<string, ChannelRecord>();
  const take = (record: ChannelRecord): void => {
    const before = last.get(record.channelOrderId);
    if ((record.modifiedAt ?? 0) >= (before?.modifiedAt ?? 0)) last.set(record.channelOrderId, record);
  };
  const { mostMs, lagMs, overlapMs } = orders.window;
  let next = from;
  for (let round = 0; round <= rounds; round += 1) {
    // The last round reads what rests.
    if (round === rounds) shop.changesPerPage = 0;
    clock.advance(stepMs);
    while (next < clock.now()) {
      const until = Math.min(next + mostMs, clock.now() + 1_000);
      await readWindow(orders, { from: next, until }, take);
      next = until;
    }
    next = clock.now() - lagMs - overlapMs;
  }
  return last;
}

/** Asserts that each order of the shop was read in its last state. */
export function assertAllThere(shop: SimulatedShop, read: ReadonlyMap<string, ChannelRecord>): void {
  const wrong = shop.shop
    .listedOrders()
    .filter(({ id, times }) => read.get(id)?.modifiedAt !== times.modified)
    .map(({ id }) => id);
  assert.deepEqual(wrong, [], 'these were passed over, or stand as they were before');
}
