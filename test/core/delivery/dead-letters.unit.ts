import assert from 'node:assert/strict';
import { DeadLetters } from '../../../core/delivery/dead-letters.ts';
import { deliveryError } from '../../../core/delivery/failure.ts';
import { DeliveryQueue } from '../../../core/delivery/queue.ts';
import type { Store } from '../../../core/store/store.ts';
import { type AnyPlace, onEachStore } from '../store/each-store.ts';
import { deliver, deliveryRow, rowsFor } from './deliveries.ts';
import { VirtualTime } from './virtual-time.ts';

const badAddress = deliveryError('order.bad-address', { field: 'city' });

onEachStore('dead letters', (makePlace) => {
  let place: AnyPlace;
  let store: Store;
  let queue: DeliveryQueue;
  let letters: DeadLetters;
  let time: VirtualTime;

  beforeEach(async () => {
    time = new VirtualTime();
    place = await makePlace();
    store = await place.open({ now: time.now });
    queue = new DeliveryQueue(store);
    letters = new DeadLetters(store);
  });
  afterEach(() => place.dispose());

  /** Delivers one for each key and lets all of them die. */
  async function die(keys: readonly string[], subscriber = 'a', error = badAddress): Promise<number[]> {
    const ids = await deliver(store, subscriber, keys);
    for (;;) {
      const { deliveries } = await queue.claim({ subscriber, limit: 100, leaseMs: 30_000 });
      if (deliveries.length === 0) return ids;
      await Promise.all(deliveries.map((delivery) => queue.finish(delivery, { dead: error })));
    }
  }

  const claimOne = async (subscriber = 'a') =>
    (await queue.claim({ subscriber, limit: 1, leaseMs: 30_000 })).deliveries[0];
  const acts = () => store.read.selectFrom('acts').selectAll().orderBy('id').execute();

  it('are listed newest first with the reason, a page at a time', async () => {
    const ids = await die(['k1', 'k2', 'k3']);
    const [newest, ...others] = await letters.list({}, { limit: 2 });
    assert.deepEqual(
      [newest!.id, newest!.key, newest!.attempts, newest!.reason, newest!.diedAt, newest!.trail],
      [ids[2], 'k3', 1, badAddress, time.now(), null],
    );
    const next = await letters.list({}, { before: others[0]!.id });
    assert.deepEqual(
      next.map(({ id }) => id),
      [ids[0]],
    );
  });

  it('are filtered by subscriber, topic, key, code and time', async () => {
    const [one, two] = await die(['k1', 'k2']);
    time.jump(1_000);
    const [other] = await die(['k1'], 'b', deliveryError('order.bad_address', { field: 'zip' }));
    const found = async (filter: Parameters<DeadLetters['list']>[0]) => {
      const rows = await letters.list(filter);
      assert.equal(await letters.count(filter), rows.length);
      return rows.map(({ id }) => id);
    };
    assert.deepEqual(await found({}), [other, two, one]);
    assert.deepEqual(await found({ subscriber: 'a' }), [two, one]);
    assert.deepEqual(await found({ key: 'k1' }), [other, one]);
    assert.deepEqual(await found({ topic: 'inbox' }), []);
    assert.deepEqual(await found({ code: 'order.bad-address' }), [two, one]);
    assert.deepEqual(await found({ code: 'order.bad_address' }), [other]);
    assert.deepEqual(await found({ code: 'order.bad' }), []);
    assert.deepEqual(await found({ code: `'"%` }), []);
    assert.deepEqual(await found({ since: time.now() }), [other]);
    assert.deepEqual(await found({ until: time.now() }), [two, one]);
  });

  it('are retried as a new delivery of the same message; the dead one stays as the trail', async () => {
    const [dead] = await die(['k1']);
    const before = await deliveryRow(store, dead!);
    time.jump(5_000);
    const woken: string[] = [];
    store.onWake((subscriber) => woken.push(subscriber));
    const again = await letters.retryOne(dead!, { actor: 'lin' });
    assert.deepEqual(woken, ['a']);
    const delivery = await claimOne();
    assert.deepEqual(
      [delivery!.id, delivery!.key, delivery!.attempt, delivery!.edited, delivery!.event!.id],
      [again, 'k1', 1, false, before.ref],
    );
    const after = await deliveryRow(store, dead!);
    assert.equal(after.state, 'dead');
    assert.equal(await letters.count(), 0);
    const [closed] = await letters.list({ trail: 'closed' });
    assert.deepEqual(
      [closed!.id, closed!.reason, closed!.diedAt, closed!.trail],
      [dead, badAddress, time.now() - 5_000, { retriedAs: again, by: 'lin', at: time.now() }],
    );
    assert.deepEqual(
      (await acts()).map(({ actor, act, object, detail }) => [actor, act, object, JSON.parse(detail)]),
      [['lin', 'delivery.retry', `delivery:${dead}`, { retriedAs: again, edited: false }]],
    );
  });

  it('are retried with the text a person put in place, digits and all', async () => {
    const [dead] = await die(['k1']);
    await letters.retryOne(dead!, { payload: '{"total":2990}', actor: 'lin' });
    const delivery = await claimOne();
    assert.deepEqual([delivery!.edited, delivery!.event!.data], [true, { total: 2990 }]);
    await queue.finish(delivery!, { dead: badAddress });
    // The edit is the message from then on.
    const second = await letters.retryOne(delivery!.id, { actor: 'lin' });
    assert.equal((await deliveryRow(store, second)).payload, '{"total":2990}');
  });

  it('refuse a text that is not JSON', async () => {
    const [dead] = await die(['k1']);
    await assert.rejects(letters.retryOne(dead!, { payload: '{"total":', actor: 'lin' }), {
      code: 'delivery.payload-not-json',
    });
    assert.equal(await letters.count(), 1);
  });

  it('are retried once, however many ask at once', async () => {
    const [dead] = await die(['k1']);
    const asked = await Promise.allSettled(
      ['lin', 'wang', 'zhao'].map((actor) => letters.retryOne(dead!, { actor })),
    );
    assert.deepEqual(
      asked.map((one) => (one.status === 'fulfilled' ? 'retried' : one.reason.code)),
      ['retried', 'delivery.already-retried', 'delivery.already-retried'],
    );
    const [first] = asked;
    const refusal = (asked[1] as PromiseRejectedResult).reason;
    assert.deepEqual(refusal.params, {
      id: dead,
      by: 'lin',
      retriedAs: (first as PromiseFulfilledResult<number>).value,
    });
    assert.equal((await rowsFor(store, 'a')).length, 2);
    assert.equal((await acts()).length, 1);
  });

  it('refuse what is not there or not dead', async () => {
    const [id] = await deliver(store, 'a', ['k1']);
    await assert.rejects(letters.retryOne(id!, { actor: 'lin' }), { code: 'delivery.not-dead' });
    await assert.rejects(letters.retryOne(9_999, { actor: 'lin' }), { code: 'delivery.unknown' });
    await assert.rejects(letters.dismiss(9_999, { actor: 'lin', reason: 'x' }), { code: 'delivery.unknown' });
  });

  it('are retried by filter up to a cap, oldest first', async () => {
    const ids = await die(Array.from({ length: 230 }, (_, index) => `k${index}`));
    await die(['other'], 'b');
    assert.equal(await letters.retryMany({ subscriber: 'a' }, 215, 'lin'), 215);
    const open = await letters.list({ subscriber: 'a' });
    assert.deepEqual(
      open.map(({ id }) => id),
      ids.slice(215).reverse(),
    );
    assert.equal(await letters.count({ subscriber: 'b' }), 1);
    assert.deepEqual(
      (await acts()).map(({ act, detail }) => [act, JSON.parse(detail).count]),
      [
        ['delivery.retry-many', 100],
        ['delivery.retry-many', 100],
        ['delivery.retry-many', 15],
      ],
    );
    assert.equal(await letters.retryMany({ subscriber: 'a' }, 1_000, 'lin'), 15);
    assert.equal(await letters.retryMany({ subscriber: 'a' }, 1_000, 'lin'), 0);
  });

  it('that die anew while many are retried are not taken again', async () => {
    await die(Array.from({ length: 150 }, (_, index) => `k${index}`));
    const retrying = letters.retryMany({}, 10_000, 'lin');
    let retried = false;
    const done = retrying.finally(() => {
      retried = true;
    });
    while (!retried) {
      const { deliveries } = await queue.claim({ subscriber: 'a', limit: 100, leaseMs: 30_000 });
      for (const delivery of deliveries) await queue.finish(delivery, { dead: badAddress });
    }
    assert.equal(await done, 150);
  });

  it('are dismissed with a reason, once, and cannot be retried then', async () => {
    const [dead] = await die(['k1']);
    const woken: string[] = [];
    store.onWake((subscriber) => woken.push(subscriber));
    await letters.dismiss(dead!, { actor: 'lin', reason: 'test order' });
    assert.deepEqual(woken, ['a']);
    assert.equal(await letters.count(), 0);
    const [closed] = await letters.list({ trail: 'closed' });
    assert.deepEqual(closed!.trail, { dismissedFor: 'test order', by: 'lin', at: time.now() });
    await assert.rejects(letters.retryOne(dead!, { actor: 'wang' }), {
      code: 'delivery.already-dismissed',
      params: { id: dead, by: 'lin', reason: 'test order' },
    });
    await assert.rejects(letters.dismiss(dead!, { actor: 'wang', reason: 'x' }), {
      code: 'delivery.already-dismissed',
    });
    assert.equal(await letters.count({ trail: 'all' }), 1);
  });
});
