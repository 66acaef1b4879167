import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { Lease } from '../../../core/delivery/delivery.ts';
import { deliveryError } from '../../../core/delivery/failure.ts';
import type { Outcome } from '../../../core/delivery/finish.ts';
import { DeliveryQueue } from '../../../core/delivery/queue.ts';
import type { Store } from '../../../core/store/store.ts';
import { type AnyPlace, onEachStore } from '../store/each-store.ts';
import { deliver, rowsFor } from './deliveries.ts';
import { VirtualTime } from './virtual-time.ts';

/*
 * Random schedules of claims, finishes, late finishes, heartbeats, lapses, orderly stops and crashes, each step
 * compared with a model that holds the rules and nothing of the way they are kept.
 */

const broken = deliveryError('delivery.failed', { reason: 'test' });
const leaseMs = 1_000;

type Step =
  | { act: 'deliver'; key: number }
  | { act: 'claim'; limit: number }
  | { act: 'done' | 'dead' | 'heartbeat' | 'release'; holder: number }
  | { act: 'retry'; holder: number; inMs: number }
  | { act: 'pass'; ms: number }
  | { act: 'lapse' | 'crash' };

interface Modelled {
  id: number;
  key: string;
  state: 'ready' | 'leased' | 'done' | 'dead';
  attempts: number;
  dueAt: number;
  leaseUntil: number;
  /** Index of the holder that may end it, if any. */
  holder: number | null;
}

interface Holder {
  lease: Lease;
  attempt: number;
  row: Modelled;
}

const steps = fc.array(
  fc.oneof(
    { weight: 4, arbitrary: fc.record({ act: fc.constant('deliver' as const), key: fc.nat({ max: 3 }) }) },
    {
      weight: 4,
      arbitrary: fc.record({ act: fc.constant('claim' as const), limit: fc.integer({ min: 1, max: 4 }) }),
    },
    {
      weight: 6,
      arbitrary: fc.record({
        act: fc.constantFrom('done' as const, 'dead' as const, 'heartbeat' as const, 'release' as const),
        holder: fc.nat(),
      }),
    },
    {
      weight: 2,
      arbitrary: fc.record({
        act: fc.constant('retry' as const),
        holder: fc.nat(),
        inMs: fc.nat({ max: 1_500 }),
      }),
    },
    {
      weight: 3,
      arbitrary: fc.record({
        act: fc.constant('pass' as const),
        ms: fc.constantFrom(0, 10, 400, 999, 1_000),
      }),
    },
    {
      weight: 2,
      arbitrary: fc.record({ act: fc.constantFrom('lapse' as const, 'lapse' as const, 'crash' as const) }),
    },
  ),
  { minLength: 5, maxLength: 60 },
);

onEachStore('delivery queue under random schedules', (makePlace) => {
  let place: AnyPlace;
  let store: Store;
  let queue: DeliveryQueue;
  const time = new VirtualTime();
  let schedules = 0;

  before(async () => {
    place = await makePlace();
    store = await place.open({ now: time.now });
    queue = new DeliveryQueue(store);
  });
  after(() => place.dispose());

  it('loses nothing, doubles nothing, and never has two of one key in flight', async () => {
    await fc.assert(fc.asyncProperty(steps, runSchedule), { numRuns: 150 });
  });

  async function runSchedule(schedule: readonly Step[]): Promise<void> {
    schedules += 1;
    const subscriber = `schedule-${schedules}`;
    const rows: Modelled[] = [];
    const holders: Holder[] = [];

    const heads = () => {
      const open = rows.filter(({ state }) => state === 'ready' || state === 'leased');
      return open.filter((row) => !open.some((other) => other.key === row.key && other.id < row.id));
    };
    const claim = async (limit: number) => {
      const expected = heads()
        .filter(({ state, dueAt }) => state === 'ready' && dueAt <= time.now())
        .slice(0, limit);
      const { deliveries } = await queue.claim({ subscriber, limit, leaseMs });
      assert.deepEqual(
        deliveries.map(({ id, key, attempt }) => ({ id, key, attempt })),
        expected.map(({ id, key, attempts }) => ({ id, key, attempt: attempts + 1 })),
      );
      deliveries.forEach((delivery, index) => {
        const row = expected[index]!;
        row.state = 'leased';
        row.attempts += 1;
        row.leaseUntil = time.now() + leaseMs;
        row.holder = holders.push({ lease: delivery, attempt: delivery.attempt, row }) - 1;
      });
    };
    /** Who held a delivery at some time, and whether it is still theirs. */
    const pick = (number: number): { holder: Holder; held: boolean } | undefined => {
      if (holders.length === 0) return undefined;
      const index = number % holders.length;
      const holder = holders[index]!;
      return { holder, held: holder.row.holder === index };
    };
    const end = async (number: number, outcome: Outcome, apply: (row: Modelled) => void) => {
      const picked = pick(number);
      if (!picked) return;
      assert.equal(await queue.finish(picked.holder.lease, outcome), picked.held);
      if (!picked.held) return;
      picked.holder.row.holder = null;
      apply(picked.holder.row);
    };

    for (const step of schedule) {
      switch (step.act) {
        case 'deliver': {
          const [id] = await deliver(store, subscriber, [`k${step.key}`]);
          rows.push({
            id: id!,
            key: `k${step.key}`,
            state: 'ready',
            attempts: 0,
            dueAt: time.now(),
            leaseUntil: 0,
            holder: null,
          });
          break;
        }
        case 'claim':
          await claim(step.limit);
          break;
        case 'done':
        case 'dead': {
          const { act } = step;
          await end(step.holder, act === 'done' ? 'done' : { dead: broken }, (row) => {
            row.state = act;
          });
          break;
        }
        case 'retry': {
          const at = time.now() + step.inMs;
          await end(step.holder, { retry: broken, at }, (row) => {
            row.state = 'ready';
            row.dueAt = at;
          });
          break;
        }
        case 'heartbeat': {
          const picked = pick(step.holder);
          if (!picked) break;
          const kept = await queue.heartbeat([picked.holder.lease], leaseMs);
          assert.equal(kept.length, picked.held ? 1 : 0);
          if (picked.held) {
            picked.holder.row.state = 'leased';
            picked.holder.row.leaseUntil = time.now() + leaseMs;
          }
          break;
        }
        case 'release': {
          const picked = pick(step.holder);
          if (!picked) break;
          const { lease, attempt, row } = picked.holder;
          assert.equal(await queue.release([{ ...lease, attempt }]), picked.held ? 1 : 0);
          if (picked.held) Object.assign(row, { state: 'ready', holder: null, dueAt: time.now() });
          if (picked.held) row.attempts -= 1;
          break;
        }
        case 'pass':
          time.jump(step.ms);
          break;
        case 'lapse':
          await queue.lapse();
          // Their holders may still end them until somebody else claims them.
          for (const row of rows) {
            if (row.state === 'leased' && row.leaseUntil <= time.now()) {
              Object.assign(row, { state: 'ready', dueAt: time.now() });
            }
          }
          break;
        case 'crash':
          await queue.reclaimOwn();
          for (const row of rows) {
            if (row.state !== 'leased') continue;
            // Where others share the store a process that is gone is as one that is silent: its leases run out.
            if (store.kind === 'sqlite')
              Object.assign(row, { state: 'ready', holder: null, dueAt: time.now() });
            else if (row.leaseUntil <= time.now()) Object.assign(row, { state: 'ready', dueAt: time.now() });
          }
          break;
      }
      const inFlight = rows.filter(({ state }) => state === 'leased').map(({ key }) => key);
      assert.equal(new Set(inFlight).size, inFlight.length, 'two of one key are in flight');
    }

    const stored = await rowsFor(store, subscriber);
    assert.deepEqual(
      stored.map(({ id, state, attempts }) => ({ id, state, attempts })),
      rows.map(({ id, state, attempts }) => ({ id, state, attempts })),
    );
    await drain(subscriber, stored.filter(({ state }) => state === 'ready' || state === 'leased').length);
  }

  /** Whatever happened before, all that is open comes through in the end, each key in order. */
  async function drain(subscriber: string, open: number): Promise<void> {
    time.jump(10_000);
    await queue.lapse();
    const lastOfKey = new Map<string, number>();
    let finished = 0;
    for (;;) {
      const { deliveries } = await queue.claim({ subscriber, limit: 10, leaseMs });
      if (deliveries.length === 0) break;
      for (const delivery of deliveries) {
        assert.ok(delivery.id > (lastOfKey.get(delivery.key) ?? 0));
        lastOfKey.set(delivery.key, delivery.id);
        assert.equal(await queue.finish(delivery, 'done'), true);
        finished += 1;
      }
    }
    assert.equal(finished, open);
    assert.equal((await queue.counts(subscriber)).backlog, 0);
  }
});
