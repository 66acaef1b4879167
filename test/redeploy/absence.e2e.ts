import assert from 'node:assert/strict';
import { type EmbeddedRuntime, type FlowNode, startRuntime } from '../support/embedded-runtime.ts';
import { eventually, HubClient } from '../support/hub-client.ts';
import { hubFlow, storeId, tabs } from '../support/hub-flow.ts';
import { brokenInvariants, storeFileIn } from '../support/invariants.ts';
import { makeTemporaryDir, removeTemporaryDir } from '../support/runtime-options.ts';
import { keyOf, shopifyWebhook, type Webhook } from '../support/shop-webhooks.ts';

const usual = hubFlow();
const withoutStock = usual.map((node) => (node.id === tabs.stock ? { ...node, disabled: true } : node));
const withoutStore = usual.filter(({ id }) => id !== storeId);
const paidEvents = 'event:hubflow000paid';
const opening = 100;

/** A paid order of one unit; a new one for each number. */
function order(number: number): { webhook: Webhook; key: string } {
  const id = `70${number}`;
  const state = {
    id,
    status: 'paid',
    modifiedAt: Date.UTC(2026, 8, 1),
    lines: [{ sku: 'TEA', quantity: 1 }],
  } as const;
  return { webhook: shopifyWebhook(state, `delivery-${id}`), key: keyOf('shopify', id) };
}

describe('a part of the hub that is away for a while', function () {
  this.timeout(60_000);
  let userDir: string;
  let runtime: EmbeddedRuntime;
  let hub: HubClient;
  let statuses: Map<string, { fill?: string; text?: string }>;

  before(async () => {
    userDir = await makeTemporaryDir();
    // A webhook that has to wait for its node longer than this is asked to come again.
    runtime = await startRuntime({
      userDir,
      flows: usual,
      withPack: true,
      settings: { channelWebhookWaitMs: 100 },
    });
    hub = new HubClient(runtime);
    await hub.ready();
    await hub.receive([{ sku: 'TEA', quantity: opening }], 'opening stock');
    statuses = new Map();
    runtime.RED.events.on(
      'node-status',
      (event: { id: string; status?: { fill?: string; text?: string } }) => {
        statuses.set(event.id, event.status ?? {});
      },
    );
  });

  after(async () => {
    await runtime.stop();
    assert.deepEqual(brokenInvariants(storeFileIn(userDir), { drained: true }), []);
    await removeTemporaryDir(userDir);
  });

  async function post(webhook: Webhook, status = 200): Promise<void> {
    assert.equal((await hub.post(webhook)).status, status);
  }

  async function available(): Promise<number | undefined> {
    return (await hub.stock()).get('TEA')?.available;
  }

  /** Orders that arrive while the flows are as they are now, and what their stock is then. */
  async function ordersArrive(first: number, last: number): Promise<string[]> {
    const keys: string[] = [];
    for (let number = first; number <= last; number += 1) {
      const { webhook, key } = order(number);
      await post(webhook);
      keys.push(key);
    }
    return keys;
  }

  it('keeps the events of a disabled tab and hands them over when it is enabled', async () => {
    await ordersArrive(1, 1);
    await hub.drained();
    assert.equal(await available(), opening - 1);

    await runtime.setFlows(withoutStock, 'flows');
    const keys = await ordersArrive(2, 6);
    await hub.drained(10_000, [paidEvents]);
    const waiting = (await hub.backlogs()).find(({ subscriber }) => subscriber === paidEvents);
    assert.equal(waiting?.ready, 5);
    assert.equal(await available(), opening - 1);
    for (const key of keys) assert.equal((await hub.order(key)).allocation, 'none');

    await runtime.setFlows(usual, 'flows');
    await hub.drained();
    assert.equal(await available(), opening - 6);
    for (const key of keys) assert.equal((await hub.order(key)).allocation, 'allocated');
  });

  it('keeps them over a restart, too', async () => {
    await runtime.setFlows(withoutStock, 'full');
    const [key] = await ordersArrive(7, 7);
    await hub.drained(10_000, [paidEvents]);
    await runtime.stop();
    runtime = await startRuntime({ userDir, withPack: true, settings: { channelWebhookWaitMs: 100 } });
    hub = new HubClient(runtime);
    await hub.ready();
    assert.equal((await hub.order(key!)).allocation, 'none');
    runtime.RED.events.on(
      'node-status',
      (event: { id: string; status?: { fill?: string; text?: string } }) => {
        statuses.set(event.id, event.status ?? {});
      },
    );
    await runtime.setFlows(usual, 'flows');
    await hub.drained();
    assert.equal((await hub.order(key!)).allocation, 'allocated');
  });

  it('shows every node red whose store was deleted, refuses webhooks, and goes on when it is back', async () => {
    await runtime.setFlows(withoutStore, 'full');
    for (const { id } of usual.filter(({ store }) => store === storeId) as FlowNode[]) {
      assert.equal(statuses.get(id)?.fill, 'red', id);
    }
    const { webhook, key } = order(8);
    const refused = await hub.post(webhook);
    assert.equal(refused.status, 503, 'not 404: that would make the shop give the webhook up');
    assert.ok((refused.retryAfter ?? 0) > 0);

    await runtime.setFlows(usual, 'full');
    await hub.ready();
    await eventually('the webhook node is ready', async () =>
      (await hub.post(webhook)).status === 200 ? true : undefined,
    );
    await hub.drained();
    assert.equal((await hub.order(key)).allocation, 'allocated');
    for (const { id } of usual.filter(({ store }) => store === storeId)) {
      assert.notEqual(statuses.get(id)?.fill, 'red', id);
    }
  });
});
