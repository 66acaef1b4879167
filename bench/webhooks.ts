import { strict as assert } from 'node:assert';
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import BetterSqlite3 from 'better-sqlite3';
import { signShopify } from '../core/channel/shopify/shopify.ts';
import { hubFlow, secrets } from '../test/support/hub-flow.ts';
import type { FlowNode } from '../test/support/runtime-options.ts';
import { type RuntimeProcess, startRuntimeProcess } from '../test/support/runtime-process.ts';
import { type LoadResult, post, type Shot } from './http-load.ts';
import { median } from './table.ts';

/*
 * Webhooks through a whole Node-RED in a process of its own, over HTTP on loopback: what plain
 * `http in -> http response` answers, webhooks that are answered once they are durable, and webhooks all the way to
 * locked stock. The same signed Shopify orders everywhere, in turns within one run.
 */

export interface WebhookRow extends LoadResult {
  design:
    | 'http in -> http response'
    | 'webhook, durable when answered'
    | 'webhook to locked stock, sustained';
  /** Of plain `http in -> http response` in the same run. */
  ratio: number;
}

const sample = JSON.parse(
  readFileSync(new URL('../test/samples/shopify/webhook.orders_paid.json', import.meta.url), 'utf8'),
) as { headers: Record<string, string>; rawBody: string };

/** Signed orders that differ in id, number and nothing else. */
export function orders(path: string, count: number): Shot[] {
  const run = randomUUID().slice(0, 8);
  return Array.from({ length: count }, (_, index) => {
    const id = 6_000_000_000_000 + Math.floor(Math.random() * 1e9) * 1_000 + index;
    const body = Buffer.from(sample.rawBody.replaceAll('5500000000001', String(id)));
    return {
      path,
      body,
      headers: {
        ...sample.headers,
        ...signShopify(secrets.shopify, body),
        'x-shopify-webhook-id': `${run}-${index}`,
      },
    };
  });
}

const plain: FlowNode[] = [
  { id: 'benchplain0tab0', type: 'tab', label: 'plain' },
  {
    id: 'benchplain0in00',
    type: 'http in',
    z: 'benchplain0tab0',
    x: 100,
    y: 100,
    url: '/plain',
    method: 'post',
    wires: [['benchplain0out0']],
  },
  { id: 'benchplain0out0', type: 'http response', z: 'benchplain0tab0', x: 300, y: 100, wires: [] },
];

/** The hub with its webhook wired to nothing: what it costs to receive durably. */
function receivingOnly(flow: FlowNode[]): FlowNode[] {
  return flow.map((node) => (node.type === 'channel-webhook' ? { ...node, wires: [[]] } : node));
}

const settings = { source: { maxInFlight: 256 } };

async function withRuntime<R>(flows: FlowNode[], act: (runtime: RuntimeProcess) => Promise<R>): Promise<R> {
  const runtime = await startRuntimeProcess({ flows: [...flows, ...plain], withPack: true });
  try {
    return await act(runtime);
  } finally {
    await runtime.stop();
  }
}

export async function receiveStock(runtime: RuntimeProcess): Promise<void> {
  const lines = (JSON.parse(sample.rawBody) as { line_items: { sku: string }[] }).line_items;
  const answer = await fetch(`${runtime.url}/test/receive`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(lines.map(({ sku }) => ({ sku, quantity: 100_000_000 }))),
  });
  assert.equal(answer.status, 200, 'receiving the stock failed');
}

/** Waits until every paid order holds its stock; the time counts from the first webhook sent. */
async function lockedAll(runtime: RuntimeProcess, before: number, expected: number): Promise<void> {
  const db = new BetterSqlite3(join(runtime.userDir, 'order-hub/hub.sqlite'), { readonly: true });
  try {
    const locked = db.prepare(`select count(distinct order_key) n from stock_holds where state = 'open'`);
    const deadline = Date.now() + 120_000;
    for (;;) {
      const { n } = locked.get() as { n: number };
      if (n - before >= expected) return;
      if (Date.now() > deadline) throw new Error(`Only ${n - before} of ${expected} orders were locked`);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  } finally {
    db.close();
  }
}

export async function runWebhooks({ count = 5_000, rounds = 3 } = {}): Promise<WebhookRow[]> {
  const answered: Record<WebhookRow['design'], LoadResult[]> = {
    'http in -> http response': [],
    'webhook, durable when answered': [],
    'webhook to locked stock, sustained': [],
  };
  const warm = 500;
  for (let round = 0; round < rounds; round += 1) {
    await withRuntime(receivingOnly(hubFlow(settings)), async (runtime) => {
      await post(runtime.url, orders('/plain', warm));
      answered['http in -> http response'].push(await post(runtime.url, orders('/plain', count)));
      await post(runtime.url, orders('/order-hub/hook/shopify', warm));
      answered['webhook, durable when answered'].push(
        await post(runtime.url, orders('/order-hub/hook/shopify', count)),
      );
    });
    await withRuntime(hubFlow(settings), async (runtime) => {
      await receiveStock(runtime);
      await post(runtime.url, orders('/order-hub/hook/shopify', warm));
      await lockedAll(runtime, 0, warm);
      const started = performance.now();
      const result = await post(runtime.url, orders('/order-hub/hook/shopify', count));
      await lockedAll(runtime, warm, count);
      const perSecond = count / ((performance.now() - started) / 1_000);
      answered['webhook to locked stock, sustained'].push({ ...result, perSecond });
    });
  }
  const rate = (results: LoadResult[], key: keyof LoadResult) => median(results.map((result) => result[key]));
  const base = rate(answered['http in -> http response'], 'perSecond');
  return (Object.keys(answered) as WebhookRow['design'][]).map((design) => ({
    design,
    perSecond: rate(answered[design], 'perSecond'),
    p50: rate(answered[design], 'p50'),
    p99: rate(answered[design], 'p99'),
    ratio: rate(answered[design], 'perSecond') / base,
  }));
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  console.error(await runWebhooks({ rounds: 1 }));
}
