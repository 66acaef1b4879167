import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Hub } from '../../../core/hub.ts';
import type { CommandHandler } from '../../../core/store/store.ts';
import { type AdminUser, bearerToken, type FlowNode } from '../../support/embedded-runtime.ts';
import { type SourceRuntime, startSources } from '../channel-webhook/support/source-runtime.ts';
import { fillHub, letDie, oddKey, orderKey } from './sample-hub.ts';

const store: FlowNode = { id: 'c0ffee5t0re', type: 'hub-store', name: 'main store', path: '' };

interface Reply {
  status: number;
  type: string;
  // Answers are looked into by path; their shapes are what the tests are about.
  body: Record<string, never>;
  text: string;
}

interface CallOptions {
  token?: string;
  language?: string;
  body?: unknown;
}

async function call(
  runtime: SourceRuntime,
  method: string,
  path: string,
  { token, language = 'en-US', body }: CallOptions = {},
): Promise<Reply> {
  const response = await fetch(`${runtime.adminUrl}/order-hub/v1/${path}`, {
    method,
    headers: {
      'accept-language': language,
      ...(token && { authorization: `Bearer ${token}` }),
      ...(body !== undefined && { 'content-type': 'application/json' }),
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  const type = response.headers.get('content-type') ?? '';
  return {
    status: response.status,
    type,
    text,
    body: type.includes('json') ? JSON.parse(text) : {},
  };
}

/** What a path of names and indexes leads to in an answer. */
function at(reply: Reply, ...path: (string | number)[]): unknown {
  return path.reduce<unknown>((value, name) => (value as Record<string, unknown>)?.[name], reply.body);
}

describe('admin API, without users', () => {
  let runtime: SourceRuntime;
  let hub: Hub;
  let deadId: number;
  const get = (path: string, options?: CallOptions) => call(runtime, 'GET', path, options);
  const post = (path: string, body?: unknown, options?: CallOptions) =>
    call(runtime, 'POST', path, { ...options, body });

  before(async () => {
    runtime = await startSources(['hub-store'], [store]);
    hub = await runtime.hub(store.id);
    ({ deadId } = await fillHub(hub));
  });
  after(() => runtime.stop());

  describe('orders', () => {
    it('lists them, last changed first, a page at a time', async () => {
      const all = await get('orders');
      assert.equal(all.status, 200);
      const keys = (at(all, 'orders') as { key: string }[]).map((order) => order.key);
      assert.deepEqual([...keys].sort(), [orderKey, oddKey].sort());
      assert.equal(at(all, 'next'), null);
      const first = await get('orders?limit=1');
      const second = await get(`orders?limit=1&after=${at(first, 'next')}`);
      assert.deepEqual([at(first, 'orders', 0, 'key'), at(second, 'orders', 0, 'key')], keys);
      const third = await get(`orders?limit=1&after=${at(second, 'next')}`);
      assert.deepEqual(third.body, { orders: [], next: null });
    });

    for (const [query, expected] of [
      ['channel=shopify', [orderKey]],
      ['channel=nobody', []],
      ['id=A%25', [oddKey]],
      ['status=paid', [orderKey]],
      ['shop=demo&status=created', []],
      ['since=2000-01-01T00:00:00Z&channel=shopify', [orderKey]],
      ['since=2999-01-01', []],
    ] as const) {
      it(`finds by ${query}`, async () => {
        const reply = await get(`orders?${query}`);
        const keys = (at(reply, 'orders') as { key: string }[]).map((order) => order.key);
        assert.deepEqual(keys, expected);
      });
    }

    it('shows one with everything that is known of it', async () => {
      const reply = await get(`orders/${orderKey}`);
      assert.equal(reply.status, 200);
      assert.equal(at(reply, 'status'), 'paid');
      assert.equal(at(reply, 'allocation'), 'allocated');
      const types = (at(reply, 'events') as { type: string }[]).map((event) => event.type);
      assert.ok(types.includes('created') && types.includes('paid'), types.join());
      assert.equal(at(reply, 'versions', 0, 'outcome'), 'changed');
      assert.equal(at(reply, 'holds', 0, 'remaining'), 2);
      assert.equal(at(reply, 'quantities', 0, 'locked'), 2);
      assert.equal(at(reply, 'weighings', 0, 'verdict'), 'blocked');
      assert.equal(at(reply, 'alerts', 0, 'rule'), 'late');
      const deliveries = at(reply, 'deliveries') as { id: number; subscriber: string; topic: string }[];
      assert.ok(deliveries.some((row) => row.id === deadId && row.topic === 'inbox'));
      assert.ok(deliveries.some((row) => row.subscriber === 'watcher' && row.topic === 'order'));
    });

    it('finds a key with slashes and spaces in it, as it is and encoded', async () => {
      for (const path of [encodeURIComponent(orderKey), encodeURIComponent(oddKey)]) {
        assert.equal((await get(`orders/${path}`)).status, 200, path);
      }
      assert.equal(at(await get(`orders/${encodeURIComponent(oddKey)}`), 'key'), oddKey);
    });

    it('answers 404 with a sentence in the language asked for', async () => {
      const english = await get('orders/a/b/c');
      assert.equal(english.status, 404);
      assert.deepEqual([at(english, 'code'), at(english, 'params', 'key')], ['query.no-order', 'a/b/c']);
      assert.match(String(at(english, 'sentence')), /There is no order a\/b\/c/);
      assert.match(String(at(await get('orders/a/b/c?lang=zh-CN'), 'sentence')), /没有订单 a\/b\/c/);
      assert.match(
        String(at(await get('orders/a/b/c', { language: 'zh-TW,zh;q=0.9' }), 'sentence')),
        /没有订单/,
      );
    });

    it('masks who it is about unless asked not to', async () => {
      for (const path of [`orders/${orderKey}`, 'orders?channel=shopify']) {
        const { text } = await get(path);
        for (const secret of ['张三丰', '13812340000', '中山路', 'buyer-77'])
          assert.equal(text.includes(secret), false, `${secret} in ${path}`);
        assert.match(text, /138\*\*\*\*0000/);
        assert.match(text, /杭州/);
      }
      const full = await get(`orders/${orderKey}?personal=1`);
      assert.equal(at(full, 'order', 'receiver', 'name'), '张三丰');
      assert.equal(at(full, 'order', 'buyer', 'note'), '请打电话 13812340000');
    });
  });

  describe('parameters', () => {
    it('refuses what cannot be meant, and says what could', async () => {
      for (const [path, code] of [
        ['orders?limit=0', 'query.bad-limit'],
        ['orders?limit=501', 'query.bad-limit'],
        ['orders?limit=1e2', 'query.bad-limit'],
        ['orders?since=yesterday', 'query.bad-time'],
        ['orders?status=lost', 'query.bad-choice'],
        ['orders?channel=a&channel=b', 'query.bad-choice'],
        ['orders?after=%7B%7D', 'query.bad-cursor'],
        ['orders?after=WzFd', 'query.bad-cursor'],
        ['stock?after=WzEsMl0', 'query.bad-cursor'],
        ['deliveries?state=sleeping', 'query.bad-choice'],
        ['deliveries?after=x', 'query.bad-id'],
        ['deliveries/abc', 'query.bad-id'],
      ] as const) {
        const reply = await get(path);
        assert.deepEqual([path, reply.status, at(reply, 'code')], [path, 400, code]);
        assert.match(String(at(reply, 'sentence')), /\w{3,}.*[.:]/);
        assert.match(
          String(at(await get(`${path}&lang=zh-CN`.replace('abc&', 'abc?')), 'sentence')),
          /[\u4e00-\u9fff]/,
        );
      }
      assert.equal((await get('orders?limit=500')).status, 200);
      assert.match(String(at(await get('orders?status=lost'), 'sentence')), /deposit-paid/);
    });
  });

  describe('stock', () => {
    it('shows levels by SKU and pool', async () => {
      const reply = await get('stock?sku=MUG&pool=main');
      const level = at(reply, 'stock', 0) as Record<string, unknown>;
      assert.deepEqual([level.available, level.committed, level.onHand, level.pool], [3, 2, 5, 'main']);
      assert.deepEqual(at(await get('stock?sku=NONE'), 'stock'), []);
    });

    it('explains a number', async () => {
      const reply = await get('stock/MUG/explain');
      assert.equal(reply.status, 200);
      assert.equal(at(reply, 'available'), 3);
      assert.equal(at(reply, 'addsUp'), true);
      assert.equal((at(reply, 'movements') as unknown[]).length, 2);
      assert.equal(at(reply, 'holds', 0, 'orderKey'), orderKey);
      assert.match(String(at(await get('stock/MUG/explain?lang=zh'), 'sentences')), /[\u4e00-\u9fff]/);
      const unknown = await get('stock/NO%2FSUCH/explain');
      assert.deepEqual([unknown.status, at(unknown, 'params', 'sku')], [404, 'NO/SUCH']);
    });

    it('is adjusted once an op key, with a reason, and written down', async () => {
      const body = {
        kind: 'receive',
        lines: [{ sku: 'CAP', quantity: 4 }],
        reason: 'delivery 77',
        opKey: 'k1',
      };
      const first = await post('stock/adjust', body);
      assert.deepEqual([first.status, at(first, 'state'), at(first, 'replayed')], [200, 'done', false]);
      assert.equal(at(await post('stock/adjust', body), 'replayed'), true);
      assert.equal(at(await get('stock?sku=CAP'), 'stock', 0, 'available'), 4);
      const acts = at(await get('acts?act=stock.adjust'), 'acts') as Record<string, unknown>[];
      assert.equal(acts.length, 1);
      assert.deepEqual([acts[0]?.actor, acts[0]?.object], ['anonymous', 'pool:main']);
    });

    it('takes goods back, moves them, and transfers them, each written down', async () => {
      const adjust = (opKey: string, kind: string, quantity: number, more: object) =>
        post('stock/adjust', {
          opKey,
          kind,
          reason: 'parcel back',
          lines: [{ lineId: '1', sku: 'KETTLE', quantity }],
          ...more,
        });
      const back = { orderKey: 'elsewhere/shop/77' };
      const first = await adjust('m1', 'return', 3, back);
      assert.deepEqual([first.status, at(first, 'lines', 0, 'available')], [200, 0]);
      assert.equal(at(await adjust('m1', 'return', 3, back), 'replayed'), true);
      const tooMany = await adjust('m2', 'move', 5, { from: 'qc', to: 'available' });
      assert.deepEqual([tooMany.status, at(tooMany, 'code')], [409, 'stock.bucket-short']);
      assert.equal((await adjust('m3', 'move', 2, { from: 'qc', to: 'available' })).status, 200);
      const sent = await adjust('m4', 'transfer', 1, { to: 'north', bucket: 'inbound' });
      assert.deepEqual([sent.status, at(sent, 'lines', 0, 'available')], [200, 1]);
      assert.equal(at(await get('stock?sku=KETTLE&pool=north'), 'stock', 0, 'inbound'), 1);
      const why = await get('stock/KETTLE/explain');
      assert.equal(at(why, 'addsUp'), true);
      assert.match(String(at(why, 'sentences')), /came 0, to others went 1.*sent 3 back/);
      const zh = String(at(await get('stock/KETTLE/explain?lang=zh'), 'sentences'));
      assert.match(zh, /退回 3/);
      assert.match(zh, /调入 0，调出 1/);
      const acts = at(await get('acts?act=stock.adjust&object=pool:main'), 'acts') as {
        detail: { kind: string };
      }[];
      assert.deepEqual(
        acts.slice(0, 3).map(({ detail }) => detail.kind),
        ['transfer', 'move', 'return'],
      );
      for (const [kind, more] of [
        ['return', {}],
        ['move', { from: 'qc' }],
        ['transfer', {}],
      ] as const) {
        const reply = await adjust('m5', kind, 1, more);
        assert.deepEqual([reply.status, at(reply, 'code')], [400, 'query.missing'], kind);
      }
      const nowhere = await adjust('m6', 'move', 1, { from: 'qc', to: 'attic' });
      assert.deepEqual([nowhere.status, at(nowhere, 'code')], [409, 'stock.bad-choice']);
    });

    it('defines bundles, answers for them by their components, and removes them', async () => {
      for (const sku of ['SOAP', 'DISH'])
        await post('stock/adjust', {
          kind: 'receive',
          lines: [{ sku, quantity: sku === 'SOAP' ? 7 : 3 }],
          reason: 'x',
          opKey: `receive ${sku}`,
        });
      const components = [
        { sku: 'DISH', quantity: 1 },
        { sku: 'SOAP', quantity: 3 },
      ];
      const body = { bundle: 'GIFT/1', components, opKey: 'b1' };
      const first = await post('bundles', body);
      assert.deepEqual([first.status, at(first, 'state'), at(first, 'replayed')], [200, 'done', false]);
      assert.equal(at(await post('bundles', body), 'replayed'), true);
      assert.deepEqual(at(await get('bundles?bundle=GIFT/1'), 'bundles', 0, 'components'), components);
      assert.equal(at(await get('bundles'), 'bundles', 0, 'bundle'), 'GIFT/1');
      const stock = await get('stock?sku=GIFT/1');
      assert.equal(at(stock, 'stock', 0, 'available'), 2);
      assert.deepEqual(at(stock, 'stock', 0, 'components', 1), {
        sku: 'SOAP',
        perUnit: 3,
        available: 7,
        bundles: 2,
      });
      const why = await get('stock/GIFT%2F1/explain');
      assert.match(String(at(why, 'sentences', 0)), /2 can be made in pool main.*\(SOAP\)/);
      const itself = await post('bundles', {
        ...body,
        components: [{ sku: 'GIFT/1', quantity: 1 }],
        opKey: 'b2',
      });
      assert.deepEqual([itself.status, at(itself, 'code')], [409, 'stock.bundle-itself']);
      const keyless = await post('bundles', { bundle: 'X', components });
      assert.deepEqual([keyless.status, at(keyless, 'code')], [400, 'api.no-op-key']);
      const removed = await call(runtime, 'DELETE', 'bundles/GIFT%2F1?opKey=b3');
      assert.deepEqual([removed.status, at(removed, 'state')], [200, 'done']);
      assert.deepEqual(at(await get('bundles'), 'bundles'), []);
      const acts = at(await get('acts?object=sku:GIFT/1'), 'acts') as { act: string }[];
      assert.deepEqual(
        acts.map(({ act }) => act),
        ['stock.unbundle', 'stock.bundle'],
      );
    });

    it('answers what was booked as booked, though it could not be written down', async () => {
      const { store } = hub;
      const execute = store.execute.bind(store);
      store.execute = ((handler: CommandHandler<unknown, unknown>, command: unknown) =>
        handler.name === 'insight.act'
          ? Promise.reject(new Error('disk is full'))
          : execute(handler, command)) as typeof store.execute;
      try {
        const body = { kind: 'receive', lines: [{ sku: 'HAT', quantity: 4 }], reason: 'x', opKey: 'k3' };
        const reply = await post('stock/adjust', body);
        assert.deepEqual([reply.status, at(reply, 'state')], [200, 'done']);
        assert.equal(at(reply, 'warnings', 0, 'code'), 'api.act-not-written');
        assert.match(String(at(reply, 'warnings', 0, 'sentence')), /disk is full/);
        assert.equal(at(await post('stock/adjust', body), 'replayed'), true);
        const weights = await call(runtime, 'PUT', 'sku-weights', { body: { HAT: 70 } });
        assert.deepEqual([weights.status, at(weights, 'warnings', 0, 'code')], [200, 'api.act-not-written']);
      } finally {
        store.execute = execute;
      }
      assert.equal(at(await get('stock?sku=HAT'), 'stock', 0, 'available'), 4);
    });

    it('refuses an adjustment with the arithmetic, or with the field that is wrong', async () => {
      const below = { kind: 'correct', lines: [{ sku: 'MUG', quantity: -100 }], reason: 'lost', opKey: 'k2' };
      const refused = await post('stock/adjust', below);
      assert.deepEqual([refused.status, at(refused, 'code')], [409, 'stock.below-zero']);
      const chinese = await post('stock/adjust', below, { language: 'zh-CN' });
      assert.match(String(at(chinese, 'sentence')), /[\u4e00-\u9fff]/);
      for (const [body, code] of [
        [{}, 'api.bad-field'],
        [{ lines: [], reason: 'x' }, 'query.missing'],
        [{ lines: [], kind: 'steal', reason: 'x' }, 'query.bad-choice'],
        [{ lines: [], kind: 'set' }, 'query.missing'],
        [{ lines: [], kind: 'set', reason: 'x' }, 'api.no-op-key'],
      ] as const) {
        const reply = await post('stock/adjust', body);
        assert.deepEqual([reply.status, at(reply, 'code')], [400, code]);
      }
      assert.equal((await post('stock/adjust')).status, 400);
    });
  });

  describe('deliveries', () => {
    it('are listed by state, subscriber and order', async () => {
      const dead = await get('deliveries?state=dead');
      assert.deepEqual(
        (at(dead, 'deliveries') as { id: number }[]).map((row) => row.id),
        [deadId],
      );
      const waiting = at(await get('deliveries?state=ready&subscriber=watcher'), 'deliveries') as {
        key: string;
      }[];
      assert.ok(waiting.length >= 2);
      const page = await get('deliveries?limit=1');
      const next = await get(`deliveries?limit=1&after=${at(page, 'next')}`);
      assert.ok(Number(at(next, 'deliveries', 0, 'id')) < Number(at(page, 'deliveries', 0, 'id')));
      const about = at(await get(`deliveries?key=${orderKey}&state=ready`), 'deliveries') as {
        key: string;
        state: string;
      }[];
      assert.ok(about.length > 0);
      assert.deepEqual(
        about.filter((row) => row.key !== orderKey || row.state !== 'ready'),
        [],
      );
    });

    it('tell why they failed in the language asked for', async () => {
      const reply = await get(`deliveries/${deadId}`, { language: 'zh-CN' });
      assert.match(String(at(reply, 'lastError', 'sentence')), /消息中没有订单/);
    });

    it('show the raw input only to who asks for personal data', async () => {
      const reply = await get(`deliveries/${deadId}`);
      assert.deepEqual([at(reply, 'input'), at(reply, 'masked')], [null, true]);
      const full = await get(`deliveries/${deadId}?personal=1`);
      assert.deepEqual([at(full, 'input'), at(full, 'masked')], ['{"phone":"13812340000"}', false]);
      assert.equal((await get('deliveries/999999')).status, 404);
    });

    it('are retried one by one, edited if need be, and only once', async () => {
      assert.equal((await post('deliveries/999999/retry')).status, 404);
      const bad = await post(`deliveries/${deadId}/retry`, { payload: '{' });
      assert.deepEqual([bad.status, at(bad, 'code')], [400, 'delivery.payload-not-json']);
      const retried = await post(`deliveries/${deadId}/retry`, { payload: { mended: true } });
      assert.equal(retried.status, 200);
      const id = Number(at(retried, 'retriedAs'));
      assert.equal(at(await get(`deliveries/${id}?personal=1`), 'input'), '{"mended":true}');
      const again = await post(`deliveries/${deadId}/retry`);
      assert.deepEqual([again.status, at(again, 'code')], [409, 'delivery.already-retried']);
      const ready = await post(`deliveries/${id}/retry`);
      assert.deepEqual([ready.status, at(ready, 'code')], [409, 'delivery.not-dead']);
      const acts = at(await get('acts?act=delivery.retry'), 'acts') as { actor: string }[];
      assert.deepEqual(
        acts.map((act) => act.actor),
        ['anonymous'],
      );
    });

    it('are counted, then retried by filter up to a cap', async () => {
      await letDie(hub, 'hook');
      for (let n = 0; n < 2; n += 1) await letDie(hub, 'watcher');
      assert.equal(at(await get('deliveries/count?subscriber=watcher'), 'count'), 2);
      assert.equal(at(await get('deliveries/count'), 'count'), 3);
      const uncapped = await post('deliveries/retry', { subscriber: 'watcher' });
      assert.deepEqual([uncapped.status, at(uncapped, 'code')], [400, 'query.missing']);
      const one = await post('deliveries/retry', { subscriber: 'watcher', cap: 1 });
      assert.deepEqual(one.body, { retried: 1, remaining: 1 });
      const rest = await post('deliveries/retry', { subscriber: 'watcher', cap: 500 });
      assert.deepEqual(rest.body, { retried: 1, remaining: 0 });
      assert.equal(at(await get('deliveries/count'), 'count'), 1);
    });

    it('are dismissed for a reason', async () => {
      const dead = at(await get('deliveries?state=dead'), 'deliveries', 0, 'id');
      assert.equal((await post(`deliveries/${dead}/dismiss`, {})).status, 400);
      assert.equal((await post(`deliveries/${dead}/dismiss`, { reason: 'a test order' })).status, 200);
      const again = await post(`deliveries/${dead}/dismiss`, { reason: 'a test order' });
      assert.deepEqual([again.status, at(again, 'code')], [409, 'delivery.already-dismissed']);
      assert.equal(at(await get('deliveries/count'), 'count'), 0);
    });
  });

  describe('weights', () => {
    const lift = `weight-blocks/${orderKey}/lift`;

    it('lets a person lift a block, once, with a reason', async () => {
      const silent = await post(lift, {});
      assert.deepEqual([silent.status, at(silent, 'code')], [400, 'query.missing']);
      const lifted = await post(lift, { reason: 'a gift was added' });
      assert.deepEqual(
        [lifted.status, at(lifted, 'verdict'), at(lifted, 'lifted', 'by')],
        [200, 'lifted', 'anonymous'],
      );
      const chinese = await post(lift, { reason: 'a gift was added' }, { language: 'zh-CN' });
      assert.equal(at(chinese, 'replayed'), true);
      assert.match(String(at(chinese, 'explanation', 'sentence')), /放行/);
      const other = await post(lift, { reason: 'another one' });
      assert.deepEqual([other.status, at(other, 'code')], [409, 'weight.lift-already']);
      const unblocked = await post(`weight-blocks/${encodeURIComponent(oddKey)}/lift`, { reason: 'x' });
      assert.deepEqual([unblocked.status, at(unblocked, 'code')], [409, 'weight.lift-no-block']);
      assert.equal(at(await get(`orders/${orderKey}`), 'weighings', 1, 'verdict'), 'lifted');
      const acts = at(await get('acts?act=weight.lift'), 'acts') as { object: string }[];
      assert.deepEqual(
        acts.map((act) => act.object),
        [`order:${orderKey}`],
      );
    });

    it('keeps unit weights, and writes down what changed', async () => {
      const put = (body: unknown) => call(runtime, 'PUT', 'sku-weights', { body });
      const first = await put([
        { sku: 'MUG', grams: 300 },
        { sku: 'CAP', grams: '0.08 kg' },
      ]);
      assert.deepEqual(
        [first.status, (at(first, 'changed') as unknown[]).length, at(first, 'unchanged')],
        [200, 2, 0],
      );
      assert.deepEqual((await put({ MUG: 310, CAP: 80 })).body, {
        changed: [{ sku: 'MUG', grams: 310, before: 300 }],
        unchanged: 1,
      });
      assert.equal((await put({ MUG: 310 })).status, 200);
      assert.equal((await put([])).status, 400);
      assert.equal((await put({ MUG: -1 })).status, 400);
      assert.equal((at(await get('acts?act=sku-weights.set'), 'acts') as unknown[]).length, 2);
    });
  });

  describe('the rest', () => {
    it('lists subscribers and forgets one with what waits for it', async () => {
      await hub.subscribers.register({
        id: 'gone',
        topic: 'order',
        types: null,
        channels: null,
        label: 'old',
      });
      const listed = at(await get('subscribers'), 'subscribers') as { id: string; ready: number }[];
      assert.deepEqual(
        listed.map((row) => row.id),
        ['gone', 'watcher'],
      );
      assert.ok((listed[1]?.ready ?? 0) > 0);
      assert.deepEqual((await call(runtime, 'DELETE', 'subscribers/gone')).body, { id: 'gone', removed: 0 });
      const again = await call(runtime, 'DELETE', 'subscribers/gone');
      assert.deepEqual([again.status, at(again, 'code')], [404, 'api.subscriber-unknown']);
    });

    it('lists alerts, masked', async () => {
      const reply = await get('alerts?limit=5');
      assert.equal(at(reply, 'alerts', 0, 'target'), 'desk');
      assert.equal(reply.text.includes('13812340000'), false);
      assert.equal((at(await get(`alerts?key=${orderKey}`), 'alerts') as unknown[]).length, 1);
      assert.deepEqual(at(await get('alerts?key=other'), 'alerts'), []);
    });

    it('makes a copy, tells where it is, and writes down who made it', async () => {
      const reply = await post('backup');
      assert.equal(reply.status, 200);
      assert.equal(at(reply, 'lastBackup', 'path'), at(reply, 'path'));
      const folder = join(runtime.userDir, 'order-hub', 'backups');
      assert.ok(readdirSync(folder).some((name) => String(at(reply, 'path')).endsWith(name)));
      assert.equal(at(await get('acts?act=store.backup'), 'acts', 0, 'object'), at(reply, 'path'));
    });

    it('tells how it is and what to look at', async () => {
      const reply = await get('health');
      assert.equal(reply.status, 200);
      assert.equal(at(reply, 'state'), 'open');
      assert.equal(at(reply, 'orders', 'paid'), 1);
      assert.ok(Number(at(reply, 'store', 'bytes')) > 0);
      assert.equal(at(await get('stores'), 'stores', 0, 'name'), 'main store');
    });

    it('gives figures to Prometheus', async () => {
      const { status, type, text } = await get('metrics');
      assert.equal(status, 200);
      assert.match(type, /^text\/plain;.*version=0\.0\.4/);
      assert.match(text, /^order_hub_orders\{status="paid"\} 1$/m);
      assert.match(text, /^order_hub_deliveries\{subscriber="watcher",state="ready"\} \d+$/m);
      assert.match(text, /^order_hub_alerts_total\{target="desk"\} 1$/m);
      assert.match(text, /^order_hub_store_up 1$/m);
      for (const line of text.trim().split('\n'))
        assert.match(line, /^(# (HELP|TYPE) \S+ .+|[a-z_]+(\{([a-z]+="(\\.|[^"\\])*",?)+\})? -?[\d.e+-]+)$/);
    });

    it('gives the sentences of all codes in a language', async () => {
      const reply = await get('messages?lang=zh-CN');
      assert.equal(at(reply, 'language'), 'zh-CN');
      assert.match(String(at(reply, 'messages', 'stock.short')), /[\u4e00-\u9fff]/);
    });

    it('knows the store it is asked for', async () => {
      assert.equal((await get(`health?store=${store.id}`)).status, 200);
      const unknown = await get('health?store=nobody');
      assert.deepEqual([unknown.status, at(unknown, 'code')], [404, 'api.store-unknown']);
    });
  });

  describe('at last', () => {
    it('answers 503 with the reason while the store is down, and again when it is back', async () => {
      const broken = { ...store, path: 'elsewhere/hub.sqlite' };
      const folder = join(runtime.userDir, 'elsewhere');
      await writeFile(folder, 'a file where a folder is wanted');
      await runtime.setFlows([broken]);
      for (const path of ['orders', `orders/${orderKey}`, 'health', 'deliveries', 'stock/MUG/explain']) {
        const reply = await get(path);
        assert.deepEqual([path, reply.status, at(reply, 'code')], [path, 503, 'store.not-open']);
      }
      const chinese = await get('health', { language: 'zh-CN' });
      assert.match(String(at(chinese, 'sentence')), /数据存储尚未打开.*无法创建/);
      const { status, text } = await get('metrics');
      assert.equal(status, 200);
      assert.match(text, /^order_hub_store_up 0$/m);
      assert.match(String(at(await get('stores'), 'stores', 0, 'sentence')), /cannot be created/);
      await rm(folder);
      await mkdir(folder);
      // It tries again by itself; whoever waits for it is told.
      await runtime.hub(store.id);
      assert.equal((await get('orders')).status, 200);
      await runtime.setFlows([]);
      const none = await get('orders');
      assert.deepEqual([none.status, at(none, 'code')], [503, 'api.no-store']);
    });
  });
});

describe('admin API, with users', () => {
  let runtime: SourceRuntime;
  const users: AdminUser[] = [
    { username: 'everything', password: 'p', permissions: '*' },
    { username: 'reader', password: 'p', permissions: 'read' },
    { username: 'worker', password: 'p', permissions: ['read', 'write'] },
    {
      username: 'named',
      password: 'p',
      permissions: ['order-hub.read', 'order-hub.stock.adjust', 'order-hub.personal'],
    },
    { username: 'purger', password: 'p', permissions: ['order-hub.purge'] },
    { username: 'wildcard', password: 'p', permissions: ['order-hub.*'] },
  ];
  const tokens = new Map(users.map(({ username }) => [username, bearerToken(username)]));

  before(async () => {
    runtime = await startSources(['hub-store'], [store], { adminAuth: users });
    await fillHub(await runtime.hub(store.id));
  });
  after(() => runtime.stop());

  const receipt = { kind: 'receive', lines: [{ sku: 'CAP', quantity: 1 }], reason: 'test' };
  const acts: [string, string, object?][] = [
    ['GET', 'orders'],
    ['POST', 'deliveries/retry', { cap: 1, subscriber: 'nobody' }],
    ['POST', 'stock/adjust', receipt],
    ['DELETE', 'subscribers/nobody'],
    ['POST', 'backup'],
    ['POST', `weight-blocks/${orderKey}/lift`, { reason: 'a gift was added' }],
    ['PUT', 'sku-weights', { MUG: 300 }],
  ];
  // In the order of `acts`. 404: let through, but there is no such subscriber.
  const table: Record<string, number[]> = {
    everything: [200, 200, 200, 404, 200, 200, 200],
    reader: [200, 401, 401, 401, 401, 401, 401],
    worker: [200, 200, 401, 401, 200, 401, 200],
    named: [200, 401, 200, 401, 401, 401, 401],
    purger: [401, 401, 401, 404, 401, 401, 401],
    wildcard: [401, 401, 401, 401, 401, 401, 401],
    '': [401, 401, 401, 401, 401, 401, 401],
  };

  for (const [username, expected] of Object.entries(table)) {
    it(`lets ${username || 'nobody logged in'} do what was granted and no more`, async () => {
      const got: number[] = [];
      for (const [method, path, content] of acts) {
        // Each has a delivery of his own to book.
        const body = content === receipt ? { ...receipt, opKey: `of ${username}` } : content;
        got.push((await call(runtime, method, path, { token: tokens.get(username), body })).status);
      }
      assert.deepEqual(got, expected);
    });
  }

  it('guards every route', async () => {
    for (const path of [
      'health',
      'stores',
      `orders/${orderKey}`,
      'stock',
      'stock/MUG/explain',
      'counts',
      'counts/template',
      'deliveries',
      'deliveries/count',
      'deliveries/1',
      'subscribers',
      'alerts',
      'acts',
      'metrics',
      'messages',
    ]) {
      assert.equal((await call(runtime, 'GET', path)).status, 401, path);
      assert.equal((await call(runtime, 'GET', path, { token: tokens.get('reader') })).status, 200, path);
    }
  });

  it('shows personal data only to who has the scope, whatever is asked', async () => {
    const seen: Record<string, boolean> = {};
    for (const username of ['everything', 'named', 'reader', 'worker']) {
      for (const query of ['', '?personal=1', '?personal=0']) {
        const { text } = await call(runtime, 'GET', `orders/${orderKey}${query}`, {
          token: tokens.get(username),
        });
        seen[username + query] = text.includes('13812340000');
      }
    }
    assert.deepEqual(seen, {
      everything: true,
      'everything?personal=1': true,
      'everything?personal=0': false,
      named: true,
      'named?personal=1': true,
      'named?personal=0': false,
      reader: false,
      'reader?personal=1': false,
      'reader?personal=0': false,
      worker: false,
      'worker?personal=1': false,
      'worker?personal=0': false,
    });
  });

  it('writes down who did what', async () => {
    const reply = await call(runtime, 'GET', 'acts', { token: tokens.get('reader') });
    const done = (at(reply, 'acts') as { actor: string; act: string }[]).map(
      ({ actor, act }) => `${actor} ${act}`,
    );
    assert.deepEqual(done.sort(), [
      'everything sku-weights.set',
      'everything stock.adjust',
      'everything store.backup',
      'everything weight.lift',
      'named stock.adjust',
      'worker store.backup',
    ]);
  });
});
