import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { runAudit } from './audit.ts';
import { runFlows } from './flows.ts';
import { runLocks } from './locks.ts';
import { runQueue } from './queue.ts';
import { markdownTable, milliseconds, perSecond, times } from './table.ts';
import { runWebhooks } from './webhooks.ts';

/*
 * Everything docs/performance.md shows, in one run: `npm run bench` prints the tables, `npm run bench -- --write` puts
 * them into the page. Ratios are within this run; absolute figures depend on the machine.
 */

const page = fileURLToPath(new URL('../docs/performance.md', import.meta.url));
const begin = '<!-- bench:begin -->';
const end = '<!-- bench:end -->';

function installPeers(): void {
  const folder = fileURLToPath(new URL('./peers', import.meta.url));
  if (existsSync(`${folder}/node_modules/node-red-node-sqlite`)) return;
  console.error('Installing the peers to compare with …');
  execFileSync('npm', ['ci'], { cwd: folder, stdio: 'inherit' });
}

interface Goal {
  what: string;
  is: number;
  atLeast: number;
}

async function measure(): Promise<{ text: string; goals: Goal[] }> {
  console.error('Locks …');
  const locks = await runLocks();
  console.error('Queue …');
  const queue = await runQueue();
  console.error('Webhooks …');
  const webhooks = await runWebhooks();
  console.error('Flows …');
  const flows = await runFlows();
  console.error('Audit …');
  const audit = await runAudit();
  const goals: Goal[] = [
    // Limits, as how often the measured time fits into them.
    { what: 'audit of 100,000 orders, of 5 s', is: 5 / audit.seconds, atLeast: 1 },
    { what: 'lock held up by an audit, of 50 ms', is: 50 / audit.longestLockMs, atLeast: 1 },
    ...locks
      .filter((row) => row.design === 'core/stock')
      .map((row) => ({ what: `lock, ${row.work}, of the raw group commit`, is: row.ratio, atLeast: 0.5 })),
    ...queue
      .filter((row) => row.design === 'core/delivery')
      .map((row) => ({ what: 'durable queue, of raw lease rows', is: row.ratio, atLeast: 0.5 })),
    { what: 'durable webhook, of plain http in', is: webhooks[1]!.ratio, atLeast: 0.5 },
    { what: 'webhook to locked stock, of plain http in', is: webhooks[2]!.ratio, atLeast: 0.2 },
    ...flows
      .filter((row) => row.design === 'stock-lock' && row.work === 'spread')
      .map((row) => ({
        what: `flow with stock-lock, ${row.work}, of core nodes`,
        is: row.ratio,
        atLeast: 5,
      })),
  ];
  const text = [
    '### What is held',
    markdownTable(
      ['what', 'measured', 'at least', ''],
      goals.map((goal) => [
        goal.what,
        times(goal.is),
        String(goal.atLeast),
        goal.is >= goal.atLeast ? 'ok' : '**missed**',
      ]),
    ),
    '### Locks: 20,000 orders of 1 to 3 lines, 64 callers, SQLite synchronous=FULL',
    markdownTable(
      ['work', 'design', 'orders/s', 'p50 ms', 'p99 ms', 'ratio'],
      locks.map((row) => [
        row.work,
        row.design,
        perSecond(row.perSecond),
        milliseconds(row.p50),
        milliseconds(row.p99),
        times(row.ratio),
      ]),
    ),
    '### Durable queue: insert one by one from 64 callers, claim, finish',
    markdownTable(
      ['design', 'messages/s', 'ratio'],
      queue.map((row) => [row.design, perSecond(row.perSecond), times(row.ratio)]),
    ),
    '### Webhooks: signed Shopify orders (6 KB) over HTTP, 64 connections, Node-RED in its own process',
    markdownTable(
      ['design', 'per second', 'p50 ms', 'p99 ms', 'ratio'],
      webhooks.map((row) => [
        row.design,
        perSecond(row.perSecond),
        milliseconds(row.p50),
        milliseconds(row.p99),
        times(row.ratio),
      ]),
    ),
    '### Audit: a whole round over 100,000 orders, the ledger from its beginning, while one caller locks on and on',
    markdownTable(
      ['orders', 'rows', 'seconds', 'longest page ms', 'longest wait for a lock ms', 'without an audit ms'],
      [
        [
          perSecond(audit.orders),
          perSecond(audit.rows),
          milliseconds(audit.seconds),
          milliseconds(audit.longestPageMs),
          milliseconds(audit.longestLockMs),
          milliseconds(audit.longestLockAloneMs),
        ],
      ],
    ),
    '### Flows: one-line orders, 64 under way',
    markdownTable(
      ['work', 'design', 'orders/s', 'sold', 'units booked', 'units there were', 'ratio'],
      flows.map((row) => [
        row.work,
        row.design,
        perSecond(row.perSecond),
        row.sold > row.stock ? `**${row.sold}: oversold**` : String(row.sold),
        String(row.booked),
        String(row.stock),
        times(row.ratio),
      ]),
    ),
  ].join('\n\n');
  return { text, goals };
}

installPeers();
const { text, goals } = await measure();
process.stdout.write(`${text}\n`);
if (process.argv.includes('--write')) {
  const before = readFileSync(page, 'utf8');
  const start = before.indexOf(begin) + begin.length;
  writeFileSync(page, `${before.slice(0, start)}\n\n${text}\n\n${before.slice(before.indexOf(end))}`);
}
const missed = goals.filter((goal) => goal.is < goal.atLeast);
for (const goal of missed)
  console.error(`Missed: ${goal.what}: ${times(goal.is)}, at least ${goal.atLeast}.`);
process.exitCode = missed.length > 0 ? 1 : 0;
