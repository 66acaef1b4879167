import assert from 'node:assert/strict';
import { appendFile, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { step } from '../../flows/start/shops/shop-life.ts';
import { rememberShop } from '../../flows/start/shops/shop-memory.ts';
import { VirtualClock } from '../simulator/clock.ts';
import { type Simulator, startSimulator } from '../simulator/simulator.ts';
import { makeTemporaryDir, removeTemporaryDir } from '../support/runtime-options.ts';

describe('a simulated shop of npm start', () => {
  let dir: string;
  let simulators: Simulator[] = [];
  const clock = new VirtualClock(Date.UTC(2026, 10, 1));
  const openShop = async () => {
    const simulator = await startSimulator({
      seed: 5,
      clock,
      platforms: { custom: { codes: ['TEA', 'CUP'] } },
    });
    simulators.push(simulator);
    return simulator.shop('custom').shop;
  };

  beforeEach(async () => {
    dir = await makeTemporaryDir();
  });
  afterEach(async () => {
    await Promise.all(simulators.map((simulator) => simulator.close()));
    simulators = [];
    await removeTemporaryDir(dir);
  });

  it('goes on where it was killed, and gives no order number twice', async () => {
    const file = join(dir, 'shop.jsonl');
    const shop = await openShop();
    const writeNumbers = await rememberShop(shop, file);
    const first = shop.change(shop.place().id, 'pay');
    const second = shop.place();
    shop.listings[0]!.available = 3;
    writeNumbers();
    await appendFile(file, '{"order":{"id":"cut in the mid');

    const again = await openShop();
    await rememberShop(again, file);
    assert.deepEqual(
      again
        .orders()
        .map(({ id, stage, lines }) => [
          id,
          stage,
          lines[0]!.listing === again.listings.find(({ sku }) => sku === lines[0]!.listing.sku),
        ]),
      [
        [first.id, 'paid', true],
        [second.id, 'unpaid', true],
      ],
    );
    assert.equal(again.listings[0]!.available, 3);
    assert.ok(![first.id, second.id].includes(again.place().id), 'an order number came again');
    assert.doesNotMatch(await readFile(file, 'utf8'), /cut in the mid/);
  });

  it('sells nothing that it shows as sold out, and ships nothing itself', async () => {
    const shop = await openShop();
    const [first] = shop.listings;
    for (const listing of shop.listings) listing.available = listing === first ? 1_000 : 0;
    const seen = new Set<string>();
    shop.onEvent((event, { lines }) => {
      const isSoldOut = lines.some(({ listing }) => listing !== first);
      assert.ok(!(event === 'pay' && isSoldOut), 'sold what was sold out');
      seen.add(event);
    });
    for (let count = 0; count < 400; count += 1) {
      clock.advance(3_000);
      step(shop, () => 0.5);
    }
    for (const event of ['ship', 'ship-part']) assert.ok(!seen.has(event), `the shop did ${event} itself`);
    for (const event of ['cancel', 'created', 'pay']) assert.ok(seen.has(event), `${event} never happened`);
  });
});
