import assert from 'node:assert/strict';
import fc from 'fast-check';
import { DeadLetters } from '../../../core/delivery/dead-letters.ts';
import type { ClaimedDelivery } from '../../../core/delivery/delivery.ts';
import { deliveryError, type Failure } from '../../../core/delivery/failure.ts';
import { DeliveryQueue } from '../../../core/delivery/queue.ts';
import {
  DeliverySource,
  type HandlerResult,
  type SourceOptions,
  type SourceState,
} from '../../../core/delivery/source.ts';
import { HubError } from '../../../core/errors.ts';
import { makeSqlitePlace, type SqlitePlace } from '../store/sqlite-place.ts';
import { deliver, deliveryRow, inTx, rowsFor } from './deliveries.ts';
import { type FailingStore, failingStore } from './failing-store.ts';
import { turns, until, VirtualTime } from './virtual-time.ts';

const broken: Failure = { error: deliveryError('delivery.failed', { reason: 'ERP is down' }) };

describe('delivery source', () => {
  let place: SqlitePlace;
  let failing: FailingStore;
  let queue: DeliveryQueue;
  let time: VirtualTime;
  let sources: DeliverySource[];

  beforeEach(async () => {
    time = new VirtualTime();
    place = await makeSqlitePlace();
    failing = failingStore(await place.open({ now: time.now }));
    queue = new DeliveryQueue(failing.store);
    sources = [];
  });
  afterEach(async () => {
    failing.mend();
    await stopAll();
    await place.dispose();
  });

  /** A source that was not started yet, on the virtual clock. */
  function make(handler: SourceOptions['handler'], more: Partial<SourceOptions> = {}): DeliverySource {
    const source = new DeliverySource(failing.store, {
      subscriber: 'a',
      handler,
      timers: time,
      random: () => 0.5,
      ...more,
    });
    sources.push(source);
    return source;
  }

  async function stopAll(): Promise<void> {
    for (const source of sources) {
      await stopped(source, 10);
    }
  }

  /** Stops a source, letting its grace pass. */
  async function stopped(source: DeliverySource, graceMs: number): Promise<void> {
    let over = false;
    const stopping = source.stop({ graceMs }).then(() => {
      over = true;
    });
    while (!over) await time.advance(graceMs);
    await stopping;
  }

  const started = async (handler: SourceOptions['handler'], more: Partial<SourceOptions> = {}) => {
    const source = make(handler, more);
    await source.start();
    return source;
  };
  const states = async () => (await rowsFor(failing.store, 'a')).map((row) => row.state);
  const keys = (count: number) => Array.from({ length: count }, (_, index) => `k${index}`);

  /** A handler whose deliveries end when the test says so. */
  function held() {
    const open = new Map<number, { delivery: ClaimedDelivery; end(result: HandlerResult): void }>();
    const began: number[] = [];
    const handler = (delivery: ClaimedDelivery) =>
      new Promise<HandlerResult>((resolve) => {
        began.push(delivery.id);
        open.set(delivery.id, {
          delivery,
          end(result) {
            open.delete(delivery.id);
            resolve(result);
          },
        });
      });
    const end = (id: number, result: HandlerResult = 'done') => open.get(id)!.end(result);
    return { open, began, handler, end };
  }

  describe('hands over', () => {
    it('what waits and what comes, in order, and finishes it', async () => {
      const waiting = await deliver(failing.store, 'a', keys(5));
      const seen: number[] = [];
      const source = await started(async ({ id }) => {
        seen.push(id);
        return 'done';
      });
      await until(() => source.state().done === 5, 'five are done');
      const coming = await deliver(failing.store, 'a', keys(3));
      await until(() => source.state().done === 8, 'eight are done');
      assert.deepEqual(seen, [...waiting, ...coming]);
      assert.deepEqual(new Set(await states()), new Set(['done']));
      assert.equal(source.state().lastDoneAt, time.now());
    });

    it('no more at once than it is told to; the rest waits in the store', async () => {
      await deliver(failing.store, 'a', keys(10));
      const { open, end, handler } = held();
      const source = await started(handler, { maxInFlight: 3 });
      await until(() => open.size === 3, 'three are in flight');
      await turns(50);
      assert.equal(open.size, 3);
      const state = await source.refresh();
      assert.deepEqual([state.inFlight, state.backlog], [3, 7]);
      for (const id of [...open.keys()]) end(id);
      await until(() => open.size === 3 && source.state().done === 3, 'the next three are in flight');
    });

    it('one of a key at a time; other keys overtake', async () => {
      const [first, second, other] = await deliver(failing.store, 'a', ['k1', 'k1', 'k2']);
      const { began, end, handler } = held();
      await started(handler);
      await until(() => began.length === 2, 'two have begun');
      assert.deepEqual(began, [first, other]);
      end(first!);
      await until(() => began.length === 3, 'the third has begun');
      assert.deepEqual(began, [first, other, second]);
    });

    it('what was finished and what follows in one commit', async () => {
      await deliver(failing.store, 'a', keys(40));
      const source = make(async () => 'done', { maxInFlight: 10 });
      const before = failing.store.health().batches;
      await source.start();
      await until(() => source.state().done === 40, 'all are done');
      // One claim, then finishes and the next claim together.
      assert.equal(failing.store.health().batches - before, 5);
    });

    it('not ever more while the store is slow to take what is finished', async () => {
      await deliver(failing.store, 'a', keys(20));
      let handled = 0;
      const release = failing.holdAnswers('delivery.finish');
      const source = await started(
        async () => {
          handled += 1;
          return 'done';
        },
        { maxInFlight: 3 },
      );
      await until(() => handled === 6, 'twice as many as may be in flight');
      await turns(50);
      assert.equal(handled, 6);
      release();
      await until(() => source.state().done === 20, 'all are done');
    });

    it('nothing of other subscribers', async () => {
      await deliver(failing.store, 'b', ['k1']);
      const seen: number[] = [];
      await started(async ({ id }) => {
        seen.push(id);
        return 'done';
      });
      await turns(30);
      assert.deepEqual(seen, []);
    });
  });

  describe('failures', () => {
    it('are tried again after a growing wait, and say so', async () => {
      const [id, behind] = await deliver(failing.store, 'a', ['k1', 'k1']);
      const attempts: { at: number; attempt: number }[] = [];
      const source = await started(async (delivery) => {
        if (delivery.id === behind) return 'done';
        attempts.push({ at: time.now(), attempt: delivery.attempt });
        return attempts.length < 3 ? broken : 'done';
      });
      const began = time.now();
      await until(() => source.state().blockedKeys.length === 1, 'the key is blocked');
      assert.deepEqual(source.state().blockedKeys, [
        { key: 'k1', deliveryId: id, attempts: 1, until: began + 500, reason: broken.error },
      ]);
      await turns(30);
      await time.advance(499);
      assert.equal(attempts.length, 1);
      await time.advance(1);
      await until(() => attempts.length === 2, 'it was tried again');
      await turns(30);
      await time.advance(1_000);
      await until(() => source.state().done === 2, 'both are done');
      assert.deepEqual(attempts, [
        { at: began, attempt: 1 },
        { at: began + 500, attempt: 2 },
        { at: began + 1_500, attempt: 3 },
      ]);
      assert.deepEqual(source.state().blockedKeys, []);
    });

    it('that are due at once are tried again at once, also while more waits', async () => {
      await deliver(failing.store, 'a', keys(12));
      const seen: string[] = [];
      const source = await started(
        async ({ key, attempt }) => {
          seen.push(`${key}:${attempt}`);
          return attempt < 4 ? broken : 'done';
        },
        { random: () => 0, maxInFlight: 3 },
      );
      const began = time.now();
      await until(() => source.state().done === 12, 'all are done');
      assert.equal(seen.length, 48);
      assert.equal(new Set(seen).size, 48);
      assert.equal(time.now(), began);
    });

    it('are tried again even when the next claim answers before the finish does', async () => {
      await deliver(failing.store, 'a', keys(4));
      const attempts: number[] = [];
      const source = await started(
        async ({ id, attempt }) => {
          attempts.push(id);
          return attempt < 2 ? broken : 'done';
        },
        { random: () => 0, maxInFlight: 1 },
      );
      const release = failing.holdAnswers('delivery.finish');
      await until(() => attempts.length === 1, 'the first has begun');
      await turns(50);
      release();
      await until(() => source.state().done === 4, 'all are done');
      assert.equal(attempts.length, 8);
      assert.deepEqual(new Set(await states()), new Set(['done']));
    });

    it('thrown by a handler count, with their code and the wait they ask for', async () => {
      const [id] = await deliver(failing.store, 'a', ['k1']);
      const source = await started(
        async () => {
          throw new HubError('store.full', { location: 'x' }, { retryAfterMs: 90_000 });
        },
        { random: () => 0 },
      );
      await until(() => source.state().blockedKeys.length === 1, 'it failed');
      const row = await deliveryRow(failing.store, id!);
      assert.equal(row.available_at, time.now() + 90_000);
      assert.deepEqual(JSON.parse(row.last_error!).params, { location: 'x' });
    });

    it('that cannot pass are dead at once', async () => {
      const [id] = await deliver(failing.store, 'a', ['k1']);
      const source = await started(async () => ({ ...broken, permanent: true }));
      await until(() => source.state().dead === 1, 'it is dead');
      const [letter] = await new DeadLetters(failing.store).list();
      assert.deepEqual([letter!.id, letter!.attempts, letter!.reason], [id, 1, broken.error]);
    });

    it('are dead when the attempts are used up, and the key goes on', async () => {
      const [id, behind] = await deliver(failing.store, 'a', ['k1', 'k1']);
      let tried = 0;
      const source = await started(
        async (delivery) => {
          if (delivery.id === behind) return 'done';
          tried += 1;
          return broken;
        },
        { retry: { attempts: 3 } },
      );
      await until(() => tried === 1, 'it was tried');
      await turns(30);
      await time.advance(2_000);
      await until(() => source.state().done === 1, 'the key goes on');
      assert.equal(tried, 3);
      assert.equal((await deliveryRow(failing.store, id!)).state, 'dead');
    });

    it('of the process are dead when the attempts are used up, without another try', async () => {
      const [id] = await deliver(failing.store, 'a', ['k1']);
      for (let crash = 0; crash < 2; crash += 1) {
        await queue.claim({ subscriber: 'a', limit: 1, leaseMs: 30_000 });
        await queue.reclaimOwn();
      }
      const handled: number[] = [];
      const source = await started(
        async (delivery) => {
          handled.push(delivery.id);
          return 'done';
        },
        { retry: { attempts: 2 } },
      );
      await until(() => source.state().dead === 1, 'it is dead');
      assert.deepEqual(handled, []);
      const { last_error } = await deliveryRow(failing.store, id!);
      const { code, params } = JSON.parse(last_error!);
      assert.deepEqual([code, params], ['delivery.never-finished', { begun: 2, limit: 2 }]);
    });

    it('to read a message are dead at once, and the others come through', async () => {
      const [id] = await deliver(failing.store, 'a', ['k1', 'k2']);
      await inTx(failing.store, (tx) => tx.update('deliveries', [{ key: { id: id! }, set: { ref: 9_999 } }]));
      const source = await started(async () => 'done');
      await until(() => source.state().done === 1 && source.state().dead === 1, 'both are over');
      assert.deepEqual(await states(), ['dead', 'done']);
    });
  });

  describe('keeps a rate', () => {
    it('and rests in between', async () => {
      await deliver(failing.store, 'a', keys(6));
      const at: number[] = [];
      const began = time.now();
      await started(
        async () => {
          at.push(time.now() - began);
          return 'done';
        },
        { maxPerSecond: 2 },
      );
      await until(() => at.length === 1, 'the first has begun');
      await turns(50);
      const { asked } = failing;
      await time.advance(450);
      assert.equal(failing.asked, asked);
      await time.advance(2_100);
      assert.deepEqual(at, [0, 500, 1_000, 1_500, 2_000, 2_500]);
    });

    it('of a number a minute', async () => {
      await deliver(failing.store, 'a', keys(3));
      const at: number[] = [];
      const began = time.now();
      await started(
        async () => {
          at.push(time.now() - began);
          return 'done';
        },
        { maxPerSecond: 100, maxPerMinute: 6 },
      );
      await until(() => at.length === 1, 'the first has begun');
      await turns(50);
      await time.advance(20_000);
      assert.deepEqual(at, [0, 10_000, 20_000]);
    });
  });

  describe('leases', () => {
    it('are kept as long as the handler is at work', async () => {
      const [id] = await deliver(failing.store, 'a', ['k1']);
      const { began, end, handler } = held();
      const source = await started(handler, { leaseMs: 30_000 });
      await until(() => began.length === 1, 'it has begun');
      for (let minute = 0; minute < 5; minute += 1) {
        await time.advance(60_000);
        assert.equal(await queue.lapse(), 0);
      }
      end(id!);
      await until(() => source.state().done === 1, 'it is done');
      assert.deepEqual(began, [id]);
    });

    it('that ran out while the process stood still do not make it work twice', async () => {
      const [id] = await deliver(failing.store, 'a', ['k1']);
      const { began, end, handler } = held();
      const source = await started(handler);
      await until(() => began.length === 1, 'it has begun');
      time.jump(120_000);
      assert.equal(await queue.lapse(), 1);
      await turns(50);
      const row = await deliveryRow(failing.store, id!);
      assert.deepEqual([row.state, row.attempts], ['leased', 2]);
      assert.deepEqual(began, [id]);
      end(id!);
      await until(() => source.state().done === 1, 'it is done');
      assert.equal((await deliveryRow(failing.store, id!)).state, 'done');
    });

    it('that somebody else has now make the late finish count for nothing', async () => {
      const [id] = await deliver(failing.store, 'a', ['k1']);
      const { began, end, handler } = held();
      const source = await started(handler);
      await until(() => began.length === 1, 'it has begun');
      await inTx(failing.store, (tx) =>
        tx.update('deliveries', [{ key: { id: id! }, set: { token: 9, owner: 'other' } }]),
      );
      end(id!);
      await until(() => source.state().inFlight === 0, 'nothing is in flight');
      await turns(30);
      assert.equal(source.state().done, 0);
      assert.equal((await deliveryRow(failing.store, id!)).owner, 'other');
    });
  });

  describe('stops claiming', () => {
    it('at a ceiling of dead ones, says so, and goes on when they are retried', async () => {
      const dead = await deliver(failing.store, 'a', keys(2));
      let fails = true;
      const source = await started(async () => (fails ? { ...broken, permanent: true } : 'done'), {
        deadCeiling: 2,
      });
      await until(() => source.state().paused !== null, 'it is paused');
      assert.deepEqual(
        source.state().paused,
        deliveryError('delivery.dead-ceiling', { dead: 2, ceiling: 2 }),
      );
      await deliver(failing.store, 'a', ['waiting']);
      await time.advance(10_000);
      assert.deepEqual(await states(), ['dead', 'dead', 'ready']);
      fails = false;
      await new DeadLetters(failing.store).retryOne(dead[0]!, { actor: 'lin' });
      await time.advance(1_100);
      await until(() => source.state().done === 2, 'both are done');
      assert.equal(source.state().paused, null);
    });

    it('also when it starts at the ceiling, and goes on when one is dismissed', async () => {
      const [dead] = await deliver(failing.store, 'a', ['k1']);
      const { deliveries } = await queue.claim({ subscriber: 'a', limit: 1, leaseMs: 1_000 });
      await queue.finish(deliveries[0]!, { dead: broken.error });
      await deliver(failing.store, 'a', ['k2']);
      const source = await started(async () => 'done', { deadCeiling: 1 });
      await turns(50);
      assert.equal(source.state().paused!.code, 'delivery.dead-ceiling');
      assert.deepEqual(await states(), ['dead', 'ready']);
      await new DeadLetters(failing.store).dismiss(dead!, { actor: 'lin', reason: 'test' });
      await time.advance(1_100);
      await until(() => source.state().done === 1, 'it is done');
    });

    it('while the store fails, without a busy loop, and goes on by itself', async () => {
      const source = await started(async () => 'done');
      await turns(30);
      failing.fail();
      await deliver(failing.real, 'a', ['k1']);
      await until(() => source.state().paused !== null, 'it says so');
      assert.equal(source.state().paused!.code, 'delivery.store-failing');
      assert.match(source.state().paused!.sentence, /full/);
      const { asked } = failing;
      await time.advance(60_000);
      // 0.5, 1, 2, 4, 8, 16, 30 s: seven attempts in the first minute or so.
      assert.ok(failing.asked - asked <= 8, `asked ${failing.asked - asked} times`);
      assert.ok(failing.asked - asked >= 5, `asked ${failing.asked - asked} times`);
      failing.mend();
      await time.advance(30_000);
      await until(() => source.state().done === 1, 'it is done');
      assert.equal(source.state().paused, null);
    });

    it('and goes on at once when the store says that it is well again', async () => {
      const source = await started(async () => 'done');
      failing.fail();
      await deliver(failing.real, 'a', ['k1']);
      await until(() => source.state().paused !== null, 'it says so');
      failing.mend(true);
      await until(() => source.state().done === 1, 'it is done');
    });

    it('and keeps what a handler answered until the store takes it', async () => {
      const [id] = await deliver(failing.store, 'a', ['k1']);
      const { began, end, handler } = held();
      const source = await started(handler);
      await until(() => began.length === 1, 'it has begun');
      failing.fail();
      end(id!);
      await turns(30);
      await time.advance(20_000);
      failing.mend();
      await time.advance(30_000);
      await until(() => source.state().done === 1, 'it is done');
      assert.deepEqual(began, [id]);
      assert.equal((await deliveryRow(failing.store, id!)).state, 'done');
    });
  });

  describe('after crashes', () => {
    /** The process dies with these at work, and the store is opened again. */
    async function crash(times: number, limit: number): Promise<void> {
      for (let time = 0; time < times; time += 1) {
        await queue.claim({ subscriber: 'a', limit, leaseMs: 30_000 });
        await queue.reclaimOwn();
      }
    }

    it('hands over one by one what was at work in several of them, then goes on as usual', async () => {
      const ids = await deliver(failing.store, 'a', keys(6));
      await crash(3, 2);
      const { open, began, end, handler } = held();
      await started(handler, { maxInFlight: 4 });
      for (const suspect of ids.slice(0, 2)) {
        await until(() => open.has(suspect), 'the suspect is at work');
        await turns(50);
        assert.deepEqual([...open.keys()], [suspect], 'alone');
        end(suspect);
      }
      await until(() => open.size === 4, 'the others are at work together');
      assert.deepEqual(began, ids);
    });

    it('does not use up the attempts of what waits behind the cause', async () => {
      const ids = await deliver(failing.store, 'a', keys(6));
      await crash(3, 6);
      for (let start = 0; start < 5; start += 1) {
        const { open, handler } = held();
        const source = await started(handler);
        await until(() => open.size === 1, 'the cause is at work');
        // The process dies: what the source had is taken from it.
        await queue.reclaimOwn();
        await stopped(source, 10);
      }
      const rows = await rowsFor(failing.store, 'a');
      assert.deepEqual(
        rows.map(({ attempts }) => attempts),
        [8, 3, 3, 3, 3, 3],
      );
      const { open, handler } = held();
      await started(handler);
      await until(() => open.has(ids[1]!), 'the next one gets its turn');
      assert.equal((await deliveryRow(failing.store, ids[0]!)).state, 'dead');
    });

    it('is not careful with what failed as often by itself', async () => {
      const ids = await deliver(failing.store, 'a', keys(3));
      for (const id of ids) {
        await inTx(failing.store, (tx) =>
          tx.update('deliveries', [
            {
              key: { id },
              set: {
                attempts: 5,
                last_error: JSON.stringify(deliveryError('delivery.failed', { reason: '-' })),
              },
            },
          ]),
        );
      }
      const { open, handler } = held();
      await started(handler);
      await until(() => open.size === 3, 'all are at work');
    });

    it('is not careful with what failed by itself before it was at work in one of them', async () => {
      const ids = await deliver(failing.store, 'a', keys(3));
      for (const id of ids) {
        const last_error = JSON.stringify(deliveryError('delivery.failed', { reason: '-' }));
        await inTx(failing.store, (tx) =>
          tx.update('deliveries', [{ key: { id }, set: { attempts: 5, last_error } }]),
        );
      }
      await crash(1, 3);
      const { open, handler } = held();
      await started(handler);
      await until(() => open.size === 3, 'all are at work');
    });
  });

  describe('while it is suspended', () => {
    it('claims nothing, lets what is in flight end, and goes on where it was', async () => {
      const [first] = await deliver(failing.store, 'a', keys(3));
      const { began, end, handler } = held();
      const source = await started(handler, { maxInFlight: 1, stuckAfterMs: 30_000 });
      await until(() => began.length === 1, 'it has begun');
      source.suspend();
      end(first!);
      await until(() => source.state().done === 1, 'the first is done');
      await deliver(failing.store, 'a', ['new']);
      await time.advance(120_000);
      assert.deepEqual(began, [first]);
      assert.deepEqual([source.state().stuck, source.state().backlog], [null, 3]);
      source.resume();
      await until(() => began.length === 2, 'the second has begun');
    });

    it('gives back what a claim brings that was under way', async () => {
      await deliver(failing.store, 'a', keys(2));
      const seen: number[] = [];
      const source = make(async ({ attempt }) => {
        seen.push(attempt);
        return 'done';
      });
      const release = failing.holdAnswers('delivery.claim');
      await source.start();
      await turns(20);
      source.suspend();
      release();
      await turns(30);
      assert.deepEqual(await states(), ['ready', 'ready']);
      source.resume();
      await until(() => source.state().done === 2, 'both are done');
      assert.deepEqual(seen, [1, 1]);
    });
  });

  describe('when it stops', () => {
    it('waits for what is in flight and claims nothing more', async () => {
      const [first] = await deliver(failing.store, 'a', keys(3));
      const { began, end, handler } = held();
      const source = await started(handler, { maxInFlight: 1 });
      await until(() => began.length === 1, 'it has begun');
      const stopping = source.stop({ graceMs: 1_000 });
      await turns(20);
      end(first!);
      await stopping;
      assert.deepEqual(began, [first]);
      assert.deepEqual(await states(), ['done', 'ready', 'ready']);
    });

    it('gives the rest back at once, not counting the attempt; its late end is ignored', async () => {
      const [id] = await deliver(failing.store, 'a', ['k1']);
      const { open, end, handler } = held();
      const source = await started(handler);
      await until(() => open.size === 1, 'it has begun');
      await stopped(source, 1_000);
      const row = await deliveryRow(failing.store, id!);
      assert.deepEqual([row.state, row.attempts, row.owner], ['ready', 0, null]);
      const { asked } = failing;
      end(id!);
      await turns(30);
      assert.equal(failing.asked, asked);
      assert.equal((await deliveryRow(failing.store, id!)).state, 'ready');

      const again = await started(async ({ attempt }) => {
        assert.equal(attempt, 1);
        return 'done';
      });
      await until(() => again.state().done === 1, 'another one has done it');
    });

    it('leaves no timer and no listener', async () => {
      await deliver(failing.store, 'a', keys(4));
      const { began, handler } = held();
      const source = await started(handler, { maxPerSecond: 10, maxInFlight: 2 });
      await until(() => began.length > 0, 'it has begun');
      assert.ok(time.pending > 0 && failing.listeners > 0);
      await stopped(source, 100);
      assert.deepEqual([time.pending, failing.listeners], [0, 0]);
      assert.equal(source.state().running, false);
    });

    it('leaves none after many starts and stops either', async () => {
      await deliver(failing.store, 'a', keys(60));
      const source = make(async () => 'done', { maxInFlight: 1 });
      for (let round = 0; round < 50; round += 1) {
        await source.start();
        await turns(2);
        await source.stop();
      }
      assert.deepEqual([time.pending, failing.listeners], [0, 0]);
      await source.start();
      await until(() => source.state().done === 60, 'all are done');
      const rows = await rowsFor(failing.store, 'a');
      assert.ok(rows.every(({ attempts, state }) => attempts === 1 && state === 'done'));
    });

    it('gives back what a claim brings that was under way', async () => {
      const [id] = await deliver(failing.store, 'a', keys(3));
      await inTx(failing.store, (tx) => tx.update('deliveries', [{ key: { id: id! }, set: { ref: 9_999 } }]));
      const seen: number[] = [];
      const source = make(async (delivery) => {
        seen.push(delivery.id);
        return 'done';
      });
      const release = failing.holdAnswers('delivery.claim');
      await source.start();
      await turns(20);
      assert.deepEqual(await states(), ['leased', 'leased', 'leased']);
      const stopping = source.stop();
      await turns(20);
      release();
      await stopping;
      assert.deepEqual(seen, []);
      assert.deepEqual(
        (await rowsFor(failing.store, 'a')).map(({ state, attempts }) => [state, attempts]),
        Array(3).fill(['ready', 0]),
      );
      assert.deepEqual([time.pending, failing.listeners], [0, 0]);
    });

    it('does not hang or throw when the store fails', async () => {
      await deliver(failing.store, 'a', ['k1']);
      const { open, handler } = held();
      const source = await started(handler);
      await until(() => open.size === 1, 'it has begun');
      failing.fail();
      await stopped(source, 100);
      assert.deepEqual([time.pending, failing.listeners], [0, 0]);
      failing.mend();
      assert.deepEqual(await states(), ['leased']);
    });

    it('leaves nothing behind that would try the store again', async () => {
      const source = await started(async () => 'done');
      failing.fail();
      await deliver(failing.real, 'a', ['k1']);
      await until(() => source.state().paused !== null, 'it says so');
      assert.ok(time.pending > 0);
      await source.stop();
      assert.deepEqual([time.pending, failing.listeners], [0, 0]);
    });

    it('shares one start and one stop among all who ask, and does them in turn', async () => {
      const source = make(async () => 'done');
      assert.equal(source.start(), source.start());
      const stopping = source.stop();
      assert.equal(source.stop(), stopping);
      const again = source.start();
      await Promise.all([stopping, again]);
      assert.equal(source.state().running, true);
      assert.equal(failing.listeners, 2);
      await source.stop();
      await source.stop();
      assert.equal(source.state().running, false);
    });
  });

  describe('says how it stands', () => {
    it('with backlog, age, what is dead and what blocks, also after a restart', async () => {
      await deliver(failing.store, 'a', ['k1', 'k1', 'k2']);
      const { deliveries } = await queue.claim({ subscriber: 'a', limit: 2, leaseMs: 1_000 });
      await queue.finish(deliveries[0]!, { retry: broken.error, at: time.now() + 60_000 });
      await queue.finish(deliveries[1]!, { dead: broken.error });
      time.jump(5_000);
      const source = await started(async () => 'done');
      const state = source.state();
      assert.deepEqual(
        [state.backlog, state.oldestAgeMs, state.dead, state.paused, state.stuck],
        [2, 5_000, 1, null, null],
      );
      assert.deepEqual(
        state.blockedKeys.map(({ key, reason }) => [key, reason]),
        [['k1', broken.error]],
      );
    });

    it('that nothing moves although work waits, until something does', async () => {
      await deliver(failing.store, 'a', keys(3));
      const { began, end, handler } = held();
      const source = await started(handler, { maxInFlight: 1, stuckAfterMs: 30_000 });
      await until(() => began.length === 1, 'it has begun');
      await time.advance(29_000);
      assert.equal(source.state().stuck, null);
      await time.advance(1_000);
      assert.deepEqual(
        source.state().stuck,
        deliveryError('delivery.stuck', { backlog: 2, seconds: 30, inFlight: 1 }),
      );
      end(began[0]!);
      await until(() => began.length === 2, 'the next has begun');
      assert.equal(source.state().stuck, null);
    });

    it('not that it is stuck when what waits only waits for its time', async () => {
      await deliver(failing.store, 'a', ['k1']);
      const source = await started(async () => ({ ...broken, retryAfterMs: 3_600_000 }), {
        stuckAfterMs: 30_000,
      });
      await until(() => source.state().blockedKeys.length === 1, 'it failed');
      for (let minute = 0; minute < 5; minute += 1) await time.advance(60_000);
      assert.ok(source.state().backlog === 1 && source.state().inFlight === 0);
      assert.equal(source.state().stuck, null);
    });

    it('to whoever listens, about once a second while it works and not at all while it rests', async () => {
      const told: SourceState[] = [];
      const source = await started(async () => 'done', { onState: (state) => told.push(state) });
      for (let round = 0; round < 20; round += 1) {
        await deliver(failing.store, 'a', keys(3));
        await until(() => source.state().done === (round + 1) * 3, 'these are done');
        await time.advance(100);
      }
      await time.advance(1_000);
      assert.ok(told.length >= 3 && told.length <= 6, `told ${told.length} times`);
      const last = told.at(-1)!;
      assert.deepEqual([last.done, last.backlog, last.inFlight], [60, 0, 0]);
      const count = told.length;
      await time.advance(50_000);
      assert.equal(told.length, count);
    });

    it('with no timer more than a minute ahead', async () => {
      await deliver(failing.store, 'a', ['k1']);
      const source = await started(async () => ({ ...broken, retryAfterMs: 5 * 3_600_000 }));
      await until(() => source.state().blockedKeys.length === 1, 'it failed');
      for (let step = 0; step < 20; step += 1) {
        await turns(30);
        assert.ok(time.nextIn <= 60_000);
        await time.advance(time.nextIn);
      }
    });
  });

  it('takes what came while a claim was under way and finishes took up its room, at once when they are through', async () => {
    const [first, second] = await deliver(failing.store, 'a', ['k1', 'k2']);
    const { began, end, handler } = held();
    await started(handler, { maxInFlight: 2 });
    await until(() => began.length === 2, 'two are at work');
    const finish = failing.holdAnswers('delivery.finish');
    const [third] = await deliver(failing.store, 'a', ['k3']);
    end(first!);
    await until(() => began.length === 3, 'the third is at work');
    end(second!);
    end(third!);
    await turns(50);
    const answer = failing.holdAnswers('delivery.claim');
    const [fourth] = await deliver(failing.store, 'a', ['k4']);
    while ((await deliveryRow(failing.store, fourth!)).state !== 'leased') await turns();
    const [fifth] = await deliver(failing.store, 'a', ['k5']);
    answer();
    await until(() => began.includes(fourth!), 'the fourth is at work, and there is no room');
    await turns(50);
    finish();
    await until(() => began.includes(fifth!), 'the fifth is at work without a wait');
    end(fourth!);
    end(fifth!);
  });

  it('finds its way through a long backlog that is not due', async () => {
    const stuckKeys = Array.from({ length: 4_300 }, (_, index) => `late${index}`);
    await deliver(failing.store, 'a', stuckKeys);
    const due = time.now() + 30_000;
    await inTx(failing.store, async (tx) => {
      await tx.db.updateTable('deliveries').set({ available_at: due, attempts: 1 }).execute();
      return [];
    });
    const source = await started(async () => 'done', { maxInFlight: 100 });
    await turns(100);
    await deliver(failing.store, 'a', ['new', 'new', 'new']);
    await until(() => source.state().done === 3, 'what is new is done');
    assert.equal(time.now() < due, true);
    const { asked } = failing;
    await time.advance(25_000);
    assert.ok(failing.asked - asked < 10, `asked ${failing.asked - asked} times`);
    await time.advance(6_000);
    await until(() => source.state().done === 4_303, 'all are done');
  });

  it('brings all through, each key in order, whatever the handler does', async () => {
    const ends = fc.array(fc.constantFrom('done', 'fail', 'throw', 'slow', 'permanent'), {
      minLength: 1,
      maxLength: 40,
    });
    let runs = 0;
    await fc.assert(
      fc.asyncProperty(
        ends,
        fc.integer({ min: 1, max: 8 }),
        fc.integer({ min: 1, max: 5 }),
        async (endings, maxInFlight, keyCount) => {
          runs += 1;
          const subscriber = `run-${runs}`;
          const ids = await deliver(
            failing.store,
            subscriber,
            endings.map((_, index) => `k${index % keyCount}`),
          );
          const atWork = new Set<string>();
          const lastOver = new Map<string, number>();
          let most = 0;
          const handler = async ({ id, key, attempt }: ClaimedDelivery): Promise<HandlerResult> => {
            assert.ok(!atWork.has(key), 'two of one key at once');
            assert.ok(id > (lastOver.get(key) ?? 0), 'out of order');
            atWork.add(key);
            most = Math.max(most, atWork.size);
            const ending = endings[ids.indexOf(id)]!;
            if (ending === 'slow') await turns(3);
            atWork.delete(key);
            if (attempt < 3 && ending === 'fail') return broken;
            if (attempt < 2 && ending === 'throw') throw new Error('thrown');
            lastOver.set(key, id);
            return ending === 'permanent' ? { ...broken, permanent: true } : 'done';
          };
          const source = make(handler, { subscriber, maxInFlight });
          await source.start();
          const over = () => source.state().done + source.state().dead === endings.length;
          for (let step = 0; step < 400 && !over(); step += 1) {
            await turns(3);
            if (!over() && Number.isFinite(time.nextIn)) await time.advance(Math.max(0, time.nextIn));
          }
          await source.stop();
          assert.deepEqual(
            (await rowsFor(failing.store, subscriber)).map(({ state }) => state),
            endings.map((ending) => (ending === 'permanent' ? 'dead' : 'done')),
          );
          assert.ok(most <= maxInFlight);
        },
      ),
      { numRuns: 40 },
    );
  });
});
