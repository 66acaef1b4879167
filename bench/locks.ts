import { fileURLToPath } from 'node:url';
import { type Contender, middle, type Round, runRound } from './locks/contender.ts';
import { onSqlite } from './locks/core-stock.ts';
import { type Load, makeLoad, type Work } from './locks/load.ts';
import { forUpdate, onPostgres, rawBatches } from './locks/postgres.ts';
import { redisLua } from './locks/redis.ts';
import { rawGroups, rawGroupsFullLog, rawOneByOne } from './locks/sqlite.ts';
import { inOwnProcess } from './own-process.ts';
import { startServer } from './postgres-server.ts';
import { markdownTable, milliseconds, perSecond, times } from './table.ts';

/*
 * Locks through core/stock beside peers and limits, on both stores: same orders, same number of callers, those of one
 * store in turns within one process.
 */

export type Design =
  | 'SQLite, raw group commit of 64'
  | 'SQLite, raw group commit of 64, its log at full length'
  | 'SQLite, core/stock'
  | 'SQLite, one transaction an order'
  | 'Redis Lua, AOF always, a connection a caller'
  | 'Redis Lua, AOF always, one connection for all'
  | 'PostgreSQL, raw batches of 64'
  | 'PostgreSQL, raw batches of 64, through a pipeline'
  | 'PostgreSQL, core/stock'
  | 'PostgreSQL, SELECT … FOR UPDATE an order';

export interface LockRow extends Round {
  work: Work;
  design: Design;
}

interface Entrant {
  design: Design;
  open(load: Load): Promise<Contender>;
  /** Share of the orders it is asked for; slow ones are measured on fewer. */
  share: number;
}

function onSqliteAndRedis(): Entrant[] {
  return [
    { design: 'SQLite, raw group commit of 64', open: rawGroups, share: 1 },
    { design: 'SQLite, raw group commit of 64, its log at full length', open: rawGroupsFullLog, share: 1 },
    { design: 'SQLite, core/stock', open: onSqlite, share: 1 },
    { design: 'SQLite, one transaction an order', open: rawOneByOne, share: 1 },
    { design: 'Redis Lua, AOF always, a connection a caller', open: (load) => redisLua(load, 64), share: 1 },
    { design: 'Redis Lua, AOF always, one connection for all', open: (load) => redisLua(load, 1), share: 1 },
  ];
}

function onPostgresAt(url: string): Entrant[] {
  return [
    { design: 'PostgreSQL, raw batches of 64', open: (load) => rawBatches(url, load, false), share: 1 },
    {
      design: 'PostgreSQL, raw batches of 64, through a pipeline',
      open: (load) => rawBatches(url, load, true),
      share: 1,
    },
    { design: 'PostgreSQL, core/stock', open: (load) => onPostgres(url, load), share: 1 },
    {
      design: 'PostgreSQL, SELECT … FOR UPDATE an order',
      open: (load) => forUpdate(url, load),
      share: 0.2,
    },
  ];
}

/** Rounds that do not count: what runs often is compiled better and better, which a hub that runs for days has behind it. */
const warmUps = 3;
const rounds = 5;
const orders = 20_000;

/** Runs designs on both kinds of work, in turns; the medians of the rounds. */
async function inTurns(entrants: readonly Entrant[]): Promise<LockRow[]> {
  const rows: LockRow[] = [];
  for (const work of ['hot', 'spread'] as const) {
    const all = entrants.map((entrant) => ({
      ...entrant,
      load: makeLoad(work, orders * entrant.share),
      done: [] as Round[],
    }));
    for (let round = 1 - warmUps; round <= rounds; round += 1) {
      for (const { open, load, done } of all) {
        const figures = await runRound(load, open);
        if (round > 0) done.push(figures);
      }
    }
    for (const { design, done } of all) rows.push({ work, design, ...middle(done) });
  }
  return rows;
}

type Store = 'SQLite' | 'PostgreSQL';

async function measure(store: Store): Promise<LockRow[]> {
  if (store === 'SQLite') return await inTurns(onSqliteAndRedis());
  const server = await startServer();
  try {
    return await inTurns(onPostgresAt(server.url));
  } finally {
    await server.stop();
  }
}

/**
 * Runs all designs. Each store is measured in a process of its own, as a hub has one of them: code that has seen the
 * rows of both is compiled for neither.
 */
export async function runLocks(): Promise<LockRow[]> {
  const rows: LockRow[] = [];
  for (const store of ['SQLite', 'PostgreSQL'] satisfies Store[])
    rows.push(...(await inOwnProcess<LockRow[]>(import.meta.url, [store])));
  return rows.sort((one, two) => one.work.localeCompare(two.work));
}

/** One design's orders per second beside another's, for each kind of work. */
export function ratioOf(rows: readonly LockRow[], work: Work, design: Design, beside: Design): number {
  const of = (wanted: Design): number =>
    rows.find((row) => row.work === work && row.design === wanted)!.perSecond;
  return of(design) / of(beside);
}

export function lockTable(rows: readonly LockRow[]): string {
  return markdownTable(
    ['work', 'design', 'orders/s', 'p50 ms', 'p99 ms', 'of the raw limit of its store'],
    rows.map(({ work, design, ...round }) => [
      work,
      design,
      perSecond(round.perSecond),
      milliseconds(round.p50),
      milliseconds(round.p99),
      design.startsWith('Redis')
        ? '–'
        : times(
            ratioOf(
              rows,
              work,
              design,
              design.startsWith('SQLite')
                ? 'SQLite, raw group commit of 64'
                : 'PostgreSQL, raw batches of 64',
            ),
          ),
    ]),
  );
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  if (process.send) process.send(await measure(process.argv[2] as Store), () => process.disconnect());
  else process.stdout.write(`${lockTable(await runLocks())}\n`);
}
