import assert from 'node:assert/strict';
import { Leadership } from '../../../core/delivery/leadership.ts';
import type { Store } from '../../../core/store/store.ts';
import { type AnyPlace, onEachStore } from '../store/each-store.ts';
import { makeSqlitePlace } from '../store/sqlite-place.ts';
import { type FailingStore, failingStore } from './failing-store.ts';
import { sharedView } from './shared-store.ts';
import { VirtualTime } from './virtual-time.ts';

const leaseMs = 30_000;

onEachStore('leadership', (makePlace) => {
  let place: AnyPlace;
  let store: Store;
  let time: VirtualTime;
  let started: Leadership[];
  const processOn = (view: Store) => {
    const leadership = new Leadership(view, { leaseMs, timers: time });
    started.push(leadership);
    return leadership;
  };
  const leases = () => store.read.selectFrom('leases').selectAll().orderBy('name').execute();

  beforeEach(async () => {
    time = new VirtualTime();
    place = await makePlace();
    store = await place.open({ now: time.now });
    time.waitFor(store);
    started = [];
  });
  afterEach(async () => {
    for (const leadership of started) await leadership.stop();
    await place.dispose();
  });

  it('belongs to one of several processes for as long as that one lives', async () => {
    const [one, two] = [processOn(sharedView(store)), processOn(sharedView(store))];
    const [a, b] = [one.candidate('sweeper'), two.candidate('sweeper')];
    assert.deepEqual([a.leads(), b.leads()], [false, false], 'nobody leads before the store said so');
    await time.advance(0);
    assert.deepEqual([a.leads(), b.leads()], [true, false]);
    for (let second = 0; second < 300; second += 1) {
      await time.advance(1_000);
      assert.deepEqual([a.leads(), b.leads()], [true, false]);
    }
    assert.equal((await leases()).length, 1);
  });

  it('is shared out by work: a process may lead one and follow in another', async () => {
    const [one, two] = [processOn(sharedView(store)), processOn(sharedView(store))];
    const sweeper = one.candidate('sweeper');
    await time.advance(0);
    const [sweeperToo, auditor] = [two.candidate('sweeper'), two.candidate('auditor')];
    await time.advance(0);
    const auditorToo = one.candidate('auditor');
    await time.advance(60_000);
    assert.deepEqual(
      [sweeper, sweeperToo, auditor, auditorToo].map((candidacy) => candidacy.leads()),
      [true, false, true, false],
    );
  });

  it('goes to another process once the lease of one that says nothing ran out, and never before', async () => {
    const failing: FailingStore = failingStore(sharedView(store));
    const [one, two] = [processOn(failing.store), processOn(sharedView(store))];
    const a = one.candidate('sweeper');
    await time.advance(0);
    const b = two.candidate('sweeper');
    await time.advance(0);
    failing.fail();
    await time.advance(leaseMs - 1);
    assert.deepEqual([a.leads(), b.leads()], [true, false]);
    assert.ok(one.fault instanceof Error);
    await time.advance(1);
    assert.equal(a.leads(), false, 'it knows by itself, without the store');
    await time.advance(leaseMs / 3);
    assert.deepEqual([a.leads(), b.leads()], [false, true]);
    failing.mend();
    await time.advance(leaseMs * 2);
    assert.deepEqual([a.leads(), b.leads()], [false, true], 'who comes back follows');
    assert.equal(one.fault, null);
  });

  it('is lost by a process that stood still, even when nobody has taken it over yet', async () => {
    const a = processOn(sharedView(store)).candidate('sweeper');
    await time.advance(0);
    time.jump(leaseMs);
    assert.equal(a.leads(), false);
    await time.advance(0);
    assert.equal(a.leads(), true);
  });

  it('is given up on closing, so that another process need not wait for the lease', async () => {
    const [one, two] = [processOn(sharedView(store)), processOn(sharedView(store))];
    const a = one.candidate('sweeper');
    await time.advance(0);
    const b = two.candidate('sweeper');
    await time.advance(0);
    await one.stop();
    assert.deepEqual(await leases(), []);
    assert.equal(a.leads(), false);
    await time.advance(leaseMs / 3);
    assert.equal(b.leads(), true);
    await one.stop();
    assert.equal(b.leads(), true, 'and what another has taken meanwhile stays taken');
    assert.equal((await leases()).length, 1);
  });

  it('is kept while one of several in a process wishes for it, and free when the last resigns', async () => {
    const one = processOn(sharedView(store));
    const [a, b] = [one.candidate('poller'), one.candidate('poller')];
    await time.advance(0);
    assert.deepEqual([a.leads(), b.leads()], [true, true]);
    await a.resign();
    await a.resign();
    assert.deepEqual([a.leads(), b.leads()], [false, true]);
    await b.resign();
    assert.equal(b.leads(), false);
    assert.deepEqual(await leases(), []);
    await time.advance(leaseMs * 2);
    assert.deepEqual(await leases(), [], 'and nobody bids for it any more');
    const again = one.candidate('poller');
    await time.advance(0);
    assert.equal(again.leads(), true);
  });
});

describe('leadership of an embedded store', () => {
  it('belongs to the only process there is, which writes and waits for nothing', async () => {
    const time = new VirtualTime();
    const place = await makeSqlitePlace();
    const store = await place.open({ now: time.now });
    const alone = new Leadership(store, { leaseMs, timers: time });
    const { batches } = store.health();
    const sweeper = alone.candidate('sweeper');
    assert.equal(sweeper.leads(), true);
    await time.advance(120_000);
    assert.equal(time.pending, 0);
    assert.equal(store.health().batches, batches);
    await alone.stop();
    assert.equal(sweeper.leads(), false);
    await place.dispose();
  });
});
