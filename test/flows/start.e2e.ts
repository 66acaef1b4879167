import assert from 'node:assert/strict';
import { mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Secrets } from '../../flows/start/data-folder.ts';
import { makeTemporaryDir, removeTemporaryDir } from '../support/runtime-options.ts';
import { isSameEverywhere, numbersShown, sellAtTheTill, shopsOf } from './four-channels.ts';
import { type HubProcess, refusedStart, startHub, until } from './hub-process.ts';

interface ShownOrder {
  key: string;
  version: number;
  status: string;
  allocation: string;
}

interface Explained {
  movements: { reason: string; quantity: number }[];
}

const channels = ['taobao', 'shopify', 'own-shop', 'till'];
const firstGoods = '首批到货 first goods';
/** README: within 10 seconds the board shows orders moving. A busy machine of the tests gets more. */
const claimMs = 10_000;
const allowedMs = 60_000;
const stopLimitMs = 5_000;

async function ask<T>(hub: HubProcess, path: string): Promise<T> {
  const response = await fetch(`${hub.url}order-hub/v1/${path}`);
  assert.equal(response.status, 200, path);
  return (await response.json()) as T;
}

const orders = async (hub: HubProcess): Promise<ShownOrder[]> =>
  (await ask<{ orders: ShownOrder[] }>(hub, 'orders?limit=500')).orders;

const firstGoodsBooked = async (hub: HubProcess): Promise<number> => {
  const { movements } = await ask<Explained>(hub, 'stock/PEN-01/explain?limit=200');
  return movements.filter(({ reason }) => reason === firstGoods).length;
};

/** Lines of Node-RED's log at a level that somebody has to look at. */
const errorLines = (hub: HubProcess): string[] =>
  hub
    .output()
    .split('\n')
    .filter((line) => /\[(?:error|fatal)\]|uncaught|unhandled/i.test(line));

describe('npm start', function () {
  this.timeout(180_000);
  let dir: string;
  let hub: HubProcess | undefined;
  const env = (more: Record<string, string> = {}) => ({
    PORT: '0',
    ORDER_HUB_DIR: join(dir, 'data'),
    ...more,
  });

  before(async () => {
    dir = await makeTemporaryDir();
  });
  afterEach(async () => {
    await hub?.stop();
    hub = undefined;
  });
  after(() => removeTemporaryDir(dir));

  it('shows orders moving, stops in order, and goes on with the same data and the user’s own flow', async () => {
    const first = await startHub(env());
    hub = first;
    const moved = await until(
      () => orders(first),
      (found) =>
        found.some(({ version }) => version > 1) &&
        found.some(({ allocation }) => allocation === 'allocated' || allocation === 'shipped'),
      allowedMs,
    );
    const ms = performance.now() - first.startedAt;
    process.stdout.write(
      `      orders were moving ${(ms / 1_000).toFixed(1)} s after the start (claim: ${claimMs / 1_000} s)\n`,
    );
    assert.equal(await firstGoodsBooked(first), 1);
    const board = await fetch(first.board);
    assert.equal(board.status, 200);
    const ended = await first.stop();
    assert.deepEqual({ code: ended.code, signal: ended.signal }, { code: 0, signal: null });
    assert.ok(ended.ms < stopLimitMs, `the stop took ${ended.ms} ms`);
    assert.deepEqual(errorLines(first), []);

    const flowFile = join(dir, 'data', 'order-hub.json');
    const edited = (await readFile(flowFile, 'utf8')).replace('3 库存 Stock', '3 我的库存 My stock');
    await writeFile(flowFile, edited);

    const second = await startHub(env());
    hub = second;
    const keys = new Set(moved.map(({ key }) => key));
    const later = await until(
      () => orders(second),
      (found) => found.some(({ key }) => !keys.has(key)),
      allowedMs,
    );
    const kept = new Set(later.map(({ key }) => key));
    assert.deepEqual(
      [...keys].filter((key) => !kept.has(key)),
      [],
      'orders of the first start that are gone',
    );
    assert.equal(await firstGoodsBooked(second), 1, 'the first goods are booked once');
    const flows = (await (await fetch(`${second.url}flows`)).json()) as { label?: string }[];
    assert.ok(
      flows.some(({ label }) => label === '3 我的库存 My stock'),
      'the edited flow runs',
    );
    assert.equal((await second.stop('SIGINT')).code, 0);
    assert.deepEqual(errorLines(second), []);
  });

  it('sells one stock in four channels, tells each what is left, and ships what was packed', async () => {
    const running = await startHub(env({ ORDER_HUB_DIR: join(dir, 'channels') }));
    hub = running;
    const inStore = await until(
      () => orders(running),
      (found) =>
        channels.every((channel) =>
          found.some(
            ({ key, allocation }) =>
              key.startsWith(`${channel}/`) && (allocation === 'allocated' || allocation === 'shipped'),
          ),
        ),
      allowedMs,
    );
    assert.deepEqual([...new Set(inStore.map(({ key }) => key.split('/')[0]))].sort(), [...channels].sort());

    const { environment } = JSON.parse(
      await readFile(join(dir, 'channels', 'secrets.json'), 'utf8'),
    ) as Secrets;
    const shown = () => numbersShown(running, environment.ORDER_HUB_TILL_TOKEN!, 'PEN-01');
    const first = await until(shown, isSameEverywhere, allowedMs);
    assert.ok(first.pool <= 120, 'no more than came in');

    await sellAtTheTill(running, environment.ORDER_HUB_TILL_SECRET!, { sku: 'PEN-01', quantity: 7 });
    await until(shown, (numbers) => isSameEverywhere(numbers) && numbers.pool <= first.pool - 7, allowedMs);

    await until(
      () => shopsOf(running),
      (shops) => shops.every(({ shipments }) => shipments > 0),
      allowedMs,
    );
    await until(
      () => orders(running),
      (found) =>
        ['taobao', 'shopify', 'own-shop'].every((channel) =>
          found.some(
            ({ key, status, allocation }) =>
              key.startsWith(`${channel}/`) && status === 'shipped' && allocation === 'shipped',
          ),
        ),
      allowedMs,
    );
    assert.deepEqual(errorLines(running), []);
  });

  it('keeps its secrets in one file of its owner, and out of the flows', async () => {
    const secretsFile = join(dir, 'data', 'secrets.json');
    assert.equal((await stat(secretsFile)).mode & 0o777, 0o600);
    const text = await readFile(secretsFile, 'utf8');
    const secrets = JSON.parse(text) as { credentialSecret: string; environment: Record<string, string> };
    const values = [secrets.credentialSecret, ...Object.values(secrets.environment)];
    assert.equal(new Set(values).size, values.length);
    for (const file of ['order-hub.json', 'order-hub_cred.json']) {
      const content = await readFile(join(dir, 'data', file), 'utf8');
      for (const value of values) assert.ok(value.length >= 32 && !content.includes(value), file);
    }
    const flow = JSON.parse(await readFile(join(dir, 'data', 'order-hub.json'), 'utf8')) as object[];
    assert.ok(flow.every((node) => !('credentials' in node)));
  });

  it('makes other secrets for another folder', async () => {
    const other = join(dir, 'other');
    hub = await startHub({ PORT: '0', ORDER_HUB_DIR: other });
    assert.notEqual(
      await readFile(join(other, 'secrets.json'), 'utf8'),
      await readFile(join(dir, 'data', 'secrets.json'), 'utf8'),
    );
  });

  it('takes settings of the user’s own, such as users', async () => {
    const own = join(dir, 'own');
    await mkdir(own, { recursive: true });
    await writeFile(
      join(own, 'settings.js'),
      'module.exports = { adminAuth: { type: "credentials", users: [], default: { permissions: "flows.read" } } };\n',
    );
    hub = await startHub({ PORT: '0', ORDER_HUB_DIR: own });
    assert.equal((await fetch(`${hub.url}flows`)).status, 200);
    assert.equal((await fetch(`${hub.url}order-hub/v1/orders`)).status, 401);
  });

  it('says in both languages that the port is taken, before it opens a store', async () => {
    hub = await startHub(env());
    const { port } = new URL(hub.url);
    const untouched = join(dir, 'untouched');
    const ended = await refusedStart({ PORT: port, ORDER_HUB_DIR: untouched });
    assert.equal(ended.code, 1);
    assert.match(ended.output, new RegExp(`Port ${port} on 127\\.0\\.0\\.1 is taken`));
    assert.match(ended.output, new RegExp(`127\\.0\\.0\\.1 的端口 ${port} 已被`));
    assert.doesNotMatch(ended.output, /\n\s+at /, 'no stack of calls');
    await assert.rejects(stat(join(untouched, 'order-hub')), { code: 'ENOENT' });
  });

  it('says what is wrong with PORT, HOST and the data folder', async () => {
    const file = join(dir, 'a-file');
    await writeFile(file, '');
    const broken = join(dir, 'broken');
    await mkdir(broken);
    await writeFile(join(broken, 'secrets.json'), '{');
    const cases: [env: Record<string, string>, told: RegExp][] = [
      [env({ PORT: 'eighty' }), /PORT is "eighty"[\s\S]*PORT 的值是“eighty”/],
      [env({ PORT: '70000' }), /PORT is "70000"/],
      [env({ ORDER_HUB_SHOPS: 'no' }), /ORDER_HUB_SHOPS is "no"[\s\S]*ORDER_HUB_SHOPS 的值是“no”/],
      [env({ HOST: '192.0.2.1' }), /HOST is "192\.0\.2\.1"[\s\S]*不是本机的地址/],
      [env({ ORDER_HUB_DIR: join(file, 'data') }), /data folder .* cannot be made[\s\S]*无法创建/],
      [env({ ORDER_HUB_DIR: broken }), /secrets\.json cannot be understood[\s\S]*无法读取/],
    ];
    for (const [given, told] of cases) {
      const ended = await refusedStart(given);
      assert.equal(ended.code, 1);
      assert.match(ended.output, told);
    }
  });
});
