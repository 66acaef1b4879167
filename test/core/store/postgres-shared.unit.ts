import assert from 'node:assert/strict';
import pg from 'pg';
import { Inbox, type Receipt } from '../../../core/delivery/inbox.ts';
import { DeliveryQueue } from '../../../core/delivery/queue.ts';
import { Subscribers } from '../../../core/delivery/subscribers.ts';
import { Stock } from '../../../core/stock/stock.ts';
import { skuFacts } from '../../../core/store/queries/stock.ts';
import type { Store } from '../../../core/store/store.ts';
import { startPostgres, type TestPostgres } from '../../support/postgres.ts';
import { deliver, event, inTx, publishAll, rowsFor } from '../delivery/deliveries.ts';
import { makePostgresPlace, type PostgresPlace } from './postgres-place.ts';

const actor = 'test';

const receipt = (deliveryKey: string): Receipt => ({
  account: 'shop',
  topic: 'orders/create',
  deliveryKey,
  contentKey: null,
  headers: {},
  body: Buffer.from('{}'),
  receivedAt: 1,
  subscriber: 'webhook',
});

/** Resolves with the first subscriber that the store wakes among those wanted. */
function wakeOf(store: Store, wanted: string): Promise<string> {
  return new Promise((resolve) => {
    const stop = store.onWake((subscriber) => {
      if (subscriber !== wanted) return;
      stop();
      resolve(subscriber);
    });
  });
}

/** Ends the connections of stores whose last statement begins so; answers how many. */
async function cut({ server }: PostgresPlace, beginning = ''): Promise<number> {
  const client = new pg.Client({ connectionString: server.connectionString() });
  await client.connect();
  try {
    const { rows } = await client.query(
      `select pg_terminate_backend(pid) from pg_stat_activity
       where application_name = 'order-hub' and starts_with(query, $1)`,
      [beginning],
    );
    return rows.length;
  } finally {
    await client.end();
  }
}

const noUnits = {
  available: 0,
  held: 0,
  committed: 0,
  presale: 0,
  qc: 0,
  damaged: 0,
  inbound: 0,
  last_movement_id: null,
};

/** Loads the names of the SKUs A and B anew, each with the number of the other, as a restored dump might. */
async function swapNumbers({ server, schema }: PostgresPlace): Promise<void> {
  const client = new pg.Client({ connectionString: server.connectionString(schema) });
  await client.connect();
  try {
    await client.query(`
      begin;
      create temporary table loaded on commit drop as select * from stock_items;
      truncate stock_items;
      insert into stock_items (pool, sku, balance_id)
        select pool, case sku when 'A' then 'B' else 'A' end, balance_id from loaded;
      commit`);
  } finally {
    await client.end();
  }
}

describe('a PostgreSQL store that several processes share', () => {
  /** Of its own: connections are cut for the whole server. */
  let server: TestPostgres;
  let place: PostgresPlace;
  let one: Store;
  let two: Store;

  before(async () => {
    server = await startPostgres({ fsync: false });
  });
  after(() => server?.stop());
  beforeEach(async () => {
    place = await makePostgresPlace(server);
    one = await place.open({ listenMs: [5] });
    two = await place.open({ listenMs: [5] });
  });
  afterEach(() => place.dispose());

  it('never sells more than there is, however both sell', async () => {
    const stocks = [new Stock(one), new Stock(two)];
    const skus = ['A', 'B', 'C'];
    await stocks[0]!.receive({
      opKey: 'start',
      actor,
      lines: skus.map((sku) => ({ sku, quantity: 60 })),
    });
    const states: string[] = [];
    await Promise.all(
      Array.from({ length: 200 }, async (_, index) => {
        // Two SKUs each, in an order that differs: what would make transactions wait for one another in a circle.
        const [first, second] = [skus[index % 3]!, skus[(index + 1) % 3]!];
        const lines = [first, second].map((sku, line) => ({ lineId: `${line}`, sku, quantity: 1 }));
        const stock = stocks[index % 2]!;
        const { state } = await stock.lock({ opKey: `lock ${index}`, actor, orderKey: `o/${index}`, lines });
        states.push(state);
      }),
    );
    assert.equal(states.filter((state) => state === 'locked').length, 90);
    for (const sku of skus) {
      const { balance, openUnits } = await skuFacts(one.read, {
        pool: 'main',
        sku,
        now: one.now(),
        limit: 1,
      });
      const open = Object.values(openUnits).reduce((sum, units) => sum + units, 0);
      assert.deepEqual([balance?.available, open], [0, 60]);
    }
  });

  it('answers an act once that both do at the same time', async () => {
    const stocks = [new Stock(one), new Stock(two)];
    await stocks[0]!.receive({ opKey: 'start', actor, lines: [{ sku: 'A', quantity: 50 }] });
    const answers = await Promise.all(
      Array.from({ length: 40 }, (_, index) =>
        stocks[index % 2]!.lock({
          opKey: `lock ${Math.floor(index / 2)}`,
          actor,
          orderKey: `o/${Math.floor(index / 2)}`,
          lines: [{ lineId: '1', sku: 'A', quantity: 1 }],
        }),
      ),
    );
    assert.deepEqual([...new Set(answers.map(({ state }) => state))], ['locked']);
    assert.equal(answers.filter(({ replayed }) => replayed).length, 20);
    const { balance } = await skuFacts(two.read, { pool: 'main', sku: 'A', now: two.now(), limit: 1 });
    assert.equal(balance?.available, 30);
  });

  it('takes in a record once that both receive at the same time', async () => {
    const inboxes = [new Inbox(one), new Inbox(two)];
    const received = await Promise.all(
      Array.from({ length: 60 }, (_, index) =>
        inboxes[index % 2]!.receive(receipt(`d${Math.floor(index / 2)}`)),
      ),
    );
    assert.equal(received.filter(({ repeated }) => !repeated).length, 30);
    assert.equal(new Set(received.map(({ id }) => id)).size, 30);
    assert.equal((await rowsFor(one, 'webhook')).length, 30);
  });

  it('hands over every delivery once, and those of one key one after another', async () => {
    const keys = Array.from({ length: 120 }, (_, index) => `k${index % 20}`);
    const ids = await deliver(one, 'a', keys);
    const inFlight = new Set<string>();
    const done: number[] = [];
    const work = async (store: Store) => {
      const queue = new DeliveryQueue(store);
      while (done.length < ids.length) {
        const { deliveries } = await queue.claim({ subscriber: 'a', limit: 7, leaseMs: 60_000 });
        for (const { key } of deliveries) {
          assert.ok(!inFlight.has(key), `two of ${key} are in flight`);
          inFlight.add(key);
        }
        await Promise.all(
          deliveries.map(async (delivery) => {
            // Before the end is asked for: another process may claim the next one as soon as it is durable.
            inFlight.delete(delivery.key);
            assert.equal(await queue.finish(delivery, 'done'), true);
            done.push(delivery.id);
          }),
        );
      }
    };
    await Promise.all([work(one), work(two)]);
    assert.deepEqual(
      done.sort((a, b) => a - b),
      ids,
    );
  });

  it('gives a subscriber every event, those written while it registers too', async () => {
    const wanted: number[] = [];
    const publishing = (async () => {
      for (let at = 0; at < 60; at += 1)
        wanted.push(...(await publishAll(one, [event({ orderKey: `o/${at}` })])));
    })();
    const registered = await new Subscribers(two).register({
      id: 'late',
      topic: 'order',
      types: null,
      channels: null,
      label: 'late',
      startFrom: 0,
    });
    await publishing;
    assert.equal(registered.isNew, true);
    const refs = (await rowsFor(two, 'late')).map(({ ref }) => ref);
    assert.deepEqual(refs, wanted);
  });

  it('wakes the other one after the commit, whatever the name', async () => {
    for (const name of ['订单 "x" \\ \'y\'', 'n'.repeat(9_000)]) {
      const woken = wakeOf(two, name);
      await deliver(one, name, ['k']);
      assert.equal(await woken, name);
    }
  });

  it('wakes it for what it missed when the connection that hears is cut', async () => {
    const woken = wakeOf(two, 'a');
    await inTx(one, async (tx) => {
      await tx.insert('deliveries', [
        {
          topic: 'order',
          subscriber: 'a',
          key: 'k',
          ref: 1,
          payload: null,
          state: 'ready',
          attempts: 0,
          token: 0,
          owner: null,
          lease_until: null,
          available_at: 0,
          created_at: 0,
          finished_at: null,
          last_error: null,
        },
      ]);
    });
    assert.ok((await cut(place, 'listen ')) >= 2);
    assert.equal(await woken, 'a');
  });

  it('tells the time of the database, the same to all', async () => {
    const [a, b] = await Promise.all([one, two].map((store) => inTx(store, async (tx) => tx.now)));
    assert.ok(Math.abs(a! - b!) < 5_000);
    assert.ok(Math.abs(one.now() - two.now()) < 5_000);
  });

  it('goes on by itself when its connections are cut', async () => {
    const stock = new Stock(one);
    await stock.receive({ opKey: 'start', actor, lines: [{ sku: 'A', quantity: 10 }] });
    // A writer, and of both the one that hears.
    assert.ok((await cut(place)) >= 3);
    const again = () => stock.correct({ opKey: 'more', actor, lines: [{ sku: 'A', quantity: 1 }] });
    const answer = await again();
    assert.equal(answer.state, 'done');
    assert.equal((await again()).replayed, true);
    assert.equal(one.health().state, 'open');
  });

  it('takes SKUs by their new numbers once other data was loaded into the database', async () => {
    const stock = new Stock(one);
    const lines = [{ lineId: '1', sku: 'A', quantity: 1 }];
    await stock.receive({ opKey: 'A', actor, lines: [{ sku: 'A', quantity: 5 }] });
    await stock.receive({ opKey: 'B', actor, lines: [{ sku: 'B', quantity: 5 }] });
    await stock.lock({ opKey: 'before', actor, orderKey: 'o/1', lines });
    await swapNumbers(place);
    const again = await stock.lock({ opKey: 'after', actor, orderKey: 'o/2', lines });
    assert.equal(again.state, 'locked');
    const taken = await one.read
      .selectFrom('stock_items as i')
      .innerJoin('stock_balances as b', 'b.id', 'i.balance_id')
      .select(['i.sku', 'b.committed'])
      .orderBy('i.sku')
      .execute();
    // The first unit was taken of what is called B by now.
    assert.deepEqual(taken, [
      { sku: 'A', committed: 1 },
      { sku: 'B', committed: 1 },
    ]);
  });

  it('forgets the number of a SKU whose making was undone', async () => {
    const stock = new Stock(one);
    const undone = inTx(one, async (tx) => {
      const [balance_id] = await tx.insert('stock_balances', [noUnits]);
      await tx.put('stock_items', [{ pool: 'main', sku: 'A', balance_id: balance_id! }]);
      assert.equal((await tx.find('stock_items', [{ pool: 'main', sku: 'A' }])).length, 1);
      throw new Error('the test undoes it');
    });
    await assert.rejects(undone, /the test undoes it/);
    const answer = await stock.receive({ opKey: 'A', actor, lines: [{ sku: 'A', quantity: 5 }] });
    assert.deepEqual([answer.state, answer.lines], ['done', [{ sku: 'A', quantity: 5, available: 5 }]]);
  });

  it('undoes what was open on a connection that is cut, and says that it may be tried again', async () => {
    const row = { actor, act: 'test', object: 'o', detail: '', at: 1 };
    const states: string[] = [];
    one.onState(({ state }) => states.push(state));
    const broken = inTx(one, async (tx) => {
      await tx.insert('acts', [row]);
      await cut(place, 'insert ');
      await tx.insert('acts', [row]);
    });
    await assert.rejects(broken, { code: 'store.unreachable', retryable: true });
    await inTx(one, (tx) => tx.insert('acts', [row]));
    assert.equal((await two.read.selectFrom('acts').selectAll().execute()).length, 1);
    assert.deepEqual(states, ['failing', 'open']);
  });

  it('says that it is busy, and stays well, when another one keeps a row too long', async () => {
    const patient = await place.open({ limits: { lockMs: 50 } });
    const weight = { sku: 'A', grams: 1, actor, updated_at: 1 };
    await inTx(one, (tx) => tx.put('sku_weights', [weight]));
    await inTx(one, async (tx) => {
      await tx.find('sku_weights', [{ sku: 'A' }]);
      await assert.rejects(
        inTx(patient, (other) => other.find('sku_weights', [{ sku: 'A' }])),
        { code: 'store.busy', retryable: true },
      );
    });
    assert.equal(patient.health().state, 'open');
  });

  it('decides again when two wait for each other', async () => {
    const weight = (sku: string) => ({ sku, grams: 1, actor, updated_at: 1 });
    await inTx(one, (tx) => tx.put('sku_weights', [weight('A'), weight('B')]));
    let met = 0;
    const meet: (() => void)[] = [];
    /** Holds the first until the other transaction holds its own, the first time. */
    const crosswise = (store: Store, first: string, second: string) =>
      inTx(store, async (tx) => {
        await tx.find('sku_weights', [{ sku: first }]);
        met += 1;
        if (met === 1) await new Promise<void>((resolve) => meet.push(resolve));
        else for (const go of meet) go();
        await tx.find('sku_weights', [{ sku: second }]);
        return tx.update('sku_weights', [{ key: { sku: second }, set: { grams: met } }]);
      });
    const changed = await Promise.all([crosswise(one, 'A', 'B'), crosswise(two, 'B', 'A')]);
    assert.deepEqual(changed, [[1], [1]]);
    // One of the two was decided twice.
    assert.equal(met, 3);
  });

  it('ends a lapsed hold once, when one tidies while the other takes its units', async () => {
    const clock = { now: 1_000 };
    const now = () => clock.now;
    const [tidy, taker] = [await place.open({ now }), await place.open({ now })];
    const [tidies, takes] = [new Stock(tidy), new Stock(taker)];
    const rounds = 15;
    for (let round = 0; round < rounds; round += 1) {
      const sku = `S${round}`;
      await takes.receive({ opKey: `in ${sku}`, actor, lines: [{ sku, quantity: 2 }] });
      const lines = [{ lineId: '1', sku, quantity: 1 }];
      const lock = (order: string, ttlMs: number | null) =>
        takes.lock({ opKey: `${order} ${sku}`, actor, orderKey: `${order}/${sku}`, lines, ttlMs });
      await Promise.all([lock('first', 10), lock('second', 10)]);
      clock.now += 100;
      const [swept, third, fourth] = await Promise.all([
        tidies.sweep(),
        lock('third', null),
        lock('fourth', null),
      ]);
      assert.deepEqual([third.state, fourth.state, swept.more], ['locked', 'locked', false]);
      const { balance, openUnits } = await skuFacts(tidy.read, { pool: 'main', sku, now: now(), limit: 1 });
      const open = Object.values(openUnits).reduce((sum, units) => sum + units, 0);
      assert.deepEqual([balance?.available, open], [0, 2]);
    }
  });
});
