import assert from 'node:assert/strict';
import { askCalls } from '../../../core/insight/query/channels.ts';
import channelAccount from '../../../nodes/channel-account/channel-account.ts';
import channelShip from '../../../nodes/channel-ship/channel-ship.ts';
import channelStock from '../../../nodes/channel-stock/channel-stock.ts';
import { type SimulatedShop, type Simulator, startSimulator } from '../../simulator/simulator.ts';
import { eventually } from '../channel-webhook/support/eventually.ts';
import { helper, statusOf } from '../shared/helper.ts';
import { type HubCase, startHubCase } from '../shared/hub-case.ts';

const account = 'c0a5000000000014';
/** Failures in a row that open the circuit. */
const breakAfter = 8;

describe('how the requests of an account go', function () {
  this.timeout(30_000);
  let simulator: Simulator;
  let shop: SimulatedShop;
  let hub: HubCase;

  before(() => helper.startServer());
  after(() => helper.stopServer());
  beforeEach(async () => {
    simulator = await startSimulator({
      seed: 3,
      platforms: { woocommerce: { orders: 60, plainKeys: true } },
    });
    shop = simulator.shop('woocommerce');
  });
  afterEach(async () => {
    await hub.stop();
    await simulator.close();
  });

  async function begin(node: typeof channelShip, config: { type: string; ports: number }): Promise<void> {
    const settings = {
      id: account,
      type: 'channel-account',
      platform: 'woocommerce',
      path: 'woo',
      channel: '',
      shop: 'main',
      currency: 'CNY',
      zone: 'UTC',
      repeats: 'platform',
      address: shop.address,
      callsPerSecond: '100',
      version: 2,
    };
    hub = await startHubCase(node, { ...config, account }, [{ node: channelAccount, config: settings }], {
      [account]: { ...shop.access },
    });
  }

  const shipping = () => begin(channelShip, { type: 'channel-ship', ports: 2 });
  const parcel = (orderId: string) => ({
    order: { key: `woocommerce/main/${orderId}` },
    payload: { carrier: 'SF', tracking: `SF${orderId}` },
  });
  const paidOrders = () =>
    shop.shop
      .orders()
      .filter(({ stage }) => stage === 'paid')
      .map(({ id }) => id);
  const shows = (text: string) =>
    eventually(async () => (statusOf(hub.node)?.text === text ? statusOf(hub.node) : undefined));
  const asked = () => [...shop.journal.requests.values()].reduce((sum, count) => sum + count, 0);

  it('is red on the node and told by the API, in both languages, when the platform fails again and again', async () => {
    await shipping();
    shop.faults({ rate: 1, kinds: ['server-error'] });
    const ids = shop.shop.orders().slice(0, breakAfter);
    for (const { id } of ids) helper.getNode(hub.node).receive(parcel(id));
    const status = await shows('hub.status.circuit-open');
    assert.deepEqual([status.fill, status.shape], ['red', 'ring']);
    const before = asked();
    helper.getNode(hub.node).receive(parcel(ids[0]!.id));
    const opened = await hub.hub();
    const [english] = askCalls({ hub: opened, language: 'en-US' }).calls;
    assert.deepEqual([english!.account, english!.platform, english!.circuit], ['woo', 'WooCommerce', 'open']);
    assert.equal(english!.fault?.kind, 'platform');
    assert.match(english!.fault!.sentence, /WooCommerce/);
    const [chinese] = askCalls({ hub: opened, language: 'zh-CN' }).calls;
    assert.match(chinese!.fault!.sentence, /\p{Script=Han}/u);
    assert.equal(asked(), before, 'the platform was asked while it was to be left alone');
    assert.equal(statusOf(hub.node)?.text, 'hub.status.circuit-open', 'the error hides what is wrong');
  });

  it('is yellow while the platform wants a pause, which every request of the account keeps, and fine again after it', async () => {
    await shipping();
    const [first, second] = paidOrders();
    shop.faults({ rate: 1, kinds: ['throttle'] });
    const sent = hub.send(parcel(first!));
    const status = await shows('hub.status.held');
    assert.deepEqual([status.fill, status.shape], ['yellow', 'ring']);
    const { heldUntil } = askCalls({ hub: await hub.hub(), language: 'en-US' }).calls[0]!;
    shop.faults(null);
    const before = asked();
    const other = hub.send(parcel(second!));
    await Promise.race([sent, other]);
    assert.ok(Date.now() >= Date.parse(heldUntil!), 'a request went before the time the platform named');
    assert.ok(asked() > before);
    await Promise.all([sent, other]);
    await shows('2');
    assert.equal(shop.journal.refusals.get('throttled'), 1, 'it was asked again too soon');
    const [calls] = askCalls({ hub: await hub.hub(), language: 'en-US' }).calls;
    assert.deepEqual(calls, {
      account: 'woo',
      platform: 'WooCommerce',
      circuit: 'closed',
      heldUntil: null,
      fault: null,
    });
  });

  it('is shown by channel-stock, too', async () => {
    await begin(channelStock, { type: 'channel-stock', ports: 3 });
    shop.faults({ rate: 1, kinds: ['throttle'] });
    const [listing] = shop.shop.listings;
    const number = { listing: listing!.productId, sellable: 3, version: 1 };
    const sent = hub.send({ payload: number });
    await shows('hub.status.held');
    shop.faults(null);
    await sent;
    await eventually(async () => /^1 /.test(statusOf(hub.node)?.text ?? '') || undefined);
  });

  it('obeys after a restart what the platform demanded before, and says so', async () => {
    await shipping();
    const opened = await hub.hub();
    await opened.store.execute(
      {
        name: 'test.held',
        async run(tx, commands: readonly null[]) {
          const row = { account: 'woo', arrival_us: 0, held_until: tx.now + 3_600_000 };
          await tx.db.insertInto('channel_paces').values(row).execute();
          return commands;
        },
      },
      null,
    );
    helper.getNode(hub.node).receive(parcel(paidOrders()[0]!));
    await shows('hub.status.held');
    const [calls] = askCalls({ hub: opened, language: 'zh-CN' }).calls;
    assert.equal(calls!.fault?.code, 'channel.held');
    assert.match(calls!.fault!.sentence, /暂停请求/);
    assert.equal(asked(), 0, 'a request went while the platform wanted none');
  });
});
