import assert from 'node:assert/strict';
import { parseJson } from '../../../core/json.ts';
import { type SimulatedShop, type Simulator, startSimulator } from '../../simulator/simulator.ts';
import type { FlowNode } from '../../support/embedded-runtime.ts';
import { eventually } from '../channel-webhook/support/eventually.ts';
import { recorderOf } from '../channel-webhook/support/recorder.ts';
import { type SourceRuntime, startSources } from '../channel-webhook/support/source-runtime.ts';

const tab = { id: 'c0b1000000000001', type: 'tab', label: 'pinduoduo' };
const store = { id: 'c0b1000000000002', type: 'hub-store', path: '', version: 1 };
const accountId = 'c0b1000000000003';
const place = { z: tab.id, x: 100, y: 100, store: store.id, account: accountId, version: 1 };
const ids = { poll: 'c0b1000000000011', stock: 'c0b1000000000012', ship: 'c0b1000000000013' };
const sinks = {
  orders: 'c0b1000000000021',
  told: 'c0b1000000000022',
  refused: 'c0b1000000000023',
  sheets: 'c0b1000000000024',
};

/** Every node that calls a channel, on one simulated shop of Pinduoduo. */
describe('an account of Pinduoduo', function () {
  this.timeout(60_000);
  let simulator: Simulator;
  let shop: SimulatedShop;
  let runtime: SourceRuntime;
  let account: FlowNode;
  const orders = recorderOf(sinks.orders);
  const told = recorderOf(sinks.told);
  const refused = recorderOf(sinks.refused);
  const sheets = recorderOf(sinks.sheets);

  before(async () => {
    simulator = await startSimulator({ seed: 3, platforms: { pinduoduo: {} } });
    shop = simulator.shop('pinduoduo');
    const { appKey, appSecret, accessToken } = shop.access;
    account = {
      id: accountId,
      type: 'channel-account',
      platform: 'pinduoduo',
      path: 'pdd-main',
      channel: '',
      shop: 'main',
      currency: 'CNY',
      zone: 'Asia/Shanghai',
      repeats: 'platform',
      address: shop.address,
      version: 2,
      credentials: { appKey, appSecret, accessToken },
    };
    runtime = await startSources(
      ['hub-store', 'channel-account', 'channel-poll', 'channel-stock', 'channel-ship'],
      [
        tab,
        store,
        account,
        {
          ...place,
          id: ids.poll,
          type: 'channel-poll',
          // What comes within this test comes by its message.
          intervalSeconds: '180',
          censusMinutes: '60',
          messages: true,
          wires: [[sinks.orders], [sinks.sheets], []],
        },
        {
          ...place,
          id: ids.stock,
          type: 'channel-stock',
          readBackPercent: '5',
          wires: [[sinks.told], [sinks.refused], []],
        },
        {
          ...place,
          id: ids.ship,
          type: 'channel-ship',
          carriers: [{ name: 'SF', code: '44' }],
          wires: [[sinks.told], [sinks.refused]],
        },
        ...Object.values(sinks).map((id) => ({
          id,
          z: tab.id,
          x: 300,
          y: 100,
          type: 'test-recorder',
          wires: [[]],
        })),
      ],
    );
    await sheets.count(1);
  });
  after(async () => {
    await runtime?.stop();
    await simulator?.close();
  });
  beforeEach(() => {
    for (const recorder of [orders, told, refused]) recorder.clear();
  });

  const ask = (path: string, init?: RequestInit) =>
    fetch(`${runtime.adminUrl}/order-hub/v1/channel-accounts/${accountId}/${path}`, init);

  it('is tested by its dialog, in the language of who asks', async () => {
    const test = async (appSecret: string, language: string) => {
      const { credentials: _, ...config } = account;
      const { appKey, accessToken } = shop.access;
      const response = await ask('test', {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'accept-language': language },
        body: JSON.stringify({ config, credentials: { appKey, appSecret, accessToken } }),
      });
      return response.text();
    };
    assert.match(await test(shop.access.appSecret, 'en-US'), /"works":true.*Pinduoduo accepts the account/);
    assert.match(await test('wrong-secret', 'zh-CN'), /"works":false.*Pinduoduo 不接受该账号的凭证.*20004/);
  });

  it('hands over an order once its message came, bare, as it stands, and once though the message came twice', async () => {
    shop.faults({ rate: 1, kinds: ['push-duplicated'] });
    await eventually(async () => (shop.journal.requests.get('pdd.pmc.user.permit') ? true : undefined));
    const order = shop.shop.place();
    shop.shop.change(order.id, order.deposit === null ? 'pay' : 'pay-deposit');
    const [message] = await orders.count(1);
    const record = parseJson(String(message!.payload)) as Record<string, unknown>;
    assert.deepEqual(record, parseJson(JSON.stringify(shop.record(order.id))));
    assert.equal(message!.topic, 'order');
    assert.equal((message!.channel as { platform: string }).platform, 'pinduoduo');
    await eventually(async () => (shop.journal.pushes.accepted > 0 ? true : undefined));
    assert.equal(shop.journal.pushes.sent, 2);
    const hub = await runtime.hub(store.id);
    const kept = await hub.store.read.selectFrom('inbox').select('topic').execute();
    assert.deepEqual(kept.map(({ topic }) => topic).sort(), ['order', 'pdd_trade_TradeConfirmed']);
    assert.equal(orders.messages.length, 1);
    shop.faults(null);
  });

  it('is told of stock, by SKU, and says what it does not take', async () => {
    const [listing] = shop.shop.listings;
    const name = `${listing!.productId}/${listing!.variantId}`;
    runtime.receive(ids.stock, { payload: { listing: name, sellable: 12, version: 1 } });
    await told.count(1);
    assert.equal(listing!.available, 12);
    runtime.receive(ids.stock, { payload: { listing: listing!.productId, sellable: 1, version: 1 } });
    const [no] = await refused.count(1);
    const { refusals } = no!.push as { refusals: { code: string }[] };
    assert.deepEqual(
      refusals.map(({ code }) => code),
      ['pinduoduo.sku-missing'],
    );
  });

  it('is told of a parcel once, by one of the carriers it knows', async () => {
    const { carriers } = (await (await ask('carriers')).json()) as { carriers: { code: string }[] };
    assert.ok(carriers.some(({ code }) => code === '44'));
    const order = shop.shop.place();
    if (order.deposit !== null) shop.shop.change(order.id, 'pay-deposit');
    shop.shop.change(order.id, 'pay');
    const parcel = {
      order: { key: `pinduoduo/main/${order.id}` },
      payload: { carrier: 'SF', tracking: 'SF100' },
    };
    runtime.receive(ids.ship, parcel);
    await told.count(1);
    runtime.receive(ids.ship, parcel);
    const [first, second] = await told.count(2);
    assert.deepEqual(
      [first, second].map((message) => (message!.shipment as { replayed: boolean }).replayed),
      [false, true],
    );
    assert.equal(shop.journal.shipments.length, 1);
    runtime.receive(ids.ship, { ...parcel, payload: { carrier: 'SF', tracking: 'SF101' } });
    const [no] = await refused.count(1);
    assert.equal((no!.shipment as { code: string }).code, 'pinduoduo.shipped-otherwise');
  });
});
