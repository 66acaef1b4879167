import assert from 'node:assert/strict';
import { ChannelFault } from '../../../../core/channel/connection/fault.ts';
import { openChannel } from '../../../../core/channel/open-channel.ts';
import { platformNamed, platformNames } from '../../../../core/channel/platform.ts';
import { windowsOf } from '../../../../core/channel/polling/windows.ts';
import { type PlatformName, platforms } from '../../../simulator/platforms/index.ts';
import { startSimulator } from '../../../simulator/simulator.ts';
import { idle } from '../answering-channel.ts';

const hour = 3_600_000;

/** What is there by code alone; a custom channel says by its configuration where an answer tells of a limit. */
const readable = (Object.keys(platforms) as PlatformName[]).filter(
  (name) => name !== 'custom' && platformNames.some((one) => one === name),
);

for (const name of readable)
  describe(`a simulated ${name} shop that wants fewer requests`, function () {
    this.timeout(30_000);

    it('is asked no more until the time it named, or that its platform is known for', async () => {
      const simulator = await startSimulator({
        seed: 5,
        // Shopify's answer says how its points come back.
        platforms: { [name]: { orders: 20, spanMs: hour, ...(name !== 'shopify' && { limit: null }) } },
      });
      const shop = simulator.shop(name);
      const opened = await openChannel(platformNamed(name), {
        shop: 'main',
        address: shop.address,
        credentials: { ...shop.access },
        settings: { ...shop.access },
        zone: 'Asia/Shanghai',
        currency: 'CNY',
        callsPerSecond: 1_000,
        longestWaitMs: 3_000,
      });
      const held = new Promise<number>((resolve) => {
        opened.onState(({ heldUntil, fault }) => {
          if (fault?.kind !== 'throttled') return;
          // The next one goes through, if it is not too early: that would be refused, and counted.
          shop.faults(null);
          resolve(heldUntil ?? 0);
        });
      });
      try {
        shop.faults({ rate: 1, kinds: ['throttle'] });
        const source = opened.connection.orders!;
        const [window] = windowsOf({ from: Date.now() - hour, until: Date.now() }, source.window);
        const pages = source.changed(window!, idle)[Symbol.asyncIterator]();
        const end = await pages.next().catch((error: unknown) => error);
        const until = await held;
        assert.ok(until > 0, 'nobody was told that the platform wants a pause');
        if (ChannelFault.is(end)) {
          assert.equal(end.kind, 'throttled');
          assert.ok((end.retryAfterMs ?? 0) > 3_000, 'it gave up though it might have waited');
        } else assert.ok(Date.now() >= until, 'a request went while the platform wanted none');
        assert.equal(shop.journal.refusals.get('throttled') ?? 1, 1, 'it was asked again too soon');
      } finally {
        opened.close();
        await simulator.close();
      }
    });
  });
