import assert from 'node:assert/strict';
import type { Mapping } from '../../core/order/mapping/types.ts';
import { type EmbeddedRuntime, type FlowNode, startRuntime } from '../support/embedded-runtime.ts';
import { type DeadDelivery, HubClient } from '../support/hub-client.ts';
import { hubFlow } from '../support/hub-flow.ts';
import { brokenInvariants, storeFileIn } from '../support/invariants.ts';
import { makeTemporaryDir, removeTemporaryDir } from '../support/runtime-options.ts';
import { Chance } from '../support/seeded.ts';
import {
  keyOf,
  type ShopOrder,
  shopifyBody,
  shopifyRecord,
  shopifyWebhook,
  type Webhook,
  woocommerceBody,
  woocommerceWebhook,
} from '../support/shop-webhooks.ts';

const modifiedAt = Date.UTC(2026, 8, 1, 1, 0, 5);
const lines = [{ sku: 'TEA', quantity: 1 }];
const paid = (id: string, more: Partial<ShopOrder> = {}): ShopOrder => ({
  id,
  status: 'paid',
  modifiedAt,
  lines,
  ...more,
});

describe('what comes in by the hundred, or broken', function () {
  this.timeout(60_000);
  let userDir: string;
  let runtime: EmbeddedRuntime;
  let hub: HubClient;

  before(async () => {
    userDir = await makeTemporaryDir();
    runtime = await startRuntime({ userDir, flows: hubFlow(), withPack: true });
    hub = new HubClient(runtime);
    await hub.ready();
    await hub.receive([{ sku: 'TEA', quantity: 10_000 }], 'opening stock');
  });

  after(async () => {
    await runtime.stop();
    assert.deepEqual(brokenInvariants(storeFileIn(userDir), { drained: true }), []);
    await removeTemporaryDir(userDir);
  });

  async function committed(): Promise<number> {
    return (await hub.stock()).get('TEA')?.committed ?? 0;
  }

  it('takes 200 webhooks at once, repeated and forged ones among them', async () => {
    const good: Webhook[] = Array.from({ length: 80 }, (_, index) => {
      const order = paid(`90071992547410${String(index).padStart(2, '0')}`);
      return index % 2 === 0 ? shopifyWebhook(order, `burst-${index}`) : woocommerceWebhook(order);
    });
    const repeated = [...good.slice(0, 60), ...good.slice(0, 40)];
    const forged = Array.from({ length: 20 }, (_, index): Webhook => {
      const { headers, ...rest } = shopifyWebhook(paid(`666${index}`), `forged-${index}`);
      return {
        ...rest,
        headers: { ...headers, 'x-shopify-hmac-sha256': Buffer.alloc(32).toString('base64') },
      };
    });
    const burst = interleaved([good, repeated, forged]);
    assert.equal(burst.length, 200);

    const answers = await Promise.all(burst.map((webhook) => hub.post(webhook)));
    const count = (status: number, repeats: boolean) =>
      answers.filter((answer) => answer.status === status && (answer.body.repeated ?? false) === repeats)
        .length;
    assert.deepEqual(
      { stored: count(200, false), repeated: count(200, true), forged: count(401, false) },
      { stored: 80, repeated: 100, forged: 20 },
    );

    await hub.drained();
    const orders = await hub.orders();
    assert.equal(orders.length, 80);
    assert.deepEqual(new Set(orders.map(({ allocation }) => allocation)), new Set(['allocated']));
    assert.equal(await committed(), 80);
  });

  it('keeps 200 states of one order apart, whatever order they come in', async () => {
    const states = Array.from({ length: 200 }, (_, index) =>
      shopifyWebhook(
        paid('4001', { modifiedAt: modifiedAt + index * 1_000, note: `state ${index}` }),
        `state-${index}`,
      ),
    );
    const before = await committed();
    const answers = await Promise.all(new Chance(7).shuffled(states).map((webhook) => hub.post(webhook)));
    assert.deepEqual(new Set(answers.map(({ status }) => status)), new Set([200]));
    await hub.drained();
    const order = await hub.order(keyOf('shopify', '4001'));
    assert.equal(order.modifiedAt, new Date(modifiedAt + 199_000).toISOString());
    assert.equal(order.versions.length, 200, 'a state that is older is kept as stale');
    assert.equal(order.events.filter(({ type }) => type === 'paid').length, 1);
    assert.equal(await committed(), before + 1);
  });

  it('parks a body that is not JSON with its raw input, and makes an order of what a person puts in its place', async () => {
    const broken = '{"id":4002,"financial_status":"paid"';
    const letter = await parked(shopifyBody(broken, 'orders/paid', 'broken'));
    assert.equal(letter.lastError.code, 'map.refused');
    assert.equal(await hub.inputOf(letter.id), broken);

    await hub.send(`deliveries/${letter.id}/retry`, { payload: shopifyRecord(paid('4002')) });
    await hub.drained();
    assert.equal((await hub.order(keyOf('shopify', '4002'))).allocation, 'allocated');
    assert.deepEqual(await hub.deadLetters(), []);
  });

  it('parks a record that the mapping does not know, and makes the order once the mapping is mended', async () => {
    const record = JSON.parse(woocommerceWebhook(paid('4003')).body.toString()) as Record<string, unknown>;
    const strange = woocommerceBody(
      JSON.stringify({ ...record, status: 'wc-packed-by-plugin', currency: 'gold' }),
      'order.updated',
    );
    const letter = await parked(strange);
    assert.equal(letter.lastError.code, 'map.refused');
    for (const value of ['wc-packed-by-plugin', 'gold']) {
      assert.match(letter.lastError.sentence, new RegExp(value), 'every problem is told');
    }
    assert.equal(await hub.inputOf(letter.id), strange.body.toString());

    await runtime.setFlows(
      hubFlow().map((node) => (node.id === 'hubflow0woocommap0' ? mended(node) : node)),
      'nodes',
    );
    await hub.retry(letter.id);
    await hub.drained();
    const order = await hub.order(keyOf('woocommerce', '4003'));
    assert.deepEqual(
      { status: order.status, allocation: order.allocation },
      { status: 'paid', allocation: 'allocated' },
    );
    assert.deepEqual(await hub.deadLetters(), []);
  });

  it('takes the good orders of a list and parks the list with the reason for the bad one', async () => {
    const list = `[${shopifyRecord(paid('4004'))},{"id":4005,"line_items":[]},${shopifyRecord(paid('4006'))}]`;
    const letter = await parked(shopifyBody(list, 'orders/paid', 'list'));
    assert.equal(await hub.inputOf(letter.id), list);
    for (const id of ['4004', '4006']) {
      assert.equal((await hub.order(keyOf('shopify', id))).allocation, 'allocated');
    }

    const before = await committed();
    await hub.send(`deliveries/${letter.id}/retry`, {
      payload: `[${shopifyRecord(paid('4004'))},${shopifyRecord(paid('4005'))}]`,
    });
    await hub.drained();
    assert.equal((await hub.order(keyOf('shopify', '4005'))).allocation, 'allocated');
    assert.equal((await hub.order(keyOf('shopify', '4004'))).version, 1);
    assert.equal(await committed(), before + 1);
  });

  /** Posts what cannot become an order, and answers the dead letter it became. */
  async function parked(webhook: Webhook): Promise<DeadDelivery> {
    assert.equal((await hub.post(webhook)).status, 200, 'stored first, judged later');
    await hub.drained();
    const [letter, ...more] = await hub.deadLetters();
    assert.ok(letter);
    assert.deepEqual(more, []);
    return letter;
  }
});

/** The node with a mapping that takes the plugin's status for paid, and a currency for the one it is. */
function mended(node: FlowNode): FlowNode {
  const mapping = structuredClone(node.mapping) as Mapping;
  for (const rule of mapping.rules) {
    const { source } = rule;
    if (rule.target === 'status' && source.kind === 'first-match') {
      source.cases.unshift({
        when: [{ path: 'status', is: 'equals', value: 'wc-packed-by-plugin' }],
        value: 'paid',
      });
    }
    if (rule.target === 'currency') rule.source = { kind: 'account', value: 'currency' };
  }
  return { ...node, mapping: { ...mapping, version: mapping.version + 1 } };
}

function interleaved<T>(lists: readonly (readonly T[])[]): T[] {
  const longest = Math.max(...lists.map((list) => list.length));
  return Array.from({ length: longest }, (_, index) =>
    lists.flatMap((list) => list.slice(index, index + 1)),
  ).flat();
}
