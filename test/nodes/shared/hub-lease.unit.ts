import assert from 'node:assert/strict';
import type { Node, NodeAPI } from 'node-red';
import { Hub } from '../../../core/hub.ts';
import { acquireHub, type HubStoreApi, type HubUser } from '../../../nodes/shared/hub-lease.ts';
import { offerApi } from '../../../nodes/shared/node-api.ts';
import { NodeStatus } from '../../../nodes/shared/node-status.ts';

/** A hub-store that does what the test tells it, and a node that uses it. */
function store() {
  const users = new Set<HubUser>();
  const node = { id: 'store' } as Node;
  const api: HubStoreApi = {
    id: 'store',
    name: '',
    acquire(user) {
      users.add(user);
      return { ready: () => Promise.resolve(hub), release: () => users.delete(user) };
    },
    current: () => undefined,
  };
  offerApi(node, api);
  const RED = { nodes: { getNode: () => node } } as unknown as NodeAPI;
  const shown: string[] = [];
  const status = new NodeStatus({ status: (value) => shown.push((value as { text: string }).text) });
  return { RED, status, shown, users, lease: acquireHub(RED, 'store', status) };
}

// Only its identity counts here, so nothing of a store is needed.
const hub = Object.create(Hub.prototype) as Hub;

describe("a node's lease on a hub", () => {
  it('shows connecting until the store is open, then ready', () => {
    const { shown, users } = store();
    assert.deepEqual(shown, ['hub.status.connecting']);
    for (const user of users) user.opened(hub);
    assert.deepEqual(shown, ['hub.status.connecting', 'hub.status.ready']);
  });

  it('tells a closed store from one that fails', () => {
    const { shown, users } = store();
    for (const user of users) user.failing('store.full');
    for (const user of users) user.failing('store.closed');
    assert.deepEqual(shown.slice(1), ['hub.status.store-down', 'hub.status.closed']);
  });

  it('acts at once when the store is open, and again each time it opens', () => {
    const { lease, users } = store();
    const seen: Hub[] = [];
    for (const user of users) user.opened(hub);
    lease.whenOpen((open) => seen.push(open));
    assert.deepEqual(seen, [hub]);
    for (const user of users) user.failing('store.full');
    for (const user of users) user.opened(hub);
    assert.deepEqual(seen, [hub, hub]);
  });

  it('waits for a store that is not open, also one that failed in between', () => {
    const { lease, users } = store();
    let opened = 0;
    for (const user of users) user.failing('store.full');
    lease.whenOpen(() => opened++);
    assert.equal(opened, 0);
    for (const user of users) user.opened(hub);
    assert.equal(opened, 1);
  });

  it('acts no more once released, and lets the store go', () => {
    const { lease, users } = store();
    let opened = 0;
    lease.whenOpen(() => opened++);
    const [user] = users;
    lease.release();
    assert.equal(users.size, 0);
    user?.opened(hub);
    assert.equal(opened, 0);
  });

  it('hands on the hub of the store', async () => {
    assert.equal(await store().lease.ready(), hub);
  });
});
