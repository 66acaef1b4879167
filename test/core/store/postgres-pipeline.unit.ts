import assert from 'node:assert/strict';
import pg from 'pg';
import { Pipeline } from '../../../core/store/postgres/pipeline.ts';
import { wireValue } from '../../../core/store/postgres/wire-values.ts';
import { sharedPostgres } from '../../support/postgres.ts';

describe('statements that go to PostgreSQL in one piece', () => {
  let pool: pg.Pool;
  let client: pg.PoolClient;
  let pipeline: Pipeline;

  beforeEach(async () => {
    pool = new pg.Pool({ connectionString: (await sharedPostgres()).connectionString(), max: 1 });
    client = await pool.connect();
    pipeline = new Pipeline(client);
  });
  afterEach(async () => {
    client.release();
    await pool.end();
  });

  const number = { name: 'number', text: 'select $1::int as number' };
  const ask = (value: string) => pipeline.ask<[number]>({ ...number, values: [value] });

  it('are answered each for itself, in their order, prepared once', async () => {
    const first = await Promise.all([ask('1'), ask('2'), ask('3')]);
    const second = await Promise.all([ask('4'), ask('5')]);
    assert.deepEqual(
      [...first, ...second].map(({ rows }) => rows),
      [[[1]], [[2]], [[3]], [[4]], [[5]]],
    );
    const { rows } = await pipeline.ask({
      text: 'select name from pg_prepared_statements',
      values: [],
      objects: true,
    });
    assert.deepEqual(rows, [{ name: 'number' }]);
  });

  it('say what was done and to how many rows', async () => {
    const told = await Promise.all(
      [
        'create temporary table kept (id int)',
        'insert into kept select generate_series(1, 3)',
        'update kept set id = 0 where id > 1',
        'select * from kept',
      ].map((text) => pipeline.ask({ text, values: [] })),
    );
    assert.deepEqual(
      told.map(({ command, rowCount, rows }) => [command, rowCount, rows]),
      [
        ['CREATE', null, []],
        ['INSERT', 3, []],
        ['UPDATE', 2, []],
        ['SELECT', 3, [[1], [0], [0]]],
      ],
    );
  });

  it('fail with the one that failed, from it on, and leave the connection well', async () => {
    const told = await Promise.allSettled([ask('1'), ask('no number'), ask('3')]);
    assert.deepEqual(
      told.map(({ status }) => status),
      ['fulfilled', 'rejected', 'rejected'],
    );
    const [, second, third] = told as PromiseRejectedResult[];
    assert.equal((second!.reason as pg.DatabaseError).code, '22P02');
    assert.equal(third!.reason, second!.reason);
    assert.deepEqual((await ask('4')).rows, [[4]]);
  });

  it('are understood although the first time they were asked for failed before they answered', async () => {
    await assert.rejects(ask('no number'), { code: '22P02' });
    assert.deepEqual((await ask('7')).rows, [[7]]);
    await assert.rejects(pipeline.ask({ name: 'wrong', text: 'select wrong', values: [] }), {
      code: '42703',
    });
    assert.deepEqual((await pipeline.ask({ name: 'wrong', text: 'select 1', values: [] })).rows, [[1]]);
  });

  it('are run once they are pushed, though others follow before the turn is over', async () => {
    const asked = [ask('1')];
    pipeline.push();
    asked.push(ask('2'));
    assert.deepEqual(
      (await Promise.all(asked)).map(({ rows }) => rows),
      [[[1]], [[2]]],
    );
  });

  it('fail when the connection breaks, also those that come after', async () => {
    const broken = Promise.allSettled([
      pipeline.ask({ text: 'select pg_terminate_backend(pg_backend_pid())', values: [] }),
      ask('1'),
    ]);
    client.on('error', () => {});
    const [, last] = await broken;
    assert.equal(last.status, 'rejected');
    await assert.rejects(ask('2'), Error, 'the connection is of no more use');
  });

  it('carry any value of a list as it is', async () => {
    const texts = ['', 'NULL', 'null', 'a,b', '{}', '"', '\\', '\\"', ' x ', '商店😀', "o'clock", '\n', null];
    const { rows } = await pipeline.ask<[unknown, unknown]>({
      text: 'select $1::text[], $2::bytea[]',
      values: [wireValue(texts), wireValue([new Uint8Array([0, 255, 92, 34]), null])],
    });
    const [[given, bytes]] = rows as [[unknown, (Buffer | null)[]]];
    assert.deepEqual(given, texts);
    assert.deepEqual(bytes, [Buffer.from([0, 255, 92, 34]), null]);
  });

  it('refuse a value that no column has', () => {
    for (const value of [{}, () => 1, [{}], Symbol('s')]) assert.throws(() => wireValue(value), TypeError);
  });
});
