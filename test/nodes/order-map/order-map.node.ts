import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { shopifyMapping } from '../../../core/order/mapping/presets/shopify.ts';
import type { Order } from '../../../core/order/schema.ts';
import orderMap from '../../../nodes/order-map/order-map.ts';
import { helper, loggedErrors, statusOf } from '../shared/helper.ts';
import { type HubCase, startHubCase } from '../shared/hub-case.ts';

const sample = JSON.parse(
  readFileSync(new URL('../../samples/shopify/webhook.orders_paid.json', import.meta.url), 'utf8'),
) as { rawBody: string };

/** What a channel-webhook of a Shopify account sends along. */
const channel = {
  account: 'shop',
  platform: 'shopify',
  channel: 'shopify',
  shop: 'main',
  currency: 'CNY',
  zone: 'Asia/Shanghai',
};
const config = {
  type: 'order-map',
  ports: 2,
  record: 'payload',
  recordType: 'msg',
  account: '',
  mapping: shopifyMapping,
};

describe('order-map', () => {
  let running: HubCase | undefined;
  before(() => helper.startServer());
  after(() => helper.stopServer());
  afterEach(async () => {
    await running?.stop();
    running = undefined;
  });

  const map = async (message: Record<string, unknown>, changes = {}) => {
    running = await startHubCase(orderMap, { ...config, ...changes });
    return running.send({ channel, ...message });
  };

  it('makes an order of the bytes a shop sent', async () => {
    const { port, message } = await map({
      payload: Buffer.from(sample.rawBody),
      inbox: { id: 7, receivedAt: 1 },
    });
    assert.equal(port, 0, JSON.stringify(message.problems));
    const order = message.payload as Order;
    assert.equal(order.channelOrderId, '5500000000001');
    assert.equal(order.money?.total, 15_900);
    assert.deepEqual(order.raw, { inboxId: 7 });
    assert.deepEqual(message.mapping, { name: shopifyMapping.name, version: shopifyMapping.version });
  });

  it('keeps every digit of an id beyond 2^53, and text as it was written', async () => {
    const body = sample.rawBody
      .replaceAll('5500000000001', '9007199254740993001')
      .replace('"note":null', '"note":"Tea ®™ 🍵"');
    const { message } = await map({ payload: body });
    const order = message.payload as Order;
    assert.equal(order.channelOrderId, '9007199254740993001');
  });

  it('sends what is no order by the second port, raw, with every problem and its rule', async () => {
    const raw = JSON.stringify({ id: 1, line_items: [{ id: 2 }] });
    const { port, message } = await map({ payload: raw });
    assert.equal(port, 1);
    assert.equal(message.payload, raw);
    const problems = message.problems as { path: string; sentence: string; rule?: { target: string } }[];
    assert.ok(problems.length > 1, 'all problems are told, not the first');
    assert.ok(problems.every(({ sentence }) => sentence.length > 10));
    assert.ok(problems.some(({ rule }) => rule?.target === 'sku'));
    assert.deepEqual(statusOf('0c5e0000000000bb'), { fill: 'red', shape: 'dot', text: 'hub.status.refused' });
  });

  for (const [what, payload, code] of [
    ['text that is not JSON', 'order 17, two cups', 'record.not-json'],
    ['nothing', Buffer.alloc(0), 'record.empty'],
    ['bytes that are not UTF-8', Buffer.from([0x7b, 0xff, 0x7d]), 'record.not-utf8'],
  ] as const) {
    it(`says what is wrong with ${what}`, async () => {
      const { port, message } = await map({ payload });
      assert.equal(port, 1);
      const [problem] = message.problems as { code: string }[];
      assert.equal(problem?.code, code);
    });
  }

  it('judges each record of a list alone', async () => {
    running = await startHubCase(orderMap, config);
    const good = JSON.parse(sample.rawBody) as object;
    const first = running.send({ channel, payload: [{ id: 'broken' }, good] });
    assert.equal((await first).port, 1);
  });

  it('takes the order from whom the dialog names when the message does not say', async () => {
    const { port, message } = await map({ channel: undefined, payload: sample.rawBody });
    assert.equal(port, 1, 'without an account nobody knows whose order it is');
    assert.ok(
      (message.problems as { path: string }[]).some(({ path }) => path === 'channel' || path === 'shop'),
    );
  });

  it('is red and refuses messages when its mapping cannot work', async () => {
    running = await startHubCase(orderMap, { ...config, mapping: { ...shopifyMapping, rules: [] } });
    assert.deepEqual(statusOf('0c5e0000000000bb'), {
      fill: 'red',
      shape: 'ring',
      text: 'hub.status.bad-config',
    });
    assert.ok(
      loggedErrors().some((text) => text.includes('channelOrderId') || text.includes(shopifyMapping.name)),
    );
  });
});
