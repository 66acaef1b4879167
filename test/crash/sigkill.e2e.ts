import assert from 'node:assert/strict';
import { setTimeout as pause } from 'node:timers/promises';
import type Database from 'better-sqlite3';
import { AlertOffice } from '../support/alert-office.ts';
import { HubClient } from '../support/hub-client.ts';
import { hubFlow } from '../support/hub-flow.ts';
import { brokenInvariants, openForReading, storeFileIn } from '../support/invariants.ts';
import { LoadDriver } from '../support/load-driver.ts';
import { freshSchema, sharedPostgres } from '../support/postgres.ts';
import { type SchemaAddress, snapshotOf } from '../support/postgres-snapshot.ts';
import { makeTemporaryDir, removeTemporaryDir } from '../support/runtime-options.ts';
import { type RuntimeProcess, startRuntimeProcess } from '../support/runtime-process.ts';
import { Chance, report } from '../support/seeded.ts';

/** Where a hub has its store, and what it holds while no hub has it open; the caller closes that. */
interface StorePlace {
  postgres?: SchemaAddress;
  read(): Promise<Database.Database>;
}

/** Crashes in one run, unless ORDER_HUB_KILLS says how many; ORDER_HUB_SEED asks for the same ones again. */
const stores: { kind: string; usualKills: number; makePlace(userDir: string): Promise<StorePlace> }[] = [
  {
    kind: 'SQLite',
    usualKills: 50,
    makePlace: async (userDir) => ({ read: async () => openForReading(storeFileIn(userDir)) }),
  },
  {
    kind: 'PostgreSQL',
    usualKills: 15,
    async makePlace() {
      const server = await sharedPostgres();
      const postgres = { connectionString: server.connectionString(), schema: freshSchema() };
      return { postgres, read: () => snapshotOf(postgres) };
    },
  },
];

/** How long Node-RED lives under load, milliseconds. */
const life = { least: 50, most: 600 } as const;
/** After how long a start is cut off, milliseconds: from before the store is opened until shortly before load. */
const start = { least: 150, most: 1_200 } as const;
/** Crashes while the very first start makes the tables. */
const firstStarts = 3;

const plenty = Array.from({ length: 8 }, (_, index) => `SKU-${index}`);
const scarce = 'SKU-SCARCE';

for (const { kind, usualKills, makePlace } of stores) {
  const kills = Number(process.env.ORDER_HUB_KILLS ?? usualKills);
  // A run that was asked for has the time to look after every kill.
  const looks = process.env.ORDER_HUB_KILLS === undefined ? 0.2 : 1;

  describe(`Node-RED is killed ${kills} times under load, with its store in ${kind}`, function () {
    this.timeout(10 * 60_000 + kills * 5_000);
    const chance = new Chance();
    let userDir: string;
    let office: AlertOffice;
    let place: StorePlace;

    before(async () => {
      userDir = await makeTemporaryDir();
      office = await AlertOffice.open();
      place = await makePlace(userDir);
    });

    after(async () => {
      await office.close();
      await removeTemporaryDir(userDir);
    });

    const flows = () => hubFlow({ alerts: office, ...(place.postgres && { postgres: place.postgres }) });

    /** What is wrong with the store as it is now. */
    async function wrongIn(ask: (db: Database.Database) => string[]): Promise<string[]> {
      const db = await place.read();
      try {
        return ask(db);
      } finally {
        db.close();
      }
    }

    /** Starts Node-RED and kills it before it has come up; if it is faster, then right after. */
    async function killWhileStarting(first: boolean): Promise<void> {
      let timer: NodeJS.Timeout | undefined;
      const after = chance.between(start.least, start.most);
      try {
        const runtime = await startRuntimeProcess({
          userDir,
          withPack: true,
          ...(first && { flows: flows() }),
          onSpawn: (pid) => {
            timer = setTimeout(() => process.kill(pid, 'SIGKILL'), after);
          },
        });
        assert.equal((await runtime.exited).signal, 'SIGKILL');
      } catch (error) {
        assert.match(String(error), /ended \(SIGKILL\)/);
      } finally {
        clearTimeout(timer);
      }
    }

    async function expectLedgerAddsUp(): Promise<void> {
      assert.deepEqual(await wrongIn((db) => brokenInvariants(db)), [], `seed ${chance.seed}`);
    }

    it('loses nothing that was acknowledged, does nothing twice, and the ledger adds up', async () => {
      const began = Date.now();
      const load = new LoadDriver({ chance, skus: [...plenty, scarce] });
      for (let kill = 0; kill < firstStarts; kill += 1) await killWhileStarting(true);
      let runtime: RuntimeProcess = await startRuntimeProcess({
        userDir,
        withPack: true,
        flows: flows(),
      });
      const hub = new HubClient(runtime);
      await hub.ready();
      await hub.receive(
        [...plenty.map((sku) => ({ sku, quantity: 100_000 })), { sku: scarce, quantity: 60 }],
        'opening stock',
      );

      let underLoad = 0;
      for (let kill = firstStarts; kill < kills; kill += 1) {
        load.start(runtime);
        // Some die before they answered anything, most of them later, however slow the machine is.
        if (chance.happens(0.8)) await load.nextAcknowledged();
        await pause(chance.between(life.least, life.most));
        await runtime.kill();
        await load.stop();
        underLoad += 1;
        if (chance.happens(looks)) await expectLedgerAddsUp();
        if (kill + 1 < kills && chance.happens(0.15)) {
          await killWhileStarting(false);
          if (chance.happens(looks)) await expectLedgerAddsUp();
          kill += 1;
        }
        runtime = await startRuntimeProcess({ userDir, withPack: true });
      }

      const last = new HubClient(runtime);
      await last.drained(120_000);
      // What was at work in one crash after the other is taken for their cause and parked, until a person retries it.
      const suspected = await last.retryAll('delivery.never-finished');
      await last.drained(60_000);
      await runtime.stop();
      const seconds = Math.round((Date.now() - began) / 1_000);
      report(
        `seed ${chance.seed}: ${kills} kills, ${underLoad} of them under load, in ${seconds} s; ${suspected} messages suspected; ${JSON.stringify(load.report())}`,
      );
      const wrong = await wrongIn((db) => [
        ...brokenInvariants(db, { drained: true, alerts: true }),
        ...load.discrepancies(db),
        ...untold(db, office),
      ]);
      assert.deepEqual(wrong, [], `seed ${chance.seed}`);
      assert.ok(load.report().acknowledged! >= underLoad / 2, 'there was no load');
    });
  });
}

/** Alerts that never arrived, or arrived though they were never raised. One may arrive again after a crash. */
function untold(db: Database.Database, office: AlertOffice): string[] {
  const arrived = new Set(office.received.map(({ id }) => id));
  const { raised } = db.prepare('select count(*) raised from alerts').get() as { raised: number };
  return raised === arrived.size ? [] : [`${raised} alerts were raised, ${arrived.size} arrived`];
}
