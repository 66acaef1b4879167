import assert from 'node:assert/strict';
import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { Hub } from '../../core/hub.ts';
import { anOrder } from '../core/order/an-order.ts';
import { makeSqlitePlace, type SqlitePlace } from '../core/store/sqlite-place.ts';
import { brokenInvariants, type InvariantOptions } from './invariants.ts';

/** What a fault in the store looks like, and the rule that has to notice it. */
const faults: { fault: string; sql: string; rule: string; when?: InvariantOptions }[] = [
  {
    fault: 'a balance that was changed without a movement',
    sql: 'update stock_balances set available = available + 1',
    rule: 'a balance is the sum of its movements',
  },
  {
    fault: 'units that are committed without a hold',
    sql: 'update stock_holds set remaining = remaining - 1',
    rule: 'what is held, committed and in presale is what open holds say',
  },
  {
    fault: 'a hold that was closed with units in it',
    sql: "update stock_holds set state = 'released'",
    rule: 'a hold is open exactly as long as something remains of it',
  },
  {
    fault: 'an order line that believes it has more',
    sql: 'update order_lines set locked = locked + 1',
    rule: 'an order line says as locked what its open holds say',
  },
  {
    fault: 'a message that was delivered twice',
    sql: `insert into deliveries (topic, subscriber, key, ref, state, attempts, token, available_at, created_at)
      select topic, subscriber, key, ref, state, attempts, token, available_at, created_at from deliveries`,
    rule: 'a subscriber gets a message once',
  },
  {
    fault: 'a record that nobody gets',
    sql: "delete from deliveries where topic = 'inbox'",
    rule: 'every record that was received has a delivery',
  },
  {
    fault: 'an event that a subscriber missed',
    sql: "delete from deliveries where topic = 'order'",
    rule: 'whoever subscribed before an event has a copy of it',
  },
  {
    fault: 'a dead letter that does not say why',
    sql: "update deliveries set state = 'dead', last_error = '{}' where topic = 'order'",
    rule: 'what failed for good says why and keeps its raw input',
  },
  {
    fault: 'a version that was applied, but not kept',
    sql: 'update orders set version = version + 1',
    rule: 'an order counts the versions that were applied',
  },
  {
    fault: 'an order that was paid twice',
    sql: `insert into events (topic, type, order_key, channel, data, at)
      select topic, type, order_key, channel, data, at from events where type = 'paid'`,
    rule: 'an order is created, paid and cancelled at most once',
  },
  {
    fault: 'an order out of nowhere',
    sql: "delete from events where type = 'created'",
    rule: 'every order was created',
  },
  {
    fault: 'work that was left over',
    sql: "update deliveries set state = 'ready'",
    rule: 'nothing waits or is being handled',
    when: { drained: true },
  },
  {
    fault: 'a paid order that nobody asked stock for',
    sql: "update orders set allocation = 'none'",
    rule: 'a paid order is locked in full or refused with a reason',
    when: { drained: true },
  },
  {
    fault: 'a cancelled order that still holds stock',
    sql: "update orders set status = 'cancelled'",
    rule: 'an order that is not paid holds nothing',
    when: { drained: true },
  },
  {
    fault: 'a paid order that nobody was told of',
    sql: 'delete from alerts',
    rule: 'of every order that was paid one alert was raised, and of no other',
    when: { drained: true, alerts: true },
  },
];

describe('the invariants of a store', () => {
  let place: SqlitePlace;

  before(async () => {
    place = await makeSqlitePlace();
    await writeHealthyStore(place);
  });

  after(() => place.dispose());

  it('hold for a hub that did its work', () => {
    assert.deepEqual(brokenInvariants(place.location, { drained: true, alerts: true }), []);
  });

  for (const { fault, sql, rule, when } of faults) {
    it(`notice ${fault}`, () => {
      const file = join(place.folder, `${faults.findIndex((one) => one.fault === fault)}.sqlite`);
      copyFileSync(place.location, file);
      const db = new Database(file);
      db.pragma('foreign_keys = off');
      db.exec(sql);
      db.close();
      const broken = brokenInvariants(file, when);
      assert.ok(
        broken.some((line) => line.startsWith(`${rule}: `)),
        broken.join('\n'),
      );
    });
  }
});

/** One paid order that came in, was saved, and has its stock. */
async function writeHealthyStore(place: SqlitePlace): Promise<void> {
  let now = Date.UTC(2026, 8, 1);
  const store = await place.open({ now: () => (now += 1_000) });
  const hub = await Hub.open(store);
  await hub.subscribers.register({
    id: 'event:paid',
    topic: 'order',
    types: ['paid'],
    channels: null,
    label: 'paid',
  });
  const { id: inboxId } = await hub.inbox.receive({
    account: 'shopify',
    topic: 'orders/paid',
    deliveryKey: 'delivery-1',
    contentKey: null,
    headers: {},
    body: Buffer.from('{}'),
    receivedAt: now,
    subscriber: 'webhook:shopify',
  });
  const order = anOrder({ status: 'paid' });
  const { key } = await hub.orders.save({ order, inboxId, arrivedAt: now });
  const skus = [...new Set(order.lines.map(({ sku }) => sku))];
  const act = { pool: 'main', actor: 'test' };
  await hub.stock.adjust({
    ...act,
    kind: 'receive',
    opKey: 'opening',
    reason: 'opening',
    lines: skus.map((sku) => ({ sku, quantity: 100 })),
  });
  await hub.stock.lock({ ...act, opKey: 'lock', orderKey: key, lines: order.lines });
  await hub.alerts.raise({
    rule: 'paid',
    orderKey: key,
    event: '2',
    targets: [{ id: 'office', message: { title: 'Paid', text: key, to: 'the office', markdown: false } }],
  });
  for (const subscriber of ['webhook:shopify', 'event:paid', 'alert:office']) {
    const { deliveries } = await hub.deliveries.claim({ subscriber, limit: 10, leaseMs: 60_000 });
    for (const delivery of deliveries) await hub.deliveries.finish(delivery, 'done');
  }
  await hub.close();
}
