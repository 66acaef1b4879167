import { strict as assert } from 'node:assert';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import BetterSqlite3 from 'better-sqlite3';
import { hubFlow, storeId } from '../test/support/hub-flow.ts';
import type { FlowNode } from '../test/support/runtime-options.ts';
import { type RuntimeProcess, startRuntimeProcess } from '../test/support/runtime-process.ts';
import { median } from './table.ts';

/*
 * A flow with stock-lock beside the flow people build today: core nodes and node-red-node-sqlite, looking whether
 * there is enough and then taking it. Orders of one line; 64 under way. "Hot" wants one SKU that has half as many
 * units as are asked for: the flow that looks first sells more than there is. Its speed on "hot" means nothing: most of
 * its updates write what another order wrote a moment ago, and SQLite stores nothing for a row that does not change;
 * the units booked show it. So the speed is held on "spread", where both do the same work.
 */

export interface FlowRow {
  work: 'spread' | 'hot';
  design: 'core nodes + node-red-node-sqlite' | 'stock-lock';
  perSecond: number;
  /** Orders that were told they have their unit. */
  sold: number;
  /** Units that left the stock. */
  booked: number;
  /** Units there were. */
  stock: number;
  ratio: number;
}

const tab = 'benchflow00tab0';
const nodesDir = fileURLToPath(new URL('./nodes', import.meta.url));
const sqliteNodes = fileURLToPath(new URL('./peers/node_modules/node-red-node-sqlite', import.meta.url));

const at = (x: number, y: number) => ({ z: tab, x, y });

function ends(prefix: string): FlowNode[] {
  return [
    { id: `${prefix}sold`, type: 'bench-end', ...at(900, 100), sold: true, wires: [] },
    { id: `${prefix}none`, type: 'bench-end', ...at(900, 200), sold: false, wires: [] },
  ];
}

const ourFlow: FlowNode[] = [
  ...hubFlow(),
  { id: tab, type: 'tab', label: 'bench' },
  {
    id: 'benchours0drive',
    type: 'bench-driver',
    ...at(100, 100),
    name: 'ours',
    wires: [['benchours00lock']],
  },
  {
    id: 'benchours00lock',
    type: 'stock-lock',
    ...at(300, 100),
    store: storeId,
    pool: 'main',
    lines: 'payload.lines',
    linesType: 'msg',
    bucket: 'committed',
    partial: 'all-or-none',
    version: 1,
    wires: [['benchours00sold'], ['benchours00none']],
  },
  ...ends('benchours00'),
];

/** Reads the balance, decides in a function node, then writes: each step right by itself. */
function coreFlow(file: string): FlowNode[] {
  const query = (id: string, x: number, wires: string[][]): FlowNode => ({
    id,
    type: 'sqlite',
    ...at(x, 100),
    mydb: 'benchcore000db0',
    sqlquery: 'prepared',
    sql: '',
    wires,
  });
  const code = (id: string, x: number, func: string, wires: string[][]): FlowNode => ({
    id,
    type: 'function',
    ...at(x, 100),
    func,
    outputs: wires.length,
    wires,
  });
  const select = query('benchcore0read0', 400, [['benchcore0deci0']]);
  const update = query('benchcore0writ0', 700, [['benchcore00sold']]);
  return [
    { id: tab, type: 'tab', label: 'bench' },
    { id: 'benchcore000db0', type: 'sqlitedb', db: file, mode: 'RWC' },
    {
      id: 'benchcore0drive',
      type: 'bench-driver',
      ...at(100, 100),
      name: 'core',
      wires: [['benchcore0ask00']],
    },
    code('benchcore0ask00', 250, `msg.params = { $sku: msg.payload.lines[0].sku }; return msg;`, [
      ['benchcore0read0'],
    ]),
    { ...select, sql: 'select available from stock where sku = $sku' },
    code(
      'benchcore0deci0',
      550,
      `if (msg.payload[0].available < 1) return [null, msg];
       msg.params = { $sku: msg.params.$sku, $left: msg.payload[0].available - 1 };
       return [msg, null];`,
      [['benchcore0writ0'], ['benchcore00none']],
    ),
    { ...update, sql: 'update stock set available = $left where sku = $sku' },
    ...ends('benchcore00'),
  ];
}

async function drive<R = { perSecond: number; sold: number }>(
  runtime: RuntimeProcess,
  name: string,
  asked: string,
): Promise<R> {
  const answer = await fetch(`${runtime.url}/drive/${name}?${asked}`);
  const text = await answer.text();
  assert.equal(answer.status, 200, text);
  return JSON.parse(text) as R;
}

const skuCount = { spread: 1_000, hot: 1 } as const;

async function measureOurs(work: FlowRow['work'], count: number, stock: number) {
  return withOurs(work, stock, async (runtime) => {
    const result = await drive(runtime, 'ours', `count=${count}&callers=64&skus=${skuCount[work]}`);
    const left = unitsLeft(join(runtime.userDir, 'order-hub/hub.sqlite'), 'stock_balances');
    return { ...result, booked: stock - left };
  });
}

export interface ArrivalRow {
  work: FlowRow['work'];
  /** Orders that arrive in a second. */
  arriving: number;
  /** Milliseconds from the instant an order is due to its answer. */
  p50: number;
  p99: number;
  most: number;
}

/** How long a lock takes through the node while so many orders a second arrive, one by one. */
export async function runArrivals({ arriving = 2_000, seconds = 10 } = {}): Promise<ArrivalRow[]> {
  const rows: ArrivalRow[] = [];
  for (const work of ['hot', 'spread'] as const) {
    const count = arriving * seconds;
    const times = await withOurs(work, count * 2, async (runtime) => {
      // Once before it counts: a process compiles what it runs while it runs it for the first time.
      await drive(runtime, 'ours', `count=${arriving}&callers=64&skus=${skuCount[work]}`);
      return drive<Omit<ArrivalRow, 'work' | 'arriving'> & { sold: number }>(
        runtime,
        'ours',
        `count=${count}&perSecond=${arriving}&skus=${skuCount[work]}`,
      );
    });
    assert.equal(times.sold, count, 'an order was refused though there was enough');
    rows.push({ work, arriving, p50: times.p50, p99: times.p99, most: times.most });
  }
  return rows;
}

/** Runs our flow in a Node-RED of its own, with so many units in its pool. */
async function withOurs<R>(
  work: FlowRow['work'],
  stock: number,
  measure: (runtime: RuntimeProcess) => Promise<R>,
): Promise<R> {
  const runtime = await startRuntimeProcess({ flows: ourFlow, withPack: true, nodesDirs: [nodesDir] });
  try {
    const lines = skusOf(work).map((sku) => ({ sku, quantity: stock / skuCount[work] }));
    // A receipt has at most 500 lines.
    for (let first = 0; first < lines.length; first += 500) {
      const answer = await fetch(`${runtime.url}/test/receive`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(lines.slice(first, first + 500)),
      });
      assert.equal(answer.status, 200, 'receiving the stock failed');
    }
    return await measure(runtime);
  } finally {
    await runtime.stop();
  }
}

async function measureCore(work: FlowRow['work'], count: number, stock: number) {
  const folder = mkdtempSync(join(tmpdir(), 'order-hub-bench-'));
  const file = join(folder, 'stock.sqlite');
  const db = new BetterSqlite3(file);
  db.pragma('journal_mode = wal');
  db.exec('create table stock (sku text primary key, available integer not null)');
  const insert = db.prepare('insert into stock values (?, ?)');
  for (const sku of skusOf(work)) insert.run(sku, stock / skuCount[work]);
  db.close();
  const runtime = await startRuntimeProcess({ flows: coreFlow(file), nodesDirs: [nodesDir, sqliteNodes] });
  try {
    const result = await drive(runtime, 'core', `count=${count}&callers=64&skus=${skuCount[work]}`);
    return { ...result, booked: stock - unitsLeft(file) };
  } finally {
    await runtime.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

function unitsLeft(file: string, table: 'stock' | 'stock_balances' = 'stock'): number {
  const db = new BetterSqlite3(file, { readonly: true });
  try {
    return (db.prepare(`select sum(available) as units from ${table}`).get() as { units: number }).units;
  } finally {
    db.close();
  }
}

function skusOf(work: FlowRow['work']): string[] {
  return work === 'hot' ? ['SKU-HOT'] : Array.from({ length: skuCount.spread }, (_, index) => `SKU-${index}`);
}

export async function runFlows({ orders = 20_000, coreOrders = 4_000, rounds = 3 } = {}): Promise<FlowRow[]> {
  if (!existsSync(sqliteNodes)) throw new Error('The peers are not installed: run "npm ci" in bench/peers.');
  const rows: FlowRow[] = [];
  for (const work of ['spread', 'hot'] as const) {
    const share = work === 'hot' ? 0.5 : 10;
    const ours: Awaited<ReturnType<typeof measureOurs>>[] = [];
    const core: Awaited<ReturnType<typeof measureCore>>[] = [];
    for (let round = 0; round < rounds; round += 1) {
      core.push(await measureCore(work, coreOrders, coreOrders * share));
      const result = await measureOurs(work, orders, orders * share);
      if (work === 'hot') assert.equal(result.sold, orders * share, 'stock-lock must sell out exactly');
      ours.push(result);
    }
    const base = median(core.map((result) => result.perSecond));
    const row = (design: FlowRow['design'], results: typeof ours, stock: number): FlowRow => {
      const rate = median(results.map((result) => result.perSecond));
      return {
        work,
        design,
        perSecond: rate,
        sold: median(results.map((result) => result.sold)),
        booked: median(results.map((result) => result.booked)),
        stock,
        ratio: rate / base,
      };
    };
    rows.push(
      row('core nodes + node-red-node-sqlite', core, coreOrders * share),
      row('stock-lock', ours, orders * share),
    );
  }
  return rows;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href)
  console.error(await runFlows({ rounds: 1 }));
