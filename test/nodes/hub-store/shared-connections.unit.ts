import assert from 'node:assert/strict';
import { mkdir, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { HubError } from '../../../core/errors.ts';
import { type ConnectionShare, shareConnection } from '../../../nodes/hub-store/shared-connections.ts';
import { sqlitePlace } from '../../../nodes/hub-store/sqlite-place.ts';
import { makeSqlitePlace, type SqlitePlace } from '../../core/store/sqlite-place.ts';

const user = { opened: () => undefined, failing: () => undefined };
const ignore = () => undefined;

describe('stores shared by config nodes', () => {
  let place: SqlitePlace;
  let shares: ConnectionShare[];
  const share = (location: string) => {
    const made = shareConnection(sqlitePlace(location, place.folder), ignore);
    shares.push(made);
    return made;
  };

  beforeEach(async () => {
    place = await makeSqlitePlace();
    shares = [];
  });
  afterEach(async () => {
    for (const made of shares) await made.release(0);
    await place.dispose();
  });

  it('are one for the same file, however its path is written', async () => {
    await mkdir(join(place.folder, 'real'));
    await symlink(join(place.folder, 'real'), join(place.folder, 'link'));
    const one = share(join(place.folder, 'real', 'hub.sqlite'));
    const two = share(join(place.folder, 'link', '..', 'link', 'hub.sqlite'));
    const other = share(join(place.folder, 'other.sqlite'));
    assert.equal(one.connection, two.connection);
    assert.notEqual(one.connection, other.connection);
    const hubs = await Promise.all([one, two].map(({ connection }) => connection.acquire(user).ready()));
    assert.equal(hubs[0], hubs[1]);
  });

  it('stay open until the last node lets go, and can be opened again then', async () => {
    const [one, two] = [share(place.location), share(place.location)];
    const hub = await one.connection.acquire(user).ready();
    await one.release(0);
    await one.release(0);
    assert.equal(hub.store.health().state, 'open');
    await two.release(0);
    assert.equal(hub.store.health().state, 'closed');
    const again = share(place.location);
    assert.notEqual(again.connection, one.connection);
    assert.equal((await again.connection.acquire(user).ready()).store.health().state, 'open');
  });

  it('tell every node why they cannot be opened', async () => {
    const told: string[] = [];
    let hear: () => void = () => undefined;
    const heard = new Promise<void>((resolve) => {
      hear = resolve;
    });
    const full = {
      ...sqlitePlace(place.location, place.folder),
      open: () => Promise.reject(new HubError('store.full', { location: 'here' })),
    };
    const note = (name: string) => (error: HubError) => {
      told.push(`${name} ${error.code}`);
      if (told.length === 2) hear();
    };
    const one = shareConnection(full, note('one'));
    const two = shareConnection(full, note('two'));
    shares.push(one, two);
    await heard;
    assert.deepEqual(told, ['one store.full', 'two store.full']);
  });
});
