import { strict as assert } from 'node:assert';
import { statSync } from 'node:fs';
import { sql } from 'kysely';
import type { Store } from '../../../core/store/store.ts';
import { makeSqlitePlace, type SqlitePlace } from './sqlite-place.ts';

describe('log of an SQLite store', () => {
  let place: SqlitePlace;

  beforeEach(async () => {
    place = await makeSqlitePlace();
  });

  afterEach(() => place.dispose());

  it('has its full length from the start when that is asked for, and nothing else is different', async () => {
    const { location } = place;
    const usual = await place.open();
    const tables = await tablesOf(usual);
    await usual.close();
    const size = statSync(location).size;

    const store = await place.open({ fullLog: true });
    const length = statSync(`${location}-wal`).size;
    assert.ok(length > 8_000 * 4_000, `the log has ${length} bytes`);
    await note(store, 'kept');
    assert.equal(statSync(`${location}-wal`).size, length, 'the first commit changed the length of the log');
    assert.deepEqual(await tablesOf(store), tables, 'the tables are not what they were');
    await store.close();

    assert.equal(statSync(location).size, size, 'the file took in pages that stand for nothing');
    const again = await place.open();
    assert.deepEqual(await again.read.selectFrom('acts').select('object').execute(), [{ object: 'kept' }]);
  });
});

function note(store: Store, object: string): Promise<number[]> {
  const row = { actor: 't', act: 't', object, detail: '', at: 0 };
  return store.execute({ name: 'test', run: async (tx) => [await tx.insert('acts', [row])] }, null);
}

async function tablesOf({ read }: Store): Promise<unknown[]> {
  return (await sql`select type, name from sqlite_schema order by name`.execute(read)).rows;
}
