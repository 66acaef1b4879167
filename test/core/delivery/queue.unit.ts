import assert from 'node:assert/strict';
import { deliveryError } from '../../../core/delivery/failure.ts';
import { Inbox } from '../../../core/delivery/inbox.ts';
import { DeliveryQueue } from '../../../core/delivery/queue.ts';
import { Subscribers } from '../../../core/delivery/subscribers.ts';
import { claimableQuery, headQuery, lookedAtQuery } from '../../../core/store/queries/deliveries.ts';
import type { Store } from '../../../core/store/store.ts';
import { type AnyPlace, onEachStore } from '../store/each-store.ts';
import { deliver, deliveryRow, event, inTx, publishAll, rowsFor } from './deliveries.ts';
import { VirtualTime } from './virtual-time.ts';

const broken = deliveryError('delivery.failed', { reason: 'the warehouse does not answer' });

onEachStore('delivery queue', (makePlace) => {
  let place: AnyPlace;
  let store: Store;
  let queue: DeliveryQueue;
  let time: VirtualTime;

  beforeEach(async () => {
    time = new VirtualTime();
    place = await makePlace();
    store = await place.open({ now: time.now });
    queue = new DeliveryQueue(store);
  });
  afterEach(() => place.dispose());

  const claim = (limit = 100, subscriber = 'a') => queue.claim({ subscriber, limit, leaseMs: 30_000 });
  const claimed = async (limit = 100, subscriber = 'a') => (await claim(limit, subscriber)).deliveries;
  const ids = async (limit = 100, subscriber = 'a') =>
    (await claimed(limit, subscriber)).map((delivery) => delivery.id);

  describe('claims', () => {
    it('hands over the oldest first, as many as asked for, each once', async () => {
      const all = await deliver(store, 'a', ['k1', 'k2', 'k3', 'k4', 'k5']);
      assert.deepEqual(await ids(2), all.slice(0, 2));
      assert.deepEqual(await ids(), all.slice(2));
      assert.deepEqual(await ids(), []);
    });

    it('hands each to one of many callers at once', async () => {
      const all = await deliver(
        store,
        'a',
        Array.from({ length: 90 }, (_, index) => `k${index}`),
      );
      const got = await Promise.all(Array.from({ length: 10 }, () => ids(10)));
      assert.deepEqual(
        got.flat().sort((a, b) => a - b),
        all.slice(0, 100),
      );
    });

    it('leaves other subscribers theirs', async () => {
      await deliver(store, 'a', ['k1']);
      const [theirs] = await deliver(store, 'b', ['k1']);
      await claim();
      assert.deepEqual(await ids(100, 'b'), [theirs]);
    });

    it('never hands over two of one key, and lets other keys overtake', async () => {
      const [first, second, other] = await deliver(store, 'a', ['k1', 'k1', 'k2']);
      const [one, two] = await claimed();
      assert.deepEqual([one!.id, two!.id], [first, other]);
      assert.deepEqual(await ids(), []);
      await queue.finish(one!, 'done');
      assert.deepEqual(await ids(), [second]);
    });

    it('keeps a key in order while its oldest waits for another attempt', async () => {
      const [first, second] = await deliver(store, 'a', ['k1', 'k1']);
      const [one] = await claimed();
      await queue.finish(one!, { retry: broken, at: time.now() + 5_000 });
      assert.deepEqual(await ids(), []);
      time.jump(5_000);
      const [again] = await claimed();
      assert.equal(again!.id, first);
      await queue.finish(again!, 'done');
      assert.deepEqual(await ids(), [second]);
    });

    it('says what it is about: attempt, last error, the event', async () => {
      const [id] = await deliver(store, 'a', ['shopify/main/7']);
      const [first] = await claimed();
      assert.deepEqual(
        [first!.attempt, first!.lastError, first!.edited, first!.createdAt, first!.leaseUntil],
        [1, null, false, time.now(), time.now() + 30_000],
      );
      await queue.finish(first!, { retry: broken, at: time.now() });
      const [again] = await claimed();
      assert.deepEqual([again!.id, again!.attempt, again!.lastError], [id, 2, broken]);
      assert.equal(again!.event!.orderKey, 'shopify/main/7');
      assert.deepEqual(again!.event!.data, { total: 1990 });
      assert.equal(again!.inbox, null);
    });

    it('hands over the raw record with its bytes', async () => {
      const body = Buffer.from([0, 255, 10, 13]);
      await new Inbox(store).receive({
        account: 'shop',
        topic: 'orders/paid',
        deliveryKey: 'd',
        contentKey: 'c',
        headers: { 'x-topic': 'orders/paid' },
        body,
        receivedAt: 5,
        subscriber: 'a',
      });
      const [delivery] = await claimed();
      const { inbox } = delivery!;
      assert.deepEqual(inbox!.body, body);
      assert.deepEqual(
        { ...inbox, body: null },
        {
          id: inbox!.id,
          account: 'shop',
          topic: 'orders/paid',
          headers: { 'x-topic': 'orders/paid' },
          body: null,
          receivedAt: 5,
        },
      );
    });

    it('hands over an alert to send', async () => {
      await inTx(store, async (tx) => {
        const [ref] = await tx.insert('alerts', [
          {
            alert_key: 'late|shopify/main/7',
            target: 'ding',
            rule: 'late',
            order_key: 'shopify/main/7',
            event: 'paid',
            message: '{"text":"late"}',
            at: tx.now,
          },
        ]);
        const row = { topic: 'alert', subscriber: 'a', key: 'ding', ref: ref!, state: 'ready' as const };
        await tx.insert('deliveries', [
          { ...row, attempts: 0, token: 0, available_at: tx.now, created_at: tx.now },
        ]);
      });
      const [delivery] = await claimed();
      assert.deepEqual(delivery!.alert!.message, { text: 'late' });
      assert.equal(delivery!.alert!.target, 'ding');
    });

    it('names deliveries whose message is missing or cannot be read, and hands over the others', async () => {
      const [missing, unreadable, fine] = await deliver(store, 'a', ['k1', 'k2', 'k3']);
      await inTx(store, async (tx) => {
        await tx.update('deliveries', [{ key: { id: missing! }, set: { ref: 9_999 } }]);
        const { ref } = await deliveryRow(store, unreadable!);
        await tx.update('events', [{ key: { id: ref }, set: { data: '{"total":' } }]);
      });
      const { deliveries, unreadable: faulty } = await claim();
      assert.deepEqual(
        deliveries.map(({ id }) => id),
        [fine],
      );
      assert.deepEqual(
        faulty.map(({ row, error }) => [row.id, error.code]),
        [
          [missing, 'delivery.message-missing'],
          [unreadable, 'delivery.message-unreadable'],
        ],
      );
    });

    it('says what waits besides and when the next is due', async () => {
      const [first] = await deliver(store, 'a', ['k1', 'k1', 'k2']);
      const { looked } = await claim();
      assert.equal(looked!.waiting, 1);
      await queue.finish({ id: first!, token: 1 }, { retry: broken, at: time.now() + 700 });
      const later = await claim();
      assert.deepEqual(later.looked!.nextDue, time.now() + 700);
      assert.deepEqual([later.looked!.waiting, later.looked!.more], [2, false]);
      assert.equal((await queue.claim({ subscriber: 'b', limit: 1, leaseMs: 1 })).looked!.waiting, 0);
    });

    it('looks at no more than a window, and goes on behind it', async () => {
      const keys = Array.from({ length: 2_050 }, (_, index) => (index < 2_010 ? 'same' : `k${index}`));
      const all = await deliver(store, 'a', keys);
      const first = await claim(10);
      assert.deepEqual(
        first.deliveries.map(({ id }) => id),
        [all[0]],
      );
      assert.equal(first.looked!.more, true);
      const second = await queue.claim({
        subscriber: 'a',
        limit: 10,
        leaseMs: 30_000,
        after: first.looked!.upTo!,
      });
      assert.deepEqual(
        second.deliveries.map(({ id }) => id),
        all.slice(2_010, 2_020),
      );
    });

    it('looks at the oldest of given keys first, and hands none over twice', async () => {
      const all = await deliver(store, 'a', ['k1', 'k2', 'k3', 'k3']);
      const request = { subscriber: 'a', limit: 3, leaseMs: 30_000 };
      const { deliveries } = await queue.claim({ ...request, keys: ['k3', 'k1', 'none'], after: all[1]! });
      assert.deepEqual(deliveries.map(({ id }) => id).sort(), [all[0], all[2]]);
      assert.deepEqual(
        (await queue.claim({ ...request, keys: ['k3'] })).deliveries.map(({ id }) => id),
        [all[1]],
      );
    });

    it('finds all by index: neither a claim nor a look reads the whole table', async function () {
      // Only SQLite says its plan without running it on a table of its usual size.
      if (store.kind !== 'sqlite') this.skip();
      const rows = await deliver(
        store,
        'a',
        Array.from({ length: 500 }, (_, index) => `k${index}`),
      );
      assert.equal(rows.length, 500);
      for (const query of [claimableQuery(store.read), lookedAtQuery(store.read), headQuery(store.read)]) {
        const explained = await store.read.executeQuery<{ detail: string }>({
          ...(query as ReturnType<typeof headQuery>),
          sql: `explain query plan ${query.sql}`,
        } as never);
        const steps = explained.rows.map(({ detail }) => detail);
        const onTable = steps.filter((step) => /\b(deliveries|earlier)\b/.test(step));
        assert.ok(onTable.length > 0, steps.join('; '));
        for (const step of onTable) {
          assert.match(step, /^SEARCH (deliveries|earlier) USING (COVERING )?INDEX deliveries_(ready|open)/);
        }
        assert.ok(!steps.some((step) => step.includes('TEMP B-TREE')), steps.join('; '));
      }
    });
  });

  describe('ends', () => {
    it('counts a finish once and ignores it afterwards', async () => {
      const [id] = await deliver(store, 'a', ['k1']);
      const [lease] = await claimed();
      assert.equal(await queue.finish(lease!, 'done'), true);
      assert.equal(await queue.finish(lease!, { dead: broken }), false);
      const row = await deliveryRow(store, id!);
      assert.deepEqual([row.state, row.finished_at, row.owner], ['done', time.now(), null]);
    });

    it('counts one of two finishes in one commit', async () => {
      await deliver(store, 'a', ['k1']);
      const [lease] = await claimed();
      const answers = await Promise.all([
        queue.finish(lease!, 'done'),
        queue.finish(lease!, { retry: broken, at: 0 }),
      ]);
      assert.deepEqual(answers, [true, false]);
    });

    it('does not count a finish of an attempt that was ended by a retry', async () => {
      const [id] = await deliver(store, 'a', ['k1']);
      const [lease] = await claimed();
      await queue.finish(lease!, { retry: broken, at: time.now() + 60_000 });
      assert.equal(await queue.finish(lease!, 'done'), false);
      assert.equal((await deliveryRow(store, id!)).state, 'ready');
    });

    it('ignores who comes late with an old token', async () => {
      const [id] = await deliver(store, 'a', ['k1']);
      const [old] = await claimed();
      time.jump(30_000);
      assert.equal(await queue.lapse(), 1);
      const [young] = await claimed();
      assert.equal(young!.id, id);
      for (const outcome of ['done', { dead: broken }, { retry: broken, at: 0 }] as const) {
        assert.equal(await queue.finish(old!, outcome), false);
      }
      assert.deepEqual(await queue.heartbeat([old!], 30_000), []);
      assert.equal(await queue.release([old!]), 0);
      assert.equal((await deliveryRow(store, id!)).state, 'leased');
      assert.equal(await queue.finish(young!, 'done'), true);
    });

    it('answers false for a delivery that is gone', async () => {
      assert.equal(await queue.finish({ id: 12, token: 1 }, 'done'), false);
    });
  });

  describe('deaths', () => {
    const died = () =>
      store.read.selectFrom('events').selectAll().where('topic', '=', 'dead-letter').execute();

    it('keeps the reason, tells of it, and lets the key go on', async () => {
      const subscribers = new Subscribers(store);
      await subscribers.register({
        id: 'watch',
        topic: 'dead-letter',
        types: ['died'],
        channels: null,
        label: 'x',
      });
      const [first, second] = await deliver(store, 'a', ['shopify/main/7', 'shopify/main/7']);
      const [lease] = await claimed();
      assert.equal(await queue.finish(lease!, { dead: broken }), true);
      const row = await deliveryRow(store, first!);
      assert.deepEqual([row.state, row.finished_at], ['dead', null]);
      assert.deepEqual(JSON.parse(row.last_error!), { ...broken, diedAt: time.now() });
      assert.deepEqual(await ids(), [second]);

      const [told] = await claimed(10, 'watch');
      const { type, orderKey, channel, data } = told!.event!;
      assert.deepEqual([type, orderKey, channel], ['died', 'shopify/main/7', 'shopify']);
      assert.deepEqual(data, {
        deliveryId: first,
        subscriber: 'a',
        topic: 'order',
        key: 'shopify/main/7',
        attempts: 1,
        reason: broken,
      });
    });

    it('does not tell of the death of what tells of a death', async () => {
      await new Subscribers(store).register({
        id: 'watch',
        topic: 'dead-letter',
        types: null,
        channels: null,
        label: 'x',
      });
      await deliver(store, 'a', ['k1']);
      await queue.finish((await claimed())[0]!, { dead: broken });
      await queue.finish((await claimed(1, 'watch'))[0]!, { dead: broken });
      assert.equal((await died()).length, 1);
    });

    it('tells of nothing when the finish came too late', async () => {
      await deliver(store, 'a', ['k1']);
      const [lease] = await claimed();
      await queue.finish(lease!, 'done');
      await queue.finish(lease!, { dead: broken });
      assert.deepEqual(await died(), []);
    });
  });

  describe('leases', () => {
    it('are extended by a heartbeat, which says what is still held', async () => {
      const [first, second] = await deliver(store, 'a', ['k1', 'k2']);
      const [one, two] = await claimed();
      await queue.finish(two!, 'done');
      time.jump(20_000);
      const kept = await queue.heartbeat([one!, two!], 30_000);
      assert.deepEqual(
        kept.map(({ id }) => id),
        [first],
      );
      assert.equal((await deliveryRow(store, first!)).lease_until, time.now() + 30_000);
      assert.equal((await deliveryRow(store, second!)).state, 'done');
    });

    it('lapse when their time is up, not before, and their subscriber is woken', async () => {
      const [id] = await deliver(store, 'a', ['k1']);
      await claim();
      time.jump(29_999);
      assert.equal(await queue.lapse(), 0);
      const woken: string[] = [];
      store.onWake((subscriber) => woken.push(subscriber));
      time.jump(1);
      assert.equal(await queue.lapse(), 1);
      assert.deepEqual(woken, ['a']);
      const row = await deliveryRow(store, id!);
      assert.deepEqual([row.state, row.attempts, row.owner], ['ready', 1, null]);
      assert.equal(JSON.parse(row.last_error!).code, 'delivery.lapsed');
    });

    it('that lapsed are still their holder’s until somebody else claims', async () => {
      const [first, second] = await deliver(store, 'a', ['k1', 'k2']);
      const [one, two] = await claimed();
      time.jump(60_000);
      await queue.lapse();
      assert.equal(await queue.finish(one!, 'done'), true);
      assert.equal((await queue.heartbeat([two!], 30_000)).length, 1);
      assert.equal((await deliveryRow(store, first!)).state, 'done');
      assert.equal((await deliveryRow(store, second!)).state, 'leased');
      assert.deepEqual(await ids(), []);
    });

    it('are given back without counting the attempt, and the late finish is ignored', async () => {
      const [id] = await deliver(store, 'a', ['k1']);
      const [lease] = await claimed();
      assert.equal(await queue.release([lease!]), 1);
      assert.equal((await deliveryRow(store, id!)).attempts, 0);
      assert.equal(await queue.finish(lease!, 'done'), false);
      const [again] = await claimed();
      assert.deepEqual([again!.id, again!.attempt], [id, 1]);
    });

    it('of a process that is gone end when the store is opened again, counting the attempt', async function () {
      // On a shared store they run out: whether a process is gone or only silent is not known there.
      if (store.kind !== 'sqlite') this.skip();
      const keys = Array.from({ length: 700 }, (_, index) => `k${index}`);
      const all = await deliver(store, 'a', keys);
      const before = await claimed(700);
      assert.equal(before.length, 700);
      await store.close();
      store = await place.open({ now: time.now });
      queue = new DeliveryQueue(store);
      assert.deepEqual(await ids(), []);
      assert.equal(await queue.reclaimOwn(), 700);
      assert.equal(await queue.finish(before[0]!, 'done'), false);
      const again = await claimed(700);
      assert.deepEqual(
        again.map(({ id }) => id),
        all,
      );
      assert.equal(again[0]!.attempt, 2);
      assert.deepEqual(again[0]!.lastError!.code, 'delivery.process-stopped');
    });
  });

  describe('counts', () => {
    it('say what waits, since when, what is in flight, and what is dead', async () => {
      assert.deepEqual(await queue.counts('a'), {
        backlog: 0,
        oldestAt: null,
        inFlight: 0,
        dead: 0,
        nextDue: null,
      });
      const began = time.now();
      await deliver(store, 'a', ['k1', 'k2', 'k3', 'k4']);
      time.jump(1_000);
      await deliver(store, 'a', ['k5']);
      const [one, two, three] = await claimed(3);
      await queue.finish(one!, 'done');
      await queue.finish(two!, { dead: broken });
      assert.deepEqual(await queue.counts('a'), {
        backlog: 2,
        oldestAt: began,
        inFlight: 1,
        dead: 1,
        nextDue: null,
      });
      await queue.finish(three!, { retry: broken, at: time.now() + 9 });
      assert.equal((await queue.counts('a')).nextDue, time.now() + 9);
      assert.equal((await queue.counts('b')).backlog, 0);
    });

    it('name the keys that wait for another attempt, with the reason', async () => {
      const [id] = await deliver(store, 'a', ['k1', 'k1', 'k2']);
      const [one] = await claimed(1);
      await queue.finish(one!, { retry: broken, at: time.now() + 4_000 });
      assert.deepEqual(await queue.blockedKeys('a'), [
        { key: 'k1', deliveryId: id, attempts: 1, until: time.now() + 4_000, reason: broken },
      ]);
      time.jump(4_000);
      assert.deepEqual(await queue.blockedKeys('a'), []);
    });

    it('list deliveries newest first, a page at a time', async () => {
      const all = await deliver(store, 'a', ['k1', 'k2', 'k3']);
      await deliver(store, 'b', ['k1']);
      await queue.finish((await claimed(1))[0]!, 'done');
      const listed = async (filter: Parameters<DeliveryQueue['list']>[0], limit?: number) =>
        (await queue.list(filter, limit)).map(({ id }) => id);
      assert.deepEqual(await listed({ subscriber: 'a' }, 2), [all[2], all[1]]);
      assert.deepEqual(await listed({ subscriber: 'a', before: all[1]! }), [all[0]]);
      assert.deepEqual(await listed({ subscriber: 'a', state: 'ready' }), [all[2], all[1]]);
      assert.equal((await queue.find(all[0]!))!.state, 'done');
      assert.equal(await queue.find(99_999), undefined);
    });
  });

  it('keeps the events of one order in order through many subscribers and failures', async () => {
    await new Subscribers(store).register({
      id: 'a',
      topic: 'order',
      types: null,
      channels: null,
      label: 'a',
    });
    const refs = await publishAll(
      store,
      ['created', 'paid', 'changed', 'cancelled'].map((type) => event({ type })),
    );
    const seen: string[] = [];
    for (let round = 0; seen.length < 4 && round < 20; round += 1) {
      const [delivery, ...others] = await claimed();
      assert.equal(others.length, 0);
      if (round % 3 !== 2) await queue.finish(delivery!, { retry: broken, at: time.now() });
      else {
        seen.push(delivery!.event!.type);
        await queue.finish(delivery!, 'done');
      }
    }
    assert.deepEqual(seen, ['created', 'paid', 'changed', 'cancelled']);
    assert.deepEqual(
      (await rowsFor(store, 'a')).map(({ ref, state }) => [ref, state]),
      refs.map((ref) => [ref, 'done']),
    );
  });
});
