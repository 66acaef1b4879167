import assert from 'node:assert/strict';
import { openPostgres } from '../../../../core/store/postgres/postgres-store.ts';
import { freshSchema, sharedPostgres } from '../../../support/postgres.ts';
import { type SchemaAddress, snapshotOf } from '../../../support/postgres-snapshot.ts';
import { Chance } from '../../../support/seeded.ts';
import { ChangingShop } from './changing-shop.ts';
import { PollingChild, type Told } from './polling-child.ts';
import { expectCountedWhole, expectLastStates, isThrough } from './shop-here.ts';

const day = 24 * 60 * 60_000;

describe('two processes on one PostgreSQL with one account', function () {
  this.timeout(240_000);
  const chance = new Chance();
  let shop: ChangingShop;
  let address: SchemaAddress;
  let children: PollingChild[] = [];

  before(async () => {
    const server = await sharedPostgres();
    address = { connectionString: server.connectionString(), schema: freshSchema() };
    await (await openPostgres(address)).close();
    shop = new ChangingShop(chance, { orders: 4_000, changes: 2_000, spanMs: day - 60 * 60_000 });
    await shop.open();
  });
  after(async () => {
    for (const child of children) await child.kill();
    shop?.close();
  });

  const reads = ({ sheet }: Told): boolean => sheet !== undefined;
  /** Which of the two reads, told by its next sheet. */
  const reader = (): Promise<PollingChild> =>
    Promise.race(children.map(async (child) => child.told(reads).then(() => child)));
  const other = (one: PollingChild): PollingChild => children.find((child) => child !== one)!;

  it('read it one at a time; one goes on when the other stands still or is killed, with nothing lost or doubled', async () => {
    const where = (): string => `seed ${chance.seed}, faults ${JSON.stringify(shop.failed)}`;
    const since = shop.orders.reduce((least, { modifiedAt }) => Math.min(least, modifiedAt), Date.now());
    const task = { store: address, address: shop.url, since };
    children = [new PollingChild(task), new PollingChild(task)];
    const first = await reader();
    const second = other(first);
    await first.told(() => first.sheets.length >= 5);
    assert.equal(second.sheets.length, 0, 'both read at the same time');

    // Longer than its lease: the other one takes over, and who wakes up finds it at work.
    first.signal('SIGSTOP');
    const stood = first.sheets.at(-1)!.watermark;
    await second.told(reads);
    first.signal('SIGCONT');
    const before = second.sheets.length;
    await second.told(() => second.sheets.length >= before + 5);
    assert.ok(second.sheets[0]!.watermark >= stood, 'the watermark went back');

    const upTo = shop.requests + chance.between(5, 20);
    await second.told(() => shop.requests >= upTo);
    const known = second.sheets.at(-1)!.watermark;
    const asleep = first.sheets.length;
    await second.kill();
    await first.told(reads);
    assert.ok(first.sheets[asleep]!.watermark >= known, 'the watermark went back');

    await first.told(isThrough(shop));
    await expectCountedWhole(first, shop, where());
    const { watermark } = first.sheets.at(-1)!;
    await first.stop();
    const db = await snapshotOf(address);
    try {
      expectLastStates(db, shop, where());
      const row = db.prepare(
        'select watermark, covered_from as begun, backfill_next as next from channel_polls',
      );
      const kept = row.get() as { watermark: number; begun: number; next: number | null };
      assert.ok(kept.watermark >= watermark, 'what was told is kept');
      assert.ok(kept.watermark <= Date.now(), 'nothing of the future counts as read');
      assert.deepEqual([kept.begun, kept.next], [since, null], 'all was filled back');
    } finally {
      db.close();
    }
  });
});
