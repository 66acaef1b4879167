import assert from 'node:assert/strict';
import { Hub } from '../../../core/hub.ts';
import { askHealth } from '../../../core/insight/health.ts';
import { makeSqlitePlace, type SqlitePlace } from '../store/sqlite-place.ts';
import { deliver } from './deliveries.ts';
import { type FailingStore, failingStore } from './failing-store.ts';
import { VirtualTime } from './virtual-time.ts';

describe("the hub's work in the background", () => {
  let place: SqlitePlace;
  let failing: FailingStore;
  let time: VirtualTime;
  let hub: Hub;

  beforeEach(async () => {
    time = new VirtualTime();
    place = await makeSqlitePlace();
    failing = failingStore(await place.open({ now: time.now }));
    hub = await Hub.open(failing.store, { timers: time });
  });
  afterEach(async () => {
    failing.mend();
    await hub.close();
    await place.dispose();
  });

  it('tells what does not go through, until it does again', async () => {
    await time.advance(15_000);
    assert.deepEqual(hub.faults(), []);
    failing.fail();
    await time.advance(15_000);
    assert.deepEqual(
      hub.faults().map(({ work }) => work),
      ['leases', 'holds'],
    );
    failing.mend();
    const { findings } = await askHealth({ hub, language: 'en-US' });
    const told = findings.filter(({ code }) => code === 'health.background-failing');
    assert.deepEqual(
      told.map(({ params }) => params.work),
      ['leases', 'holds'],
    );
    await time.advance(15_000);
    assert.deepEqual(hub.faults(), []);
    assert.equal(time.pending, 3);
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
    assert.deepEqual(await codes(), [{ subscriber: 'webhook:old', count: 2 }]);
  });
});
