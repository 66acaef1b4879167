import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import hubStore from '../../../nodes/hub-store/hub-store.ts';
import { runningStores } from '../../../nodes/hub-store/store-directory.ts';
import type { HubStoreApi } from '../../../nodes/shared/hub-lease.ts';
import { apiOf } from '../../../nodes/shared/node-api.ts';
import { helper, loggedErrors } from '../shared/helper.ts';

const user = { opened: () => undefined, failing: () => undefined };

describe('hub-store', () => {
  let folder: string;
  const storeNode = (number: number, path: string) => ({
    id: `91b7e2c4d0f3a60${number}`,
    type: 'hub-store',
    name: `store ${number}`,
    path,
  });
  const api = (number: number) =>
    apiOf<HubStoreApi>(
      { nodes: { getNode: (id: string) => helper.getNode(id) } } as never,
      storeNode(number, '').id,
      'hub-store',
    );

  before(() => helper.startServer());
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'order-hub-store-node-'));
  });
  afterEach(async () => {
    await helper.unload();
    await rm(folder, { recursive: true, force: true });
  });
  after(() => helper.stopServer());

  it('opens its file when it is deployed and closes it when it is taken away', async () => {
    const location = join(folder, 'made', 'hub.sqlite');
    await helper.load([hubStore], [storeNode(1, location)]);
    const lease = api(1).acquire(user);
    const hub = await lease.ready();
    assert.equal(hub.store.health().location, location);
    assert.ok(existsSync(location));
    assert.equal(api(1).current(), hub);
    assert.deepEqual(
      runningStores().map(({ name }) => name),
      ['store 1'],
    );
    lease.release();
    await helper.unload();
    assert.equal(hub.store.health().state, 'closed');
    assert.deepEqual(runningStores(), []);
  });

  it('shares one store between nodes with the same path', async () => {
    const location = join(folder, 'hub.sqlite');
    await helper.load(
      [hubStore],
      [
        storeNode(1, location),
        storeNode(2, join(folder, '.', 'hub.sqlite')),
        storeNode(3, join(folder, 'b.sqlite')),
      ],
    );
    const leases = [1, 2, 3].map((number) => api(number).acquire(user));
    const [one, two, three] = await Promise.all(leases.map((lease) => lease.ready()));
    assert.equal(one, two);
    assert.notEqual(one, three);
    for (const lease of leases) lease.release();
    assert.deepEqual(loggedErrors(), []);
  });

  it('says once in the log why it cannot open, and opens when that is put right', async () => {
    await writeFile(join(folder, 'sub'), 'a file where a folder is wanted');
    await helper.load([hubStore], [storeNode(1, join(folder, 'sub', 'hub.sqlite'))]);
    const told = new Promise<string>((resolve) => {
      api(1).acquire({ ...user, failing: resolve });
    });
    assert.equal(await told, 'store.folder-missing');
    assert.equal(loggedErrors().length, 1);
    assert.match(loggedErrors()[0]!, /cannot be created.*Choose a path/);
    await rm(join(folder, 'sub'));
    await mkdir(join(folder, 'sub'));
    const lease = api(1).acquire(user);
    assert.equal((await lease.ready()).store.health().state, 'open');
    lease.release();
  });
});
