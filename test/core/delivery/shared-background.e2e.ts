import assert from 'node:assert/strict';
import { Leadership } from '../../../core/delivery/leadership.ts';
import { DeliveryQueue } from '../../../core/delivery/queue.ts';
import { Hub } from '../../../core/hub.ts';
import { openPostgres } from '../../../core/store/postgres/postgres-store.ts';
import type { Store } from '../../../core/store/store.ts';
import { eventually } from '../../support/hub-client.ts';
import { freshSchema, sharedPostgres } from '../../support/postgres.ts';
import { deliver, deliveryRow, inTx } from './deliveries.ts';
import { VirtualTime } from './virtual-time.ts';

const leaseMs = 30_000;

describe('the work in the background of processes on one PostgreSQL', function () {
  this.timeout(60_000);
  let time: VirtualTime;
  let stores: Store[];
  let schema: string;

  /** A process of its own as far as the database can tell: connections, owner and all. */
  async function openOne(): Promise<Store> {
    const connectionString = (await sharedPostgres()).connectionString();
    const store = await openPostgres({ connectionString, schema, now: time.now });
    stores.push(store);
    return store;
  }

  beforeEach(() => {
    time = new VirtualTime();
    stores = [];
    schema = freshSchema();
  });
  afterEach(async () => {
    for (const store of stores) await store.close();
  });

  it('has one leader, however many ask at once', async () => {
    const processes = await Promise.all([1, 2, 3, 4].map(openOne));
    const leaders = processes.map((store) => new Leadership(store, { leaseMs, timers: time }));
    const names = Array.from({ length: 10 }, (_, index) => `work ${index}`);
    const candidacies = leaders.map((leadership) => names.map((name) => leadership.candidate(name)));
    await time.advance(0);
    await eventually('each has bid', async () => {
      const leases = await processes[0]!.read.selectFrom('leases').selectAll().execute();
      const led = candidacies.flat().filter((candidacy) => candidacy.leads()).length;
      return (leases.length === names.length && led === names.length && time.pending === 4) || undefined;
    });
    for (const [index] of names.entries())
      assert.equal(candidacies.filter((own) => own[index]!.leads()).length, 1);
    for (const leadership of leaders) {
      assert.equal(leadership.fault, null);
      await leadership.stop();
    }
    assert.deepEqual(await processes[0]!.read.selectFrom('leases').selectAll().execute(), []);
  });

  it('passes to another process when the leader is gone without a word', async () => {
    const [one, two] = [await openOne(), await openOne()];
    // The first one's timers never fire again after its bid: it is gone.
    const itsTime = new VirtualTime();
    const gone = new Leadership(one, { leaseMs, timers: itsTime });
    const a = gone.candidate('sweeper');
    await itsTime.advance(0);
    await eventually('the first leads', () => a.leads() || undefined);
    const b = new Leadership(two, { leaseMs, timers: time }).candidate('sweeper');
    await time.advance(0);
    await eventually('the second has bid', () => time.pending === 1 || undefined);
    assert.deepEqual([a.leads(), b.leads()], [true, false]);
    time.jump(leaseMs);
    assert.deepEqual([a.leads(), b.leads()], [false, false]);
    await time.advance(0);
    await eventually('the second leads', () => b.leads() || undefined);
    assert.equal(a.leads(), false);
  });

  it('puts back what a process that died had in its hands, and leaves what others hold', async () => {
    const [dying, living] = [await openOne(), await openOne()];
    const [lost, held] = await deliver(dying, 'a', ['k1', 'k2']);
    const hub = await Hub.open(living, { timers: time });
    const claim = (store: Store) =>
      new DeliveryQueue(store).claim({ subscriber: 'a', limit: 1, leaseMs: 12_000 });
    assert.equal((await claim(dying)).deliveries[0]?.id, lost);
    const [mine] = (await claim(living)).deliveries;
    assert.equal(mine?.id, held);
    // A third one that opens the store ends nobody's leases: they are not its own.
    await Hub.open(await openOne(), { timers: new VirtualTime() });
    assert.equal((await deliveryRow(living, lost!)).state, 'leased');
    const { leads } = hub.leadership.candidate('deliveries.leases');
    await time.advance(0);
    await eventually('it looks after leases', () => leads() || undefined);
    const resting = time.pending;
    for (let second = 0; second < 15; second += 5) {
      time.jump(5_000);
      assert.equal((await hub.deliveries.heartbeat([mine!], 12_000)).length, 1);
      await time.advance(0);
      await eventually('it has looked', () => time.pending === resting || undefined);
    }
    assert.equal((await deliveryRow(living, lost!)).state, 'ready');
    assert.equal((await deliveryRow(living, held!)).state, 'leased');
    await inTx(living, (tx) => tx.db.deleteFrom('deliveries').execute());
    await hub.close();
  });
});
