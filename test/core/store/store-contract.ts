import assert from 'node:assert/strict';
import { once } from 'node:events';
import { HubError } from '../../../core/errors.ts';
import type { CommandHandler, Store, StoreHealth } from '../../../core/store/store.ts';

/** A place where one store can be opened, closed and opened again; made anew for each test. */
export interface StorePlace {
  open(options?: { now?: () => number; batch?: number }): Promise<Store>;
  /** Closes what is open and removes the place. */
  dispose(): Promise<void>;
}

interface Note {
  object: string;
  /** Writes its row and then fails in this way. */
  fail?: 'answer' | 'throw' | 'constraint';
  wake?: string;
}

/** Writes one row of `acts` a command and answers its id; remembers how it was called. */
function noting(name = 'note'): CommandHandler<Note, number> & { calls: string[][] } {
  const calls: string[][] = [];
  return {
    name,
    calls,
    async run(tx, commands) {
      calls.push(commands.map((command) => command.object));
      const ids = await tx.insert(
        'acts',
        commands.map(({ object }) => ({ actor: 'test', act: name, object, detail: '{}', at: tx.now })),
      );
      for (const command of commands) {
        if (command.wake) tx.wake(command.wake);
        if (command.fail === 'throw') throw new HubError('test.refused', { object: command.object });
        if (command.fail === 'constraint') {
          const row = { sku: 'twice', grams: 1, actor: 'test', updated_at: tx.now };
          await tx.put('sku_weights', [row, row]);
        }
      }
      return commands.map((command, index) =>
        command.fail === 'answer' ? new HubError('test.refused', { object: command.object }) : ids[index]!,
      );
    },
  };
}

async function objects(store: Store): Promise<string[]> {
  const rows = await store.read.selectFrom('acts').select('object').orderBy('id').execute();
  return rows.map((row) => row.object);
}

/** Runs `act` in a transaction of its own and answers what it answers. */
function inTx<A>(store: Store, act: (tx: Parameters<CommandHandler<null, A>['run']>[0]) => Promise<A>) {
  return store.execute({ name: 'test', run: async (tx) => [await act(tx)] }, null);
}

/** What every store must do, whatever it keeps its rows in. */
export function describeStore(name: string, makePlace: () => Promise<StorePlace>): void {
  describe(`${name}: the store's contract`, () => {
    let place: StorePlace;
    let store: Store;

    beforeEach(async () => {
      place = await makePlace();
      store = await place.open();
    });
    afterEach(() => place.dispose());

    describe('group commit', () => {
      it('commits what arrives in one turn as one batch, in order, and answers each caller', async () => {
        const note = noting();
        const wanted = Array.from({ length: 50 }, (_, index) => `n${index}`);
        const ids = await Promise.all(wanted.map((object) => store.execute(note, { object })));
        assert.deepEqual(note.calls, [wanted]);
        assert.deepEqual(
          ids,
          [...ids].sort((a, b) => a - b),
        );
        assert.equal(new Set(ids).size, 50);
        assert.deepEqual(await objects(store), wanted);
        const { batches, commands, waiting } = store.health();
        assert.deepEqual({ batches, commands, waiting }, { batches: 1, commands: 50, waiting: 0 });
      });

      it('keeps a batch within its bound', async () => {
        await store.close();
        store = await place.open({ batch: 4 });
        const note = noting();
        const wanted = Array.from({ length: 10 }, (_, index) => `n${index}`);
        await store.executeAll(
          note,
          wanted.map((object) => ({ object })),
        );
        assert.deepEqual(
          note.calls.map((call) => call.length),
          [4, 4, 2],
        );
        assert.equal(store.health().batches, 3);
        assert.deepEqual(await objects(store), wanted);
      });

      it('lets commands that come while a batch is decided into the next one', async () => {
        const note = noting();
        const later: Promise<number>[] = [];
        const first: CommandHandler<null, string> = {
          name: 'first',
          async run() {
            later.push(store.execute(note, { object: 'a' }), store.execute(note, { object: 'b' }));
            return ['ok'];
          },
        };
        assert.equal(await store.execute(first, null), 'ok');
        await Promise.all(later);
        assert.deepEqual(note.calls, [['a', 'b']]);
        assert.equal(store.health().batches, 2);
      });

      it('decides each kind of command together, all kinds in one transaction', async () => {
        const [one, two] = [noting('one'), noting('two')];
        await Promise.all([
          store.execute(one, { object: '1a' }),
          store.execute(two, { object: '2a' }),
          store.execute(one, { object: '1b' }),
        ]);
        assert.deepEqual(one.calls, [['1a', '1b']]);
        assert.deepEqual(two.calls, [['2a']]);
        assert.equal(store.health().batches, 1);
      });

      it('rejects only the caller whose answer is an error, and keeps what the group wrote', async () => {
        const outcomes = await store.executeAll(noting(), [
          { object: 'a' },
          { object: 'b', fail: 'answer' },
          { object: 'c' },
        ]);
        assert.deepEqual(
          outcomes.map((outcome) => outcome.status),
          ['fulfilled', 'rejected', 'fulfilled'],
        );
        assert.equal((outcomes[1] as PromiseRejectedResult).reason.code, 'test.refused');
        assert.deepEqual(await objects(store), ['a', 'b', 'c']);
      });

      for (const fail of ['throw', 'constraint'] as const) {
        it(`undoes a command that fails by ${fail} and no other`, async () => {
          const [note, other] = [noting(), noting('other')];
          const outcomes = await Promise.allSettled([
            store.execute(note, { object: 'a' }),
            store.execute(note, { object: 'b', fail }),
            store.execute(other, { object: 'x' }),
            store.execute(note, { object: 'c' }),
          ]);
          assert.deepEqual(
            outcomes.map((outcome) => outcome.status),
            ['fulfilled', 'rejected', 'fulfilled', 'fulfilled'],
          );
          assert.deepEqual((await objects(store)).sort(), ['a', 'c', 'x']);
          assert.deepEqual(note.calls, [['a', 'b', 'c'], ['a'], ['b'], ['c']]);
          assert.equal(store.health().state, 'open');
          assert.deepEqual(await store.read.selectFrom('sku_weights').selectAll().execute(), []);
        });
      }

      it('refuses a handler that does not answer every command, and writes nothing of it', async () => {
        const careless: CommandHandler<null, number> = {
          name: 'careless',
          run: (tx) =>
            tx.insert('acts', [
              { actor: 't', act: 't', object: '1', detail: '', at: 0 },
              { actor: 't', act: 't', object: '2', detail: '', at: 0 },
            ]),
        };
        await assert.rejects(store.execute(careless, null), /careless answered 2 of 1/);
        assert.deepEqual(await objects(store), []);
      });

      it('has made it durable when it answers', async () => {
        await store.execute(noting(), { object: 'here' });
        assert.deepEqual(await objects(store), ['here']);
      });

      it('never shows a reader what is not committed', async () => {
        const seen: string[][] = [];
        await inTx(store, async (tx) => {
          await tx.insert('acts', [{ actor: 't', act: 't', object: 'draft', detail: '', at: 0 }]);
          seen.push(await objects(store));
          const own = await tx.db.selectFrom('acts').select('object').execute();
          seen.push(own.map((row) => row.object));
        });
        seen.push(await objects(store));
        assert.deepEqual(seen, [[], ['draft'], ['draft']]);
      });
    });

    describe('verbs of a transaction', () => {
      const weight = (sku: string, grams: number) => ({ sku, grams, actor: 'test', updated_at: 1 });

      it('inserts rows and answers their ids in order', async () => {
        const rows = ['c', 'a', 'b'].map((object) => ({ actor: 't', act: 't', object, detail: '', at: 5 }));
        const ids = await inTx(store, (tx) => tx.insert('acts', rows));
        const found = await inTx(store, (tx) =>
          tx.find(
            'acts',
            ids.map((id) => ({ id })),
          ),
        );
        assert.deepEqual(
          found.sort((one, two) => one.id - two.id),
          rows.map((row, index) => ({ ...row, id: ids[index] })),
        );
      });

      it('keeps bytes, null, the largest integers and any text as they are', async () => {
        const row = {
          account: '商店®™ 😀 e\u0301',
          topic: 'o\'clock "quoted" \\ %_',
          delivery_key: null,
          content_key: '',
          headers: '{"a":"\\u0000"}',
          body: new Uint8Array([0, 255, 10, 13, 0]),
          received_at: Number.MAX_SAFE_INTEGER,
        };
        const [id] = await inTx(store, (tx) => tx.insert('inbox', [row]));
        const found = await store.read
          .selectFrom('inbox')
          .selectAll()
          .where('id', '=', id!)
          .executeTakeFirstOrThrow();
        assert.deepEqual({ ...found, body: new Uint8Array(found.body) }, { ...row, id });
      });

      it('inserts only what is new, also within one call, and answers null for the rest', async () => {
        const mail = (deliveryKey: string | null) => ({
          account: 'shop',
          topic: 't',
          delivery_key: deliveryKey,
          content_key: null,
          headers: '{}',
          body: new Uint8Array(),
          received_at: 1,
        });
        const first = await inTx(store, (tx) => tx.insertNew('inbox', [mail('a'), mail('a'), mail('b')]));
        assert.deepEqual(
          first.map((id) => id !== null),
          [true, false, true],
        );
        const second = await inTx(store, (tx) => tx.insertNew('inbox', [mail('b'), mail('c'), mail(null)]));
        assert.deepEqual(
          second.map((id) => id !== null),
          [false, true, true],
        );
      });

      it('changes rows that are there, and fails the batch for one that is not', async () => {
        const change = (...grams: [string, number][]) =>
          inTx(store, (tx) =>
            tx.change(
              'sku_weights',
              grams.map(([sku, value]) => ({ key: { sku }, set: { grams: value } })),
            ),
          );
        await inTx(store, (tx) => tx.put('sku_weights', [weight('here', 1), weight('there', 1)]));
        await change(['here', 2], ['there', 3], ['here', 4]);
        await assert.rejects(change(['here', 5], ['nowhere', 5]), /sku_weights/);
        const rows = await store.read.selectFrom('sku_weights').selectAll().orderBy('sku').execute();
        assert.deepEqual(
          rows,
          [weight('here', 4), weight('there', 3)],
          'the last one counts, the failed one not',
        );
      });

      it('fails the batch for rows that are there already, those that nobody waited for too', async () => {
        await inTx(store, (tx) => tx.put('sku_weights', [weight('once', 1)]));
        const twice = inTx(store, (tx) => tx.put('sku_weights', [weight('new', 1), weight('once', 2)]));
        await assert.rejects(twice, Error, 'the conflict is told');
        const rows = await store.read.selectFrom('sku_weights').selectAll().execute();
        assert.deepEqual(rows, [weight('once', 1)], 'nothing of it is kept');
      });

      it('gives numbers that were foreseen or not once, ascending', async () => {
        const numbers = (foreseen: number, wanted: number) =>
          inTx(store, async (tx) => {
            tx.foresee('acts', foreseen);
            const ids = await tx.reserve('acts', wanted);
            await tx.put(
              'acts',
              ids.map((id) => ({ id, actor: 't', act: 't', object: `${id}`, detail: '', at: 5 })),
            );
            return ids;
          });
        const given = [...(await numbers(5, 2)), ...(await numbers(1, 3)), ...(await numbers(0, 1))];
        assert.equal(given.length, 6);
        assert.deepEqual(
          given,
          [...new Set(given)].sort((one, two) => one - two),
        );
      });

      it('finds rows by any of the keys', async () => {
        const found = await inTx(store, async (tx) => {
          await tx.put('sku_weights', [weight('a', 1), weight('b', 2), weight('c', 3)]);
          return {
            two: await tx.find('sku_weights', [{ sku: 'c' }, { sku: 'none' }, { sku: 'a' }]),
            both: await tx.find('sku_weights', [
              { sku: 'b', grams: 2 },
              { sku: 'b', grams: 3 },
            ]),
            none: await tx.find('sku_weights', []),
          };
        });
        assert.deepEqual(found.two.map((row) => row.sku).sort(), ['a', 'c']);
        assert.deepEqual(found.both, [weight('b', 2)]);
        assert.deepEqual(found.none, []);
      });

      it('changes a row an entry and answers how many it found', async () => {
        const changed = await inTx(store, async (tx) => {
          await tx.put('sku_weights', [weight('a', 1), weight('b', 2)]);
          return tx.update('sku_weights', [
            { key: { sku: 'a' }, set: { grams: 10 } },
            { key: { sku: 'none' }, set: { grams: 11 } },
            { key: { sku: 'b', grams: 2 }, set: { grams: 12, actor: 'other' } },
            { key: { sku: 'b', grams: 2 }, set: { grams: 13, actor: 'late' } },
          ]);
        });
        assert.deepEqual(changed, [1, 0, 1, 0]);
        assert.deepEqual(await store.read.selectFrom('sku_weights').selectAll().orderBy('sku').execute(), [
          weight('a', 10),
          { ...weight('b', 12), actor: 'other' },
        ]);
      });

      it('inserts many rows, whichever of their columns have one value in all of them', async () => {
        const act = (index: number, shared: number) => ({
          actor: shared & 1 ? 'one' : `actor ${index}`,
          act: shared & 2 ? 'one' : `act ${index}`,
          object: shared & 4 ? '' : `object ${index}`,
          detail: shared & 8 ? '®' : `detail ${index}`,
          at: index,
        });
        const rows = Array.from({ length: 16 }, (_, shared) =>
          Array.from({ length: 45 }, (_, index) => act(index, shared)),
        );
        for (const many of rows) await inTx(store, (tx) => tx.insert('acts', many));
        const found = await store.read.selectFrom('acts').selectAll().orderBy('id').execute();
        assert.deepEqual(
          found.map(({ id: _, ...row }) => row),
          rows.flat(),
        );
      });

      it('inserts rows whose numbers count on from one to the next, or nearly do', async () => {
        const rows = [1, 7, 8, 9, 33, 100].flatMap((count, group) =>
          Array.from({ length: count }, (_, index) => ({
            id: 1_000 * group + index + 1,
            op_id: index === count - 1 ? 5 : index,
            balance_id: 40 + (index % 5),
            from_bucket: 'supplier',
            to_bucket: 'available',
            quantity: 9_007_199_254_740_000 + index,
            hold_id: group % 2 === 0 ? 1_000 * group + index + 1 : index === 3 ? null : index,
            line_id: group % 2 === 0 ? null : `line "${index}"`,
            prev_id: index === 0 ? null : index,
          })),
        );
        for (let group = 0; group < 6; group += 1) {
          const some = rows.filter(({ id }) => Math.floor(id / 1_000) === group);
          await inTx(store, (tx) => tx.put('stock_movements', some));
        }
        const found = await store.read.selectFrom('stock_movements').selectAll().orderBy('id').execute();
        assert.deepEqual(found, rows);
      });

      it('keeps null where all rows have none, and where some have', async () => {
        const event = (index: number, key: string | null) => ({
          topic: 't',
          type: 'x',
          order_key: null,
          channel: key,
          data: '{}',
          at: index,
        });
        const rows = [
          ...Array.from({ length: 40 }, (_, index) => event(index, null)),
          ...Array.from({ length: 40 }, (_, index) => event(index, index % 3 === 0 ? null : `shop ${index}`)),
        ];
        await inTx(store, (tx) => tx.insert('events', rows));
        const found = await store.read.selectFrom('events').selectAll().orderBy('id').execute();
        assert.deepEqual(
          found.map(({ id: _, ...row }) => row),
          rows,
        );
      });

      it('changes many rows by their numbers, and answers which of them were not there', async () => {
        const acts = Array.from({ length: 100 }, (_, index) => ({
          actor: 't',
          act: 't',
          object: `${index}`,
          detail: '',
          at: 0,
        }));
        const ids = await inTx(store, (tx) => tx.insert('acts', acts));
        const missing = [ids[3]!, ids[60]!];
        const changed = await inTx(store, async (tx) => {
          await tx.db.deleteFrom('acts').where('id', 'in', missing).execute();
          const entries = ids.map((id, index) => ({ key: { id }, set: { detail: `${index}`, at: index } }));
          const falling = entries.map(({ key }, index) => ({ key, set: { at: -index } })).reverse();
          return [await tx.update('acts', entries), (await tx.update('acts', falling)).reverse()];
        });
        const there = ids.map((id) => (missing.includes(id) ? 0 : 1));
        assert.deepEqual(changed, [there, there]);
        assert.deepEqual(
          await store.read.selectFrom('acts').selectAll().orderBy('id').execute(),
          acts
            .map((act, index) => ({ ...act, id: ids[index]!, detail: `${index}`, at: 0 - index }))
            .filter(({ id }) => !missing.includes(id)),
        );
      });

      it('takes the clock it was given, once a transaction', async () => {
        await store.close();
        let clock = 1_000;
        store = await place.open({
          now: () => {
            clock += 1;
            return clock;
          },
        });
        const nows = await Promise.all([
          inTx(store, async (tx) => [tx.now, tx.now]),
          inTx(store, async (tx) => [tx.now]),
        ]);
        assert.equal(new Set(nows.flat()).size, 1);
        assert.ok(nows[0]![0]! > 1_000 && nows[0]![0]! < 2_000);
        const before = store.now();
        assert.equal(store.now(), before + 1);
        const later = await inTx(store, async (tx) => tx.now);
        assert.ok(later > before);
      });
    });

    it('does not go on knowing a SKU whose making was undone', async () => {
      const item = { pool: 'main', sku: 'TEA', balance_id: 7 };
      const named = [{ pool: 'main', sku: 'TEA' }];
      const making = (fails: boolean): CommandHandler<null, number> => ({
        name: `making ${fails}`,
        async run(tx) {
          await tx.put('stock_items', [item]);
          const found = await tx.find('stock_items', named);
          if (fails) throw new Error('undone');
          return [found.length];
        },
      });
      const looking: CommandHandler<null, number> = {
        name: 'looking',
        run: async (tx) => [(await tx.find('stock_items', named)).length],
      };
      // With another command beside it, it is undone to a savepoint; alone, with its transaction.
      const ends = await Promise.allSettled([
        store.execute(making(true), null),
        store.execute(looking, null),
      ]);
      assert.deepEqual(
        ends.map(({ status }) => status),
        ['rejected', 'fulfilled'],
      );
      assert.equal(await store.execute(looking, null), 0, 'what was undone to a savepoint is known');
      await assert.rejects(store.execute(making(true), null), /undone/);
      assert.equal(await store.execute(looking, null), 0, 'what was undone with its transaction is known');
      assert.equal(await store.execute(making(false), null), 1);
      assert.equal(await store.execute(looking, null), 1);
    });

    describe('waking', () => {
      it('wakes after the commit, once a batch, and not for what was undone', async () => {
        const woken: { subscriber: string; committed: Promise<string[]> }[] = [];
        store.onWake((subscriber) => woken.push({ subscriber, committed: objects(store) }));
        await store.executeAll(noting(), [
          { object: 'a', wake: 'one' },
          { object: 'b', wake: 'lost', fail: 'throw' },
          { object: 'c', wake: 'one' },
          { object: 'd', wake: 'two' },
        ]);
        assert.deepEqual(woken.map((entry) => entry.subscriber).sort(), ['one', 'two']);
        for (const entry of woken) assert.deepEqual(await entry.committed, ['a', 'c', 'd']);
      });

      it('stops when asked to', async () => {
        const woken: string[] = [];
        const stop = store.onWake((subscriber) => woken.push(subscriber));
        await store.execute(noting(), { object: 'a', wake: 'one' });
        stop();
        await store.execute(noting(), { object: 'b', wake: 'two' });
        assert.deepEqual(woken, ['one']);
      });

      it('answers the caller and tells the others although a listener throws', async () => {
        const woken: string[] = [];
        store.onWake(() => {
          throw new Error('a listener of the test is broken');
        });
        store.onWake((subscriber) => woken.push(subscriber));
        const warned = once(process, 'warning');
        assert.equal(typeof (await store.execute(noting(), { object: 'a', wake: 'one' })), 'number');
        assert.deepEqual(woken, ['one']);
        assert.match(String((await warned)[0]), /listener of the test is broken/);
        assert.equal(store.health().state, 'open');
        await store.execute(noting(), { object: 'b' });
        assert.deepEqual(await objects(store), ['a', 'b']);
      });
    });

    describe('life', () => {
      it('commits what is queued before it closes, and refuses what comes after', async () => {
        const states: StoreHealth['state'][] = [];
        store.onState((health) => states.push(health.state));
        const queued = store.executeAll(noting(), [{ object: 'a' }, { object: 'b' }]);
        const closing = store.close();
        await assert.rejects(store.execute(noting(), { object: 'late' }), { code: 'store.closed' });
        assert.deepEqual(
          (await queued).map((outcome) => outcome.status),
          ['fulfilled', 'fulfilled'],
        );
        await closing;
        await store.close();
        assert.equal(store.health().state, 'closed');
        assert.deepEqual(states, ['closed']);
        await assert.rejects(store.execute(noting(), { object: 'late' }), { code: 'store.closed' });
        await assert.rejects(store.backup(), { code: 'store.closed' });
        store = await place.open();
        assert.deepEqual(await objects(store), ['a', 'b']);
      });

      it('is another owner each time it is opened', async () => {
        const { owner } = store;
        await store.close();
        store = await place.open();
        assert.notEqual(store.owner, owner);
        assert.match(store.owner, /.{8,}/);
      });

      it('tells how it is', () => {
        const { state, kind, fault, schemaVersion, waiting, lastCommitMs } = store.health();
        assert.deepEqual(
          { state, kind, fault, waiting, lastCommitMs },
          { state: 'open', kind: store.kind, fault: null, waiting: 0, lastCommitMs: 0 },
        );
        assert.ok(schemaVersion >= 1);
      });

      it('tells its size and its newest copy', async () => {
        const before = await store.usage();
        assert.ok(before.bytes > 0);
        assert.equal(before.lastBackup, null);
        const path = await store.backup();
        const after = await store.usage();
        assert.equal(after.lastBackup?.path, path);
        assert.ok(after.lastBackup.bytes > 0);
      });
    });
  });
}
