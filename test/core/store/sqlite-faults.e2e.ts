import assert from 'node:assert/strict';
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, readdirSync, readFileSync, readlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { sql } from 'kysely';
import { allMessages } from '../../../core/message.ts';
import { migrations, schemaVersion } from '../../../core/store/migrations/migrate.ts';
import { loadDriver } from '../../../core/store/sqlite/driver.ts';
import { sqliteFault } from '../../../core/store/sqlite/faults.ts';
import { openSqlite } from '../../../core/store/sqlite/sqlite-store.ts';
import type { Store } from '../../../core/store/store.ts';
import { makeSqlitePlace, type SqlitePlace } from './sqlite-place.ts';

interface Told {
  opened?: boolean;
  acknowledged?: number;
  code?: string;
  sentence?: string;
}

/** Opens a store in another process; the answer is its first message. */
async function openElsewhere(
  location: string,
  ...modes: string[]
): Promise<{ child: ChildProcess; told: Told }> {
  const child = fork(join(import.meta.dirname, 'store-process.ts'), [location, ...modes], {
    execArgv: ['--disable-warning=ExperimentalWarning'],
  });
  const [told] = await Promise.race([
    once(child, 'message'),
    once(child, 'exit').then(([code]) => {
      throw new Error(`The store's process ended with ${code} before it said anything.`);
    }),
  ]);
  return { child, told: told as Told };
}

async function kill(child: ChildProcess): Promise<void> {
  const gone = once(child, 'exit');
  child.kill('SIGKILL');
  await gone;
}

async function write(store: Store, object: string, detail = ''): Promise<void> {
  await store.execute(
    {
      name: 'write',
      run: (tx, commands: readonly string[]) =>
        tx.insert(
          'acts',
          commands.map((text) => ({ actor: 'test', act: 'write', object: text, detail, at: tx.now })),
        ),
    },
    object,
  );
}

async function pragma(store: Store, name: string, value?: number): Promise<unknown> {
  return store.execute(
    {
      name: 'pragma',
      async run(tx) {
        const text = value === undefined ? `pragma ${name}` : `pragma ${name} = ${value}`;
        const { rows } = await sql.raw<Record<string, unknown>>(text).execute(tx.db);
        return [Object.values(rows[0] ?? {})[0]];
      },
    },
    null,
  );
}

describe('SQLite store: the file', () => {
  let place: SqlitePlace;

  beforeEach(async () => {
    place = await makeSqlitePlace();
  });
  afterEach(() => place.dispose());

  it('writes ahead, flushes with every commit and checks foreign keys', async () => {
    const store = await place.open();
    assert.equal(await pragma(store, 'journal_mode'), 'wal');
    assert.equal(await pragma(store, 'synchronous'), 2);
    assert.equal(await pragma(store, 'foreign_keys'), 1);
  });

  it('makes the folders on the way', async () => {
    const location = join(place.folder, 'a', 'b', 'hub.sqlite');
    const store = await openSqlite({ location });
    await write(store, 'x');
    await store.close();
    assert.deepEqual(readdirSync(join(place.folder, 'a', 'b')).sort(), ['hub.sqlite', 'hub.sqlite-owner']);
  });

  it('refuses reads through the connection that may not write', async () => {
    const store = await place.open();
    await assert.rejects(
      store.read.deleteFrom('acts').execute(),
      (error: { code?: string }) => error.code === 'SQLITE_READONLY',
    );
  });

  describe('belongs to one process', () => {
    it('refuses a second one with a sentence, and lets it in when the first has closed', async () => {
      const store = await place.open();
      const second = await openElsewhere(place.location);
      assert.equal(second.told.code, 'store.in-use');
      assert.match(second.told.sentence ?? '', /Another process/);
      await once(second.child, 'exit');
      await store.close();
      const third = await openElsewhere(place.location);
      assert.deepEqual(third.told, { opened: true });
      const gone = once(third.child, 'exit');
      third.child.send('close');
      assert.deepEqual(await gone, [0, null]);
    });

    it('refuses a second opening within one process', async () => {
      await place.open();
      await assert.rejects(place.open(), { code: 'store.in-use', retryable: true });
    });

    it('is free at once when its owner is killed, with everything acknowledged in it', async () => {
      const { child, told } = await openElsewhere(place.location, 'write');
      assert.deepEqual(told, { opened: true });
      let acknowledged = -1;
      const enough = new Promise<void>((resolve) => {
        child.on('message', (message: Told) => {
          acknowledged = message.acknowledged ?? acknowledged;
          if (acknowledged >= 40) resolve();
        });
      });
      await enough;
      await kill(child);
      const store = await place.open();
      const rows = await store.read.selectFrom('acts').select('object').orderBy('id').execute();
      const numbers = rows.map((row) => Number(row.object));
      assert.deepEqual(
        numbers,
        numbers.map((_, index) => index),
      );
      assert.ok(
        numbers.length > acknowledged,
        `${acknowledged} was acknowledged, ${numbers.length} are there`,
      );
      await write(store, 'the new owner writes');
    });
  });

  describe('backup', () => {
    const openDetail = 'some text so that a row is not tiny '.repeat(20);

    it('is consistent and can be opened, although it is made while rows are written', async () => {
      const store = await place.open();
      for (let n = 0; n < 40; n += 1) await write(store, `before ${n}`, openDetail.repeat(40));
      let written = 0;
      let copying = true;
      const load = (async () => {
        // Two rows that belong together in one transaction: a copy must hold both or none.
        for (; copying; written += 1) {
          await Promise.all([
            write(store, `pair ${written} a`, openDetail),
            write(store, `pair ${written} b`, openDetail),
          ]);
        }
      })();
      const path = await store.backup();
      copying = false;
      await load;
      assert.ok(written > 2, `only ${written} pairs were written meanwhile`);
      const copy = await openSqlite({ location: path });
      const objects = (await copy.read.selectFrom('acts').select('object').execute()).map(
        (row) => row.object,
      );
      const { rows } = await sql<{ integrity_check: string }>`pragma integrity_check`.execute(copy.read);
      await write(copy, 'the copy can be worked on');
      await copy.close();
      assert.deepEqual(rows, [{ integrity_check: 'ok' }]);
      assert.equal(objects.filter((object) => object.startsWith('before')).length, 40);
      const halves = new Map<string, number>();
      for (const object of objects.filter((name) => name.startsWith('pair'))) {
        const pair = object.slice(0, -2);
        halves.set(pair, (halves.get(pair) ?? 0) + 1);
      }
      for (const [pair, count] of halves) assert.equal(count, 2, `${pair} is in the copy by half`);
    });

    it('is one copy for all who ask meanwhile, and is finished before the store closes', async () => {
      const store = await place.open();
      await write(store, 'x', openDetail.repeat(2_000));
      const [one, two] = [store.backup(), store.backup()];
      await store.close();
      assert.equal(await one, await two);
      assert.deepEqual(readdirSync(join(place.folder, 'backups')), [(await one).split('/').at(-1)]);
      const copy = await openSqlite({ location: await one });
      assert.equal((await copy.read.selectFrom('acts').select('id').execute()).length, 1);
      await copy.close();
    });

    it('leaves nothing that looks whole when it fails', async () => {
      const store = await place.open();
      writeFileSync(join(place.folder, 'backups'), 'a file where the folder should be');
      await assert.rejects(store.backup(), (error: { code?: string; message?: string }) => {
        assert.equal(error.code, 'store.failed');
        assert.match(error.message ?? '', /backups/);
        return true;
      });
      assert.equal(store.health().state, 'open');
      await rm(join(place.folder, 'backups'));
      assert.match(await store.backup(), /hub-backup-.*\.sqlite$/);
      assert.deepEqual(
        readdirSync(join(place.folder, 'backups')).filter((name) => !name.endsWith('.sqlite')),
        [],
      );
    });

    it('does not take an unfinished copy for the newest one', async () => {
      const store = await place.open();
      const path = await store.backup();
      writeFileSync(`${path}.part`, 'cut short by a power failure');
      writeFileSync(join(place.folder, 'backups', 'notes.txt'), 'not a copy');
      assert.equal((await store.usage()).lastBackup?.path, path);
    });
  });

  describe('cannot be used', () => {
    it('says so when it is not a database', async () => {
      writeFileSync(place.location, 'x'.repeat(10_000));
      await assert.rejects(place.open(), { code: 'store.corrupt' });
      // What cannot be read is never written to: a person may still want to save it.
      assert.equal(readFileSync(place.location, 'utf8'), 'x'.repeat(10_000));
      await rm(place.location);
      await write(await place.open(), 'recovered');
    });

    it('says so when its end is missing', async () => {
      const store = await place.open();
      for (let n = 0; n < 30; n += 1) await write(store, String(n), 'y'.repeat(10_000));
      await store.close();
      truncateSync(place.location, 100_000);
      await assert.rejects(place.open(), { code: 'store.corrupt' });
    });

    it('lets go of everything it had opened', async function () {
      // Which files a process holds open is read from /proc, which only Linux has.
      if (process.platform !== 'linux') this.skip();
      writeFileSync(place.location, 'x'.repeat(10_000));
      for (let n = 0; n < 3; n += 1) await assert.rejects(place.open(), { code: 'store.corrupt' });
      await rm(place.location);
      const bad = { number: schemaVersion + 1, name: 'bad', up: () => Promise.reject(new Error('no')) };
      await assert.rejects(place.open({ migrations: [...migrations, bad] }), {
        code: 'store.migration-failed',
      });
      const held = readdirSync('/proc/self/fd').flatMap((fd) => {
        try {
          return [readlinkSync(`/proc/self/fd/${fd}`)];
        } catch (error) {
          // The descriptor of the listing itself is gone by now.
          if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
          throw error;
        }
      });
      assert.deepEqual(
        held.filter((path) => path.startsWith(place.folder)),
        [],
      );
    });

    it('says so when it may not be written, and recovers when it may', async () => {
      await (await place.open()).close();
      await rm(`${place.location}-owner`);
      chmodSync(place.folder, 0o777);
      chmodSync(place.location, 0o444);
      const first = await openElsewhere(place.location, 'as-nobody');
      assert.equal(first.told.code, 'store.read-only');
      await once(first.child, 'exit');
      chmodSync(place.location, 0o666);
      const second = await openElsewhere(place.location, 'as-nobody');
      assert.deepEqual(second.told, { opened: true });
      await kill(second.child);
    });

    it('says so when its folder may not be written', async () => {
      const folder = join(place.folder, 'closed');
      await mkdir(folder);
      chmodSync(place.folder, 0o755);
      chmodSync(folder, 0o555);
      const inIt = await openElsewhere(join(folder, 'hub.sqlite'), 'as-nobody');
      assert.equal(inIt.told.code, 'store.read-only');
      await once(inIt.child, 'exit');
      const below = await openElsewhere(join(folder, 'deeper', 'hub.sqlite'), 'as-nobody');
      assert.equal(below.told.code, 'store.folder-missing');
      await once(below.child, 'exit');
    });

    it('says so when its folder is a file', async () => {
      writeFileSync(join(place.folder, 'taken'), '');
      await assert.rejects(openSqlite({ location: join(place.folder, 'taken', 'hub.sqlite') }), {
        code: 'store.folder-missing',
      });
    });

    it('says so when Node.js is too old, before the binary is touched', async () => {
      for (const version of ['20.1.0', '18.20.4', '22.11.0']) {
        await assert.rejects(loadDriver(version), { code: 'store.node-too-old' });
      }
      for (const version of ['22.12.0', '24.0.0'])
        assert.equal(typeof (await loadDriver(version)), 'function');
    });

    it('says so when the driver cannot be loaded', async () => {
      const missing = loadDriver('22.12.0', () => Promise.reject(new Error('no such binary')));
      await assert.rejects(missing, (error: { code?: string; message?: string }) => {
        assert.equal(error.code, 'store.driver-missing');
        assert.match(error.message ?? '', /no such binary.*npm rebuild better-sqlite3/);
        return true;
      });
    });
  });

  it('is red while the disk is full, loses nothing, and goes on by itself', async () => {
    const store = await place.open({ probeMs: [5] });
    await write(store, 'before');
    const pages = Number(await pragma(store, 'page_count'));
    await pragma(store, 'max_page_count', pages);
    const states: string[] = [];
    const changes = new Map<string, () => void>();
    store.onState((health) => {
      states.push(health.state);
      changes.get(health.state)?.();
    });
    await assert.rejects(write(store, 'large', 'z'.repeat(200_000)), { code: 'store.full', retryable: true });
    const { state, fault } = store.health();
    assert.equal(state, 'failing');
    assert.equal(fault?.code, 'store.full');
    assert.match(fault.sentence, /full/);
    assert.deepEqual(
      (await store.read.selectFrom('acts').select('object').execute()).map((row) => row.object),
      ['before'],
    );
    // The store looks after itself and is still refused: it must not turn green on the way.
    await new Promise<void>((resolve) => {
      changes.set('failing', resolve);
    });
    assert.deepEqual(new Set(states), new Set(['failing']));
    const open = new Promise<void>((resolve) => {
      changes.set('open', resolve);
    });
    // Space again. The limit belongs to the connection, so it is raised through a command, which needs no page.
    await pragma(store, 'max_page_count', pages + 10_000);
    await open;
    assert.equal(store.health().fault, null);
    await write(store, 'large', 'z'.repeat(200_000));
    assert.deepEqual(
      (await store.read.selectFrom('acts').select('object').orderBy('id').execute()).map((row) => row.object),
      ['before', 'large'],
    );
  });
});

describe('SQLite result codes', () => {
  const cases: [string, string | undefined, boolean?][] = [
    ['SQLITE_BUSY_SNAPSHOT', 'store.in-use', true],
    ['SQLITE_FULL', 'store.full', true],
    ['SQLITE_READONLY_DBMOVED', 'store.read-only', true],
    ['SQLITE_CORRUPT_VTAB', 'store.corrupt', false],
    ['SQLITE_NOTADB', 'store.corrupt', false],
    ['SQLITE_IOERR_FSYNC', 'store.failed', true],
    ['SQLITE_CANTOPEN', 'store.failed', true],
    ['SQLITE_CONSTRAINT_UNIQUE', undefined],
    ['SQLITE_ERROR', undefined],
  ];
  for (const [code, expected, retryable] of cases) {
    it(`${code} is ${expected ?? 'the fault of the statement'}`, () => {
      const fault = sqliteFault(Object.assign(new Error('said SQLite'), { code }), 'here');
      assert.equal(fault?.code, expected);
      assert.equal(fault?.retryable, retryable);
      if (expected) assert.equal(typeof allMessages()[expected]?.['zh-CN'], 'string');
    });
  }
});
