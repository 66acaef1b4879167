import assert from 'node:assert/strict';
import { sample } from '../core/channel/requests.ts';
import { sampleBytes } from '../core/order/samples.ts';
import { AlertOffice } from '../support/alert-office.ts';
import { type EmbeddedRuntime, startRuntime } from '../support/embedded-runtime.ts';
import { HubClient } from '../support/hub-client.ts';
import { hubFlow } from '../support/hub-flow.ts';
import { brokenInvariants, storeFileIn } from '../support/invariants.ts';
import { makeTemporaryDir, removeTemporaryDir } from '../support/runtime-options.ts';
import { keyOf, type Webhook, woocommerceBody } from '../support/shop-webhooks.ts';

/** A sample exactly as the shop sends it: its own headers, signature included, and its own bytes. */
function sent(account: Webhook['account'], name: string): Webhook {
  const { headers, rawBody } = sample(`${account}/${name}`);
  return { account, headers, body: Buffer.from(rawBody) };
}

const samples = {
  shopifyPaid: sent('shopify', 'webhook.orders_paid'),
  shopifyCancelled: sent('shopify', 'webhook.orders_cancelled'),
  wooUpdated: sent('woocommerce', 'webhook.order_updated'),
  wooDeleted: sent('woocommerce', 'webhook.order_deleted'),
  wooPing: sent('woocommerce', 'webhook.ping'),
};
/** Samples of REST answers; a webhook has the same body. */
const wooProcessing = woocommerceBody(
  sampleBytes('woocommerce/order.processing.json').toString(),
  'order.created',
);
const wooRefunded = woocommerceBody(
  sampleBytes('woocommerce/order.refunded.json').toString(),
  'order.updated',
);

const shopifyKey = keyOf('shopify', '5500000000001');
const wooKey = keyOf('woocommerce', '727');
const goods = ['SKU-TEA-RED-250', 'SKU-CUP-WHITE', 'woo-93', 'Bar3'].map((sku) => ({ sku, quantity: 50 }));

describe('the first order, from the webhook to the stock', function () {
  this.timeout(60_000);
  let userDir: string;
  let runtime: EmbeddedRuntime;
  let hub: HubClient;
  let office: AlertOffice;

  before(async () => {
    userDir = await makeTemporaryDir();
    office = await AlertOffice.open();
    runtime = await startRuntime({ userDir, flows: hubFlow({ alerts: office }), withPack: true });
    hub = new HubClient(runtime);
    await hub.ready();
    await hub.receive(goods, 'opening stock');
  });

  after(async () => {
    // First, so that no server is left that keeps the process alive, should the runtime not have started.
    await office.close();
    await runtime.stop();
    assert.deepEqual(brokenInvariants(storeFileIn(userDir), { drained: true, alerts: true }), []);
    await removeTemporaryDir(userDir);
  });

  async function accepted(webhook: Webhook, repeated = false): Promise<void> {
    const { status, body } = await hub.post(webhook);
    assert.deepEqual({ status, body }, { status: 200, body: { ok: true, ...(repeated && { repeated }) } });
  }

  async function committed(): Promise<Record<string, number>> {
    const stock = await hub.stock();
    return Object.fromEntries([...stock.values()].map((level) => [level.sku, level.committed]));
  }

  const bothLocked = { 'SKU-TEA-RED-250': 2, 'SKU-CUP-WHITE': 1, 'woo-93': 2, Bar3: 1 };

  async function expectBothPaidOnce(): Promise<void> {
    const orders = await hub.orders();
    assert.deepEqual(orders.map(({ key, status, allocation }) => ({ key, status, allocation })).sort(byKey), [
      { key: shopifyKey, status: 'paid', allocation: 'allocated' },
      { key: wooKey, status: 'paid', allocation: 'allocated' },
    ]);
    assert.deepEqual(await committed(), bothLocked);
    for (const { sku, available } of (await hub.stock()).values()) {
      assert.equal(available, 50 - bothLocked[sku as keyof typeof bothLocked], sku);
    }
    assert.deepEqual(office.received.map(({ order, title }) => ({ order, title })).sort(byOrder), [
      { order: shopifyKey, title: 'Paid: 5500000000001' },
      { order: wooKey, title: 'Paid: 727' },
    ]);
    for (const key of [shopifyKey, wooKey]) {
      const { events, holds, versions, alerts } = await hub.order(key);
      assert.equal(alerts.length, 1);
      assert.deepEqual(
        events.map(({ type }) => type),
        ['created', 'paid', 'allocated'],
      );
      assert.deepEqual(
        holds.map(({ quantity, remaining, state }) => ({ quantity, remaining, state })),
        [
          { quantity: 2, remaining: 2, state: 'open' },
          { quantity: 1, remaining: 1, state: 'open' },
        ],
      );
      assert.deepEqual(
        versions.map(({ outcome }) => outcome),
        ['changed'],
      );
    }
  }

  it('shows the paid orders of both shops, with their stock locked and one alert each', async () => {
    await accepted(samples.shopifyPaid);
    await accepted(samples.wooUpdated);
    await hub.drained();
    await expectBothPaidOnce();
  });

  it('takes a repeated delivery, and the same state under another topic, for what they are', async () => {
    await accepted(samples.shopifyPaid, true);
    await accepted(samples.wooUpdated, true);
    await accepted(wooProcessing);
    await hub.drained();
    await expectBothPaidOnce();
  });

  it("answers WooCommerce's unsigned ping and makes nothing of it", async () => {
    await accepted(samples.wooPing);
    await hub.drained();
    assert.equal((await hub.orders()).length, 2);
  });

  it('parks what is no order with its raw input and the reason', async () => {
    await accepted(samples.wooDeleted);
    await hub.drained();
    const [dead, ...more] = await hub.deadLetters();
    assert.deepEqual(more, []);
    assert.ok(dead);
    assert.equal(dead.lastError.code, 'map.refused');
    assert.match(dead.lastError.sentence, /728/);
    assert.equal(await hub.inputOf(dead.id), '{"id":728}');
    assert.equal((await hub.orders()).length, 2);
  });

  it('still knows all of it after a restart', async () => {
    await runtime.stop();
    assert.deepEqual(brokenInvariants(storeFileIn(userDir), { drained: true, alerts: true }), []);
    runtime = await startRuntime({ userDir, withPack: true });
    hub = new HubClient(runtime);
    await hub.ready();
    await accepted(samples.shopifyPaid, true);
    await accepted(samples.wooUpdated, true);
    await accepted(wooProcessing, true);
    await hub.receive(goods, 'opening stock');
    await hub.drained();
    await expectBothPaidOnce();
  });

  it('lets the stock of cancelled and refunded orders go', async () => {
    await accepted(samples.shopifyCancelled);
    await accepted(wooRefunded);
    await hub.drained();
    assert.deepEqual(await committed(), { 'SKU-TEA-RED-250': 0, 'SKU-CUP-WHITE': 0, 'woo-93': 0, Bar3: 0 });
    for (const key of [shopifyKey, wooKey]) {
      const { status, refundStatus, allocation, events } = await hub.order(key);
      assert.deepEqual(
        { status, refundStatus, allocation },
        { status: 'cancelled', refundStatus: 'full', allocation: 'released' },
      );
      assert.equal(events.filter(({ type }) => type === 'stock-released').length, 1);
    }
  });
});

function byKey(one: { key: string }, two: { key: string }): number {
  return one.key < two.key ? -1 : 1;
}

function byOrder(one: { order: string }, two: { order: string }): number {
  return one.order < two.order ? -1 : 1;
}
