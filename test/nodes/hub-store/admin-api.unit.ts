import assert from 'node:assert/strict';
import type { NodeAPI } from 'node-red';
import { serveAdminApi } from '../../../nodes/hub-store/admin-api/routes.ts';

describe('the routes of the admin API', () => {
  /** Node-RED's httpAdmin as it is without an admin root: four verbs and nothing else. */
  function stub() {
    const routes: { method: string; path: string; permission: string }[] = [];
    const verb = (method: string) => (path: string | RegExp, guard: { permission: string }) => {
      routes.push({ method, path: String(path), permission: guard.permission });
    };
    const RED = {
      httpAdmin: { get: verb('get'), post: verb('post'), put: verb('put'), delete: verb('delete') },
      auth: { needsPermission: (permission: string) => ({ permission }) },
    };
    return { RED: RED as unknown as NodeAPI, routes };
  }

  it('can be registered where Node-RED has no admin root', () => {
    const { RED, routes } = stub();
    serveAdminApi(RED);
    assert.ok(routes.length >= 18);
  });

  it('ask for a right each, for viewing one that ends in read and for dangerous acts one by name', () => {
    const { RED, routes } = stub();
    serveAdminApi(RED);
    for (const { method, path, permission } of routes) {
      if (method === 'get') assert.equal(permission, 'order-hub.read', path);
      else assert.match(permission, /^order-hub\.(write|stock\.adjust|purge|weight\.lift)$/, path);
    }
    const named = routes.filter(({ permission }) => !/\.(read|write)$/.test(permission));
    assert.ok(named.some(({ path }) => path.endsWith('stock/adjust')));
    assert.ok(named.some(({ path }) => path.endsWith('subscribers/:id')));
  });
});
