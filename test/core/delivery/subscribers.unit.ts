import assert from 'node:assert/strict';
import type { DeliveryError } from '../../../core/delivery/failure.ts';
import { DeliveryQueue } from '../../../core/delivery/queue.ts';
import { Subscribers, type Subscription } from '../../../core/delivery/subscribers.ts';
import type { Store } from '../../../core/store/store.ts';
import { type AnyPlace, onEachStore } from '../store/each-store.ts';
import { deliver, event, inTx, publishAll, rowsFor } from './deliveries.ts';

const day = 24 * 3_600_000;
const monday = Date.UTC(2026, 0, 5);

onEachStore('subscribers', (makePlace) => {
  let place: AnyPlace;
  let store: Store;
  let subscribers: Subscribers;

  beforeEach(async () => {
    place = await makePlace();
    store = await place.open();
    subscribers = new Subscribers(store);
  });
  afterEach(() => place.dispose());

  const register = (more: Partial<Subscription> = {}) =>
    subscribers.register({
      id: 'node-a',
      topic: 'order',
      types: null,
      channels: null,
      label: 'Warehouse',
      ...more,
    });
  const refs = async () => (await rowsFor(store, 'node-a')).map((row) => row.ref);

  it('begins with what happens from now on', async () => {
    await publishAll(store, [event()]);
    assert.deepEqual(await register(), { isNew: true, replayed: 0 });
    const ids = await publishAll(store, [event()]);
    assert.deepEqual(await refs(), ids);
  });

  it('keeps its place when it is registered again, wherever it would begin as a new one', async () => {
    await publishAll(store, [event()]);
    await register();
    const ids = await publishAll(store, [event()]);
    assert.deepEqual(await register({ startFrom: 0 }), { isNew: false, replayed: 0 });
    assert.deepEqual(await refs(), ids);
  });

  it('goes on collecting while nobody takes what waits', async () => {
    await register();
    await store.close();
    store = await place.open();
    const ids = await publishAll(store, [event(), event()]);
    assert.deepEqual(await refs(), ids);
  });

  it('is registered once by many calls at once', async () => {
    await publishAll(store, [event(), event()]);
    const answers = await Promise.all(Array.from({ length: 20 }, () => register({ startFrom: 0 })));
    assert.equal(answers.filter(({ isNew }) => isNew).length, 1);
    assert.equal((await refs()).length, 2);
    assert.equal((await subscribers.list()).length, 1);
  });

  it('applies other filters to what happens from then on', async () => {
    await register({ types: ['paid'] });
    const [paid] = await publishAll(store, [event(), event({ type: 'created' })]);
    await register({ types: ['created'], channels: ['shopify'], label: 'Packing' });
    const [, created] = await publishAll(store, [event(), event({ type: 'created' })]);
    assert.deepEqual(await refs(), [paid, created]);
    const [row] = await subscribers.list();
    assert.deepEqual(
      { types: row!.types, channels: row!.channels, label: row!.label },
      { types: ['created'], channels: ['shopify'], label: 'Packing' },
    );
  });

  it('gets what happened since a date, in order, before what happens later', async () => {
    const days = [0, 1, 2, 3].map((number) => event({ at: monday + number * day }));
    const past = await publishAll(store, [...days, event({ topic: 'dead-letter', at: monday + 3 * day })]);
    const answer = await register({ startFrom: monday + 2 * day });
    assert.deepEqual(answer, { isNew: true, replayed: 2 });
    const later = await publishAll(store, [event()]);
    assert.deepEqual(await refs(), [past[2], past[3], ...later]);
  });

  it('gets a long past in pages, only what its filters want, each event once', async () => {
    const past = await publishAll(
      store,
      Array.from({ length: 1_730 }, (_, index) => event({ type: index % 3 === 0 ? 'paid' : 'created' })),
    );
    const before = store.health().batches;
    const { replayed } = await register({ types: ['paid'], startFrom: monday });
    const wanted = past.filter((_, index) => index % 3 === 0);
    assert.equal(replayed, wanted.length);
    assert.deepEqual(await refs(), wanted);
    assert.equal(store.health().batches - before, 4);
  });

  it('does not miss or double what happens while it catches up', async () => {
    await publishAll(
      store,
      Array.from({ length: 1_600 }, () => event()),
    );
    const registering = register({ startFrom: 0 });
    const meanwhile: Promise<number[]>[] = [];
    let registered = false;
    const done = registering.then((answer) => {
      registered = true;
      return answer;
    });
    while (!registered) {
      meanwhile.push(publishAll(store, [event()]));
      await meanwhile.at(-1);
    }
    await done;
    await publishAll(store, [event()]);
    const all = await store.read.selectFrom('events').select('id').orderBy('id').execute();
    assert.deepEqual(
      await refs(),
      all.map(({ id }) => id),
    );
    assert.ok(meanwhile.length > 1);
  });

  it('goes on where it stopped when catching up was broken off', async () => {
    const past = await publishAll(
      store,
      Array.from({ length: 1_200 }, () => event()),
    );
    const registering = register({ startFrom: 0 });
    // Closing lets the first page through and refuses the next one.
    const closing = store.close();
    await assert.rejects(registering, { code: 'store.closed' });
    await closing;
    store = await place.open();
    subscribers = new Subscribers(store);
    assert.deepEqual(await refs(), past.slice(0, 500));
    assert.deepEqual(await subscribers.list(), []);
    assert.deepEqual(await register({ startFrom: 0 }), { isNew: true, replayed: 700 });
    assert.deepEqual(await refs(), past);
  });

  it('is forgotten with all that waits for it, and who did that is kept', async () => {
    await register({ types: ['paid'] });
    await publishAll(store, [event()]);
    await deliver(
      store,
      'node-a',
      Array.from({ length: 700 }, (_, index) => `k${index}`),
    );
    const waiting = 701;
    assert.equal((await refs()).length, waiting);
    await new DeliveryQueue(store).claim({ subscriber: 'node-a', limit: 3, leaseMs: 1_000 });
    await deliver(store, 'node-b', ['k1']);
    assert.equal(await subscribers.forget('node-a', 'lin'), waiting);
    const rows = await rowsFor(store, 'node-a');
    assert.deepEqual(new Set(rows.map(({ state }) => state)), new Set(['done']));
    assert.equal(rows.length, waiting);
    const error = JSON.parse(rows[0]?.last_error ?? '') as DeliveryError;
    assert.deepEqual([error.code, error.params], ['delivery.forgotten', { by: 'lin' }]);
    assert.match(error.sentence, /lin/);
    assert.ok(rows.every(({ owner, lease_until, finished_at }) => !owner && !lease_until && finished_at));
    assert.deepEqual(await subscribers.list(), []);
    assert.equal((await rowsFor(store, 'node-b')).length, 1);
    const acts = await store.read.selectFrom('acts').selectAll().execute();
    assert.deepEqual(
      acts.map(({ actor, act, object, detail }) => ({ actor, act, object, detail: JSON.parse(detail) })),
      [{ actor: 'lin', act: 'subscriber.forget', object: 'node-a', detail: { closed: waiting } }],
    );
  });

  it('lets nobody who still worked for it end the delivery of another', async () => {
    const queue = new DeliveryQueue(store);
    await deliver(store, 'node-a', ['k1']);
    const claim = async (subscriber: string) =>
      (await queue.claim({ subscriber, limit: 1, leaseMs: 30_000 })).deliveries[0]!;
    const late = await claim('node-a');
    await subscribers.forget('node-a', 'lin');
    await deliver(store, 'node-b', ['k1']);
    const other = await claim('node-b');
    assert.notEqual(other.id, late.id);
    assert.equal(await queue.finish(late, 'done'), false);
    assert.deepEqual(await queue.heartbeat([late], 30_000), []);
    assert.equal(await queue.release([late]), 0);
    assert.equal((await queue.find(other.id))?.state, 'leased');
  });

  it('never gives the number of a delivery that is gone to another', async () => {
    const [last] = (await deliver(store, 'node-a', ['k1', 'k2'])).slice(-1);
    await inTx(store, (tx) => tx.db.deleteFrom('deliveries').execute());
    const [next] = await deliver(store, 'node-a', ['k3']);
    assert.equal(next, last! + 1);
  });

  it('leaves no act behind when there was nothing to forget', async () => {
    assert.equal(await subscribers.forget('nobody', 'lin'), 0);
    assert.deepEqual(await store.read.selectFrom('acts').selectAll().execute(), []);
  });
});
