import { openPostgres } from '../../../../core/store/postgres/postgres-store.ts';
import { freshSchema, sharedPostgres } from '../../../support/postgres.ts';
import { type SchemaAddress, snapshotOf } from '../../../support/postgres-snapshot.ts';
import { Chance } from '../../../support/seeded.ts';
import type { AnyPlace } from '../../store/each-store.ts';
import { makeSqlitePlace } from '../../store/sqlite-place.ts';
import { ChangingShop } from './changing-shop.ts';
import { PollingChild } from './polling-child.ts';
import type { PollingTask } from './polling-process.ts';
import { expectCountedWhole, expectLastStates, isThrough } from './shop-here.ts';

const day = 24 * 60 * 60_000;

interface Place extends Pick<AnyPlace, 'read' | 'dispose'> {
  store: PollingTask['store'];
}

async function sqlite(): Promise<Place> {
  const place = await makeSqlitePlace();
  return { store: { location: place.location }, read: () => place.read(), dispose: () => place.dispose() };
}

async function postgres(): Promise<Place> {
  const server = await sharedPostgres();
  const store: SchemaAddress = { connectionString: server.connectionString(), schema: freshSchema() };
  // Made once, before several processes find nothing there.
  await (await openPostgres(store)).close();
  return { store, read: () => snapshotOf(store), dispose: async () => undefined };
}

for (const [kind, makePlace, size] of [
  ['SQLite', sqlite, { orders: 10_000, changes: 4_000 }],
  ['PostgreSQL', postgres, { orders: 4_000, changes: 2_000 }],
] as const)
  describe(`a shop of ${size.orders} orders that change while they are read into ${kind}`, function () {
    this.timeout(240_000);
    const chance = new Chance();
    let shop: ChangingShop;
    let place: Place;
    let child: PollingChild | undefined;

    before(async () => {
      place = await makePlace();
      shop = new ChangingShop(chance, { ...size, spanMs: day - 60 * 60_000 });
      await shop.open();
    });
    after(async () => {
      await child?.kill();
      shop?.close();
      await place?.dispose();
    });

    it('is here in its last state after faults of every kind and kills in the middle, and the census says so', async () => {
      const where = (): string => `seed ${chance.seed}, faults ${JSON.stringify(shop.failed)}`;
      const since = shop.orders.reduce((least, { modifiedAt }) => Math.min(least, modifiedAt), Date.now());
      const task = { store: place.store, address: shop.url, since };
      for (let kill = 0; kill < 3; kill += 1) {
        const upTo = shop.requests + chance.between(15, 60);
        child = new PollingChild(task);
        await child.told(({ sheet }) => sheet !== undefined && shop.requests >= upTo);
        await child.kill();
      }
      child = new PollingChild(task);
      await child.told(isThrough(shop));
      await expectCountedWhole(child, shop, where());
      await child.stop();
      const db = await place.read();
      try {
        expectLastStates(db, shop, where());
      } finally {
        db.close();
      }
    });
  });
