import type { Hub } from '../../../core/hub.ts';
import type { Order } from '../../../core/order/schema.ts';

export const orderKey = 'shopify/demo/1001';
export const oddKey = 'shop%2Fify/demo%20shop/A%25';

function order(parts: Partial<Order> = {}): Order {
  const time = (at: string) => ({ at, text: at });
  return {
    channel: 'shopify',
    shop: 'demo',
    channelOrderId: '1001',
    scenario: 'normal',
    status: 'paid',
    refundStatus: 'none',
    times: { created: time('2026-03-01T08:00:00.000Z'), modified: time('2026-03-01T08:00:00.000Z') },
    currency: 'CNY',
    money: { total: 19_900 },
    lines: [{ lineId: '1', sku: 'MUG', quantity: 2 }],
    receiver: { name: '张三丰', phone: '13812340000', address: '中山路 1 号', city: '杭州' },
    buyer: { key: 'buyer-77', note: '请打电话 13812340000' },
    ...parts,
  };
}

/** Fills a hub with a little of everything the API shows. */
export async function fillHub(hub: Hub): Promise<{ deadId: number }> {
  const { store } = hub;
  await hub.subscribers.register({
    id: 'watcher',
    topic: 'order',
    types: null,
    channels: null,
    label: 'watches orders',
  });
  const received = await hub.inbox.receive({
    account: 'shopify-demo',
    topic: 'orders/paid',
    deliveryKey: 'd-1',
    contentKey: 'c-1',
    headers: {},
    body: Buffer.from('{"phone":"13812340000"}'),
    receivedAt: store.now(),
    subscriber: 'hook',
  });
  await hub.orders.save({ order: order(), inboxId: received.id, arrivedAt: store.now() });
  const odd = order({ channel: 'shop/ify', shop: 'demo shop', channelOrderId: 'A%', status: 'created' });
  await hub.orders.save({ order: odd, inboxId: null, arrivedAt: store.now() });
  await hub.stock.receive({ opKey: 'in', actor: 'test', lines: [{ sku: 'MUG', quantity: 5 }] });
  await hub.stock.lock({
    opKey: 'lock',
    actor: 'test',
    orderKey,
    lines: [{ lineId: '1', sku: 'MUG', quantity: 2 }],
  });
  await store.execute(
    {
      name: 'sample rows',
      async run(tx) {
        await tx.insert('alerts', [
          {
            alert_key: 'a',
            target: 'desk',
            rule: 'late',
            order_key: orderKey,
            event: '1',
            message: JSON.stringify({ title: 'late', fields: { receiver: { phone: '13812340000' } } }),
            at: tx.now,
          },
        ]);
        await tx.insert('weighings', [
          {
            order_key: orderKey,
            verdict: 'blocked',
            reading_grams: 900,
            expected_grams: 600,
            band_grams: 60,
            actor: 'scale',
            reason: null,
            at: tx.now,
          },
        ]);
        return [null];
      },
    },
    null,
  );
  return { deadId: await letDie(hub, 'hook') };
}

/** Lets a subscriber's next delivery fail for good and answers its id. */
export async function letDie(hub: Hub, subscriber: string): Promise<number> {
  const { deliveries } = await hub.deliveries.claim({ subscriber, limit: 1, leaseMs: 30_000 });
  const [delivery] = deliveries;
  if (!delivery) throw new Error(`Nothing waits for ${subscriber}`);
  const reason = { code: 'node.no-order', params: {}, sentence: 'the words it was kept in' };
  await hub.deliveries.finish(delivery, { dead: reason });
  return delivery.id;
}
