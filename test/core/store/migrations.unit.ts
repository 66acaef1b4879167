import assert from 'node:assert/strict';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { sql } from 'kysely';
import { type Migration, migrations, schemaVersion } from '../../../core/store/migrations/migrate.ts';
import { openSqlite } from '../../../core/store/sqlite/sqlite-store.ts';
import type { Store } from '../../../core/store/store.ts';
import { makeSqlitePlace, type SqlitePlace } from './sqlite-place.ts';

const next: Migration = {
  number: schemaVersion + 1,
  name: 'colours',
  async up(db) {
    await db.schema.createTable('colours').addColumn('name', 'text').execute();
    await sql`insert into colours (name) select object from acts`.execute(db);
  },
};

const failing: Migration = {
  number: schemaVersion + 2,
  name: 'shapes',
  async up(db) {
    await db.schema.createTable('shapes').addColumn('name', 'text').execute();
    await sql`insert into no_such_table values (1)`.execute(db);
  },
};

async function tables(store: Store): Promise<string[]> {
  const { rows } = await sql<{ name: string }>`
    select name from sqlite_master where type = 'table' order by name`.execute(store.read);
  return rows.map((row) => row.name);
}

async function write(store: Store, object: string): Promise<void> {
  const row = { actor: 'test', act: 'test', object, detail: '', at: 1 };
  await store.execute({ name: 'write', run: (tx) => tx.insert('acts', [row]) }, null);
}

describe('migrations on SQLite', () => {
  let place: SqlitePlace;
  const backups = () => readdirSync(join(place.folder, 'backups'));

  beforeEach(async () => {
    place = await makeSqlitePlace();
  });
  afterEach(() => place.dispose());

  it('are numbered in ascending order, each once', () => {
    const numbers = migrations.map((migration) => migration.number);
    assert.deepEqual(
      numbers,
      [...new Set(numbers)].sort((a, b) => a - b),
    );
  });

  it('make a fresh store without a copy of nothing', async () => {
    const store = await place.open({ now: () => 1_700_000_000_000 });
    const applied = await store.read.selectFrom('hub_migrations').selectAll().orderBy('number').execute();
    assert.deepEqual(
      applied,
      migrations.map(({ number, name }) => ({ number, name, applied_at: 1_700_000_000_000 })),
    );
    assert.ok((await tables(store)).includes('orders'));
    assert.equal(readdirSync(place.folder).includes('backups'), false);
  });

  it('do nothing to a store that is up to date', async () => {
    await (await place.open({ now: () => 1 })).close();
    const store = await place.open({ now: () => 2 });
    const applied = await store.read.selectFrom('hub_migrations').select('applied_at').execute();
    assert.deepEqual([...new Set(applied.map((row) => row.applied_at))], [1]);
    assert.equal(readdirSync(place.folder).includes('backups'), false);
  });

  it('copy the store before they change it, and keep its data', async () => {
    const old = await place.open();
    await write(old, 'red');
    await old.close();
    const store = await place.open({ migrations: [...migrations, next] });
    const { rows } = await sql<{ name: string }>`select name from colours`.execute(store.read);
    assert.deepEqual(rows, [{ name: 'red' }]);
    const [name, ...others] = backups();
    assert.deepEqual(others, []);
    assert.match(name!, new RegExp(`^hub-before-upgrade-from-${schemaVersion}-`));
    const copy = await openSqlite({ location: join(place.folder, 'backups', name!) });
    const objects = await copy.read.selectFrom('acts').select('object').execute();
    const copied = await tables(copy);
    await copy.close();
    assert.deepEqual(objects, [{ object: 'red' }]);
    assert.equal(copied.includes('colours'), false);
  });

  it('undo a step that fails, keep those before it, and name the step and the copy', async () => {
    const old = await place.open();
    await write(old, 'red');
    await old.close();
    await assert.rejects(
      place.open({ migrations: [...migrations, next, failing] }),
      (error: { code?: string; message?: string; params?: Record<string, unknown> }) => {
        assert.equal(error.code, 'store.migration-failed');
        assert.equal(error.params?.step, `${failing.number} shapes`);
        assert.match(error.message ?? '', /no_such_table/);
        assert.ok(backups().some((name) => String(error.params?.backup).endsWith(name)));
        return true;
      },
    );
    const store = await place.open({ migrations: [...migrations, next] });
    const names = await tables(store);
    assert.equal(names.includes('colours'), true);
    assert.equal(names.includes('shapes'), false);
    const { rows } = await sql`select object from acts`.execute(store.read);
    assert.deepEqual(rows, [{ object: 'red' }]);
  });

  it('change nothing when the copy cannot be made', async () => {
    await (await place.open()).close();
    writeFileSync(join(place.folder, 'backups'), 'in the way');
    await assert.rejects(place.open({ migrations: [...migrations, next] }), { code: 'store.failed' });
    assert.equal(readFileSync(join(place.folder, 'backups'), 'utf8'), 'in the way');
    const store = await place.open();
    assert.equal((await tables(store)).includes('colours'), false);
  });

  it('leave a store alone that a newer version wrote', async () => {
    const newer = await place.open({ migrations: [...migrations, next] });
    await newer.close();
    await assert.rejects(place.open(), (error: { code?: string; params?: unknown }) => {
      assert.equal(error.code, 'store.newer');
      assert.deepEqual(error.params, {
        location: place.location,
        found: schemaVersion + 1,
        known: schemaVersion,
      });
      return true;
    });
    const again = await place.open({ migrations: [...migrations, next] });
    assert.equal((await tables(again)).includes('colours'), true);
  });
});
