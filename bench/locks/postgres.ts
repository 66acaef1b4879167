import pg from 'pg';
import { openPostgres } from '../../core/store/postgres/postgres-store.ts';
import type { Contender, SkuAccount } from './contender.ts';
import { contender } from './core-stock.ts';
import type { Load, Order } from './load.ts';

/*
 * The least a durable lock can do on PostgreSQL, and `core/stock` on it. Each has a schema of its own on one server.
 */

let schemas = 0;

/** An empty schema on the server, made the search path of the pool that is answered. */
async function ownSchema(
  url: string,
  options: Pick<pg.PoolConfig, 'max' | 'pipeline'>,
): Promise<{ pool: pg.Pool; drop(): Promise<void> }> {
  schemas += 1;
  const schema = `bench_${process.pid}_${schemas}`;
  const pool = new pg.Pool({ connectionString: url, ...options, options: `-c search_path=${schema}` });
  // Ending a pool does not wait for its sockets, so the server may be stopped, and say so, while they still close.
  pool.on('error', (error) => {
    if (!pool.ending) throw error;
  });
  await pool.query(`create schema ${schema}`);
  return {
    pool,
    async drop() {
      await pool.query(`drop schema ${schema} cascade`);
      await pool.end();
    },
  };
}

async function makeTables(pool: pg.Pool, load: Load): Promise<void> {
  await pool.query(`
    create table balances (sku text primary key, available bigint not null);
    create table operations (id text primary key);
    create table ledger (id bigint generated always as identity primary key, operation text not null,
      sku text not null, quantity bigint not null, at bigint not null)`);
  await pool.query('insert into balances select * from unnest($1::text[], $2::bigint[])', [
    [...load.stock.keys()],
    [...load.stock.values()],
  ]);
}

async function accountOf(pool: pg.Pool, load: Load): Promise<Map<string, SkuAccount>> {
  const { rows } = await pool.query<{ sku: string; left: string; sold: string }>(
    `select b.sku, b.available as "left", coalesce(sum(l.quantity), 0) as sold
     from balances b left join ledger l on l.sku = b.sku group by b.sku`,
  );
  return new Map(
    rows.map(({ sku, left, sold }) => [
      sku,
      { sold: Number(sold), left: Number(left), ledger: load.stock.get(sku)! - Number(sold) },
    ]),
  );
}

/**
 * 64 orders a transaction, rows locked in sorted order, decided in the process, written back set by set.
 *
 * @param pipeline whether statements are sent without waiting for the answers to those before, where these are not
 *   needed; otherwise each is a round trip
 */
export async function rawBatches(url: string, load: Load, pipeline: boolean): Promise<Contender> {
  const { pool, drop } = await ownSchema(url, { max: 2, pipeline });
  await makeTables(pool, load);
  const client = await pool.connect();
  let queue: { order: Order; resolve(locked: boolean): void; reject(error: unknown): void }[] = [];
  let running = false;
  const flush = async (): Promise<void> => {
    while (queue.length > 0) {
      const batch = queue.slice(0, 64);
      queue = queue.slice(64);
      try {
        const answers = await decide(
          client,
          batch.map(({ order }) => order),
          pipeline,
        );
        batch.forEach(({ resolve }, index) => {
          resolve(answers[index]!);
        });
      } catch (error) {
        for (const { reject } of batch) reject(error);
      }
    }
    running = false;
  };
  return {
    lock: (order) =>
      new Promise((resolve, reject) => {
        queue.push({ order, resolve, reject });
        if (running) return;
        running = true;
        setImmediate(() => void flush());
      }),
    account: () => accountOf(pool, load),
    async close() {
      client.release();
      await drop();
    },
  };
}

async function decide(
  client: pg.PoolClient,
  orders: readonly Order[],
  pipeline: boolean,
): Promise<boolean[]> {
  const skus = [...new Set(orders.flatMap(({ lines }) => lines.map(({ sku }) => sku)))].sort();
  const begun = client.query('begin');
  if (!pipeline) await begun;
  const inserted = client.query<{ id: string }>({
    name: 'operations',
    text: 'insert into operations select unnest($1::text[]) on conflict do nothing returning id',
    values: [orders.map(({ key }) => key)],
  });
  if (!pipeline) await inserted;
  const locked = client.query<{ sku: string; available: string }>({
    name: 'balances',
    text: 'select sku, available from balances where sku = any($1::text[]) order by sku for update',
    values: [skus],
  });
  const [, known, stored] = await Promise.all([begun, inserted, locked]);
  const fresh = new Set(known.rows.map(({ id }) => id));
  const left = new Map(stored.rows.map(({ sku, available }) => [sku, Number(available)]));
  const ledger: { operation: string; sku: string; quantity: number }[] = [];
  const answers = orders.map(({ key, lines }) => {
    if (!fresh.has(key) || lines.some(({ sku, quantity }) => left.get(sku)! < quantity)) return false;
    for (const { sku, quantity } of lines) {
      left.set(sku, left.get(sku)! - quantity);
      ledger.push({ operation: key, sku, quantity });
    }
    return true;
  });
  const at = Date.now();
  const changed = client.query({
    name: 'write-balances',
    text: `update balances set available = n.available
      from unnest($1::text[], $2::bigint[]) as n(sku, available) where balances.sku = n.sku`,
    values: [[...left.keys()], [...left.values()]],
  });
  if (!pipeline) await changed;
  const noted = client.query({
    name: 'write-ledger',
    text: `insert into ledger (operation, sku, quantity, at)
      select o, s, q, $4 from unnest($1::text[], $2::text[], $3::bigint[]) as n(o, s, q)`,
    values: [
      ledger.map((row) => row.operation),
      ledger.map((row) => row.sku),
      ledger.map((row) => row.quantity),
      at,
    ],
  });
  if (!pipeline) await noted;
  await Promise.all([changed, noted, client.query('commit')]);
  return answers;
}

/** What most shops do: a transaction an order, its rows locked first; ten connections. */
export async function forUpdate(url: string, load: Load): Promise<Contender> {
  const { pool, drop } = await ownSchema(url, { max: 10 });
  await makeTables(pool, load);
  return {
    async lock({ key, lines }) {
      const client = await pool.connect();
      try {
        await client.query('begin');
        const { rowCount } = await client.query('insert into operations values ($1) on conflict do nothing', [
          key,
        ]);
        const skus = lines.map(({ sku }) => sku).sort();
        const { rows } = await client.query<{ sku: string; available: string }>(
          'select sku, available from balances where sku = any($1) order by sku for update',
          [skus],
        );
        const left = new Map(rows.map(({ sku, available }) => [sku, Number(available)]));
        const enough = rowCount === 1 && lines.every(({ sku, quantity }) => left.get(sku)! >= quantity);
        if (enough) {
          for (const { sku, quantity } of lines) {
            await client.query('update balances set available = available - $1 where sku = $2', [
              quantity,
              sku,
            ]);
            await client.query('insert into ledger (operation, sku, quantity, at) values ($1, $2, $3, $4)', [
              key,
              sku,
              quantity,
              Date.now(),
            ]);
          }
        }
        await client.query('commit');
        return enough;
      } finally {
        client.release();
      }
    },
    account: () => accountOf(pool, load),
    close: drop,
  };
}

/** `core/stock` on PostgreSQL. */
export async function onPostgres(url: string, load: Load): Promise<Contender> {
  schemas += 1;
  const schema = `bench_${process.pid}_${schemas}`;
  const store = await openPostgres({ connectionString: url, schema });
  return contender(store, load, async () => {
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    await client.query(`drop schema ${schema} cascade`);
    await client.end();
  });
}
