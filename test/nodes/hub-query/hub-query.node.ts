import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Hub } from '../../../core/hub.ts';
import { deliveryStates } from '../../../core/insight/query/deliveries.ts';
import { orderStatuses } from '../../../core/order/schema.ts';
import hubQuery from '../../../nodes/hub-query/hub-query.ts';
import { type FieldValue, fieldsOf, isQuestion, type Question } from '../../../nodes/hub-query/questions.ts';
import hubStore from '../../../nodes/hub-store/hub-store.ts';
import type { HubStoreApi } from '../../../nodes/shared/hub-lease.ts';
import { apiOf } from '../../../nodes/shared/node-api.ts';
import { newRow, policyFrom } from '../../../nodes/stock-changed/share-fields.ts';
import { fillHub, letDie, orderKey } from '../hub-store/sample-hub.ts';
import { helper, loggedErrors, statusOf } from '../shared/helper.ts';

type Message = Record<string, unknown>;

const ids = {
  tab: '5d3f70e19b2c4a01',
  store: '5d3f70e19b2c4a02',
  query: '5d3f70e19b2c4a03',
  answer: '5d3f70e19b2c4a04',
  refused: '5d3f70e19b2c4a05',
  caught: '5d3f70e19b2c4a06',
  catcher: '5d3f70e19b2c4a07',
};

/** What left the node: by which output, or the error a catch node got. */
interface Left {
  by: 'answer' | 'refused' | 'caught';
  message: Message;
}

/** Lets a shop show all of the stock, once. */
async function shareOut(hub: Hub): Promise<void> {
  const channels = [{ ...newRow(), channel: 'web' }];
  await hub.shares.run({ id: 's1', label: 'shops', policy: policyFrom({ channels }) });
  await hub.shares.settle('s1');
  await hub.shares.stop('s1');
}

describe('hub-query', () => {
  let folder: string;
  let hub: Hub;

  const place = (y: number) => ({ z: ids.tab, x: 100, y });

  async function load(question: string, fields: Record<string, FieldValue> = {}): Promise<void> {
    await helper.load(
      [hubStore, hubQuery],
      [
        { id: ids.tab, type: 'tab' },
        { id: ids.store, type: 'hub-store', path: join(folder, 'hub.sqlite') },
        {
          id: ids.query,
          type: 'hub-query',
          store: ids.store,
          question,
          fields,
          version: 1,
          ...place(100),
          wires: [[ids.answer], [ids.refused]],
        },
        { id: ids.answer, type: 'helper', ...place(200), wires: [] },
        { id: ids.refused, type: 'helper', ...place(300), wires: [] },
        { id: ids.caught, type: 'catch', scope: null, ...place(400), wires: [[ids.catcher]] },
        { id: ids.catcher, type: 'helper', ...place(500), wires: [] },
      ],
    );
    const RED = { nodes: { getNode: (id: string) => helper.getNode(id) } };
    const lease = apiOf<HubStoreApi>(RED as never, ids.store, 'hub-store').acquire({
      opened: () => undefined,
      failing: () => undefined,
    });
    hub = await lease.ready();
    lease.release();
  }

  /** Sends a message through the node and answers where it came out. */
  function ask(message: Message = {}): Promise<Left> {
    const outputs = { answer: ids.answer, refused: ids.refused, caught: ids.catcher } as const;
    const left = Promise.race(
      Object.entries(outputs).map(
        ([by, id]) =>
          new Promise<Left>((resolve) => {
            helper.getNode(id).on('input', (out) => resolve({ by: by as Left['by'], message: out }));
          }),
      ),
    );
    helper.getNode(ids.query).receive(message);
    return left;
  }

  async function asked(question: Question, fields: Record<string, FieldValue> = {}, message: Message = {}) {
    await load(question, fields);
    return ask(message);
  }

  before(async () => {
    await helper.startServer();
    folder = await mkdtemp(join(tmpdir(), 'order-hub-query-'));
    await load('totals');
    await fillHub(hub);
    await shareOut(hub);
    await helper.unload();
  });
  afterEach(() => helper.unload());
  after(async () => {
    await helper.stopServer();
    await rm(folder, { recursive: true, force: true });
  });

  it('gives the totals of a board', async () => {
    const { by, message } = await asked('totals', {}, { topic: 'kept' });
    assert.equal(by, 'answer');
    const { orders, deliveries } = message.payload as Record<string, Record<string, unknown>>;
    assert.deepEqual(orders, { total: 2, byStatus: { created: 1, paid: 1 } });
    assert.equal(deliveries?.dead, 1);
    assert.ok(Number(deliveries?.waiting) > 0);
    assert.equal(message.topic, 'kept');
    assert.deepEqual(message.query, { question: 'totals', asked: {} });
    assert.deepEqual(statusOf(ids.query), { fill: 'green', shape: 'dot', text: 'hub.status.ok' });
  });

  it('lists orders by what the fields say, and counts them in its status', async () => {
    const { message } = await asked(
      'orders',
      {
        status: { value: 'paid', type: 'choice' },
        channel: { value: 'payload.channel', type: 'msg' },
        limit: { value: '1', type: 'num' },
      },
      { payload: { channel: 'shopify' } },
    );
    const orders = message.payload as Message[];
    assert.deepEqual(
      orders.map((order) => order.key),
      [orderKey],
    );
    const query = message.query as Message;
    assert.equal(typeof query.next, 'string');
    assert.deepEqual(query.asked, { channel: 'shopify', status: 'paid', limit: 1 });
    assert.equal(statusOf(ids.query)?.text, '1');
  });

  it('goes on with the next page', async () => {
    await load('orders', {
      limit: { value: '1', type: 'num' },
      after: { value: 'query.next', type: 'msg' },
    });
    const first = (await ask()).message;
    const seen = [(first.payload as Message[])[0]?.key];
    const second = (await ask({ query: first.query })).message;
    seen.push((second.payload as Message[])[0]?.key);
    assert.equal(new Set(seen).size, 2);
    const third = (await ask({ query: second.query })).message;
    assert.deepEqual([third.payload, (third.query as Message).next], [[], null]);
  });

  it('gives one order, which it takes from the message when no field says which', async () => {
    const { by, message } = await asked('order', {}, { order: { key: orderKey } });
    assert.equal(by, 'answer');
    const order = message.payload as Record<string, unknown[]>;
    assert.equal(order.holds?.length, 1);
    assert.ok((order.events?.length ?? 0) > 0);
  });

  it('masks whom an order is about', async () => {
    const { message } = await asked('order', {}, { order: { key: orderKey } });
    const text = JSON.stringify(message);
    for (const secret of ['张三丰', '13812340000', '中山路'])
      assert.equal(text.includes(secret), false, secret);
    assert.match(text, /138\*\*\*\*0000/);
  });

  it('sends what is not there, or cannot be meant, out by the second output with a sentence', async () => {
    const none = await asked('order', {}, { order: { key: 'a/b/c' }, payload: 'kept' });
    assert.equal(none.by, 'refused');
    assert.equal(none.message.payload, 'kept');
    const { refusal, question } = none.message.query as { refusal: Message; question: string };
    assert.deepEqual([question, refusal.code], ['order', 'query.no-order']);
    assert.match(String(refusal.sentence), /a\/b\/c/);
    assert.equal(statusOf(ids.query)?.fill, 'red');
    await helper.unload();
    const missing = await asked('order', {}, {});
    assert.equal((missing.message.query as { refusal: Message }).refusal.code, 'query.missing');
    await helper.unload();
    const many = await asked('orders', { limit: { value: '501', type: 'num' } });
    assert.equal((many.message.query as { refusal: Message }).refusal.code, 'query.bad-limit');
  });

  it('asks for stock and for why it is what it is', async () => {
    const stock = await asked('stock', { sku: { value: 'MUG', type: 'str' } });
    assert.equal((stock.message.payload as Message[])[0]?.available, 3);
    await helper.unload();
    const why = await asked('explain', {}, { payload: { sku: 'MUG' } });
    const { sentences, addsUp } = why.message.payload as { sentences: string[]; addsUp: boolean };
    assert.ok(sentences.length > 1);
    assert.equal(addsUp, true);
    await helper.unload();
    const unknown = await asked('explain', {}, { payload: { sku: 'NONE' } });
    assert.equal((unknown.message.query as { refusal: Message }).refusal.code, 'query.no-sku');
  });

  it('asks for what channels show', async () => {
    const { by, message } = await asked(
      'shares',
      { channel: { value: 'payload.channel', type: 'msg' } },
      { payload: {} },
    );
    assert.equal(by, 'answer');
    const [state] = message.payload as Message[];
    const { channel, shop, listing, sku, sellable, open, version, at, why } = state ?? {};
    assert.deepEqual(
      [channel, shop, listing, sku, sellable, open, version],
      ['web', 'main', 'MUG', 'MUG', 3, true, 1],
    );
    assert.match(String(at), /^\d{4}-.*Z$/);
    assert.match(String((why as Message).sentence), /3 units are available.*web\/main shows 3/);
    await helper.unload();
    const never = await asked('shares', {
      pushed: { value: 'never', type: 'choice' },
      shop: { value: 'other', type: 'str' },
    });
    assert.deepEqual([never.message.payload, (never.message.query as Message).next], [[], null]);
  });

  it('asks for failed messages and others', async () => {
    const dead = await asked('dead');
    const [letter] = dead.message.payload as Message[];
    assert.deepEqual([letter?.state, letter?.subscriber], ['dead', 'hook']);
    await helper.unload();
    await load('deliveries', { subscriber: { value: 'watcher', type: 'str' } });
    await letDie(hub, 'watcher');
    const all = (await ask()).message.payload as { subscriber: string; state: string }[];
    assert.deepEqual([...new Set(all.map((row) => row.subscriber))], ['watcher']);
    assert.deepEqual([...new Set(all.map((row) => row.state))].sort(), ['dead', 'ready']);
  });

  it('asks for alerts, acts and health', async () => {
    const alerts = await asked('alerts');
    assert.equal((alerts.message.payload as Message[])[0]?.target, 'desk');
    await helper.unload();
    const acts = await asked('acts', { act: { value: 'none', type: 'str' } });
    assert.deepEqual(acts.message.payload, []);
    await helper.unload();
    const health = await asked('health');
    assert.equal((health.message.payload as Message).state, 'open');
  });

  it('hands a field that cannot be read to catch nodes', async () => {
    const { by, message } = await asked('orders', { channel: { value: '$nope(', type: 'jsonata' } });
    assert.equal(by, 'caught');
    assert.equal((message.error as Message).code, 'node.bad-property');
  });

  it('says so when its question is not one', async () => {
    await load('weather');
    assert.ok(loggedErrors().some((text) => /"weather" is not one/.test(text)));
    const { by, message } = await ask();
    assert.equal(by, 'caught');
    assert.equal((message.error as Message).code, 'query.unknown-question');
  });
});

describe('the questions of hub-query', () => {
  const choicesOf = (question: Question, name: string) =>
    fieldsOf(question).find((field) => field.name === name)?.choices;

  it('offer the values there are', () => {
    assert.deepEqual(choicesOf('orders', 'status'), orderStatuses);
    assert.deepEqual(choicesOf('deliveries', 'state'), deliveryStates);
  });

  it('are told from names every object has', () => {
    assert.equal(isQuestion('orders'), true);
    assert.equal(isQuestion('toString'), false);
  });
});
