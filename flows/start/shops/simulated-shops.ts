import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { reasonOf } from '../../../core/errors.ts';
import { type Simulator, startSimulator } from '../../../test/simulator/simulator.ts';
import type { Secrets } from '../data-folder.ts';
import { textOf } from '../messages.ts';
import { goods } from './goods.ts';
import { step } from './shop-life.ts';
import { rememberShop } from './shop-memory.ts';

/** The three shops that stand outside the hub, as those of real platforms do. The till is a part of the flows. */
export interface SimulatedShops {
  /** What buyers see in each shop, as JSON. */
  address: string;
  /** What the flows name: addresses and keys. */
  environment: Record<string, string>;
  /** Opens the doors; Shopify's pushes go to the hub from now on. @param nodeRoot where the hub takes webhooks */
  open(nodeRoot: string): void;
  close(): Promise<void>;
}

/** Milliseconds between two things that happen in one shop. */
const stepMs = 3_000;

/**
 * Starts the simulated shops on a free port of 127.0.0.1; nothing happens in them until they open.
 *
 * @param dir folder of what they remember
 */
export async function startShops(dir: string, { environment: secrets }: Secrets): Promise<SimulatedShops> {
  const folder = join(dir, 'shops');
  await mkdir(folder, { recursive: true });
  const secret = (name: string): string => secrets[name] ?? '';
  const simulator = await startSimulator({
    seed: 1,
    platforms: {
      taobao: {
        goods,
        access: {
          appKey: secret('ORDER_HUB_TAOBAO_KEY'),
          appSecret: secret('ORDER_HUB_TAOBAO_SECRET'),
          accessToken: secret('ORDER_HUB_TAOBAO_SESSION'),
        },
      },
      shopify: {
        goods,
        access: {
          accessToken: secret('ORDER_HUB_SHOPIFY_TOKEN'),
          webhookSecret: secret('ORDER_HUB_SHOPIFY_SECRET'),
        },
      },
      custom: { goods, access: { accessToken: secret('ORDER_HUB_OWN_SHOP_TOKEN') } },
    },
  });
  try {
    return await furnished(simulator, folder);
  } catch (error) {
    await simulator.close();
    throw error;
  }
}

async function furnished(simulator: Simulator, folder: string): Promise<SimulatedShops> {
  const writers: (() => void)[] = [];
  for (const { platform, shop } of simulator.shops) {
    // Until the hub tells a number there is none to sell.
    for (const listing of shop.listings) listing.available = 0;
    writers.push(await rememberShop(shop, join(folder, `${platform}.jsonl`)));
  }
  let life: NodeJS.Timeout | undefined;
  return {
    address: `${simulator.address}/`,
    environment: {
      ORDER_HUB_SHOPS_URL: `${simulator.address}/`,
      ORDER_HUB_TAOBAO_URL: simulator.shop('taobao').address,
      ORDER_HUB_SHOPIFY_URL: simulator.shop('shopify').address,
      ORDER_HUB_OWN_SHOP_URL: simulator.shop('custom').address,
    },
    open(nodeRoot) {
      simulator.shop('shopify').pushTo(`${nodeRoot}order-hub/hook/shopify-demo`);
      let turn = 0;
      const next = (): void => {
        const { shop } = simulator.shops[turn % simulator.shops.length]!;
        turn += 1;
        try {
          step(shop, Math.random);
          for (const write of writers) write();
        } catch (error) {
          // A full disk is the shops' trouble here; the hub goes on.
          clearInterval(life);
          process.stderr.write(`${textOf('start.shops-stopped', { folder, reason: reasonOf(error) })}\n`);
        }
      };
      life = setInterval(next, stepMs / simulator.shops.length);
      for (const _ of simulator.shops) next();
    },
    async close() {
      clearInterval(life);
      for (const write of writers) write();
      await simulator.close();
    },
  };
}
