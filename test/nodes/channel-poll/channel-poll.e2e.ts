import assert from 'node:assert/strict';
import type { NodeAPI } from 'node-red';
import type { Hub } from '../../../core/hub.ts';
import type { FlowNode } from '../../support/embedded-runtime.ts';
import { eventually } from '../channel-webhook/support/eventually.ts';
import { type Recorded, recorderOf } from '../channel-webhook/support/recorder.ts';
import { type SourceRuntime, startSources } from '../channel-webhook/support/source-runtime.ts';
import { WooShop } from './woo-shop.ts';

const tab = { id: 'c0a1000000000001', type: 'tab', label: 'poll' };
const store = { id: 'c0a1000000000002', type: 'hub-store', path: '', version: 1 };
const place = { z: tab.id, x: 100, y: 100 };
const sinks = ['c0a1000000000021', 'c0a1000000000022', 'c0a1000000000023'];

describe('channel-poll', function () {
  this.timeout(90_000);
  let shop: WooShop;
  let runtime: SourceRuntime;
  let hub: Hub;
  let account: FlowNode;
  let poll: FlowNode;
  const [orders, sheets, refused] = sinks.map((id) => recorderOf(id));
  const flows = (...more: FlowNode[]): FlowNode[] => [
    tab,
    store,
    account,
    poll,
    ...more,
    ...sinks.map((id) => ({ ...place, id, type: 'test-recorder', wires: [[]] })),
  ];
  const bodyOf = (message: Recorded) => JSON.parse(String(message.payload)) as { id: number; status: string };
  const sheet = (isIt: (payload: Record<string, unknown>, topic: unknown) => boolean) =>
    eventually(async () => {
      const found = sheets!.messages.find(
        ({ payload, topic }) =>
          typeof payload === 'object' && isIt(payload as Record<string, unknown>, topic),
      );
      return found && (found.payload as Record<string, unknown>);
    });
  const askNow = () => runtime.receive(poll.id, { topic: 'poll' });

  before(async () => {
    shop = await WooShop.open();
    account = {
      id: 'c0a1000000000003',
      type: 'channel-account',
      platform: 'woocommerce',
      path: 'woo-main',
      channel: '',
      shop: 'main',
      currency: 'CNY',
      zone: 'Asia/Shanghai',
      repeats: 'platform',
      replayMinutes: '',
      maxMegabytes: '',
      address: shop.url,
      callsPerSecond: '',
      timeoutSeconds: '',
      version: 2,
      credentials: { appKey: 'ck_test', appSecret: 'cs_test' },
    };
    poll = {
      ...place,
      id: 'c0a1000000000011',
      type: 'channel-poll',
      store: store.id,
      account: account.id,
      intervalSeconds: '5',
      overlapMinutes: '',
      since: '',
      censusMinutes: '60',
      messages: true,
      wires: sinks.map((id) => [id]),
      version: 1,
    };
    runtime = await startSources(['hub-store', 'channel-account', 'channel-poll'], flows());
    hub = await runtime.hub(store.id);
    await sheet(({ kind }, topic) => topic === 'run' && kind === 'live');
  });
  after(async () => {
    await runtime?.stop();
    shop.close();
  });

  it('hands over each change of an order once, as a webhook would', async () => {
    shop.put(1001);
    askNow();
    const [first] = await orders!.count(1);
    assert.deepEqual(bodyOf(first!), shop.orders.get(1001));
    assert.deepEqual(first!.channel, {
      account: 'woo-main',
      platform: 'woocommerce',
      channel: 'woocommerce',
      shop: 'main',
      currency: 'CNY',
      zone: 'Asia/Shanghai',
    });
    assert.equal(first!.topic, 'order');
    await sheet(({ new: fresh }) => fresh === 1);
    shop.put(1001, 'completed', Date.now() + 1_000);
    const [, second] = await orders!.count(2);
    assert.equal(bodyOf(second!).status, 'completed');
  });

  it('reads back to a date that a message names, and refuses what it cannot do', async () => {
    shop.put(900, 'processing', Date.now() - 3 * 86_400_000);
    runtime.receive(poll.id, {
      topic: 'back-fill',
      payload: { from: new Date(Date.now() - 5 * 86_400_000).toISOString() },
    });
    await eventually(async () =>
      orders!.messages.some((message) => bodyOf(message).id === 900) ? true : undefined,
    );
    runtime.receive(poll.id, { topic: 'back-fill', payload: { from: '2026-13-01' } });
    const [no] = await refused!.count(1);
    assert.equal((no!.poll as { code: string }).code, 'polling.bad-date');
  });

  it('counts on request, and answers for it in the API', async () => {
    runtime.receive(poll.id, { topic: 'census' });
    const told = await sheet((_, topic) => topic === 'census');
    assert.equal(told.complete, true);
    const get = async (path: string) =>
      (await fetch(`${runtime.adminUrl}/order-hub/v1/channels/woo-main/${path}`)).json() as Promise<
        Record<string, unknown>
      >;
    const { censuses } = (await get('census')) as { censuses: { sentence: string }[] };
    assert.match(censuses[0]!.sentence, /orders are here/);
    const { runs } = (await get('runs?limit=2')) as { runs: { account: string }[] };
    assert.deepEqual(
      runs.map((run) => run.account),
      ['woo-main', 'woo-main'],
    );
    const state = await get('state');
    assert.equal(state.trouble, null);
    const fine = { circuit: 'closed', heldUntil: null, fault: null };
    assert.deepEqual(state.calls, fine);
    const answer = await fetch(`${runtime.adminUrl}/order-hub/v1/calls`);
    assert.deepEqual(await answer.json(), {
      calls: [{ account: 'woo-main', platform: 'WooCommerce', ...fine }],
    });
  });

  it('tells the flow and the API how complete each day is that was read to its end', async () => {
    const isDay = (payload: Record<string, unknown>, topic: unknown): boolean =>
      topic === 'census/day' && payload.listed === 1;
    const told = await sheet(isDay);
    assert.deepEqual([told.complete, told.missing, told.gaps], [true, 0, []]);
    assert.equal(told.sentence, 'woocommerce/main: 1 of 1 orders are here.');
    for (const [language, words] of [
      ['en-US', 'woocommerce/main: 1 of 1 orders are here.'],
      ['zh-CN', 'woocommerce/main：1 单中已有 1 单，完整。'],
    ] as const) {
      const path = `channels/woo-main/census?kind=day&day=${told.day}&lang=${language}`;
      const answer = await fetch(`${runtime.adminUrl}/order-hub/v1/${path}`);
      const { censuses } = (await answer.json()) as { censuses: { day: string; sentence: string }[] };
      assert.deepEqual(
        censuses.map(({ day, sentence }) => [day, sentence]),
        [[told.day, words]],
      );
    }
  });

  it('says whose trouble it is, moves nothing, and goes on when the account is deployed again', async () => {
    const watermark = (
      await hub.store.read.selectFrom('channel_polls').select('watermark').executeTakeFirstOrThrow()
    ).watermark;
    shop.answer = {
      status: 401,
      body: {
        code: 'woocommerce_rest_cannot_view',
        message: 'Sorry, you cannot list resources.',
        data: { status: 401 },
      },
    };
    askNow();
    const { fault } = await sheet((payload) => payload.fault !== null && payload.fault !== undefined);
    assert.match((fault as { sentence: string }).sentence, /WooCommerce/);
    const now = await hub.store.read
      .selectFrom('channel_polls')
      .select('watermark')
      .executeTakeFirstOrThrow();
    assert.ok(now.watermark >= watermark);
    shop.answer = undefined;
    shop.put(1002);
    await runtime.setFlows(
      flows().map((one) => (one.id === account.id ? { ...account, name: 'mended' } : one)),
      'nodes',
    );
    await eventually(async () =>
      orders!.messages.some((message) => bodyOf(message).id === 1002) ? true : undefined,
    );
  });

  it('lets one node read an account, and another when that one is gone', async () => {
    const second = { ...poll, id: 'c0a1000000000012' };
    const statuses: string[] = [];
    const { events } = runtime.RED as unknown as NodeAPI;
    const onStatus = (told: { id: string; status: { text?: string } }): void => {
      if (told.id === second.id) statuses.push(told.status.text ?? '');
    };
    events.on('node-status', onStatus);
    await runtime.setFlows(flows(second));
    await eventually(async () => statuses.at(-1));
    events.off('node-status', onStatus);
    assert.equal(statuses.at(-1), 'channel-poll.status.twice');
    assert.ok(runtime.logs.some((line) => JSON.stringify(line).includes('is used by two')));
    shop.put(1003);
    await eventually(async () =>
      orders!.messages.some((message) => bodyOf(message).id === 1003) ? true : undefined,
    );
    assert.equal(orders!.messages.filter((message) => bodyOf(message).id === 1003).length, 1);
    await runtime.setFlows(
      flows(second).filter(({ id }) => id !== poll.id),
      'nodes',
    );
    shop.put(1004);
    await eventually(async () =>
      orders!.messages.some((message) => bodyOf(message).id === 1004) ? true : undefined,
    );
  });
});
