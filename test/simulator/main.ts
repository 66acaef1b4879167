import { parseArgs } from 'node:util';
import { type PlatformName, platforms } from './platforms/index.ts';
import { type ShopSettings, type Simulator, startSimulator } from './simulator.ts';

const usage = `Runs simulated sales platforms on 127.0.0.1 until it is interrupted.

  node test/simulator/main.ts [--port 18800] [--seed 1] [--platforms woocommerce,shopify] [--orders 50]
                              [--codes SKU-A,SKU-B] [--per-second 1] [--push platform=address]...

  --platforms   which ones; all of them unless said
  --orders      how many each has at the beginning
  --codes       merchant codes of the goods, the same in every shop
  --per-second  changes a second in each shop; 0 for none
  --push        the hub's webhook address of a platform; may stand several times
`;

/** Whole numbers that the command line may say. @throws Error with what is wrong */
function numberOf(name: string, text: string, most: number): number {
  const number = Number(text);
  if (!(number >= 0 && number <= most))
    throw new Error(`--${name} has to be between 0 and ${most}, not ${text}.`);
  return number;
}

function platformOf(text: string): PlatformName {
  const known = (Object.keys(platforms) as PlatformName[]).find((name) => name === text);
  if (!known)
    throw new Error(`There is no platform ${text}; there are ${Object.keys(platforms).join(', ')}.`);
  return known;
}

async function start(): Promise<{ simulator: Simulator; perSecond: number }> {
  const { values } = parseArgs({
    options: {
      port: { type: 'string', default: '18800' },
      seed: { type: 'string', default: '1' },
      platforms: { type: 'string', default: Object.keys(platforms).join(',') },
      orders: { type: 'string', default: '50' },
      codes: { type: 'string' },
      'per-second': { type: 'string', default: '1' },
      push: { type: 'string', multiple: true, default: [] },
    },
  });
  const settings: ShopSettings = {
    orders: Math.floor(numberOf('orders', values.orders, 1_000_000)),
    ...(values.codes && { codes: values.codes.split(',') }),
  };
  const simulator = await startSimulator({
    seed: Math.floor(numberOf('seed', values.seed, 2 ** 24)),
    port: Math.floor(numberOf('port', values.port, 65_535)),
    platforms: Object.fromEntries(values.platforms.split(',').map((name) => [platformOf(name), settings])),
  });
  for (const push of values.push) {
    const [name = '', ...address] = push.split('=');
    simulator.shop(platformOf(name)).pushTo(address.join('='));
  }
  return { simulator, perSecond: numberOf('per-second', values['per-second'], 1_000) };
}

function tell(simulator: Simulator): void {
  for (const { platform, address, access } of simulator.shops) {
    const known = Object.entries(access).filter(([, value]) => value !== '');
    process.stdout.write(`${platform}  ${address}\n`);
    for (const [name, value] of known) process.stdout.write(`    ${name.padEnd(14)} ${value}\n`);
  }
}

try {
  const { simulator, perSecond } = await start();
  tell(simulator);
  const life =
    perSecond > 0 &&
    setInterval(() => {
      for (const { shop } of simulator.shops) shop.live(1);
    }, 1_000 / perSecond);
  const stop = (): void => {
    if (life) clearInterval(life);
    simulator.close().catch((error: unknown) => {
      console.error(error);
      process.exitCode = 1;
    });
  };
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n\n${usage}`);
  process.exitCode = 1;
}
