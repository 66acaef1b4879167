import { strict as assert } from 'node:assert';
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { startSimulator } from '../test/simulator/simulator.ts';
import type { BackFillResult, BackFillTask } from './back-fill-process.ts';

/*
 * Reads 100,000 orders (of some 150,000, JD lists those that are paid) of a simulated JD shop back to a month ago, at the rate that the shop's gateway allows: once by
 * the hub (durable page by page, mapped and saved as orders), once only fetched, the same pages by the same adapter.
 * The reader has a process of its own; the simulator is in this one.
 */

export interface BackFillRow extends BackFillResult {
  design: 'only fetched' | 'back-fill, stored, mapped and saved';
  /** Of the speed of only fetching, by the time until the last page was durable. */
  ratio: number;
}

const program = fileURLToPath(new URL('./back-fill-process.ts', import.meta.url));
const day = 24 * 60 * 60_000;

export interface BackFillBench {
  orders?: number;
  /** What the gateway lets through and the account asks for. */
  requestsPerSecond?: number;
}

export async function runBackFill({ orders = 152_500, requestsPerSecond = 20 }: BackFillBench = {}): Promise<{
  rows: BackFillRow[];
  requestsPerSecond: number;
  pages: number;
}> {
  const simulator = await startSimulator({
    seed: 1,
    platforms: {
      // The gateway counts a hair slower than the account asks, or one in some requests would come too early.
      jd: {
        orders,
        spanMs: 30 * day,
        limit: { burst: requestsPerSecond, perSecond: requestsPerSecond * 1.02 },
      },
    },
  });
  const folder = mkdtempSync(join(tmpdir(), 'order-hub-bench-'));
  try {
    const shop = simulator.shop('jd');
    const listed = shop.shop.listedOrders().length;
    const asked = () => [...shop.journal.requests.values()].reduce((sum, count) => sum + count, 0);
    const since = Date.now() - 31 * day;
    const read = async (location: string | null): Promise<BackFillResult> => {
      const { address, access } = shop;
      const task: BackFillTask = {
        location,
        platform: 'jd',
        address,
        access: { ...access },
        callsPerSecond: requestsPerSecond,
        since,
      };
      const child = fork(program, [JSON.stringify(task)], {
        execArgv: ['--disable-warning=ExperimentalWarning'],
      });
      const gone = once(child, 'exit').then(([code]): never => {
        throw new Error(`The reader ended with ${code} and told nothing`);
      });
      const [result] = (await Promise.race([once(child, 'message'), gone])) as [BackFillResult];
      assert.equal(result.orders, listed, 'not every order was read');
      return result;
    };
    const fetched = await read(null);
    const pages = asked();
    const filled = await read(join(folder, 'hub.sqlite'));
    const row = (design: BackFillRow['design'], result: BackFillResult): BackFillRow => ({
      design,
      ...result,
      ratio: fetched.readSeconds / result.readSeconds,
    });
    return {
      rows: [row('only fetched', fetched), row('back-fill, stored, mapped and saved', filled)],
      requestsPerSecond,
      pages,
    };
  } finally {
    await simulator.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href)
  console.error(
    await runBackFill({
      orders: Number(process.argv[2] ?? 10_000),
      requestsPerSecond: Number(process.argv[3] ?? 10),
    }),
  );
