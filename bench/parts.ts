import { runAudit } from './audit.ts';
import { runBackFill } from './back-fill.ts';
import { runArrivals, runFlows } from './flows.ts';
import { type MedusaLock, runMedusa } from './locks/medusa.ts';
import { lockTable, ratioOf, runLocks } from './locks.ts';
import { manySkusTable, runManySkus } from './many-skus.ts';
import { millionTable, runMillion } from './million.ts';
import type { Goal, Part } from './part.ts';
import { startServer } from './postgres-server.ts';
import { runQueue } from './queue.ts';
import { runStockPushes } from './stock-pushes.ts';
import { markdownTable, milliseconds, perSecond, times } from './table.ts';
import { runToLocked } from './to-locked.ts';
import { runWebhooks } from './webhooks.ts';

const works = ['hot', 'spread'] as const;

const locks: Part = {
  name: 'locks',
  peers: true,
  async run() {
    const rows = await runLocks();
    const server = await startServer();
    const medusa = await server
      .database('medusa')
      .then((url) => runMedusa(url))
      .finally(() => server.stop());
    const ours = { SQLite: 'SQLite, core/stock', PostgreSQL: 'PostgreSQL, core/stock' } as const;
    const goals: Goal[] = works.flatMap((work) => {
      const beside = (
        store: keyof typeof ours,
        peer: Parameters<typeof ratioOf>[3],
        atLeast: number,
      ): Goal => ({
        what: `lock, ${work}, ${ours[store]} beside ${peer}`,
        is: ratioOf(rows, work, ours[store], peer),
        atLeast,
      });
      const medusaRate = (lock: MedusaLock) =>
        medusa.find((row) => row.work === work && row.lock === lock)!.perSecond;
      const rateOf = (store: keyof typeof ours) =>
        rows.find((row) => row.work === work && row.design === ours[store])!.perSecond;
      const besideMedusa = (store: keyof typeof ours, lock: MedusaLock, atLeast: number): Goal => ({
        what: `lock, ${work}, ${ours[store]} beside the Medusa module with its ${lock} lock`,
        is: rateOf(store) / medusaRate(lock),
        atLeast,
      });
      return [
        beside('SQLite', 'SQLite, raw group commit of 64', 0.6),
        beside('SQLite', 'SQLite, one transaction an order', work === 'hot' ? 12 : 8),
        beside('SQLite', 'Redis Lua, AOF always, a connection a caller', 1),
        beside('SQLite', 'Redis Lua, AOF always, one connection for all', 1),
        beside('PostgreSQL', 'PostgreSQL, raw batches of 64', 0.6),
        beside('PostgreSQL', 'PostgreSQL, raw batches of 64, through a pipeline', 0.6),
        beside('PostgreSQL', 'PostgreSQL, SELECT … FOR UPDATE an order', work === 'hot' ? 12 : 5),
        besideMedusa('SQLite', 'memory', 100),
        besideMedusa('PostgreSQL', 'memory', 50),
        besideMedusa('PostgreSQL', 'PostgreSQL', 50),
      ];
    });
    return {
      goals,
      tables: [
        '### Locks: 20,000 orders of 1 to 3 lines, 64 callers, durable when answered',
        lockTable(rows),
        '### Locks of the Medusa inventory module: 1,500 such orders on the same PostgreSQL',
        markdownTable(
          ['work', 'its lock', 'orders/s', 'units told reserved', 'units booked', 'units there were'],
          medusa.map((row) => [
            row.work,
            row.lock === 'PostgreSQL' ? 'PostgreSQL, for several processes' : row.lock,
            perSecond(row.perSecond),
            row.sold > row.stock ? `**${row.sold}: oversold**` : String(row.sold),
            row.booked < row.sold ? `**${row.booked}: updates lost**` : String(row.booked),
            String(row.stock),
          ]),
        ),
      ],
    };
  },
};

const million: Part = {
  name: 'million',
  async run() {
    return {
      goals: [],
      tables: [
        '### A million locks of one unit against 100,000 units, 64 callers',
        millionTable(await runMillion()),
      ],
    };
  },
};

const manySkus: Part = {
  name: 'many-skus',
  async run() {
    const rows = await runManySkus();
    return {
      goals: [
        {
          what: 'lock with a million SKUs in the pool, of the speed with 1,000',
          is: rows[1]!.ratio,
          atLeast: 0.8,
        },
        { what: 'lock of any of a million SKUs, of the speed among 1,000', is: rows[2]!.ratio, atLeast: 0.8 },
      ],
      tables: ['### Locks by the number of SKUs in the pool, SQLite', manySkusTable(rows)],
    };
  },
};

const arrivals: Part = {
  name: 'arrivals',
  async run() {
    const rows = await runArrivals();
    return {
      goals: rows.map((row) => ({
        what: `stock-lock, ${row.work}, ${row.arriving} orders a second: 99 % answered within ms`,
        is: row.p99,
        atMost: 25,
      })),
      tables: [
        '### Orders that arrive one by one at a stock-lock node, SQLite',
        markdownTable(
          ['work', 'orders/s arriving', 'p50 ms', 'p99 ms', 'slowest ms'],
          rows.map((row) => [
            row.work,
            perSecond(row.arriving),
            milliseconds(row.p50),
            milliseconds(row.p99),
            milliseconds(row.most),
          ]),
        ),
      ],
    };
  },
};

const audit: Part = {
  name: 'audit',
  async run() {
    const row = await runAudit();
    return {
      goals: [
        { what: 'audit of 100,000 orders, seconds', is: row.seconds, atMost: 5 },
        { what: 'longest wait for a lock during an audit, ms', is: row.longestLockMs, atMost: 50 },
      ],
      tables: [
        '### Audit: a whole round over 100,000 orders, the ledger from its beginning, while one caller locks on and on',
        markdownTable(
          [
            'orders',
            'rows',
            'seconds',
            'longest page ms',
            'longest wait for a lock ms',
            'without an audit ms',
          ],
          [
            [
              perSecond(row.orders),
              perSecond(row.rows),
              milliseconds(row.seconds),
              milliseconds(row.longestPageMs),
              milliseconds(row.longestLockMs),
              milliseconds(row.longestLockAloneMs),
            ],
          ],
        ),
      ],
    };
  },
};

const queue: Part = {
  name: 'queue',
  async run() {
    const rows = await runQueue();
    return {
      goals: rows
        .filter((row) => row.design === 'core/delivery')
        .map((row) => ({ what: 'durable queue, of raw lease rows', is: row.ratio, atLeast: 0.5 })),
      tables: [
        '### Durable queue: insert one by one from 64 callers, claim, finish',
        markdownTable(
          ['design', 'messages/s', 'ratio'],
          rows.map((row) => [row.design, perSecond(row.perSecond), times(row.ratio)]),
        ),
      ],
    };
  },
};

const webhooks: Part = {
  name: 'webhooks',
  async run() {
    const rows = await runWebhooks();
    return {
      goals: [
        { what: 'durable webhook, of plain http in', is: rows[1]!.ratio, atLeast: 0.5 },
        { what: 'webhook to locked stock, of plain http in', is: rows[2]!.ratio, atLeast: 0.2 },
      ],
      tables: [
        '### Webhooks: signed Shopify orders (6 KB) over HTTP, 64 connections, Node-RED in its own process',
        markdownTable(
          ['design', 'per second', 'p50 ms', 'p99 ms', 'ratio'],
          rows.map((row) => [
            row.design,
            perSecond(row.perSecond),
            milliseconds(row.p50),
            milliseconds(row.p99),
            times(row.ratio),
          ]),
        ),
      ],
    };
  },
};

const toLocked: Part = {
  name: 'to-locked',
  async run() {
    const row = await runToLocked();
    return {
      goals: [
        {
          what: `webhook to locked stock, ${row.arriving} orders a second: 99 % within ms`,
          is: row.p99,
          atMost: 1_000,
        },
      ],
      tables: [
        '### From a webhook that is due to stock that is locked, SQLite, Node-RED in its own process',
        markdownTable(
          ['orders/s arriving', 'orders', 'p50 ms', 'p99 ms', 'slowest ms'],
          [
            [
              perSecond(row.arriving),
              perSecond(row.orders),
              milliseconds(row.p50),
              milliseconds(row.p99),
              milliseconds(row.most),
            ],
          ],
        ),
      ],
    };
  },
};

const backFill: Part = {
  name: 'back-fill',
  async run() {
    const { rows, requestsPerSecond, pages } = await runBackFill();
    const filled = rows[1]!;
    return {
      goals: [
        { what: 'back-fill, of only fetching the same pages', is: filled.ratio, atLeast: 0.9 },
        { what: 'back-fill, largest heap, MiB', is: filled.peakHeap, atMost: 128 },
        { what: 'back-fill, largest resident set, MiB', is: filled.peakRss, atMost: 512 },
      ],
      tables: [
        `### Back-fill of a simulated JD shop that allows ${requestsPerSecond} requests a second, ${pages} requests, SQLite`,
        markdownTable(
          ['design', 'orders', 'read in s', 'saved in s', 'ratio', 'heap MiB', 'resident MiB'],
          rows.map((row) => [
            row.design,
            perSecond(row.orders),
            milliseconds(row.readSeconds),
            milliseconds(row.savedSeconds),
            times(row.ratio),
            milliseconds(row.peakHeap),
            milliseconds(row.peakRss),
          ]),
        ),
      ],
    };
  },
};

const stockPushes: Part = {
  name: 'stock-pushes',
  async run() {
    const { rows, requestsPerSecond, listings, newest, tailSeconds, leastTailSeconds } =
      await runStockPushes();
    const [, hub] = rows as [(typeof rows)[number], (typeof rows)[number]];
    return {
      goals: [
        {
          what: 'stock told, requests of those that are allowed',
          is: hub.ofAllowed,
          atLeast: 0.9,
          atMost: 1.05,
        },
        { what: 'stock told, requests that were throttled', is: hub.throttled, atMost: 0 },
        { what: 'stock told, listings that show their newest number', is: newest / listings, atLeast: 1 },
        {
          what: 'stock told, time until all numbers show, of the least',
          is: tailSeconds / leastTailSeconds,
          atMost: 1.5,
        },
      ],
      tables: [
        `### Changes of the stock of 1,000 listings, told to a simulated JD shop that allows ${requestsPerSecond} requests a second, SQLite`,
        markdownTable(
          ['design', 'changes', 'requests', 'seconds', 'of the allowed', 'throttled'],
          rows.map((row) => [
            row.design,
            perSecond(row.changes),
            String(row.requests),
            milliseconds(row.seconds),
            times(row.ofAllowed),
            String(row.throttled),
          ]),
        ),
      ],
    };
  },
};

const flows: Part = {
  name: 'flows',
  peers: true,
  async run() {
    const rows = await runFlows();
    return {
      goals: rows
        .filter((row) => row.design === 'stock-lock' && row.work === 'spread')
        .map((row) => ({ what: 'flow with stock-lock, spread, of core nodes', is: row.ratio, atLeast: 5 })),
      tables: [
        '### Flows: one-line orders, 64 under way',
        markdownTable(
          ['work', 'design', 'orders/s', 'sold', 'units booked', 'units there were', 'ratio'],
          rows.map((row) => [
            row.work,
            row.design,
            perSecond(row.perSecond),
            row.sold > row.stock ? `**${row.sold}: oversold**` : String(row.sold),
            String(row.booked),
            String(row.stock),
            times(row.ratio),
          ]),
        ),
      ],
    };
  },
};

/** In the order of the page. */
export const parts: readonly Part[] = [
  locks,
  million,
  manySkus,
  arrivals,
  audit,
  queue,
  webhooks,
  toLocked,
  backFill,
  stockPushes,
  flows,
];
