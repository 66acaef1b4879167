import assert from 'node:assert/strict';
import { Maintenance } from '../../../core/delivery/maintenance.ts';
import { DeliveryQueue } from '../../../core/delivery/queue.ts';
import type { Store } from '../../../core/store/store.ts';
import { makeSqlitePlace, type SqlitePlace } from '../store/sqlite-place.ts';
import { deliver, deliveryRow } from './deliveries.ts';
import { VirtualTime } from './virtual-time.ts';

describe('maintenance', () => {
  let place: SqlitePlace;
  let store: Store;
  let time: VirtualTime;
  let maintenance: Maintenance;

  beforeEach(async () => {
    time = new VirtualTime();
    place = await makeSqlitePlace();
    store = await place.open({ now: time.now });
    maintenance = new Maintenance(store, { timers: time });
  });
  afterEach(async () => {
    await maintenance.stop();
    await place.dispose();
  });

  it('puts back what ran out, every few seconds, and writes nothing otherwise', async () => {
    const [id] = await deliver(store, 'a', ['k1']);
    await new DeliveryQueue(store).claim({ subscriber: 'a', limit: 1, leaseMs: 12_000 });
    const { batches } = store.health();
    maintenance.start();
    await time.advance(11_000);
    assert.equal(store.health().batches, batches);
    assert.equal((await deliveryRow(store, id!)).state, 'leased');
    await time.advance(4_000);
    assert.equal((await deliveryRow(store, id!)).state, 'ready');
    assert.equal(store.health().batches, batches + 1);
  });

  it('has one timer, however often it is started, and none when it is stopped', async () => {
    maintenance.start();
    maintenance.start();
    assert.equal(time.pending, 1);
    await time.advance(20_000);
    assert.equal(time.pending, 1);
    await maintenance.stop();
    await maintenance.stop();
    assert.equal(time.pending, 0);
    maintenance.start();
    assert.equal(time.pending, 1);
  });

  it('goes on looking when the store fails, and says so', async () => {
    maintenance.start();
    await store.close();
    await time.advance(5_000);
    assert.ok(maintenance.fault instanceof Error);
    assert.equal(time.pending, 1);
  });
});
