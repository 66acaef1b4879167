import { fileURLToPath } from 'node:url';
import { inOwnProcess } from '../own-process.ts';
import { peer, peerPath } from '../peer.ts';
import { type Load, makeLoad, type Work } from './load.ts';

/*
 * The inventory module of Medusa on the same PostgreSQL: a reservation a line. It does more a call than a lock of
 * ours (entities, soft delete, events), and without a lock around it, it sells what is not there.
 */

/**
 * What its locking module guards the items of each order by: nothing, a lock in the memory of one process, or rows of
 * PostgreSQL, as several processes need.
 */
export type MedusaLock = 'none' | 'memory' | 'PostgreSQL';

export interface MedusaRow {
  work: Work;
  lock: MedusaLock;
  perSecond: number;
  /** Units of which its calls said that they are reserved, and units there were, of SKUs that ran out or over. */
  sold: number;
  stock: number;
  /** Units that its own levels say are reserved; less than sold when updates were lost. */
  booked: number;
}

interface Level {
  inventory_item_id: string;
  reserved_quantity: unknown;
  stocked_quantity: unknown;
}

interface Inventory {
  createInventoryItems(items: { sku: string }[]): Promise<{ id: string; sku: string }[]>;
  createInventoryLevels(levels: object[]): Promise<unknown>;
  createReservationItems(items: object[]): Promise<unknown>;
  listInventoryLevels(filter: object, config: object): Promise<Level[]>;
}

interface Locking {
  execute<R>(keys: string[], job: () => Promise<R>, options: { timeout: number }): Promise<R>;
}

interface Medusa {
  modules: Record<string, unknown>;
  runMigrations(): Promise<void>;
  onApplicationShutdown(): Promise<void>;
}

/** Its error for too little stock; any other one is a fault of the measurement. */
const notEnough = /not enough stock|Not enough stock/;

/**
 * Measures it in a process of its own, whose connections end with it.
 *
 * @param url a database of its own
 */
export function runMedusa(url: string, orders = 1_500): Promise<MedusaRow[]> {
  return inOwnProcess(import.meta.url, [url, String(orders)]);
}

async function measure(url: string, orders: number): Promise<MedusaRow[]> {
  const rows: MedusaRow[] = [];
  for (const inPostgres of [false, true]) {
    const locks: MedusaLock[] = inPostgres ? ['PostgreSQL'] : ['none', 'memory'];
    const medusa = await start(url, inPostgres);
    const inventory = medusa.modules.inventory as Inventory;
    const locking = medusa.modules.locking as Locking;
    try {
      for (const work of ['hot', 'spread'] as const) {
        for (const lock of locks) {
          const load = makeLoad(work, orders);
          rows.push({ work, lock, ...(await run(inventory, lock === 'none' ? undefined : locking, load)) });
        }
      }
    } finally {
      await medusa.onApplicationShutdown();
    }
  }
  return rows.sort((one, two) => one.work.localeCompare(two.work));
}

async function start(clientUrl: string, locksInPostgres: boolean): Promise<Medusa> {
  const { MedusaApp } = peer<{ MedusaApp(options: object): Promise<Medusa> }>(
    '@medusajs/framework/modules-sdk',
    'medusa',
  );
  const silent = () => undefined;
  const logger = { info: silent, warn: silent, debug: silent, log: silent, error: silent };
  const provider = {
    id: 'locking-postgres',
    resolve: peerPath('@medusajs/locking-postgres', 'medusa'),
    is_default: true,
  };
  const medusa = await MedusaApp({
    modulesConfig: {
      inventory: {
        resolve: peerPath('@medusajs/inventory', 'medusa'),
        options: { database: { clientUrl } },
      },
      locking: {
        resolve: peerPath('@medusajs/locking', 'medusa'),
        options: locksInPostgres ? { providers: [provider] } : {},
      },
    },
    injectedDependencies: { logger },
    sharedResourcesConfig: { database: { clientUrl } },
  });
  await medusa.runMigrations();
  return medusa;
}

async function run(
  inventory: Inventory,
  locking: Locking | undefined,
  load: Load,
): Promise<Omit<MedusaRow, 'work' | 'lock'>> {
  const run = `${Math.random().toString(36).slice(2)}`;
  const skus = [...load.stock.keys()];
  const made = await inventory.createInventoryItems(skus.map((sku) => ({ sku: `${run}-${sku}` })));
  const ids = new Map(made.map(({ id, sku }) => [sku.slice(run.length + 1), id]));
  await inventory.createInventoryLevels(
    skus.map((sku) => ({
      inventory_item_id: ids.get(sku),
      location_id: 'warehouse',
      stocked_quantity: load.stock.get(sku),
    })),
  );
  const sold = new Map<string, number>();
  let next = 0;
  const caller = async (): Promise<void> => {
    while (next < load.orders.length) {
      const { key, lines } = load.orders[next]!;
      next += 1;
      const reserve = () =>
        inventory.createReservationItems(
          lines.map(({ lineId, sku, quantity }) => ({
            inventory_item_id: ids.get(sku),
            location_id: 'warehouse',
            quantity,
            line_item_id: `${run}-${key}-${lineId}`,
          })),
        );
      try {
        const items = lines.map(({ sku }) => ids.get(sku)!).sort();
        await (locking ? locking.execute(items, reserve, { timeout: 120 }) : reserve());
      } catch (error) {
        if (error instanceof Error && notEnough.test(error.message)) continue;
        throw error;
      }
      for (const { sku, quantity } of lines) sold.set(sku, (sold.get(sku) ?? 0) + quantity);
    }
  };
  const began = performance.now();
  await Promise.all(Array.from({ length: 64 }, caller));
  const perSecond = load.orders.length / ((performance.now() - began) / 1_000);
  const levels = await inventory.listInventoryLevels(
    { inventory_item_id: [...ids.values()] },
    { take: ids.size },
  );
  const shown = load.hotSku ? [load.hotSku] : skus;
  const reserved = new Map(
    levels.map((level) => [level.inventory_item_id, Number(String(level.reserved_quantity))]),
  );
  const sum = (of: (sku: string) => number): number => shown.reduce((total, sku) => total + of(sku), 0);
  return {
    perSecond,
    sold: sum((sku) => sold.get(sku) ?? 0),
    stock: sum((sku) => load.stock.get(sku)!),
    booked: sum((sku) => reserved.get(ids.get(sku)!) ?? 0),
  };
}

if (process.send && process.argv[1] === fileURLToPath(import.meta.url)) {
  const [url, orders] = process.argv.slice(2);
  process.send(await measure(url!, Number(orders)));
}
