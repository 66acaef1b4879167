import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { signShopify } from '../../../core/channel/shopify/shopify.ts';
import { signStandardWebhook } from '../../../core/channel/standard-webhooks/standard-webhooks.ts';
import { signWooCommerce } from '../../../core/channel/woocommerce/woocommerce.ts';
import { HubError } from '../../../core/errors.ts';
import type { LastCallAnswer } from '../../../nodes/channel-webhook/last-delivery.ts';
import type { FlowNode } from '../../support/embedded-runtime.ts';
import { type Recorded, recorderOf } from './support/recorder.ts';
import { type SourceRuntime, startSources } from './support/source-runtime.ts';

const secrets = {
  shopify: 'the-new-client-secret',
  shopifyBefore: 'the-old-client-secret',
  woocommerce: 'woo-test-secret',
  standard: `whsec_${Buffer.alloc(32, 7).toString('base64')}`,
};
/** As short as the tests of a deploy allow. */
const waitMs = 400;

const tab = { id: 'f0e1000000000001', type: 'tab', label: 'webhooks' };
const store = { id: 'f0e1000000000002', type: 'hub-store', path: '', version: 1 };
const place = { z: tab.id, x: 100, y: 100 };

function account(id: string, platform: string, changes: Record<string, unknown> = {}): FlowNode {
  return {
    id,
    type: 'channel-account',
    platform,
    path: platform,
    shop: 'main',
    currency: 'CNY',
    zone: 'Asia/Shanghai',
    version: 1,
    ...changes,
  };
}

function hook(id: string, accountId: string, next: string): FlowNode {
  return {
    ...place,
    id,
    type: 'channel-webhook',
    store: store.id,
    account: accountId,
    wires: [[next]],
    version: 1,
  };
}

const shopify = account('f0e1000000000011', 'shopify', {
  credentials: { secret: secrets.shopify, previousSecret: secrets.shopifyBefore },
});
const woocommerce = account('f0e1000000000012', 'woocommerce', {
  credentials: { secret: secrets.woocommerce },
});
const standard = account('f0e1000000000013', 'standard-webhooks', {
  path: 'erp',
  credentials: { secret: secrets.standard },
});
const sink = { ...place, id: 'f0e1000000000031', type: 'test-recorder', wires: [[]] };
const hooks = {
  shopify: hook('f0e1000000000021', shopify.id, sink.id),
  woocommerce: hook('f0e1000000000022', woocommerce.id, sink.id),
  standard: hook('f0e1000000000023', standard.id, sink.id),
};
const flows: FlowNode[] = [
  tab,
  store,
  shopify,
  woocommerce,
  standard,
  hooks.shopify,
  hooks.woocommerce,
  hooks.standard,
  sink,
];

describe('channel-webhook', function () {
  this.timeout(30_000);
  let runtime: SourceRuntime;
  const received = recorderOf(sink.id);

  before(async () => {
    runtime = await startSources(['hub-store', 'channel-account', 'channel-webhook'], flows, {
      settings: { channelWebhookWaitMs: waitMs },
    });
    await runtime.hub(store.id);
  });

  after(() => runtime.stop());

  beforeEach(() => received.clear());

  const address = (path: string) => `${runtime.url}/order-hub/hook/${path}`;

  function post(path: string, body: Buffer | string, headers: Record<string, string>): Promise<Response> {
    return fetch(address(path), { method: 'POST', body: new Uint8Array(Buffer.from(body)), headers });
  }

  /** A body that no other test has sent. */
  const fresh = (more: object = {}): string =>
    JSON.stringify({ id: randomBytes(8).toString('hex'), ...more });

  const shopifyHeaders = (body: string | Buffer, more: Record<string, string> = {}) => ({
    ...signShopify(secrets.shopify, body),
    'x-shopify-topic': 'orders/paid',
    ...more,
  });

  async function rows(): Promise<{ id: number; body: Uint8Array; topic: string; headers: string }[]> {
    const { read } = (await runtime.hub(store.id)).store;
    return read.selectFrom('inbox').select(['id', 'body', 'topic', 'headers']).orderBy('id').execute();
  }

  const rowCount = async (): Promise<number> => (await rows()).length;

  async function lastCall(node: FlowNode, lang: string): Promise<LastCallAnswer> {
    const answer = await fetch(`${runtime.adminUrl}/order-hub/v1/webhooks/${node.id}?lang=${lang}`);
    assert.equal(answer.status, 200);
    return (await answer.json()) as LastCallAnswer;
  }

  /** Sends something, and checks that it was refused, not stored and that nothing came out of it. */
  async function refused(
    path: string,
    body: Buffer | string,
    headers: Record<string, string>,
    status: number,
  ) {
    const before = await rowCount();
    const answer = await post(path, body, headers);
    assert.equal(answer.status, status);
    assert.equal(await rowCount(), before);
    return answer;
  }

  describe('a webhook that is right', () => {
    it('is stored byte for byte before its 200, and arrives so at the next node', async () => {
      const body = Buffer.from(
        `{ "id" : 820982911946154508,\r\n "note":"®™ 😀 龙井 \\u0000", "total":"10.10" ,"n":1e400 , "t":"${Date.now()}"}`,
      );
      const answer = await post('shopify', body, shopifyHeaders(body, { 'x-shopify-webhook-id': fresh() }));
      assert.equal(answer.status, 200);
      assert.deepEqual(await answer.json(), { ok: true });
      const row = (await rows()).at(-1)!;
      assert.deepEqual(Buffer.from(row.body), body);
      assert.equal(row.topic, 'orders/paid');
      const [message] = await received.count(1);
      assert.ok(Buffer.isBuffer(message!.payload));
      assert.deepEqual(message!.payload, body);
      assert.equal(message!.topic, 'orders/paid');
      assert.deepEqual(message!.channel, {
        account: 'shopify',
        platform: 'shopify',
        channel: 'shopify',
        shop: 'main',
        currency: 'CNY',
        zone: 'Asia/Shanghai',
      });
      const inbox = message!.inbox as { id: number; account: string; topic: string; receivedAt: number };
      assert.equal(inbox.id, row.id);
      assert.equal(inbox.account, 'shopify');
      assert.ok(Math.abs(Date.now() - inbox.receivedAt) < 60_000);
    });

    it('is taken when it is signed and not JSON: the mapping parks it with its bytes', async () => {
      const body = Buffer.concat([Buffer.from([0xff, 0xfe, 0x00]), randomBytes(16)]);
      const answer = await post('shopify', body, shopifyHeaders(body));
      assert.equal(answer.status, 200);
      const [message] = await received.count(1);
      assert.deepEqual(message!.payload, body);
    });

    it('may be signed with the old or the new secret while it is replaced', async () => {
      for (const secret of [secrets.shopify, secrets.shopifyBefore]) {
        const body = fresh();
        assert.equal((await post('shopify', body, signShopify(secret, body))).status, 200);
      }
      const body = fresh();
      await refused('shopify', body, signShopify('one before the old', body), 401);
      assert.equal((await received.count(2)).length, 2);
    });

    it('is known when it comes again, and goes into the flow once', async () => {
      const body = fresh();
      const headers = shopifyHeaders(body, { 'x-shopify-webhook-id': 'delivery-1' });
      assert.deepEqual(await (await post('shopify', body, headers)).json(), { ok: true });
      const before = await rowCount();
      const again = await post('shopify', body, headers);
      assert.equal(again.status, 200);
      assert.deepEqual(await again.json(), { ok: true, repeated: true });
      // the same bytes under another delivery id, as Shopify has been seen to send them
      const copy = await post('shopify', body, { ...headers, 'x-shopify-webhook-id': 'delivery-2' });
      assert.deepEqual(await copy.json(), { ok: true, repeated: true });
      assert.equal(await rowCount(), before);
      const last = fresh();
      await post('shopify', last, shopifyHeaders(last));
      const messages = await received.count(2);
      assert.deepEqual(
        messages.map(({ payload }) => String(payload)),
        [body, last],
      );
    });

    it('is told by its number where content may repeat, as in Standard Webhooks', async () => {
      const body = fresh({ type: 'order.paid' });
      const now = Math.floor(Date.now() / 1000);
      const first = signStandardWebhook(secrets.standard, `msg_${fresh().length}_1`, now, body);
      const second = signStandardWebhook(secrets.standard, `msg_${fresh().length}_2`, now, body);
      assert.deepEqual(await (await post('erp', body, first)).json(), { ok: true });
      assert.deepEqual(await (await post('erp', body, first)).json(), { ok: true, repeated: true });
      assert.deepEqual(await (await post('erp', body, second)).json(), { ok: true });
      const messages = await received.count(2);
      assert.deepEqual(
        messages.map(({ topic }) => topic),
        ['order.paid', 'order.paid'],
      );
    });
  });

  it('takes 200 at once, each once', async () => {
    const before = await rowCount();
    const bodies = Array.from({ length: 200 }, (_, index) => fresh({ index }));
    const answers = await Promise.all(bodies.map((body) => post('shopify', body, shopifyHeaders(body))));
    assert.deepEqual([...new Set(answers.map(({ status }) => status))], [200]);
    assert.equal(await rowCount(), before + 200);
    const messages = await received.count(200);
    assert.deepEqual(messages.map(({ payload }) => String(payload)).sort(), [...bodies].sort());
  });

  it('takes 200 copies at once as one', async () => {
    const before = await rowCount();
    const body = fresh();
    const answers = await Promise.all(
      Array.from({ length: 200 }, () =>
        post('woocommerce', body, signWooCommerce(secrets.woocommerce, body)),
      ),
    );
    assert.deepEqual([...new Set(answers.map(({ status }) => status))], [200]);
    const told = (await Promise.all(answers.map((answer) => answer.json()))) as { repeated?: true }[];
    assert.equal(told.filter(({ repeated }) => !repeated).length, 1);
    assert.equal(await rowCount(), before + 1);
    assert.equal((await received.count(1)).length, 1);
  });

  describe('what is not right', () => {
    for (const [what, headers] of Object.entries({
      'without a signature': {},
      'with a malformed signature': { 'x-shopify-hmac-sha256': 'not base64!' },
      'with a signature that is too short': { 'x-shopify-hmac-sha256': 'AAAA' },
      'with a wrong signature': { 'x-shopify-hmac-sha256': Buffer.alloc(32).toString('base64') },
      'with an empty signature': { 'x-shopify-hmac-sha256': '' },
    })) {
      it(`is refused ${what}, without a hint to the sender`, async () => {
        const json = { 'content-type': 'application/json' };
        const answer = await refused(
          'shopify',
          fresh(),
          { ...json, ...headers } as Record<string, string>,
          401,
        );
        assert.deepEqual(await answer.json(), { error: 'unauthorized' });
      });
    }

    it('is told to the owner of the account in the language of the dialog', async () => {
      const body = fresh();
      await refused('woocommerce', body, signWooCommerce('wrong', body), 401);
      const english = await lastCall(hooks.woocommerce, 'en-US');
      assert.equal(english.status, 401);
      assert.match(english.sentence ?? '', /secrets of this account/);
      assert.ok((english.counts[401] ?? 0) >= 1);
      const chinese = await lastCall(hooks.woocommerce, 'zh-CN');
      assert.match(chinese.sentence ?? '', /签名/);
      assert.equal(chinese.at, english.at);
    });

    it('is refused with an old time, where the time is signed', async () => {
      const body = fresh();
      const long = Math.floor(Date.now() / 1000) - 3_600;
      await refused('erp', body, signStandardWebhook(secrets.standard, 'msg_old', long, body), 401);
      assert.match((await lastCall(hooks.standard, 'en-US')).sentence ?? '', /s ago/);
    });

    it('is a form', async () => {
      const body = 'a=1';
      const headers = {
        ...signShopify(secrets.shopify, body),
        'content-type': 'application/x-www-form-urlencoded',
      };
      await refused('shopify', body, headers, 415);
    });

    it('is empty: counted when it is signed, refused when it is not', async () => {
      await refused('shopify', '', shopifyHeaders(''), 200);
      await refused('shopify', '', { 'content-type': 'application/json' }, 401);
    });

    it('has 6 MB, declared or not', async () => {
      const body = Buffer.alloc(6 * 1024 * 1024, 0x20);
      const headers = shopifyHeaders(body);
      const declared = await refused('shopify', body, headers, 413);
      assert.equal(((await declared.json()) as { error: string }).error, 'channel.body-too-large');
      const before = await rowCount();
      const stream = new ReadableStream({
        start(controller) {
          for (let at = 0; at < body.length; at += 64 * 1024) {
            controller.enqueue(new Uint8Array(body.subarray(at, at + 64 * 1024)));
          }
          controller.close();
        },
      });
      const init = { method: 'POST', body: stream, headers, duplex: 'half' } as RequestInit;
      assert.equal((await fetch(address('shopify'), init)).status, 413);
      assert.equal(await rowCount(), before);
    });

    it('has an address that nobody has, or is no POST', async () => {
      const body = fresh();
      const unknown = await refused('nobody', body, shopifyHeaders(body), 404);
      assert.deepEqual(await unknown.json(), { error: 'not-found' });
      const got = await fetch(address('shopify'));
      assert.equal(got.status, 405);
      assert.equal(got.headers.get('allow'), 'POST');
      assert.equal((await post('%E0%A4%A', body, {})).status, 404);
    });
  });

  it('answers the unsigned ping of WooCommerce with exactly 200, and stores nothing', async () => {
    const form = { 'content-type': 'application/x-www-form-urlencoded' };
    await refused('woocommerce', 'webhook_id=12', form, 200);
    await refused('woocommerce', 'webhook_id=12&order=1', form, 415);
    await refused('shopify', 'webhook_id=12', form, 415);
  });

  it('writes neither secrets nor signatures into the log, and not a line for each stranger', async () => {
    const before = runtime.logs.length;
    const body = fresh();
    const forged = Buffer.alloc(32, 9).toString('base64');
    for (let times = 0; times < 20; times += 1) {
      await post('shopify', body, { 'content-type': 'application/json', 'x-shopify-hmac-sha256': forged });
    }
    const lines = runtime.logs.slice(before).map(({ message }) => message);
    assert.ok(lines.filter((line) => line.includes('/order-hub/hook/shopify')).length <= 1);
    const all = runtime.logs.map(({ message }) => message).join('\n');
    for (const secret of [...Object.values(secrets), forged]) assert.ok(!all.includes(secret));
    const stored = (await rows()).map(({ headers }) => headers).join('\n');
    for (const secret of Object.values(secrets)) assert.ok(!stored.includes(secret));
  });

  it('refuses a body that something in front has read, and says what to remove', async () => {
    const requireOfNodeRed = createRequire(createRequire(import.meta.url).resolve('node-red'));
    const express = requireOfNodeRed('express') as {
      (): { use(...handlers: unknown[]): void };
      json(): unknown;
    };
    const app = express();
    app.use(express.json());
    app.use(runtime.RED.httpNode);
    const server = createServer(app as never).listen(0, '127.0.0.1');
    await once(server, 'listening');
    try {
      const { port } = server.address() as AddressInfo;
      const body = fresh();
      const before = await rowCount();
      const answer = await fetch(`http://127.0.0.1:${port}/order-hub/hook/shopify`, {
        method: 'POST',
        body,
        headers: shopifyHeaders(body),
      });
      assert.equal(answer.status, 500);
      const told = (await answer.json()) as { error: string; message: string };
      assert.equal(told.error, 'channel.body-consumed');
      assert.match(told.message, /body parser/);
      assert.equal(await rowCount(), before);
    } finally {
      server.closeAllConnections();
      server.close();
    }
  });

  describe('while the store does not take it', () => {
    it('asks the sender to come again, and takes it then', async () => {
      const hub = await runtime.hub(store.id);
      const { receiveAll } = hub.inbox;
      const body = fresh();
      hub.inbox.receiveAll = () =>
        Promise.reject(new HubError('store.full', { location: 'hub.sqlite' }, { retryable: true }));
      try {
        const answer = await refused('shopify', body, shopifyHeaders(body), 503);
        assert.equal(answer.headers.get('retry-after'), '10');
        assert.deepEqual(await answer.json(), { error: 'not-stored' });
        const last = await lastCall(hooks.shopify, 'en-US');
        assert.equal(last.code, 'store.full');
      } finally {
        hub.inbox.receiveAll = receiveAll;
      }
      const answer = await post('shopify', body, shopifyHeaders(body));
      assert.deepEqual(await answer.json(), { ok: true });
      assert.equal((await received.count(1)).length, 1);
    });

    it('asks the sender to come again when it cannot be opened at all', async () => {
      const nowhere = { ...store, path: 'flows.json/hub.sqlite' };
      await runtime.setFlows(flows.map((node) => (node.id === store.id ? nowhere : node)));
      try {
        const body = fresh();
        const answer = await post('shopify', body, shopifyHeaders(body));
        assert.equal(answer.status, 503);
        assert.equal(answer.headers.get('retry-after'), '10');
        const told = (await answer.json()) as { error: string };
        assert.equal(told.error, 'channel.not-ready');
      } finally {
        await runtime.setFlows(flows);
        await runtime.hub(store.id);
      }
    });
  });

  describe('during a deploy', () => {
    /** Deploys, holds the old flows open until `release`, and answers how to wait for the end. */
    async function slowDeploy(): Promise<{ release(): void; deployed: Promise<void> }> {
      let release = (): void => undefined;
      received.closing = new Promise((resolve) => {
        release = resolve;
      });
      const stopping = once(runtime.RED.events, 'flows:stopping');
      const deployed = runtime.setFlows(flows);
      await stopping;
      // the nodes are closed in this turn; the recorder alone keeps the deploy waiting
      await new Promise((resolve) => setImmediate(resolve));
      return { release, deployed };
    }

    it('waits for the node to come back', async () => {
      const { release, deployed } = await slowDeploy();
      const body = fresh();
      const answer = post('shopify', body, shopifyHeaders(body));
      release();
      assert.equal((await answer).status, 200);
      await deployed;
      const [message] = await received.count(1);
      assert.equal(String(message!.payload), body);
    });

    it('asks the sender to come again when that takes too long', async () => {
      const { release, deployed } = await slowDeploy();
      const body = fresh();
      const [known, unknown] = await Promise.all([
        post('shopify', body, shopifyHeaders(body)),
        post('nobody', body, shopifyHeaders(body)),
      ]);
      release();
      await deployed;
      for (const answer of [known, unknown]) {
        assert.equal(answer.status, 503);
        assert.equal(answer.headers.get('retry-after'), '10');
      }
      const again = await post('shopify', body, shopifyHeaders(body));
      assert.deepEqual(await again.json(), { ok: true });
    });
  });

  it('lets one node only receive for an account', async () => {
    const second = hook('f0e1000000000029', shopify.id, sink.id);
    await runtime.setFlows([...flows, second]);
    try {
      const complaint = runtime.logs.findLast(({ nodeId }) => nodeId === second.id);
      assert.match(complaint?.message ?? '', /already receives for the account "shopify"/);
      const body = fresh();
      assert.equal((await post('shopify', body, shopifyHeaders(body))).status, 200);
      assert.deepEqual(
        (await received.count(1)).map(({ payload }: Recorded) => String(payload)),
        [body],
      );
    } finally {
      await runtime.setFlows(flows);
    }
  });

  it('says of a node that does not run that it has to be deployed', async () => {
    const last = await lastCall({ id: 'nothing', type: 'channel-webhook' }, 'zh-CN');
    assert.equal(last.code, 'webhook.not-running');
    assert.match(last.sentence ?? '', /部署/);
  });
});

describe('channel-webhook below a root of its own', () => {
  it('is reached there, and nowhere else', async () => {
    const runtime = await startSources(['hub-store', 'channel-account', 'channel-webhook'], flows, {
      settings: { channelWebhookWaitMs: waitMs, httpNodeRoot: '/shop', httpAdminRoot: '/admin' },
    });
    try {
      await runtime.hub(store.id);
      const body = '{"id":1}';
      const init = { method: 'POST', body, headers: signShopify(secrets.shopify, body) };
      assert.ok(runtime.url.endsWith('/shop'));
      assert.equal((await fetch(`${runtime.url}/order-hub/hook/shopify`, init)).status, 200);
      const elsewhere = runtime.url.replace(/shop$/, '');
      assert.equal((await fetch(`${elsewhere}order-hub/hook/shopify`, init)).status, 404);
    } finally {
      await runtime.stop();
    }
  });
});
