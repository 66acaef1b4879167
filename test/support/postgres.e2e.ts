import assert from 'node:assert/strict';
import pg from 'pg';
import { freshSchema, sharedPostgres, sharedPostgresAddress, startPostgres } from './postgres.ts';

async function ask<T extends pg.QueryResultRow>(
  connectionString: string,
  ...statements: string[]
): Promise<T[]> {
  const client = new pg.Client({ connectionString });
  await client.connect();
  try {
    let rows: T[] = [];
    for (const statement of statements) ({ rows } = await client.query<T>(statement));
    return rows;
  } finally {
    await client.end();
  }
}

describe('PostgreSQL for tests', function () {
  this.timeout(60_000);

  it('is shared by all test files, each in a schema of its own, and known to children', async () => {
    const server = await sharedPostgres();
    assert.equal((await sharedPostgres()).port, server.port);
    assert.equal(sharedPostgresAddress(), server.connectionString());
    const [one, two] = [freshSchema(), freshSchema()];
    await ask(server.connectionString(one), `create schema ${one}`, 'create table things (id int)');
    await ask(server.connectionString(two), `create schema ${two}`, 'create table things (id int)');
    const tables = await ask<{ schemaname: string }>(
      server.connectionString(),
      `select schemaname from pg_tables where tablename = 'things'`,
    );
    assert.deepEqual(tables.map(({ schemaname }) => schemaname).sort(), [one, two].sort());
  });

  it('keeps what was committed when it is killed, halted or restarted, on the same port', async () => {
    const server = await startPostgres();
    try {
      const at = server.connectionString();
      await ask(at, 'create table kept (id int)', 'insert into kept values (1)');
      await server.kill9();
      await assert.rejects(ask(at, 'select 1'), { code: 'ECONNREFUSED' });
      await server.restart();
      await ask(at, 'insert into kept values (2)');
      await server.halt();
      await assert.rejects(ask(at, 'select 1'), { code: 'ECONNREFUSED' });
      await server.restart();
      await server.restart();
      assert.deepEqual(await ask(at, 'select id from kept order by id'), [{ id: 1 }, { id: 2 }]);
      assert.deepEqual(await ask(at, 'show fsync'), [{ fsync: 'on' }]);
    } finally {
      await server.stop();
    }
  });
});
