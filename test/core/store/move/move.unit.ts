import assert from 'node:assert/strict';
import { enqueue } from '../../../../core/delivery/enqueue.ts';
import { Hub } from '../../../../core/hub.ts';
import { type MoveProgress, moveStore } from '../../../../core/store/move/move.ts';
import { movedNames, movedTables } from '../../../../core/store/move/tables.ts';
import { takeLease } from '../../../../core/store/queries/leases.ts';
import { tablePage } from '../../../../core/store/queries/move.ts';
import type { Store } from '../../../../core/store/store.ts';
import { fillHub, orderKey } from '../../../nodes/hub-store/sample-hub.ts';
import { inTx } from '../../delivery/deliveries.ts';
import { VirtualTime } from '../../delivery/virtual-time.ts';
import { makeSqlitePlace, type SqlitePlace } from '../sqlite-place.ts';

/** What a table holds. */
async function rowsOf(store: Store, table: (typeof movedNames)[number]) {
  return tablePage(store.read, table, movedTables[table].key, null, 10_000);
}

describe('moving a store', () => {
  let places: SqlitePlace[];
  let source: Store;
  let target: Store;

  beforeEach(async () => {
    places = [await makeSqlitePlace(), await makeSqlitePlace()];
    [source, target] = (await Promise.all(places.map((place) => place.open()))) as [Store, Store];
  });
  afterEach(async () => {
    for (const place of places) await place.dispose();
  });

  /** Fills the source as a working hub does. */
  async function fillSource(): Promise<number> {
    const hub = await Hub.open(source, { timers: new VirtualTime() });
    return (await fillHub(hub)).deadId;
  }

  it('brings every row of every table, and changes nothing where it comes from', async () => {
    await fillSource();
    const before = new Map<string, unknown>();
    for (const table of movedNames) before.set(table, await rowsOf(source, table));
    const moved = await moveStore(source, target);
    let rows = 0;
    for (const table of movedNames) {
      const found = await rowsOf(target, table);
      assert.deepEqual(found, before.get(table), table);
      assert.deepEqual(await rowsOf(source, table), found, table);
      rows += found.length;
    }
    assert.deepEqual(moved, { tables: movedNames.length, rows, unproven: 0 });
    assert.ok(rows > 15);
  });

  it('leaves a store that works on: numbers go on, dead letters are retried, holds are posted', async () => {
    const deadId = await fillSource();
    await moveStore(source, target);
    await target.close();
    const hub = await Hub.open(await places[1]!.open(), { timers: new VirtualTime() });
    const retriedAs = await hub.deadLetters.retryOne(deadId, { actor: 'test' });
    assert.ok(retriedAs > deadId);
    await hub.stock.release({ opKey: 'free', actor: 'test', orderKey });
    const again = await hub.stock.receive({
      opKey: 'in',
      actor: 'test',
      lines: [{ sku: 'MUG', quantity: 5 }],
    });
    assert.equal(again.replayed, true, 'what was done before the move is not done again');
    const [balance] = await hub.store.read.selectFrom('stock_balances').selectAll().execute();
    assert.equal(balance?.available, 5);
  });

  it('does not give a number again whose row is gone', async () => {
    await fillSource();
    const highest = await inTx(source, async (tx) => {
      const rows = await tx.db.selectFrom('deliveries').select('id').orderBy('id', 'desc').execute();
      await tx.db.deleteFrom('deliveries').where('id', '=', rows[0]!.id).execute();
      return rows[0]!.id;
    });
    await moveStore(source, target);
    const [written] = await inTx(target, (tx) =>
      enqueue(tx, [{ topic: 'order', subscriber: 'a', key: 'k', ref: 1 }]),
    );
    assert.ok(written! > highest, `${written} after ${highest}`);
  });

  it('goes page by page and tells how far it is', async () => {
    await inTx(source, async (tx) => {
      const act = { actor: 'test', act: 'x', object: '', detail: '{}', at: tx.now };
      await tx.insert('acts', new Array(2_500).fill(act));
      await tx.put(
        'order_lines',
        Array.from({ length: 1_001 }, (_, index) => ({
          order_key: `shop/main/${index % 7}`,
          line_id: String(index),
          sku: 'MUG',
          ordered: 1,
          cancelled: 0,
          locked: 0,
          picked: 0,
          checked: 0,
          shipped: 0,
          returned: 0,
        })),
      );
    });
    const told: MoveProgress[] = [];
    await moveStore(source, target, { onProgress: (progress) => told.push(progress) });
    const of = (table: string) => told.filter((one) => one.table === table).map(({ copied }) => copied);
    assert.deepEqual(of('acts'), [1_000, 2_000, 2_500]);
    assert.deepEqual(of('order_lines'), [1_000, 1_001]);
    assert.deepEqual(of('inbox'), [0]);
    assert.equal((await rowsOf(target, 'order_lines')).length, 1_001);
  });

  it('refuses a place that is not empty, and leaves it as it is', async () => {
    await fillSource();
    await inTx(target, (tx) => tx.put('sku_weights', [{ sku: 'A', grams: 1, actor: 'x', updated_at: 0 }]));
    await assert.rejects(moveStore(source, target), {
      code: 'move.target-not-empty',
      params: { location: places[1]!.location, table: 'sku_weights' },
    });
    assert.equal((await rowsOf(target, 'orders')).length, 0);
    await target.close();
    await (await places[1]!.open()).close();
  });

  it('refuses a store at which another process works, until its lease has run out', async () => {
    for (const store of [source, target]) {
      const until = store.now() + 60_000;
      await inTx(store, (tx) => takeLease(tx.db, { name: 'stock.holds', owner: 'other', now: 0, until }));
      await assert.rejects(moveStore(source, target), { code: 'move.in-use' });
      await inTx(store, (tx) => tx.db.updateTable('leases').set({ until: store.now() }).execute());
    }
    await moveStore(source, target);
  });

  it('finds what was written meanwhile, and lets nobody use what it did not finish', async () => {
    await fillSource();
    const order = () => inTx(source, (tx) => tx.db.updateTable('orders').set({ currency: 'USD' }).execute());
    let changed: Promise<unknown> | undefined;
    const moving = moveStore(source, target, {
      onProgress: ({ table }) => {
        if (table === 'inbox') changed = inTx(source, (tx) => tx.db.deleteFrom('inbox').execute());
      },
    });
    await assert.rejects(moving, {
      code: 'move.differs',
      params: { table: 'inbox', what: 'rows', source: 0, target: 1 },
    });
    await changed;
    await order();
    await target.close();
    await assert.rejects(places[1]!.open(), { code: 'store.half-moved' });
  });

  it('finds contents that changed on the way though counts and sums are the same', async () => {
    await fillSource();
    let changed: Promise<unknown> | undefined;
    const moving = moveStore(source, target, {
      onProgress: ({ table }) => {
        // Long after the events were copied.
        if (table !== 'deliveries') return;
        changed = inTx(target, (tx) => tx.db.updateTable('events').set({ data: '{}' }).execute());
      },
    });
    await assert.rejects(moving, (error: Error & { code: string; params: Record<string, unknown> }) => {
      assert.equal(error.code, 'move.differs');
      assert.deepEqual([error.params.table, error.params.what], ['events', 'contents']);
      return true;
    });
    await changed;
  });

  it('tells of balances that were wrong before, and moves them as they are', async () => {
    await fillSource();
    await inTx(source, (tx) => tx.db.updateTable('stock_balances').set({ available: 99 }).execute());
    assert.equal((await moveStore(source, target)).unproven, 1);
    assert.equal((await rowsOf(target, 'stock_balances'))[0]?.available, 99);
  });
});
