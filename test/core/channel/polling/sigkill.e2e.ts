import assert from 'node:assert/strict';
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { type CensusSheet, censusSentence } from '../../../../core/channel/polling/census/sheet.ts';
import { Chance } from '../../../support/seeded.ts';
import { makeSqlitePlace, type SqlitePlace } from '../../store/sqlite-place.ts';
import { ChangingShop } from './changing-shop.ts';

const program = fileURLToPath(new URL('./polling-process.ts', import.meta.url));
const day = 24 * 60 * 60_000;

interface Told {
  sheet?: { watermark: number; waiting: number; filling: boolean };
  census?: CensusSheet;
}

describe('a shop of 10,000 orders that change while they are read', function () {
  this.timeout(180_000);
  const chance = new Chance();
  let shop: ChangingShop;
  let place: SqlitePlace;
  let child: ChildProcess | undefined;

  before(async () => {
    place = await makeSqlitePlace();
    shop = new ChangingShop(chance, { orders: 10_000, changes: 4_000, spanMs: day - 60 * 60_000 });
    await shop.open();
  });
  after(async () => {
    child?.kill('SIGKILL');
    shop.close();
    await place.dispose();
  });

  /** Runs a reader until it tells something that is wanted. */
  function reader(wanted: (told: Told) => boolean): Promise<Told> {
    const since = String(
      shop.orders.reduce((least, { modifiedAt }) => Math.min(least, modifiedAt), Date.now()),
    );
    child ??= fork(program, [place.location, shop.url, sinceOnce(since)], {
      execArgv: ['--disable-warning=ExperimentalWarning'],
    });
    const running = child;
    return new Promise((resolve, reject) => {
      const gone = (code: number | null): void => reject(new Error(`The reader ended with ${code}`));
      const look = (told: Told): void => {
        if (!wanted(told)) return;
        running.off('message', look);
        running.off('exit', gone);
        resolve(told);
      };
      running.on('message', look);
      running.once('exit', gone);
    });
  }
  let chosen: string | undefined;
  const sinceOnce = (since: string): string => {
    chosen ??= since;
    return chosen;
  };

  it('is here in its last state after faults of every kind and kills in the middle, and the census says so', async () => {
    for (let kill = 0; kill < 3; kill += 1) {
      const upTo = shop.requests + chance.between(15, 60);
      await reader(({ sheet }) => sheet !== undefined && shop.requests >= upTo);
      child!.kill('SIGKILL');
      await once(child!, 'exit');
      child = undefined;
    }
    await reader(
      ({ sheet }) =>
        sheet !== undefined &&
        shop.changesLeft === 0 &&
        !sheet.filling &&
        sheet.waiting === 0 &&
        sheet.watermark > shop.lastChangeAt,
    );
    const counted = reader(
      ({ census }) => census?.kind === 'recent' && census.windowUntil > shop.lastChangeAt,
    );
    child!.send('census');
    const { census } = await counted;
    const where = `seed ${chance.seed}, faults ${JSON.stringify(shop.failed)}`;
    assert.deepEqual(
      [census!.listed, census!.had, census!.fetched, census!.fault],
      [10_000, 10_000, 0, null],
      where,
    );
    assert.equal(
      censusSentence(census!, { channel: 'fake', shop: 'main' }, 'en-US'),
      'fake/main: 10,000 of 10,000 orders are here.',
    );
    assert.equal(census!.saved, 10_000, where);
    child!.send('stop');
    await once(child!, 'exit');
    child = undefined;

    const db = await place.read();
    const orders = db
      .prepare(`select channel_order_id as id, modified_at as modifiedAt, document from orders`)
      .all() as { id: string; modifiedAt: number; document: string }[];
    const ours = new Map(
      orders.map(({ id, modifiedAt, document }) => [
        id,
        { modifiedAt, rev: Number((JSON.parse(document) as { sellerNote: string }).sellerNote) },
      ]),
    );
    assert.equal(ours.size, 10_000, where);
    for (const { id, rev, modifiedAt } of shop.orders)
      assert.deepEqual(ours.get(id), { modifiedAt, rev }, `${id}, ${where}`);
    const records = db.prepare('select body from inbox').all() as { body: Buffer }[];
    const states = new Set(records.map(({ body }) => body.toString()));
    assert.equal(states.size, records.length, `no state of an order is stored twice, ${where}`);
    db.close();
  });
});
