import assert from 'node:assert/strict';
import { Hub } from '../../../core/hub.ts';
import { askHealth } from '../../../core/insight/health.ts';
import { eventually } from '../../support/hub-client.ts';
import { type AnyPlace, onEachStore } from '../store/each-store.ts';
import { deliver } from './deliveries.ts';
import { type FailingStore, failingStore } from './failing-store.ts';
import { VirtualTime } from './virtual-time.ts';

onEachStore("the hub's work in the background", (makePlace) => {
  let place: AnyPlace;
  let failing: FailingStore;
  let time: VirtualTime;
  let hub: Hub;
  /** Timers that wait while nothing is at work. */
  let resting: number;

  beforeEach(async () => {
    time = new VirtualTime();
    place = await makePlace();
    failing = failingStore(await place.open({ now: time.now }));
    hub = await Hub.open(failing.store, { timers: time });
    resting = time.pending;
  });
  afterEach(async () => {
    failing.mend();
    await hub.close();
    await place.dispose();
  });

  /** Puts the clock on, second by second, each when nothing is at work. */
  const seconds = async (count: number) => {
    for (let second = 0; second < count; second += 1) {
      await time.advance(1_000);
      await eventually('all of it rests', () => time.pending === resting || undefined);
    }
  };

  it('tells what does not go through, until it does again', async () => {
    // An embedded store has one process, which need not agree with others.
    const works = ['leases', 'holds', ...(hub.store.kind === 'postgres' ? ['leadership'] : [])];
    await seconds(15);
    assert.deepEqual(hub.faults(), []);
    failing.fail();
    await seconds(15);
    assert.deepEqual(
      hub.faults().map(({ work }) => work),
      works,
    );
    failing.mend();
    const { findings } = await askHealth({ hub, language: 'en-US' });
    const told = findings.filter(({ code }) => code === 'health.background-failing');
    assert.deepEqual(
      told.map(({ params }) => params.work),
      works,
    );
    await seconds(15);
    assert.deepEqual(hub.faults(), []);
    assert.equal(time.pending, resting);
  });

  it('knows which queues somebody takes messages from', async () => {
    const leave = hub.attendance.enter('webhook:shop');
    const leaveToo = hub.attendance.enter('webhook:shop');
    assert.equal(hub.attendance.has('webhook:shop'), true);
    leave();
    leave();
    assert.equal(hub.attendance.has('webhook:shop'), true, 'the other one is still there');
    leaveToo();
    assert.equal(hub.attendance.has('webhook:shop'), false);
  });

  it('finds what waits for a name that no node has any more', async () => {
    await deliver(failing.store, 'webhook:old', ['k1', 'k2']);
    await deliver(failing.store, 'webhook:new', ['k1']);
    hub.attendance.enter('webhook:new');
    const codes = async () => {
      const { findings } = await askHealth({ hub, language: 'en-US' });
      return findings.filter(({ code }) => code === 'health.nobody-takes').map(({ params }) => params);
    };
    assert.deepEqual(await codes(), [], 'its node may only just be starting');
    time.jump(60_000);
    // On a server another process may be the one that takes them.
    const told = hub.store.kind === 'sqlite' ? [{ subscriber: 'webhook:old', count: 2 }] : [];
    assert.deepEqual(await codes(), told);
  });
});
