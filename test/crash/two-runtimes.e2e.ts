import assert from 'node:assert/strict';
import { eventually, HubClient, type HubPlace } from '../support/hub-client.ts';
import { hubFlow } from '../support/hub-flow.ts';
import { brokenInvariants } from '../support/invariants.ts';
import { freshSchema, startPostgres, type TestPostgres } from '../support/postgres.ts';
import { snapshotOf } from '../support/postgres-snapshot.ts';
import { type RuntimeProcess, startRuntimeProcess } from '../support/runtime-process.ts';
import { report } from '../support/seeded.ts';
import { shopifyWebhook } from '../support/shop-webhooks.ts';

const orders = 300;
/** Orders that want one of the scarce units each, of which there are fewer. */
const scarceOrders = 100;
const scarceUnits = 60;
const plentyUnits = 100_000;
/** Orders sent at once, as by a balancer in front of both. */
const senders = 8;

interface Metric {
  name: string;
  value: number;
}

describe('two Node-RED on one PostgreSQL', function () {
  this.timeout(4 * 60_000);
  let server: TestPostgres;
  const running: RuntimeProcess[] = [];

  before(async () => {
    server = await startPostgres();
  });

  after(async () => {
    for (const runtime of running) await runtime.stop();
    await server?.stop();
  });

  async function commandsOf(place: HubPlace): Promise<number> {
    const text = await (await fetch(`${place.adminUrl}/order-hub/v1/metrics`)).text();
    const metrics = [...text.matchAll(/^(\w+) (\d+)$/gm)].map(
      ([, name, value]): Metric => ({ name: name!, value: Number(value) }),
    );
    return metrics.find(({ name }) => name === 'order_hub_store_commands_total')?.value ?? 0;
  }

  it('share 300 orders, and when one is killed the other finishes: each event once, nothing oversold', async () => {
    const postgres = { connectionString: server.connectionString(), schema: freshSchema() };
    const flows = hubFlow({ postgres });
    for (let count = 0; count < 2; count += 1)
      running.push(await startRuntimeProcess({ withPack: true, flows }));
    const [survivor, victim] = running as [RuntimeProcess, RuntimeProcess];
    const hub = new HubClient(survivor);
    await hub.ready();
    await new HubClient(victim).ready();
    await hub.receive(
      [
        { sku: 'PLENTY', quantity: plentyUnits },
        { sku: 'SCARCE', quantity: scarceUnits },
      ],
      'opening stock',
    );

    let sent = 0;
    let victimDid = 0;
    const send = async (): Promise<void> => {
      for (let number = sent++; number < orders; number = sent++) {
        if (number === orders / 2) {
          victimDid = await commandsOf(victim);
          await victim.kill();
        }
        const order = {
          id: String(9_007_199_254_750_000n + BigInt(number)),
          status: 'paid' as const,
          modifiedAt: Date.UTC(2026, 8, 1),
          lines: [{ sku: number % 3 === 0 ? 'SCARCE' : 'PLENTY', quantity: 1 }],
        };
        await deliver(
          shopifyWebhook(order, `delivery-${number}`),
          number % 2 === 0 ? survivor : victim,
          survivor,
        );
      }
    };
    await Promise.all(Array.from({ length: senders }, send));
    // What the killed one had begun comes back when its leases have run out.
    await hub.drained(120_000);
    await survivor.stop();
    assert.ok(victimDid > 50, `the one that was killed had a share in the work: ${victimDid} writes`);

    const db = await snapshotOf(postgres);
    try {
      assert.deepEqual(brokenInvariants(db, { drained: true }), []);
      const count = (sql: string): number => (db.prepare(sql).get() as { n: number }).n;
      assert.equal(count('select count(*) n from orders'), orders);
      assert.equal(
        count("select count(*) n from orders where allocation = 'allocated'"),
        orders - scarceOrders + scarceUnits,
      );
      assert.equal(
        count("select count(*) n from orders where allocation = 'short'"),
        scarceOrders - scarceUnits,
      );
      assert.equal(count("select count(*) n from deliveries where state <> 'done'"), 0);
      const begunAgain = count('select count(*) n from deliveries where attempts > 1');
      report(`${victimDid} writes by the one that was killed; ${begunAgain} messages were begun again`);
    } finally {
      db.close();
    }
  });
});

/** As a balancer and a shop do: what is not acknowledged is sent again, to one that lives. */
async function deliver(
  webhook: ReturnType<typeof shopifyWebhook>,
  first: HubPlace,
  other: HubPlace,
): Promise<void> {
  const places = [first, other];
  await eventually(
    'the order is acknowledged',
    async () => {
      const place = places.shift() ?? other;
      return (await new HubClient(place).post(webhook)).status === 200 || undefined;
    },
    30_000,
  );
}
