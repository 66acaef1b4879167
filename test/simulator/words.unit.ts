import assert from 'node:assert/strict';
import { clients } from './clients/index.ts';
import { VirtualClock } from './clock.ts';
import type { RequestFault } from './faults.ts';
import type { PlatformName } from './platforms/index.ts';
import { type Simulator, startSimulator } from './simulator.ts';

type Words = Readonly<Partial<Record<RequestFault, RegExp>>>;

/** What each platform answers to the same trouble. Those that sign no time do not notice a clock that is off. */
const words: Readonly<Record<PlatformName, Words>> = {
  woocommerce: {
    throttle: /^Error: 429/,
    'server-error': /^Error: 500/,
    'revoked-token': /^Error: 401.*authentication_error/,
  },
  shopify: { throttle: /THROTTLED/, 'server-error': /^Error: 500/, 'revoked-token': /^Error: 401/ },
  taobao: {
    throttle: /"code":7,"msg":"App Call Limited"/,
    'server-error': /isp\./,
    'revoked-token': /"code":27/,
    'clock-off': /"code":31/,
  },
  pinduoduo: {
    throttle: /"error_code":52101/,
    'server-error': /"error_code":50000/,
    'revoked-token': /"error_code":10019/,
    'clock-off': /timestamp/,
  },
  douyin: {
    throttle: /"code":60000/,
    'server-error': /"code":20000/,
    'revoked-token': /isv.access-token-expired/,
    'clock-off': /isv.timestamp-invalid/,
  },
  jd: {
    throttle: /"code":"2"/,
    'server-error': /"code":"1"/,
    'revoked-token': /"code":"19"/,
    'clock-off': /"code":"8"/,
  },
  custom: { throttle: /^Error: 429/, 'server-error': /^Error: 500/, 'revoked-token': /^Error: 401/ },
};

describe('the words of the simulated platforms', () => {
  const clock = new VirtualClock(Date.UTC(2026, 8, 1, 8));
  let simulator: Simulator;
  before(async () => {
    const names = Object.keys(words) as PlatformName[];
    const platforms = Object.fromEntries(names.map((name) => [name, { orders: 130, spanMs: 1_200_000 }]));
    simulator = await startSimulator({ seed: 1, platforms, clock });
  });
  after(() => simulator.close());
  afterEach(() => simulator.faults(null));

  const window = () => ({ from: clock.now() - 1_260_000, until: clock.now() });

  for (const [platform, says] of Object.entries(words) as [PlatformName, Words][]) {
    const read = clients[platform];
    for (const [fault, answer] of Object.entries(says) as [RequestFault, RegExp][])
      it(`say ${fault} as ${platform} does`, async () => {
        const shop = simulator.shop(platform);
        shop.faults({ rate: 1, kinds: [fault] });
        await assert.rejects(read(shop, window()), answer);
      });

    it(`hold back requests of ${platform} beyond its limit, and take them again later`, async () => {
      // Shopify counts points: a question asks for 16 and costs 2.
      const limit = { burst: platform === 'shopify' ? 18 : 2, perSecond: 1 };
      const own = await startSimulator({ seed: 1, platforms: { [platform]: { orders: 1, limit } }, clock });
      try {
        const shop = own.shop(platform);
        await read(shop, window());
        await assert.rejects(
          async () => {
            for (let count = 0; count < 3; count += 1) await read(shop, window());
          },
          says.throttle!,
          'the third request within a second',
        );
        clock.advance(3_000);
        await read(shop, window());
        assert.ok(shop.journal.refusals.size > 0, 'refusals are counted');
      } finally {
        await own.close();
      }
    });

    it(`go away again, and ${platform} was read as a whole by who asked again`, async () => {
      const shop = simulator.shop(platform);
      shop.faults({ rate: 0.2, kinds: ['throttle', 'server-error', 'truncated-json', 'html-page', 'cut'] });
      const wanted = shop.shop.listedOrders().map(({ id }) => id);
      let seen: string[] | undefined;
      for (let attempt = 0; attempt < 100 && !seen; attempt += 1)
        seen = await read(shop, window()).then(
          (found) => found.map(({ id }) => id),
          () => undefined,
        );
      assert.deepEqual(seen?.toSorted(), wanted.toSorted());
      assert.ok(shop.faultCounts.size > 0, 'something struck');
    });
  }
});
