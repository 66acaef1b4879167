import assert from 'node:assert/strict';
import Database from 'better-sqlite3';
import { Hub } from '../../core/hub.ts';
import type { Order } from '../../core/order/schema.ts';
import { anOrder } from '../core/order/an-order.ts';
import { type AnyPlace, onEachStore } from '../core/store/each-store.ts';
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
    fault: 'a hold that let its units go twice',
    sql: `insert into stock_movements (id, op_id, balance_id, from_bucket, to_bucket, quantity, hold_id)
      select 1000000 + id, op_id, balance_id, from_bucket, to_bucket, quantity, hold_id
      from stock_movements where to_bucket = 'customer'`,
    rule: 'what left a hold is what it no longer has',
  },
  {
    fault: 'units that were sold before they came',
    sql: "update stock_movements set id = 1000000 + id where from_bucket = 'supplier'",
    rule: 'no bucket was ever negative, movement by movement',
  },
  {
    fault: 'a line that holds one SKU twice',
    sql: `insert into stock_holds (order_key, id, balance_id, line_id, quantity, remaining, scenario, bucket, state, per_unit)
      select order_key, -id, balance_id, line_id, quantity, remaining, scenario, bucket, state, per_unit
      from stock_holds where state = 'open'`,
    rule: 'an order line has at most one open hold on a SKU in a pool',
  },
  {
    fault: 'a hold on half of what is ordered',
    sql: 'update stock_holds set remaining = remaining - 1 where per_unit = 2 and remaining = 4',
    rule: 'a hold is of a SKU that its pool knows, in whole ordered units',
  },
  {
    fault: 'a hold in a pool without the SKU',
    sql: 'delete from stock_items',
    rule: 'a hold is of a SKU that its pool knows, in whole ordered units',
  },
  {
    fault: 'a bundle of which one component was let go',
    sql: "update stock_holds set state = 'released', remaining = 0 where per_unit = 2 and state = 'open'",
    rule: 'the components of a bundle are held and end together',
  },
  {
    fault: 'a bundle of which one component is held for fewer',
    sql: "update stock_holds set remaining = remaining - 2 where per_unit = 2 and state = 'open'",
    rule: 'the components of a bundle are held and end together',
  },
  {
    fault: 'a transfer that lost a unit on its way',
    sql: "update stock_movements set quantity = quantity - 1 where from_bucket = 'transfer'",
    rule: 'what left a pool by a transfer arrived in another, and nothing else did',
  },
  {
    fault: 'a transfer into the pool it left',
    sql: `update stock_movements set balance_id = (
      select balance_id from stock_movements where to_bucket = 'transfer') where from_bucket = 'transfer'`,
    rule: 'what left a pool by a transfer arrived in another, and nothing else did',
  },
  {
    fault: 'a return that the order does not know',
    sql: 'update order_lines set returned = 0',
    rule: 'an order line had back what the ledger says, and no more than left',
  },
  {
    fault: 'a return of what had never left',
    sql: 'update order_lines set shipped = 0',
    rule: 'an order line had back what the ledger says, and no more than left',
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

onEachStore('the invariants of a store', (makePlace) => {
  let place: AnyPlace;
  let healthy: Buffer;

  before(async () => {
    place = await makePlace();
    await writeHealthyStore(place);
    const db = await place.read();
    healthy = db.serialize();
    db.close();
  });

  after(() => place.dispose());

  it('hold for a hub that did its work', () => {
    const db = new Database(healthy);
    assert.deepEqual(brokenInvariants(db, { drained: true, alerts: true }), []);
    db.close();
  });

  for (const { fault, sql, rule, when } of faults) {
    it(`notice ${fault}`, () => {
      const db = new Database(healthy);
      db.pragma('foreign_keys = off');
      db.pragma('ignore_check_constraints = on');
      assert.ok(db.prepare(sql).run().changes > 0, 'there is something to break');
      const broken = brokenInvariants(db, when);
      db.close();
      assert.ok(
        broken.some((line) => line.startsWith(`${rule}: `)),
        broken.join('\n'),
      );
    });
  }
});

/**
 * Four paid orders that came in, were saved, and have their stock: one plain, one of a bundle, one from two
 * warehouses, and one that left and of which a unit came back. And a transfer.
 */
async function writeHealthyStore(place: AnyPlace): Promise<void> {
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
  const act = { actor: 'test' };
  const receive = (pool: string, sku: string, quantity: number) =>
    hub.stock.receive({ ...act, pool, opKey: `opening ${pool} ${sku}`, lines: [{ sku, quantity }] });
  for (const sku of ['TEA', 'CUP', 'LID']) await receive('main', sku, 100);
  await receive('east', 'TEA', 3);
  await receive('west', 'TEA', 9);
  const components = [
    { sku: 'CUP', quantity: 2 },
    { sku: 'LID', quantity: 1 },
  ];
  await hub.stock.defineBundle({ ...act, opKey: 'bundle', bundle: 'SET', components });

  const ordered = (channelOrderId: string, sku: string, quantity: number) =>
    anOrder({ channelOrderId, status: 'paid', lines: [{ lineId: '1', sku, quantity }] });
  const lock = async (order: Order, more: object = {}): Promise<string> => {
    const key = await takeIn(hub, order, now);
    const locked = await hub.stock.lock({
      ...act,
      opKey: `lock ${key}`,
      orderKey: key,
      lines: order.lines,
      ...more,
    });
    assert.equal(locked.state, 'locked');
    return key;
  };
  await lock(ordered('plain', 'TEA', 2));
  await lock(ordered('bundle', 'SET', 2));
  const pools = [{ pool: 'east' }, { pool: 'west' }];
  await lock(ordered('warehouses', 'TEA', 5), {
    warehouses: { pools, choose: 'fixed-order', split: true },
  });
  const gone = await lock(ordered('gone', 'SET', 3));
  await hub.stock.deduct({ ...act, opKey: 'deduct', orderKey: gone });
  const back = [{ lineId: '1', sku: 'SET', quantity: 1 }];
  const returned = await hub.stock.takeBack({ ...act, opKey: 'return', orderKey: gone, lines: back });
  assert.equal(returned.state, 'done');
  const moved = await hub.stock.transfer({
    ...act,
    opKey: 'transfer',
    pool: 'main',
    to: 'east',
    lines: [{ sku: 'TEA', quantity: 7 }],
  });
  assert.equal(moved.state, 'done');

  for (const subscriber of ['webhook:shopify', 'event:paid', 'alert:office']) {
    const { deliveries } = await hub.deliveries.claim({ subscriber, limit: 10, leaseMs: 60_000 });
    assert.equal(deliveries.length, 4);
    for (const delivery of deliveries) await hub.deliveries.finish(delivery, 'done');
  }
  await hub.close();
}

/** A paid order comes in, is saved, and somebody is told of it. */
async function takeIn(hub: Hub, order: Order, at: number): Promise<string> {
  const { id: inboxId } = await hub.inbox.receive({
    account: 'shopify',
    topic: 'orders/paid',
    deliveryKey: order.channelOrderId,
    contentKey: null,
    headers: {},
    body: Buffer.from('{}'),
    receivedAt: at,
    subscriber: 'webhook:shopify',
  });
  const { key } = await hub.orders.save({ order, inboxId, arrivedAt: at });
  await hub.alerts.raise({
    rule: 'paid',
    orderKey: key,
    event: '2',
    targets: [{ id: 'office', message: { title: 'Paid', text: key, to: 'the office', markdown: false } }],
  });
  return key;
}
