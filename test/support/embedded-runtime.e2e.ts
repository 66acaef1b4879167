import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { bearerToken, type FlowNode, startRuntime, startRuntimeProcess } from './embedded-runtime.ts';

const flows: FlowNode[] = [
  { id: 'support-tab', type: 'tab', label: 'ping' },
  http('support-in', 'http in', { url: '/ping', method: 'get', wires: [['support-out']] }),
  http('support-out', 'http response', { statusCode: '204', wires: [] }),
];

function http(id: string, type: string, more: Record<string, unknown>): FlowNode {
  return { id, type, z: 'support-tab', x: 100, y: 100, ...more };
}

const unknownType: FlowNode[] = [{ id: 'support-unknown', type: 'no-such-node', x: 1, y: 1, wires: [] }];

async function ping(url: string): Promise<number> {
  return (await fetch(`${url}/ping`)).status;
}

describe('embedded runtime', () => {
  it('starts again and again in one process, and leaves nothing behind', async () => {
    for (let round = 0; round < 3; round++) {
      const runtime = await startRuntime({ flows });
      assert.equal(await ping(runtime.url), 204);
      await runtime.setFlows([]);
      assert.equal(await ping(runtime.url), 404);
      assert.ok(runtime.logs.length > 0);
      await runtime.stop();
      await assert.rejects(ping(runtime.url));
      assert.equal(existsSync(runtime.userDir), false);
    }
  });

  it('refuses a second runtime in the same process', async () => {
    const runtime = await startRuntime();
    await assert.rejects(startRuntime(), /stop it first/);
    await runtime.stop();
  });

  it('says which node types are missing, and can be started afterwards', async () => {
    await assert.rejects(startRuntime({ flows: unknownType }), /no-such-node/);
    await (await startRuntime()).stop();
  });

  it('asks for permission when it has users', async () => {
    const adminAuth = [{ username: 'reader', password: 'secret', permissions: 'read' }];
    const runtime = await startRuntime({ adminAuth });
    const get = (headers: Record<string, string>) => fetch(`${runtime.adminUrl}/flows`, { headers });
    const authorization = `Bearer ${bearerToken('reader')}`;
    assert.equal((await get({})).status, 401);
    assert.equal((await get({ authorization })).status, 200);
    const post = await fetch(`${runtime.adminUrl}/flows`, { method: 'POST', headers: { authorization } });
    assert.equal(post.status, 401);
    await runtime.stop();
  });
});

describe('runtime process', () => {
  it('is killed and goes on where it was, on the same port', async () => {
    const first = await startRuntimeProcess({ flows });
    assert.equal(await ping(first.url), 204);
    assert.deepEqual(await first.kill(), { code: null, signal: 'SIGKILL' });
    const second = await startRuntimeProcess({ userDir: first.userDir, port: first.port });
    assert.equal(second.url, first.url);
    assert.equal(await ping(second.url), 204);
    await second.setFlows([]);
    assert.equal(await ping(second.url), 404);
    await second.stop();
    assert.deepEqual(await second.exited, { code: 0, signal: null });
    assert.equal(existsSync(first.userDir), true);
    await first.stop();
    assert.equal(existsSync(first.userDir), false);
  });

  it('stops in order at SIGTERM', async () => {
    const runtime = await startRuntimeProcess();
    assert.deepEqual(await runtime.kill('SIGTERM'), { code: 0, signal: null });
    await runtime.stop();
  });

  it('tells why it did not come up, and why a deploy failed', async () => {
    await assert.rejects(startRuntimeProcess({ flows: unknownType }), /no-such-node/);
    const runtime = await startRuntimeProcess();
    await assert.rejects(runtime.setFlows(unknownType), /no-such-node/);
    await runtime.stop();
  });
});
