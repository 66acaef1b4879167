import assert from 'node:assert/strict';
import type Database from 'better-sqlite3';
import pg from 'pg';
import { Stock } from '../../../core/stock/stock.ts';
import { openPostgres } from '../../../core/store/postgres/postgres-store.ts';
import { brokenInvariants } from '../../support/invariants.ts';
import { freshSchema, startPostgres, type TestPostgres } from '../../support/postgres.ts';
import { type SchemaAddress, snapshotOf } from '../../support/postgres-snapshot.ts';
import { report } from '../../support/seeded.ts';
import { Sellers } from './sellers.ts';
import type { Sale } from './selling-process.ts';

const sku = 'HOT';
const units = 2_000;
const setting = { sku, sellers: 4, callers: 16, enoughShort: 40 } as const;

interface Ended {
  sales: readonly Sale[];
  /** How often an act had to be asked for again. */
  again: number;
  address: SchemaAddress;
}

describe('four processes sell one SKU on one PostgreSQL', function () {
  this.timeout(120_000);
  let server: TestPostgres;

  before(async () => {
    server = await startPostgres();
  });
  after(() => server?.stop());

  /** Sells everything, while `disturb` does what it does. */
  async function sellOut(
    disturb: (sellers: Sellers) => Promise<void>,
    { quantity = units, ...more }: { quantity?: number; ttlMs?: number; mostOrders?: number } = {},
  ): Promise<Ended> {
    const address = { connectionString: server.connectionString(), schema: freshSchema() };
    const store = await openPostgres(address);
    await new Stock(store).receive({ opKey: 'opening', actor: 'test', lines: [{ sku, quantity }] });
    await store.close();
    const sellers = await Sellers.open({ ...address, ...setting, ...more });
    try {
      const [again] = await Promise.all([sellers.sell(), disturb(sellers)]);
      return { sales: sellers.sales, again, address };
    } finally {
      await sellers.close();
    }
  }

  /** What every one of these runs must come to. */
  async function expectSoldOnce({ sales, address }: Ended): Promise<Map<string, Sale[]>> {
    const byKey = new Map<string, Sale[]>();
    for (const sale of sales) byKey.set(sale.opKey, [...(byKey.get(sale.opKey) ?? []), sale]);
    let locked = 0;
    for (const [opKey, answers] of byKey) {
      const [{ state, holds }] = answers as [Sale];
      assert.match(state, /^(locked|short)$/, opKey);
      if (state === 'locked') locked += 1;
      for (const answer of answers)
        assert.deepEqual([answer.state, answer.holds], [state, holds], `all answers to ${opKey}`);
      assert.ok(answers.filter(({ replayed }) => !replayed).length <= 1, `${opKey} was done once`);
    }
    assert.equal(locked, units, 'callers were told of as many units as there were');

    const db = await snapshotOf(address);
    try {
      assert.deepEqual(brokenInvariants(db), []);
      assert.deepEqual(countsOf(db), { available: 0, committed: units, holds: units, moved: units });
      const kept = db.prepare("select op_key from stock_operations where kind = 'lock'").all();
      assert.deepEqual(
        (kept as { op_key: string }[]).map(({ op_key }) => op_key).sort(),
        [...byKey.keys()].sort(),
        'the store knows what was answered, each once, and nothing else',
      );
    } finally {
      db.close();
    }
    return byKey;
  }

  it('exactly the units there were, and answer each act once', async () => {
    const ended = await sellOut(async () => {});
    const byKey = await expectSoldOnce(ended);
    for (const [opKey, answers] of byKey)
      assert.equal(answers.filter(({ replayed }) => !replayed).length, 1, `${opKey} was done once`);
    const twice = [...byKey.values()].filter((answers) => answers.length > 1).length;
    assert.ok(twice > units / 2, `orders were asked for by two processes: ${twice}`);
  });

  it('and sell what lapsed again while all of them sweep, never more than there is at a time', async () => {
    const quantity = 40;
    const few = { quantity, ttlMs: 30, mostOrders: 500 };
    const before = await deadlocks(server);
    const { sales, address } = await sellOut(async () => {}, few);
    assert.equal((await deadlocks(server)) - before, 0, 'nobody waited for each other in a circle');
    const opened = new Set(sales.filter(({ state }) => state === 'locked').flatMap(({ holds }) => holds));
    assert.ok(opened.size > quantity, `units were sold again: ${opened.size}`);
    const db = await snapshotOf(address);
    try {
      assert.deepEqual(brokenInvariants(db), []);
      const holds = db.prepare('select id, state from stock_holds').all() as { id: number; state: string }[];
      assert.deepEqual(holds.map(({ id }) => id).sort(), [...opened].sort(), 'those that were told of');
      const expired = holds.filter(({ state }) => state === 'expired').length;
      assert.ok(expired >= opened.size - quantity, `${expired} of ${opened.size} holds expired`);
    } finally {
      db.close();
    }
  });

  it('while PostgreSQL is killed and comes back', async () => {
    const ended = await sellOut(async (sellers) => {
      await sellers.answered(units / 4);
      await server.kill9();
      await server.restart();
    });
    await expectSoldOnce(ended);
    assert.ok(ended.again > 0, 'there were acts under way when it was killed');
    report(`${ended.again} acts asked for again`);
  });

  it('while their connections are cut', async () => {
    let cut = 0;
    const ended = await sellOut(async (sellers) => {
      for (const share of [0.1, 0.3, 0.5, 0.7]) {
        await sellers.answered(units * share);
        cut += await cutConnections(server);
      }
    });
    await expectSoldOnce(ended);
    assert.ok(cut >= setting.sellers && ended.again > 0, 'there were acts under way when they were cut');
    report(`${cut} connections cut, ${ended.again} acts asked for again`);
  });
});

function countsOf(db: Database.Database): unknown {
  return db
    .prepare(
      `select available, committed, (select count(*) from stock_holds where state = 'open') holds,
        (select sum(quantity) from stock_movements where to_bucket = 'committed') moved from stock_balances`,
    )
    .get();
}

/** Circles of transactions that the server had to break up so far; each costs its `deadlock_timeout`, a second. */
async function deadlocks(server: TestPostgres): Promise<number> {
  const client = new pg.Client({ connectionString: server.connectionString() });
  await client.connect();
  try {
    // A connection tells its figures when it ends, and it ends a moment after its process.
    for (;;) {
      const { rowCount } = await client.query(
        `select from pg_stat_activity where application_name = 'order-hub'`,
      );
      if (rowCount === 0) break;
    }
    const { rows } = await client.query<{ deadlocks: string }>(
      'select deadlocks from pg_stat_database where datname = current_database()',
    );
    return Number(rows[0]!.deadlocks);
  } finally {
    await client.end();
  }
}

/** Ends every connection of a hub; answers how many there were. */
async function cutConnections(server: TestPostgres): Promise<number> {
  const client = new pg.Client({ connectionString: server.connectionString() });
  await client.connect();
  try {
    const { rowCount } = await client.query(
      `select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'order-hub'`,
    );
    return rowCount ?? 0;
  } finally {
    await client.end();
  }
}
