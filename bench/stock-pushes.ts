import { strict as assert } from 'node:assert';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import type { StockTarget } from '../core/channel/connection/stock-target.ts';
import { openChannel } from '../core/channel/open-channel.ts';
import { platformNamed } from '../core/channel/platform.ts';
import { ownShare } from '../core/channel/publishing/listing-number.ts';
import { StockPusher } from '../core/channel/publishing/stock-pusher.ts';
import { openSqlite } from '../core/store/sqlite/sqlite-store.ts';
import { startSimulator } from '../test/simulator/simulator.ts';
import { randomFrom } from '../test/support/seeded.ts';

/*
 * 50,000 changes of the stock of 1,000 listings, told to a simulated JD shop at the rate that its gateway allows: once by
 * the hub (gathered, claimed and recorded durably, never an older number after a newer), once by a bare loop over the same
 * adapter that tells as many numbers of listings as the hub did. Both in one run.
 */

export interface PushRow {
  design: 'a bare loop over the adapter' | 'gathered, claimed and recorded';
  /** States that were given to be told. */
  changes: number;
  requests: number;
  seconds: number;
  /** Requests a second, of those that the gateway allows. */
  ofAllowed: number;
  throttled: number;
}

export interface PushBench {
  rows: PushRow[];
  requestsPerSecond: number;
  listings: number;
  /** Listings that show their newest number in the end. */
  newest: number;
  /** Seconds from the last change until every listing showed its newest number. */
  tailSeconds: number;
  /** The least that can be: one more request for each batch of all listings. */
  leastTailSeconds: number;
}

const idle = new AbortController().signal;

export async function runStockPushes({
  changes = 50_000,
  listings = 1_000,
  requestsPerSecond = 20,
  seconds = 10,
} = {}): Promise<PushBench> {
  const simulator = await startSimulator({
    seed: 1,
    platforms: {
      jd: {
        codes: Array.from({ length: listings }, (_, index) => `SKU-${index}`),
        // The gateway counts a hair slower than the account asks, or one in some requests would come too early.
        limit: { burst: requestsPerSecond, perSecond: requestsPerSecond * 1.02 },
      },
    },
  });
  const folder = mkdtempSync(join(tmpdir(), 'order-hub-bench-'));
  const store = await openSqlite({ location: join(folder, 'hub.sqlite') });
  const shop = simulator.shop('jd');
  const open = () =>
    openChannel(platformNamed('jd'), {
      shop: 'main',
      address: shop.address,
      credentials: { ...shop.access },
      settings: {},
      zone: 'Asia/Shanghai',
      currency: 'CNY',
      callsPerSecond: requestsPerSecond,
    });
  const asked = (): number => [...shop.journal.requests.values()].reduce((sum, count) => sum + count, 0);
  const throttled = (): number => shop.journal.refusals.get('throttled') ?? 0;
  const measured = async (
    design: PushRow['design'],
    given: number,
    run: () => Promise<void>,
  ): Promise<PushRow> => {
    const before = { requests: asked(), throttled: throttled(), at: performance.now() };
    await run();
    const took = (performance.now() - before.at) / 1_000;
    const requests = asked() - before.requests;
    return {
      design,
      changes: given,
      requests,
      seconds: took,
      ofAllowed: requests / took / requestsPerSecond,
      throttled: throttled() - before.throttled,
    };
  };
  try {
    const names = shop.shop.listings.map(({ variantId }) => variantId!);
    const newest = new Map(names.map((name) => [name, 0]));
    const random = randomFrom(1);
    const channel = await open();
    const pusher = new StockPusher({
      store,
      account: { account: 'bench', channel: 'jd', shop: 'main' },
      connect: async () => channel.connection.stock,
      readBackPercent: 0,
    });
    let lastChange = 0;
    const hub = await measured('gathered, claimed and recorded', changes, async () => {
      const told: Promise<unknown>[] = [];
      const steps = seconds * 100;
      const from = performance.now();
      for (let step = 1; step <= steps; step += 1) {
        while (told.length < (changes * step) / steps) {
          const listing = names[Math.floor(random() * names.length)]!;
          const sellable = 1 + Math.floor(random() * 10_000);
          newest.set(listing, sellable);
          const version = told.length + 1;
          told.push(pusher.push({ share: ownShare, listing, sellable, open: true, version }));
        }
        await pause(Math.max(0, from + step * 10 - performance.now()));
      }
      lastChange = performance.now();
      await Promise.all(told);
    });
    const tailSeconds = (performance.now() - lastChange) / 1_000;
    await pusher.close();
    channel.close();
    const shown = shop.shop.listings.filter(
      ({ variantId, available }) => newest.get(variantId!) === available,
    ).length;

    const bareChannel = await open();
    const target = bareChannel.connection.stock!;
    const bare = await measured('a bare loop over the adapter', hub.requests * target.most, () =>
      tellBarely(target, names, hub.requests),
    );
    bareChannel.close();
    return {
      rows: [bare, hub],
      requestsPerSecond,
      listings,
      newest: shown,
      tailSeconds,
      leastTailSeconds: Math.ceil(listings / target.most) / requestsPerSecond,
    };
  } finally {
    await store.close();
    await simulator.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** So many full requests, two on their way at once as the hub has them. */
async function tellBarely(target: StockTarget, names: readonly string[], requests: number): Promise<void> {
  let begun = 0;
  const lane = async (): Promise<void> => {
    while (begun < requests) {
      const first = begun * target.most;
      begun += 1;
      const numbers = Array.from({ length: target.most }, (_, index) => {
        const listing = names[(first + index) % names.length]!;
        return { listing, sellable: begun, version: begun, key: `bare/${begun}/${listing}` };
      });
      const results = await target.set(numbers, idle);
      assert.ok(
        results.every(({ fault }) => !fault),
        'the shop refused a number',
      );
    }
  };
  await Promise.all([lane(), lane()]);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) console.error(await runStockPushes());
