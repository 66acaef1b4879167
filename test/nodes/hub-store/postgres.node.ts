import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import hubStore from '../../../nodes/hub-store/hub-store.ts';
import { runningStores } from '../../../nodes/hub-store/store-directory.ts';
import type { HubStoreApi } from '../../../nodes/shared/hub-lease.ts';
import { apiOf } from '../../../nodes/shared/node-api.ts';
import { freshSchema, startPostgres, type TestPostgres } from '../../support/postgres.ts';
import { helper, loggedErrors } from '../shared/helper.ts';

const user = { opened: () => undefined, failing: () => undefined };

describe('hub-store on PostgreSQL', function () {
  this.timeout(60_000);
  let server: TestPostgres;
  let schema: string;
  const id = (number: number) => `91b7e2c4d0f3a70${number}`;
  const byFields = (number: number, more: object = {}) => ({
    id: id(number),
    type: 'hub-store',
    name: `store ${number}`,
    kind: 'postgres',
    path: '',
    host: '127.0.0.1',
    port: server.port,
    database: server.database,
    user: server.user,
    schema,
    tls: 'off',
    version: 2,
    ...more,
  });
  const secrets = (...numbers: number[]) =>
    Object.fromEntries(numbers.map((number) => [id(number), { password: server.password }]));
  const api = (number: number) =>
    apiOf<HubStoreApi>(
      { nodes: { getNode: (wanted: string) => helper.getNode(wanted) } } as never,
      id(number),
      'hub-store',
    );
  /** Everything the node says anywhere, to look for what it must not say. */
  const said = () =>
    JSON.stringify([
      loggedErrors(),
      runningStores().map(({ location, connection }) => [location, connection.failure.message]),
    ]);

  before(async () => {
    server = await startPostgres({ fsync: false });
    await helper.startServer();
  });
  beforeEach(() => {
    schema = freshSchema();
  });
  afterEach(() => helper.unload());
  after(async () => {
    await helper.stopServer();
    await server.stop();
  });

  it('opens the database that its fields or its URL name, one store for one database and schema', async () => {
    const byUrl = byFields(2, { kind: 'postgres-url', host: '', port: '', database: '', user: '' });
    await helper.load([hubStore], [byFields(1), byUrl, byFields(3, { schema: freshSchema() })], {
      ...secrets(1, 3),
      [id(2)]: { url: server.connectionString() },
    });
    const leases = [1, 2, 3].map((number) => api(number).acquire(user));
    const [one, two, three] = await Promise.all(leases.map((lease) => lease.ready()));
    assert.equal(one, two);
    assert.notEqual(one, three);
    assert.equal(one!.store.kind, 'postgres');
    assert.equal(one!.store.health().state, 'open');
    assert.deepEqual(
      runningStores().map(({ location }) => location.replace(/=.*/, '')),
      new Array(3).fill(`postgres://127.0.0.1:${server.port}/postgres?schema`),
    );
    assert.ok(!said().includes(server.password));
    assert.ok(!JSON.stringify(one!.store.health()).includes(server.password));
    for (const lease of leases) lease.release();
    await helper.unload();
    assert.equal(one!.store.health().state, 'closed');
  });

  it('is red while there is no server, says so once, and connects by itself when it comes', async () => {
    await server.halt();
    await helper.load([hubStore], [byFields(1)], secrets(1));
    const code = await new Promise<string>((resolve) => {
      api(1).acquire({ ...user, failing: resolve });
    });
    assert.match(code, /^store\./);
    assert.equal(loggedErrors().length, 1, String(loggedErrors()));
    const opened = new Promise<void>((resolve) => {
      api(1).acquire({ ...user, opened: () => resolve() });
    });
    await server.restart();
    await opened;
    assert.equal(api(1).current()?.store.health().state, 'open');
    assert.ok(!said().includes(server.password));
  });

  it('is red with a wrong password, and tells it to nobody', async () => {
    await helper.load([hubStore], [byFields(1)], { [id(1)]: { password: 'wr0ng-secret' } });
    const code = await new Promise<string>((resolve) => {
      api(1).acquire({ ...user, failing: resolve });
    });
    assert.match(code, /^store\./);
    assert.ok(!said().includes('wr0ng-secret'), said());
    assert.match(loggedErrors().join(), /password/i);
  });

  it('is not built with fields that cannot be right, and says which', async () => {
    await helper.load([hubStore], [byFields(1, { database: '' })], secrets(1));
    assert.match(loggedErrors().join(), /names no database/);
    assert.deepEqual(runningStores(), []);
  });

  it('opens the file of a flow that was saved before there were databases', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'order-hub-store-node-'));
    const path = join(folder, 'hub.sqlite');
    try {
      await helper.load([hubStore], [{ id: id(1), type: 'hub-store', name: '', path, version: 1 }]);
      const lease = api(1).acquire(user);
      const { store } = await lease.ready();
      assert.deepEqual([store.kind, store.health().location], ['sqlite', path]);
      lease.release();
      await helper.unload();
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
});
