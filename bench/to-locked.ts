import { strict as assert } from 'node:assert';
import { pathToFileURL } from 'node:url';
import { policySettings } from '../test/nodes/stock-policy/settings.ts';
import { hubFlow, storeId, tabs } from '../test/support/hub-flow.ts';
import type { FlowNode } from '../test/support/runtime-options.ts';
import { type RuntimeProcess, startRuntimeProcess } from '../test/support/runtime-process.ts';
import { arrive } from './http-load.ts';
import { orders, receiveStock } from './webhooks.ts';

/*
 * How long it takes from a webhook that is due to stock that is locked for good, while so many paid orders a second
 * arrive: signed Shopify orders over HTTP, channel-webhook -> order-map -> order-save, and in its own flow
 * order-event -> stock-apply, with what these nodes are set to when they are new. Node-RED in its own process, SQLite.
 */

export interface ToLockedRow {
  arriving: number;
  orders: number;
  /** Milliseconds. */
  p50: number;
  p99: number;
  most: number;
}

const onStock = (x: number, y: number) => ({ z: tabs.stock, x, y });
/** Those of the hub's flow that lock and free by hand, which a policy does here. */
const byHand = ['hubflow000paid', 'hubflow000lock', 'hubflow0cancel', 'hubflow00free0'];

const flow: FlowNode[] = [
  ...hubFlow().filter(({ id }) => !byHand.includes(id)),
  {
    id: 'benchlocked0pol',
    type: 'stock-policy',
    name: 'as it comes',
    ...policySettings(),
    version: 1,
  },
  {
    id: 'benchlocked0evt',
    type: 'order-event',
    ...onStock(120, 300),
    store: storeId,
    types: [],
    channels: [],
    version: 1,
    wires: [['benchlocked0app']],
  },
  {
    id: 'benchlocked0app',
    type: 'stock-apply',
    ...onStock(320, 300),
    store: storeId,
    policy: 'benchlocked0pol',
    version: 1,
    wires: [['benchlocked0end'], [], ['benchlocked0end'], ['benchlocked0end']],
  },
  {
    id: 'benchlocked0end',
    type: 'function',
    ...onStock(520, 300),
    // What leaves is durable; a refusal is noted, too, and fails the measurement.
    func: `const ended = flow.get('ended') ?? [];
      if (ended.length === 0) flow.set('ended', ended);
      ended.push([msg.order.key, msg.stock.state, Date.now()]);`,
    outputs: 0,
    wires: [],
  },
  {
    id: 'benchlocked0get',
    type: 'http in',
    ...onStock(120, 500),
    url: '/ended',
    method: 'get',
    wires: [['benchlocked0tel']],
  },
  {
    id: 'benchlocked0tel',
    type: 'function',
    ...onStock(320, 500),
    func: `msg.payload = flow.get('ended') ?? []; return msg;`,
    outputs: 1,
    wires: [['benchlocked0ans']],
  },
  { id: 'benchlocked0ans', type: 'http response', ...onStock(520, 500), wires: [] },
];

/** When each order was locked, by its id in the channel; epoch milliseconds. */
async function locked(runtime: RuntimeProcess, expected: number): Promise<Map<string, number>> {
  const deadline = Date.now() + 60_000;
  for (;;) {
    const answer = await fetch(`${runtime.url}/ended`);
    assert.equal(answer.status, 200, 'the ends could not be asked for');
    const ended = (await answer.json()) as [key: string, state: string, at: number][];
    const others = ended.filter(([, state]) => state !== 'locked');
    assert.deepEqual(others.slice(0, 3), [], 'not every order was locked');
    if (ended.length >= expected) return new Map(ended.map(([key, , at]) => [key.split('/').at(-1)!, at]));
    assert.ok(Date.now() < deadline, `only ${ended.length} of ${expected} orders were locked`);
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

export async function runToLocked({ arriving = 200, seconds = 60 } = {}): Promise<ToLockedRow> {
  const runtime = await startRuntimeProcess({ flows: flow, withPack: true });
  try {
    await receiveStock(runtime);
    const path = '/order-hub/hook/shopify';
    // Before it counts: a process compiles what it runs while it runs it for the first time.
    const warm = orders(path, arriving * 5);
    await arrive(runtime.url, warm, arriving);
    await locked(runtime, warm.length);
    const shots = orders(path, arriving * seconds);
    const due = await arrive(runtime.url, shots, arriving);
    const at = await locked(runtime, warm.length + shots.length);
    const took = shots
      .map(
        ({ body }, index) =>
          at.get(String((JSON.parse(body.toString()) as { id: number }).id))! - due[index]!,
      )
      .sort((a, b) => a - b);
    assert.ok(took.every(Number.isFinite), 'an order was locked under another key');
    const part = (share: number): number => took[Math.min(took.length - 1, Math.floor(took.length * share))]!;
    return { arriving, orders: shots.length, p50: part(0.5), p99: part(0.99), most: took.at(-1)! };
  } finally {
    await runtime.stop();
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href)
  console.error(await runToLocked({ seconds: Number(process.argv[2] ?? 60) }));
