import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { sql } from 'kysely';
import { HubError } from '../../../core/errors.ts';
import { Stock } from '../../../core/stock/stock.ts';
import { type Migration, migrations, schemaVersion } from '../../../core/store/migrations/migrate.ts';
import { loadDriver } from '../../../core/store/postgres/driver.ts';
import { openPostgres, type PostgresOptions } from '../../../core/store/postgres/postgres-store.ts';
import { skuFacts } from '../../../core/store/queries/stock.ts';
import type { Store, StoreHealth } from '../../../core/store/store.ts';
import { freshSchema, startPostgres, type TestPostgres } from '../../support/postgres.ts';
import { makePostgresPlace, type PostgresPlace } from './postgres-place.ts';

const actor = 'test';
const probeMs = [10];

/** Resolves when the store is in a state. */
function inState(store: Store, wanted: StoreHealth['state']): Promise<void> {
  if (store.health().state === wanted) return Promise.resolve();
  return new Promise((resolve) => {
    const stop = store.onState(({ state }) => {
      if (state !== wanted) return;
      stop();
      resolve();
    });
  });
}

/** What opening is refused with. */
async function refusal(options: PostgresOptions): Promise<HubError> {
  try {
    await (await openPostgres(options)).close();
  } catch (error) {
    assert.ok(HubError.is(error), String(error));
    for (const language of ['en-US', 'zh-CN'] as const)
      assert.ok(!/[{}]/.test(error.told(language)), error.told(language));
    assert.match(error.told('zh-CN'), /\p{Script=Han}/u);
    assert.ok(!error.told('en-US').includes('secret'));
    return error;
  }
  throw new Error('The store was opened');
}

describe('a PostgreSQL store whose server goes away', function () {
  this.timeout(60_000);
  let server: TestPostgres;
  let store: Store;

  beforeEach(async () => {
    server = await startPostgres();
    store = await openPostgres({
      connectionString: server.connectionString(),
      schema: 'hub',
      probeMs,
      listenMs: [10],
    });
  });
  afterEach(async () => {
    await store.close();
    await server.stop();
  });

  for (const way of ['halt', 'kill9'] as const) {
    it(`loses nothing and doubles nothing when it ends by ${way} under load`, async () => {
      const stock = new Stock(store);
      await stock.receive({ opKey: 'start', actor, lines: [{ sku: 'A', quantity: 100_000 }] });
      const acknowledged = new Set<string>();
      const unsure = new Set<string>();
      let tellEnough = () => {};
      const enough = new Promise<void>((resolve) => {
        tellEnough = resolve;
      });
      let going = true;
      let next = 0;
      const take = async (key: string) =>
        stock.correct({ opKey: key, actor, lines: [{ sku: 'A', quantity: -1 }] });
      const work = async () => {
        while (going) {
          next += 1;
          const key = `take ${next}`;
          try {
            await take(key);
            acknowledged.add(key);
            if (acknowledged.size === 200) tellEnough();
          } catch (error) {
            assert.ok(HubError.is(error) && error.retryable, String(error));
            unsure.add(key);
            await inState(store, 'open');
          }
        }
      };
      const workers = Array.from({ length: 16 }, work);
      await enough;
      await server[way]();
      await inState(store, 'failing');
      assert.equal(store.health().fault?.code, 'store.unreachable');
      await server.restart();
      await inState(store, 'open');
      going = false;
      await Promise.all(workers);
      assert.ok(unsure.size > 0);
      // What nobody knows of is done again, and counts once.
      for (const key of unsure) await take(key);
      const { balance, flows } = await skuFacts(store.read, { pool: 'main', sku: 'A', now: 0, limit: 1 });
      const taken = acknowledged.size + unsure.size;
      assert.equal(balance?.available, 100_000 - taken);
      assert.equal(flows.find(({ from }) => from === 'available')?.units, taken);
    });
  }

  it('tells a failed read as a fault that passes, and reads again', async () => {
    await server.halt();
    const error = await store.read
      .selectFrom('acts')
      .selectAll()
      .execute()
      .then(
        () => undefined,
        (reason: unknown) => reason,
      );
    const fault = store.faultOf(error);
    assert.deepEqual([fault?.code, fault?.retryable], ['store.unreachable', true]);
    await server.restart();
    assert.deepEqual(await store.read.selectFrom('acts').selectAll().execute(), []);
  });
});

describe('opening a PostgreSQL store', () => {
  let place: PostgresPlace;
  const at = (more: Partial<PostgresOptions> = {}): PostgresOptions => {
    const { port, user, password, database } = place.server;
    return { host: '127.0.0.1', port, user, password, database, schema: place.schema, ...more };
  };

  beforeEach(async () => {
    place = await makePostgresPlace();
  });
  afterEach(() => place.dispose());

  it('says that the driver is missing', async () => {
    await assert.rejects(
      loadDriver(() => Promise.reject(new Error('Cannot find package'))),
      { code: 'store.postgres-driver-missing', retryable: false },
    );
  });

  it('says that the password is wrong, and never which', async () => {
    const { code, retryable } = await refusal(at({ password: 'secret-1' }));
    assert.deepEqual([code, retryable], ['store.login-refused', false]);
  });

  it('says that the database is missing', async () => {
    const { code } = await refusal(at({ database: 'no-such-database' }));
    assert.equal(code, 'store.database-missing');
  });

  it('says that nobody answers at the address', async () => {
    const free = createServer().listen(0, '127.0.0.1');
    await once(free, 'listening');
    const { port } = free.address() as { port: number };
    free.close();
    await once(free, 'close');
    const error = await refusal(at({ port, password: 'secret-2' }));
    assert.deepEqual([error.code, error.retryable], ['store.unreachable', true]);
    assert.match(error.message, new RegExp(`127\\.0\\.0\\.1:${port}`));
  });

  it('says that a newer version wrote it', async () => {
    const newer: Migration = { number: schemaVersion + 1, name: 'newer', async up() {} };
    await (await place.open({ migrations: [...migrations, newer] })).close();
    const error = await refusal(at());
    assert.equal(error.code, 'store.newer');
    assert.deepEqual([error.params.found, error.params.known], [schemaVersion + 1, schemaVersion]);
  });

  it('undoes a migration that fails as a whole', async () => {
    const failing: Migration = {
      number: schemaVersion + 1,
      name: 'shapes',
      async up(db) {
        await db.schema.createTable('shapes').addColumn('name', 'text').execute();
        await sql`insert into no_such_table values (1)`.execute(db);
      },
    };
    const error = await refusal(at({ migrations: [...migrations, failing] }));
    assert.equal(error.code, 'store.migration-undone');
    assert.match(error.message, /no_such_table/);
    const store = await place.open();
    const { rows } = await sql<{ shapes: string | null }>`select to_regclass('shapes') as shapes`.execute(
      store.read,
    );
    assert.deepEqual(rows, [{ shapes: null }]);
  });

  it('by several processes at once makes the tables once', async () => {
    const stores = await Promise.all(Array.from({ length: 5 }, () => place.open()));
    const applied = await stores[4]!.read
      .selectFrom('hub_migrations')
      .select('number')
      .orderBy('number')
      .execute();
    assert.deepEqual(
      applied.map(({ number }) => number),
      migrations.map(({ number }) => number),
    );
  });

  it('in the first schema of the search path when none is given', async () => {
    const schema = freshSchema();
    const maker = await openPostgres(at({ schema }));
    await maker.close();
    const store = await openPostgres({ connectionString: place.server.connectionString(schema) });
    try {
      assert.deepEqual(await store.read.selectFrom('acts').selectAll().execute(), []);
      assert.ok(!store.health().location.includes(place.server.password));
    } finally {
      await store.close();
    }
  });
});
