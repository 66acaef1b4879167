import assert from 'node:assert/strict';
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { CensusSheet } from '../../../../core/channel/polling/census/sheet.ts';
import { parseJson } from '../../../../core/json.ts';
import type { Order } from '../../../../core/order/schema.ts';
import { type FaultKind, requestFaults } from '../../../simulator/faults.ts';
import { type PlatformName, platforms } from '../../../simulator/platforms/index.ts';
import {
  type ShopSettings,
  type SimulatedShop,
  type Simulator,
  startSimulator,
} from '../../../simulator/simulator.ts';
import { Chance } from '../../../support/seeded.ts';
import { makeSqlitePlace, type SqlitePlace } from '../../store/sqlite-place.ts';
import { canonicalOrder } from './canonical-order.ts';
import { customShop } from './custom-shop.ts';
import type { ReaderTask } from './reader-process.ts';
import { accountOf } from './simulated-account.ts';

const program = fileURLToPath(new URL('./reader-process.ts', import.meta.url));
const orders = Number(process.env.ORDER_HUB_ORDERS ?? 1_000);
const day = 24 * 60 * 60_000;

/** A person ends these two, so a run that waits for nobody goes without them. */
const faults: FaultKind[] = requestFaults.filter((kind) => !['revoked-token', 'clock-off'].includes(kind));

interface Told {
  sheet?: { kind: string; startedAt: number; fault: unknown; waiting: number; filling: boolean };
  census?: CensusSheet;
}

/** What must be the newest of an order. */
function seen(
  { status, refundStatus, lines, times }: Order,
  modifiedAt = Date.parse(times.modified!.at),
): object {
  return { status, refundStatus, lines, modifiedAt };
}

/** How often a request fails. Taobao's trades are mostly read one by one: many requests to a page. */
const rates: Partial<Record<PlatformName, number>> = { taobao: 0.02 };

/*
 * Every platform of the simulator, read by its folder in core/channel while its orders
 * change and its gateway fails, by a process that is killed in the middle. `ORDER_HUB_ORDERS=10000` for the long run.
 */
for (const name of Object.keys(platforms) as PlatformName[]) {
  describe(`a simulated ${name} shop of ${orders} orders that change while they are read`, function () {
    this.timeout(Math.max(180_000, orders * 60));
    const chance = new Chance();
    let simulator: Simulator;
    let shop: SimulatedShop;
    let place: SqlitePlace;
    let child: ChildProcess | undefined;
    const since = Date.now() - day;

    before(async () => {
      place = await makeSqlitePlace();
      const settings: ShopSettings = { orders, spanMs: day / 2, changesPerPage: 5, limit: null };
      simulator = await startSimulator({
        seed: chance.seed,
        platforms: { [name]: settings },
      });
      shop = simulator.shop(name);
      shop.faults({ rate: rates[name] ?? 0.1, kinds: faults });
    });
    after(async () => {
      child?.kill('SIGKILL');
      await simulator?.close();
      await place?.dispose();
    });

    /** Lets a reader work until it tells something that is wanted. */
    function told(wanted: (what: Told) => boolean): Promise<Told> {
      const task: ReaderTask = {
        ...accountOf(shop, customShop),
        location: place.location,
        since,
      };
      child ??= fork(program, [JSON.stringify(task)], {
        execArgv: ['--disable-warning=ExperimentalWarning'],
      });
      const running = child;
      return new Promise((resolve, reject) => {
        const gone = (code: number | null): void => reject(new Error(`The reader ended with ${code}`));
        const look = (what: Told): void => {
          if (!wanted(what)) return;
          running.off('message', look);
          running.off('exit', gone);
          resolve(what);
        };
        running.on('message', look);
        running.once('exit', gone);
      });
    }

    async function count(): Promise<CensusSheet> {
      const counted = told(({ census }) => census !== undefined);
      child!.send('census');
      return (await counted).census!;
    }

    const asked = (): number => [...shop.journal.requests.values()].reduce((sum, count) => sum + count, 0);

    it('is here in its last state, and the census says so', async () => {
      const where = `seed ${chance.seed}`;
      for (let kill = 0; kill < 2; kill += 1) {
        const upTo = asked() + chance.between(5, 25);
        await told(({ sheet }) => sheet !== undefined && asked() >= upTo);
        child!.kill('SIGKILL');
        await once(child!, 'exit');
        child = undefined;
      }
      await told(({ sheet }) => sheet !== undefined && !sheet.filling);
      shop.faults(null);
      shop.changesPerPage = 0;
      // Platforms have whole seconds, and a reading ends before the one that has not ended yet.
      const quietSince = Date.now() + 1_000;
      await told(
        ({ sheet }) =>
          sheet !== undefined &&
          sheet.kind === 'live' &&
          sheet.startedAt > quietSince &&
          sheet.fault === null &&
          sheet.waiting === 0 &&
          !sheet.filling,
      );
      // What a gateway kept from the reading by an answer out of its place, the first count brings.
      let census = await count();
      if (census.fetched > 0) {
        await told(({ sheet }) => sheet?.kind === 'live' && sheet.waiting === 0);
        census = await count();
      }
      const listed = shop.shop.listedOrders();
      assert.ok(shop.shop.orderCount >= orders, where);
      assert.deepEqual([census.fault, census.fetched, census.had], [null, 0, census.listed], where);
      child!.send('stop');
      await once(child!, 'exit');
      child = undefined;

      const db = await place.read();
      const rows = db
        .prepare('select channel_order_id as id, modified_at as modifiedAt, document from orders')
        .all() as { id: string; modifiedAt: number; document: string }[];
      db.close();
      const ours = new Map(rows.map((row) => [row.id, row]));
      const ids = listed.map(({ id }) => id);
      assert.deepEqual([...ours.keys()].sort(), [...ids].sort(), `not the same orders, ${where}`);
      for (const id of ids) {
        const record = parseJson(JSON.stringify(shop.record(id)));
        const { modifiedAt, document } = ours.get(id)!;
        // The document keeps the time of what was last different in it, the row that of the newest state.
        assert.deepEqual(
          seen(JSON.parse(document) as Order, modifiedAt),
          seen(await canonicalOrder(name, record)),
          `order ${id}, ${where}`,
        );
      }
    });
  });
}
