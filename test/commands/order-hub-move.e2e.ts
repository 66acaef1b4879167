import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { Hub } from '../../core/hub.ts';
import { moveStore } from '../../core/store/move/move.ts';
import { movedNames, movedTables } from '../../core/store/move/tables.ts';
import { openPostgres } from '../../core/store/postgres/postgres-store.ts';
import { tablePage } from '../../core/store/queries/move.ts';
import type { Store } from '../../core/store/store.ts';
import { VirtualTime } from '../core/delivery/virtual-time.ts';
import { makeSqlitePlace, type SqlitePlace } from '../core/store/sqlite-place.ts';
import { fillHub, orderKey } from '../nodes/hub-store/sample-hub.ts';
import { freshSchema, type PostgresAddress, sharedPostgres } from '../support/postgres.ts';

const script = fileURLToPath(new URL('../../commands/order-hub-move.ts', import.meta.url));

interface Ended {
  code: number | null;
  said: string;
  complained: string;
}

async function run(args: readonly string[], env: Record<string, string> = {}): Promise<Ended> {
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', script, ...args], {
    env: { ...process.env, LC_ALL: '', LC_MESSAGES: '', LANG: 'en_US.UTF-8', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const ended = once(child, 'close') as Promise<[number | null]>;
  const [said, complained] = await Promise.all([text(child.stdout), text(child.stderr)]);
  const [code] = await ended;
  return { code, said, complained };
}

/** Everything a store holds, in an order of our own: two stores sort texts differently. */
async function contents(store: Store): Promise<Record<string, string[]>> {
  const all: Record<string, string[]> = {};
  for (const table of movedNames) {
    const rows = await tablePage(store.read, table, movedTables[table].key, null, 10_000);
    all[table] = rows.map((row) => JSON.stringify(Object.entries(row).sort())).sort();
  }
  return all;
}

describe('order-hub-move', function () {
  this.timeout(60_000);
  let server: PostgresAddress;
  let places: SqlitePlace[];
  let schema: string;
  let address: string;
  /** The address without its password, which is given by the environment. */
  let bareAddress: string;
  const opened: Store[] = [];

  async function database(): Promise<Store> {
    const store = await openPostgres({ connectionString: server.connectionString(), schema });
    opened.push(store);
    return store;
  }

  /** A file as a working hub leaves it, with a message that failed for good. */
  async function filledFile(): Promise<{ before: Record<string, string[]>; deadId: number }> {
    const store = await places[0]!.open();
    const hub = await Hub.open(store, { timers: new VirtualTime() });
    const { deadId } = await fillHub(hub);
    const before = await contents(store);
    await hub.close();
    return { before, deadId };
  }

  before(async () => {
    server = await sharedPostgres();
  });
  beforeEach(async () => {
    places = [await makeSqlitePlace(), await makeSqlitePlace()];
    schema = freshSchema();
    const url = new URL(server.connectionString());
    url.searchParams.set('schema', schema);
    address = url.href;
    url.password = '';
    bareAddress = url.href;
  });
  afterEach(async () => {
    for (const store of opened.splice(0)) await store.close();
    for (const place of places) await place.dispose();
  });

  it('moves a file into a database, which works on: numbers, dead letters, holds and repeats', async () => {
    const { before, deadId } = await filledFile();
    const { code, said, complained } = await run(['--from', places[0]!.location, '--to', bareAddress], {
      PGPASSWORD: server.password,
    });
    assert.equal(code, 0, complained);
    assert.match(said, /^ {2}orders: 2 of 2$/m);
    assert.match(said, /Counts, sums and contents are the same on both sides/);
    assert.match(said, /The audit of the stock has no findings\./);

    const store = await database();
    const found = await contents(store);
    // The audit that the command asks for writes its round down.
    assert.deepEqual({ ...found, audit_rounds: [] }, { ...before, audit_rounds: [] });
    const hub = await Hub.open(store, { timers: new VirtualTime() });
    assert.ok((await hub.deadLetters.retryOne(deadId, { actor: 'test' })) > deadId);
    const again = await hub.stock.receive({
      opKey: 'in',
      actor: 'test',
      lines: [{ sku: 'MUG', quantity: 5 }],
    });
    assert.equal(again.replayed, true);
    await hub.stock.release({ opKey: 'free', actor: 'test', orderKey });
    await hub.stock.receive({ opKey: 'in-2', actor: 'test', lines: [{ sku: 'CUP', quantity: 1 }] });
    const balances = await store.read
      .selectFrom('stock_balances')
      .select('available')
      .orderBy('id')
      .execute();
    assert.deepEqual(balances, [{ available: 5 }, { available: 1 }]);
    const saved = await hub.inbox.receive({
      account: 'shopify-demo',
      topic: 'orders/paid',
      deliveryKey: 'd-2',
      contentKey: 'c-2',
      headers: {},
      body: Buffer.from('{}'),
      receivedAt: store.now(),
      subscriber: 'hook',
    });
    assert.equal(saved.id, 2);
    await hub.leadership.stop();
  });

  it('moves a database into a file, and the same comes back', async () => {
    const { before, deadId } = await filledFile();
    const source = await places[0]!.open();
    const store = await database();
    await moveStore(source, store);
    await store.close();
    const { code, complained } = await run(['--from', address, '--to', places[1]!.location]);
    assert.equal(code, 0, complained);
    const target = await places[1]!.open();
    assert.deepEqual({ ...(await contents(target)), audit_rounds: [] }, { ...before, audit_rounds: [] });
    const hub = await Hub.open(target, { timers: new VirtualTime() });
    assert.ok((await hub.deadLetters.retryOne(deadId, { actor: 'test' })) > deadId);
    await hub.stock.release({ opKey: 'free', actor: 'test', orderKey });
  });

  it('never writes the password, whatever happens', async () => {
    await filledFile();
    const outcomes = [
      await run(['--from', places[0]!.location, '--to', address]),
      await run(['--from', places[0]!.location, '--to', address]),
      await run(['--from', address, '--to', address]),
      await run(['--from', places[0]!.location, '--to', address.replace(`:${server.port}/`, ':1/')]),
      await run(['--from', places[0]!.location, '--to', address.replace('postgres://', 'mysql://')]),
      await run(['--from', places[0]!.location, '--to', address.replace(server.password, 'wr0ng')]),
    ];
    assert.deepEqual(
      outcomes.map(({ code }) => code === 0),
      [true, false, false, false, false, false],
    );
    for (const { said, complained } of outcomes) {
      for (const secret of [server.password, 'wr0ng'])
        assert.ok(!`${said}${complained}`.includes(secret), `${said}${complained}`);
      assert.doesNotMatch(complained, /\n\s+at /, 'no stack traces for people');
    }
  });

  it('refuses a place that is not empty and a file that is in use, in the language of the shell', async () => {
    await filledFile();
    const args = ['--from', places[0]!.location, '--to', address];
    assert.equal((await run(args)).code, 0);
    const again = await run(args, { LANG: 'zh_CN.UTF-8' });
    assert.equal(again.code, 1);
    assert.match(again.complained, /^迁移没有完成：目标 .* 不是空的/);
    await places[0]!.open();
    schema = freshSchema();
    const busy = await run(['--from', places[0]!.location, '--to', `${bareAddress}`], {
      PGPASSWORD: server.password,
    });
    assert.equal(busy.code, 1);
    assert.match(busy.complained, /^Not moved: Another process has the store/);
  });

  it('says how it is called when it is not called so', async () => {
    const help = await run(['--help']);
    assert.equal(help.code, 0);
    assert.match(help.said, /order-hub-move --from <store> --to <store>/);
    const wrong: [string[], RegExp][] = [
      [[], /Both --from and --to must be given/],
      [['--from', places[0]!.location, '--to'], /arguments cannot be used/],
      [['--from', places[0]!.location, '--to', address], /There is no file/],
      [['--from', 'postgres://nowhere', '--to', places[0]!.location], /address of a database cannot be used/],
      [['--from', address, '--to', address], /Both are the same store/],
    ];
    for (const [args, reason] of wrong) {
      const { code, complained } = await run(args);
      assert.equal(code, 2, complained);
      assert.match(complained, reason);
    }
  });
});
