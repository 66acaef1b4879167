import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { HubError } from '../../../core/errors.ts';
import type { Hub } from '../../../core/hub.ts';
import type { Store } from '../../../core/store/store.ts';
import { StoreConnection } from '../../../nodes/hub-store/store-connection.ts';
import type { HubUser } from '../../../nodes/shared/hub-lease.ts';
import { makeSqlitePlace, type SqlitePlace } from '../../core/store/sqlite-place.ts';

/** A user that keeps what it was told and lets a test wait for it. */
class Told implements HubUser {
  readonly news: string[] = [];
  #waiting: { news: string; resolve: () => void }[] = [];

  opened(_hub: Hub): void {
    this.#hear('opened');
  }

  failing(code: string): void {
    this.#hear(code);
  }

  /** Resolves when it is told this next, or at once when it was told it last. */
  async heard(news: string): Promise<void> {
    if (this.news.at(-1) === news) return;
    await new Promise<void>((resolve) => {
      this.#waiting.push({ news, resolve });
    });
  }

  #hear(news: string): void {
    this.news.push(news);
    for (const waiting of this.#waiting.filter((one) => one.news === news)) waiting.resolve();
    this.#waiting = this.#waiting.filter((one) => one.news !== news);
  }
}

describe('the connection to a store', () => {
  let place: SqlitePlace;
  let connection: StoreConnection | undefined;
  let failures: HubError[];

  /** Opens the place's store, after failing in these ways. */
  function connect(...ways: HubError[]): StoreConnection {
    const left = [...ways];
    connection = new StoreConnection({
      retryMs: [1],
      onFailure: (error) => failures.push(error),
      async open() {
        const way = left.shift();
        if (way) throw way;
        return place.open();
      },
    });
    return connection;
  }

  beforeEach(async () => {
    place = await makeSqlitePlace();
    failures = [];
  });
  afterEach(async () => {
    await connection?.close(0);
    await place.dispose();
  });

  const full = new HubError('store.full', { location: 'here' });
  const inUse = new HubError('store.in-use', { location: 'here' });

  it('tells its users when the store is open, also those who come later', async () => {
    const [first, second] = [new Told(), new Told()];
    const made = connect();
    const lease = made.acquire(first);
    const hub = await lease.ready();
    assert.equal(made.hub, hub);
    made.acquire(second);
    assert.deepEqual([first.news, second.news], [['opened'], ['opened']]);
  });

  it('tries again until it opens, and reports each reason once', async () => {
    const user = new Told();
    const made = connect(full, full, inUse, full);
    const lease = made.acquire(user);
    await lease.ready();
    assert.deepEqual(user.news, ['store.full', 'store.full', 'store.in-use', 'store.full', 'opened']);
    assert.deepEqual(
      failures.map((failure) => failure.code),
      ['store.full', 'store.in-use', 'store.full'],
    );
  });

  it('tells who comes while it fails why', async () => {
    const early = new Told();
    connection = new StoreConnection({
      retryMs: [60_000],
      onFailure: () => undefined,
      open: () => Promise.reject(full),
    });
    connection.acquire(early);
    await early.heard('store.full');
    const late = new Told();
    connection.acquire(late);
    assert.deepEqual(late.news, ['store.full']);
    assert.equal(connection.failure.code, 'store.full');
  });

  it('gives a failure that is no refusal of the store a sentence too', async () => {
    const user = new Told();
    connection = new StoreConnection({
      retryMs: [60_000],
      onFailure: (error) => failures.push(error),
      open: () => Promise.reject(new TypeError('a bug')),
    });
    connection.acquire(user);
    await user.heard('store.failed');
    assert.match(failures[0]?.message ?? '', /a bug/);
  });

  it('recovers when what was wrong with the file is put right', async () => {
    await writeFile(place.location, 'x'.repeat(5_000));
    const user = new Told();
    const lease = connect().acquire(user);
    await user.heard('store.corrupt');
    await writeFile(place.location, '');
    await lease.ready();
    assert.equal(user.news.at(-1), 'opened');
  });

  it('passes on that an open store fails and that it recovered', async () => {
    let hear: (health: { state: string; fault: { code: string } | null }) => void = () => undefined;
    const real = await place.open();
    const watched = new Proxy(real, {
      get(store, name) {
        if (name === 'onState')
          return (listener: typeof hear) => {
            hear = listener;
            return () => undefined;
          };
        const value = Reflect.get(store, name, store) as unknown;
        return typeof value === 'function' ? value.bind(store) : value;
      },
    }) as Store;
    connection = new StoreConnection({ open: async () => watched, onFailure: () => undefined });
    const user = new Told();
    await connection.acquire(user).ready();
    hear({ state: 'failing', fault: { code: 'store.full' } });
    hear({ state: 'open', fault: null });
    assert.deepEqual(user.news, ['opened', 'store.full', 'opened']);
  });

  it('stays open, and tells the others, when a user fails at being told', async () => {
    const broken: HubUser = {
      opened() {
        throw new Error('the node is broken');
      },
      failing: () => undefined,
    };
    const user = new Told();
    const made = connect(full);
    made.acquire(broken);
    await made.acquire(user).ready();
    assert.equal(user.news.at(-1), 'opened');
    assert.deepEqual(
      failures.map((failure) => failure.code),
      ['store.full', 'hub-store.user-failed'],
    );
    assert.match(failures[1]?.message ?? '', /the node is broken/);
    assert.equal(made.hub?.store.health().state, 'open');
  });

  it('waits with closing until the last user has let go', async () => {
    const made = connect();
    const [one, two] = [made.acquire(new Told()), made.acquire(new Told())];
    const hub = await one.ready();
    const closed = made.close(60_000);
    one.release();
    const write = hub.store.execute(
      {
        name: 'last words',
        run: (tx) => tx.insert('acts', [{ actor: 't', act: 't', object: 'x', detail: '', at: tx.now }]),
      },
      null,
    );
    assert.equal(typeof (await write), 'number');
    two.release();
    await closed;
    assert.equal(hub.store.health().state, 'closed');
    assert.equal(made.hub, undefined);
  });

  it('closes without users who do not let go in time, and takes their late release', async () => {
    const made = connect();
    const lease = made.acquire(new Told());
    const hub = await lease.ready();
    await made.close(1);
    assert.equal(hub.store.health().state, 'closed');
    lease.release();
    await assert.rejects(lease.ready(), { code: 'store.closed' });
  });

  it('refuses who waits for a store that never opens when it is closed', async () => {
    connection = new StoreConnection({
      retryMs: [60_000],
      onFailure: () => undefined,
      open: () => Promise.reject(full),
    });
    const user = new Told();
    const lease = connection.acquire(user);
    await user.heard('store.full');
    const waiting = lease.ready();
    lease.release();
    await connection.close(0);
    await assert.rejects(waiting, { code: 'store.closed', retryable: true });
  });

  it('closes what was opened while it was closing', async () => {
    let give: (store: Store) => void = () => undefined;
    connection = new StoreConnection({
      onFailure: () => undefined,
      open: () =>
        new Promise((resolve) => {
          give = resolve;
        }),
    });
    const closed = connection.close(0);
    const store = await place.open();
    give(store);
    await closed;
    assert.equal(store.health().state, 'closed');
  });

  it('lets go of a store it cannot make a hub of', async () => {
    const store = await place.open();
    const bad = new Proxy(store, {
      get(target, name) {
        if (name === 'execute') return () => Promise.reject(full);
        const value = Reflect.get(target, name, target) as unknown;
        return typeof value === 'function' ? value.bind(target) : value;
      },
    }) as Store;
    connection = new StoreConnection({
      retryMs: [60_000],
      onFailure: () => undefined,
      open: async () => bad,
    });
    const user = new Told();
    connection.acquire(user);
    await user.heard('store.full');
    assert.equal(store.health().state, 'closed');
  });
});
