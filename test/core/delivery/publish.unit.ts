import assert from 'node:assert/strict';
import { publish } from '../../../core/delivery/publish.ts';
import { Subscribers, type Subscription } from '../../../core/delivery/subscribers.ts';
import type { Store } from '../../../core/store/store.ts';
import { type AnyPlace, onEachStore } from '../store/each-store.ts';
import { event, inTx, publishAll, rowsFor } from './deliveries.ts';

onEachStore('publish', (makePlace) => {
  let place: AnyPlace;
  let store: Store;

  beforeEach(async () => {
    place = await makePlace();
    store = await place.open();
  });
  afterEach(() => place.dispose());

  const subscribe = (id: string, more: Partial<Subscription> = {}) =>
    new Subscribers(store).register({ id, topic: 'order', types: null, channels: null, label: id, ...more });
  const refsFor = async (subscriber: string) => (await rowsFor(store, subscriber)).map((row) => row.ref);

  it('writes events with what they say, and answers their ids in order', async () => {
    const ids = await publishAll(store, [event(), event({ type: 'created', data: { lines: [1, 2] } })]);
    const rows = await store.read.selectFrom('events').selectAll().orderBy('id').execute();
    assert.deepEqual(
      rows.map(({ id }) => id),
      ids,
    );
    assert.deepEqual(JSON.parse(rows[1]!.data), { lines: [1, 2] });
    assert.equal(rows[0]!.order_key, 'shopify/main/1001');
  });

  it('gives each subscriber of the topic its own copy, keyed by the order', async () => {
    await subscribe('a');
    await subscribe('b');
    await subscribe('c', { topic: 'dead-letter' });
    const ids = await publishAll(store, [event()]);
    for (const subscriber of ['a', 'b']) {
      const [row] = await rowsFor(store, subscriber);
      assert.deepEqual([row!.ref, row!.key, row!.topic], [ids[0], 'shopify/main/1001', 'order']);
    }
    assert.deepEqual(await refsFor('c'), []);
  });

  it('keeps an event without an order out of the way of all others', async () => {
    await subscribe('a');
    const [id] = await publishAll(store, [event({ orderKey: null })]);
    assert.equal((await rowsFor(store, 'a'))[0]!.key, `event:${id}`);
  });

  it('gives a subscriber only the types and channels it wants', async () => {
    await subscribe('paid', { types: ['paid', 'cancelled'] });
    await subscribe('woo', { channels: ['woocommerce'] });
    await subscribe('both', { types: ['paid'], channels: ['shopify'] });
    await subscribe('nothing', { types: [] });
    const ids = await publishAll(store, [
      event(),
      event({ type: 'created' }),
      event({ channel: 'woocommerce' }),
      event({ channel: null }),
      event({ type: 'cancelled', channel: null }),
    ]);
    assert.deepEqual(await refsFor('paid'), [ids[0], ids[2], ids[3], ids[4]]);
    assert.deepEqual(await refsFor('woo'), [ids[2]]);
    assert.deepEqual(await refsFor('both'), [ids[0]]);
    assert.deepEqual(await refsFor('nothing'), []);
  });

  it('leaves neither event nor copy behind when the change it tells of is undone', async () => {
    await subscribe('a');
    const woken: string[] = [];
    store.onWake((subscriber) => woken.push(subscriber));
    const undone = inTx(store, async (tx) => {
      await publish(tx, [event()]);
      throw new Error('refused');
    });
    await assert.rejects(undone, /refused/);
    assert.deepEqual(await refsFor('a'), []);
    const left = await store.read.selectFrom('events').select('id').execute();
    assert.deepEqual(left, []);
    assert.deepEqual(woken, []);
  });

  it('wakes those that got a copy', async () => {
    await subscribe('a');
    await subscribe('b', { types: ['created'] });
    const woken: string[] = [];
    store.onWake((subscriber) => woken.push(subscriber));
    await publishAll(store, [event(), event()]);
    assert.deepEqual(woken, ['a']);
  });
});
