import assert from 'node:assert/strict';
import type { ReadAll, Seen } from './clients/client.ts';
import { clients } from './clients/index.ts';
import { VirtualClock } from './clock.ts';
import type { PlatformName } from './platforms/index.ts';
import { type SimulatedShop, type Simulator, startSimulator } from './simulator.ts';

const minute = 60_000;
const day = 1_440 * minute;
/** Within the last minutes, so that one window of the narrowest platform holds it. */
const spanMs = 20 * minute;

for (const [platform, readAll] of Object.entries(clients) as [PlatformName, ReadAll][])
  describe(`orders of the simulated ${platform}`, () => {
    const clock = new VirtualClock(Date.UTC(2026, 8, 1, 8));
    let simulator: Simulator;
    let shop: SimulatedShop;

    beforeEach(async () => {
      const settings = { orders: 330, spanMs, limit: null };
      simulator = await startSimulator({ seed: 11, platforms: { [platform]: settings }, clock });
      shop = simulator.shop(platform);
    });
    afterEach(() => simulator.close());

    const read = (): Promise<Seen[]> =>
      readAll(shop, { from: clock.now() - spanMs - minute, until: clock.now() });

    it('are all read, each once, with the time of their last change', async () => {
      const seen = await read();
      assert.deepEqual(sorted(seen), expectedOf(shop));
      assert.ok(seen.length > 200, `only ${seen.length} orders were there to be read`);
    });

    it('change while they are read, and are whole when they rest', async () => {
      const last = new Map(expectedOf(shop).map(({ id, modifiedAt }) => [id, modifiedAt]));
      shop.changesPerPage = 5;
      for (let pass = 0; pass < 2; pass += 1) {
        clock.advance(2_000);
        await read();
      }
      shop.changesPerPage = 0;
      clock.advance(2_000);
      assert.deepEqual(sorted(await read()), expectedOf(shop));
      const moved = expectedOf(shop).filter(({ id, modifiedAt }) => last.get(id) !== modifiedAt);
      assert.ok(moved.length > 5, `${moved.length} orders changed meanwhile`);
    });

    it('are the same for the same seed', async () => {
      const other = await startSimulator({
        seed: 11,
        platforms: { [platform]: { orders: 330, spanMs, limit: null } },
        clock: new VirtualClock(clock.now()),
      });
      const fresh = await startSimulator({
        seed: 11,
        platforms: { [platform]: { orders: 330, spanMs, limit: null } },
        clock: new VirtualClock(clock.now()),
      });
      try {
        const texts = [other, fresh].map((one) => {
          const { shop: orders } = one.shop(platform);
          orders.live(100);
          return JSON.stringify(orders.orders().map(({ id }) => one.shop(platform).record(id)));
        });
        assert.equal(texts[0], texts[1]);
      } finally {
        await Promise.all([other.close(), fresh.close()]);
      }
    });

    it('stay readable within a day, and none of them lies in the future', () => {
      for (const { times } of shop.shop.orders()) {
        assert.ok(times.modified <= clock.now() && times.modified > clock.now() - day);
        assert.equal(times.modified % 1_000, 0, 'no platform shows less than seconds');
      }
    });
  });

function sorted(seen: readonly Seen[]): Seen[] {
  return seen.toSorted((one, two) => (one.id < two.id ? -1 : Number(one.id > two.id)));
}

function expectedOf({ shop }: SimulatedShop): Seen[] {
  return sorted(shop.listedOrders().map(({ id, times }) => ({ id, modifiedAt: times.modified })));
}
