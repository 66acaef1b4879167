import assert from 'node:assert/strict';
import { type EmbeddedRuntime, startRuntime } from '../../support/embedded-runtime.ts';
import { HubClient } from '../../support/hub-client.ts';
import { hubFlow, storeId } from '../../support/hub-flow.ts';
import { freshSchema, startPostgres, type TestPostgres } from '../../support/postgres.ts';
import { shopifyWebhook } from '../../support/shop-webhooks.ts';

interface Health {
  state: string;
  findings: { code: string }[];
  store: { kind: string; location: string; bytes: number; lastBackup: object | null; schemaVersion: number };
}

describe('admin API of a store in PostgreSQL', function () {
  this.timeout(60_000);
  let server: TestPostgres;
  let runtime: EmbeddedRuntime;
  let hub: HubClient;
  let schema: string;
  const path = process.env.PATH;

  before(async () => {
    server = await startPostgres({ fsync: false });
    schema = freshSchema();
    const postgres = { connectionString: server.connectionString(), schema };
    runtime = await startRuntime({ withPack: true, flows: hubFlow({ postgres }) });
    hub = new HubClient(runtime);
    await hub.ready();
  });
  after(async () => {
    process.env.PATH = path;
    await runtime?.stop();
    await server?.stop();
  });

  async function answerTo(method: string, route: string): Promise<{ status: number; text: string }> {
    const response = await fetch(`${runtime.adminUrl}/order-hub/v1/${route}`, { method });
    return { status: response.status, text: await response.text() };
  }

  it('tells where it is without credentials, how large it is, and misses no copy', async () => {
    const { status, text } = await answerTo('GET', `health?store=${storeId}`);
    assert.equal(status, 200, text);
    const { state, findings, store } = JSON.parse(text) as Health;
    assert.equal(state, 'open');
    assert.deepEqual(findings, []);
    assert.equal(store.kind, 'postgres');
    assert.equal(store.location, `postgres://127.0.0.1:${server.port}/postgres?schema=${schema}`);
    assert.ok(store.bytes > 100_000, `${store.bytes} bytes`);
    const stores = await answerTo('GET', 'stores');
    assert.ok(stores.text.includes(store.location), 'both say the same place');
    for (const said of [text, stores.text]) assert.ok(!said.includes(server.password));
  });

  it('answers every question about orders and stock', async () => {
    await hub.receive([{ sku: 'MUG', quantity: 5 }], 'opening stock');
    const order = {
      id: '9007199254740993',
      status: 'paid' as const,
      modifiedAt: Date.UTC(2026, 8, 1),
      lines: [{ sku: 'MUG', quantity: 2 }],
    };
    assert.equal((await hub.post(shopifyWebhook(order, 'd-1'))).status, 200);
    await hub.drained();
    const routes = [
      'orders',
      'orders?channel=shopify&status=paid&since=2026-01-01T00:00:00Z',
      'orders/shopify/main/9007199254740993',
      'stock',
      'stock?sku=MUG',
      'stock/MUG/explain',
      'deliveries',
      'deliveries?state=dead',
      'subscribers',
      'alerts',
      'acts',
      'audit',
      'metrics',
    ];
    for (const route of routes) {
      const { status, text } = await answerTo('GET', route);
      assert.ok(status === 200, `${route} answered ${status}: ${text}`);
    }
    assert.equal((await hub.stock()).get('MUG')?.available, 3);
    const metrics = await answerTo('GET', 'metrics');
    assert.match(metrics.text, /^order_hub_store_up 1$/m);
    assert.match(metrics.text, /^order_hub_orders\{status="paid"\} 1$/m);
  });

  it('says how to make a copy by hand where pg_dump is not installed', async () => {
    process.env.PATH = '';
    try {
      const { status, text } = await answerTo('POST', 'backup');
      assert.equal(status, 501, text);
      assert.equal((JSON.parse(text) as { code: string }).code, 'store.copy-by-hand');
    } finally {
      process.env.PATH = path;
    }
  });

  it('answers 503 with the reason while the server is away, and goes on when it is back', async () => {
    await server.halt();
    const { status, text } = await answerTo('GET', 'health');
    assert.equal(status, 503, text);
    assert.match((JSON.parse(text) as { code: string }).code, /^(?:store|health)\./);
    assert.ok(!text.includes(server.password));
    const order = {
      id: '9007199254740994',
      status: 'paid' as const,
      modifiedAt: Date.UTC(2026, 8, 1),
      lines: [{ sku: 'MUG', quantity: 1 }],
    };
    const refused = await hub.post(shopifyWebhook(order, 'd-2'));
    assert.equal(refused.status, 503);
    assert.ok(refused.retryAfter! > 0, 'it says when to come again');
    await server.restart();
    await hub.ready(30_000);
    assert.equal((await hub.post(shopifyWebhook(order, 'd-2'))).status, 200);
    await hub.drained(60_000);
    assert.equal((await hub.stock()).get('MUG')?.available, 2);
  });
});
