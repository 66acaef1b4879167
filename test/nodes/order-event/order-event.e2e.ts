import assert from 'node:assert/strict';
import { publish } from '../../../core/delivery/publish.ts';
import type { Hub } from '../../../core/hub.ts';
import type { CommandHandler } from '../../../core/store/store.ts';
import type { FlowNode } from '../../support/embedded-runtime.ts';
import { eventually } from '../channel-webhook/support/eventually.ts';
import { recorderOf } from '../channel-webhook/support/recorder.ts';
import { type SourceRuntime, startSources } from '../channel-webhook/support/source-runtime.ts';
import { order, save } from './orders.ts';

const tab = { id: 'f0e3000000000001', type: 'tab', label: 'events' };
const store = { id: 'f0e3000000000002', type: 'hub-store', path: '', version: 1 };
const place = { z: tab.id, x: 100, y: 100 };
const paid: FlowNode = {
  ...place,
  id: 'f0e3000000000011',
  type: 'order-event',
  store: store.id,
  types: ['paid'],
  channels: '',
  start: 'now',
  since: '',
  wires: [['f0e3000000000021']],
  version: 1,
};
const paidSink = { ...place, id: 'f0e3000000000021', type: 'test-recorder', wires: [[]] };
const all: FlowNode = {
  ...place,
  id: 'f0e3000000000012',
  type: 'order-event',
  store: store.id,
  types: [],
  channels: 'web， tmall',
  wires: [['f0e3000000000022']],
  version: 1,
};
const allSink = { ...place, id: 'f0e3000000000022', type: 'test-recorder', wires: [[]] };
const flows: FlowNode[] = [tab, store, paid, paidSink, all, allSink];

describe('order-event', function () {
  this.timeout(30_000);
  let runtime: SourceRuntime;
  let hub: Hub;
  const gotPaid = recorderOf(paidSink.id);
  const gotAll = recorderOf(allSink.id);

  before(async () => {
    runtime = await startSources(['hub-store', 'order-event'], flows);
    await known(2);
  });

  after(() => runtime.stop());

  beforeEach(async () => {
    hub = await runtime.hub(store.id);
    await quiet();
    gotPaid.clear();
    gotAll.clear();
  });

  /** Waits until so many subscribers are registered: only from then on are events written for them. */
  async function known(count: number): Promise<void> {
    hub = await runtime.hub(store.id);
    await eventually(async () => ((await hub.subscribers.list()).length >= count ? true : undefined));
  }

  /** Waits until nothing is under way. */
  async function quiet(): Promise<void> {
    await eventually(async () => {
      const open = await Promise.all(
        (['ready', 'leased'] as const).map((state) => hub.deliveries.list({ state }, 1)),
      );
      return open.flat().length === 0 ? true : undefined;
    });
  }

  async function deploy(nodes: readonly FlowNode[]): Promise<void> {
    await runtime.setFlows(nodes);
    hub = await runtime.hub(store.id);
  }

  it('sends what happened with the order as it is now', async () => {
    await save(hub, order('A-1', { status: 'created' }));
    const later = order('A-1', { status: 'paid', lines: [{ lineId: '1', sku: 'TEA-250', quantity: 3 }] });
    await save(hub, later);
    const [message] = await gotPaid.count(1);
    assert.deepEqual(message!.payload, later);
    const event = message!.event as { id: number; type: string; at: number; data: object };
    assert.equal(event.type, 'paid');
    assert.equal(message!.topic, 'paid');
    assert.ok(Number.isSafeInteger(event.id));
    assert.ok(Math.abs(event.at - Date.now()) < 60_000);
    assert.deepEqual(event.data, { status: 'paid', from: 'created', version: 2 });
    assert.deepEqual(message!.order, {
      key: 'web/main/A-1',
      channel: 'web',
      channelOrderId: 'A-1',
      version: 2,
    });
  });

  it('takes the types and channels it is set to', async () => {
    await save(hub, order('B-1', { status: 'paid' }));
    await save(hub, order('B-2', { channel: 'tmall' }));
    await save(hub, order('B-3', { channel: 'pos', status: 'paid' }));
    await save(hub, order('B-4'));
    const everything = await gotAll.count(4);
    assert.deepEqual(
      everything.map(({ topic, order }) => `${topic} ${(order as { key: string }).key}`).sort(),
      ['created tmall/main/B-2', 'created web/main/B-1', 'created web/main/B-4', 'paid web/main/B-1'],
    );
    const payments = await gotPaid.count(2);
    assert.deepEqual(payments.map(({ order }) => (order as { key: string }).key).sort(), [
      'pos/main/B-3',
      'web/main/B-1',
    ]);
  });

  it('has no order to show when none is in the store', async () => {
    const strange: CommandHandler<null, null> = {
      name: 'test.event',
      async run(tx, commands) {
        const event = {
          topic: 'order' as const,
          type: 'paid',
          orderKey: 'web/main/none',
          channel: 'web',
          data: {},
          at: tx.now,
        };
        await publish(tx, [event]);
        return commands.map(() => null);
      },
    };
    await hub.store.execute(strange, null);
    const [message] = await gotPaid.count(1);
    assert.equal(message!.payload, null);
    assert.deepEqual(message!.order, { key: 'web/main/none', channel: 'web' });
  });

  it('never has two events of one order in the flow, and lets other orders pass', async () => {
    let release = (): void => undefined;
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    gotAll.behaviour = (message) =>
      (message.order as { key: string }).key.endsWith('C-1') && message.topic === 'created'
        ? held
        : undefined;
    await save(hub, order('C-1'));
    await save(hub, order('C-1', { status: 'paid' }));
    await save(hub, order('C-2', { status: 'paid' }));
    const three = await gotAll.count(3);
    assert.deepEqual(
      three.map(({ topic, order }) => `${topic} ${(order as { key: string }).key.slice(-3)}`).sort(),
      ['created C-1', 'created C-2', 'paid C-2'],
    );
    release();
    const four = await gotAll.count(4);
    assert.equal(four[3]!.topic, 'paid');
    assert.equal((four[3]!.order as { key: string }).key, 'web/main/C-1');
  });

  it('keeps its place while it is disabled', async () => {
    const without = (nodes: readonly FlowNode[]) =>
      nodes.map((node) => (node.id === paid.id ? { ...node, d: true } : node));
    await deploy(without(flows));
    await save(hub, order('D-1', { status: 'paid' }));
    await gotAll.count(2);
    assert.deepEqual(gotPaid.messages, []);
    await deploy(flows);
    const [message] = await gotPaid.count(1);
    assert.equal((message!.order as { key: string }).key, 'web/main/D-1');
  });

  it('keeps its place while its tab is disabled', async () => {
    const other = { id: 'f0e3000000000009', type: 'tab', label: 'other', disabled: true };
    const away = flows.map((node) =>
      node.id === paid.id || node.id === paidSink.id ? { ...node, z: other.id } : node,
    );
    await deploy([...away, other]);
    await save(hub, order('D-2', { status: 'paid' }));
    await gotAll.count(2);
    assert.deepEqual(gotPaid.messages, []);
    await deploy([...away, { ...other, disabled: false }]);
    const [message] = await gotPaid.count(1);
    assert.equal((message!.order as { key: string }).key, 'web/main/D-2');
    await deploy(flows);
  });

  it('sends nothing twice when it is deployed again', async () => {
    await save(hub, order('E-1', { status: 'paid' }));
    await gotPaid.count(1);
    await quiet();
    await deploy(flows);
    await deploy(flows);
    await save(hub, order('E-2', { status: 'paid' }));
    const messages = await gotPaid.count(2);
    assert.deepEqual(
      messages.map(({ order }) => (order as { key: string }).key),
      ['web/main/E-1', 'web/main/E-2'],
    );
    await quiet();
    assert.equal(gotPaid.messages.length, 2);
  });

  it('begins in the past when it is new and told to, and not once more', async () => {
    await save(hub, order('F-0', { status: 'paid' }));
    await gotPaid.count(1);
    const since = new Date(hub.store.now() + 1).toISOString();
    await eventually(async () => (hub.store.now() > Date.parse(since) ? true : undefined));
    await save(hub, order('F-1', { status: 'paid' }));
    await save(hub, order('F-2', { status: 'paid' }));
    await gotPaid.count(3);
    const past = {
      ...paid,
      id: 'f0e3000000000013',
      start: 'date',
      since,
      wires: [['f0e3000000000023']],
    };
    const sink = { ...paidSink, id: 'f0e3000000000023' };
    const gotPast = recorderOf(sink.id);
    const more = [...flows, past, sink];
    await deploy(more);
    const keys = (await gotPast.count(2)).map(({ order }) => (order as { key: string }).key);
    assert.deepEqual(keys, ['web/main/F-1', 'web/main/F-2']);
    await quiet();
    await deploy(more);
    await save(hub, order('F-3', { status: 'paid' }));
    assert.equal((await gotPast.count(3)).length, 3);
    await quiet();
    assert.equal(gotPast.messages.length, 3);
    await deploy(flows);
    await hub.subscribers.forget(`event:${past.id}`, 'test');
  });

  it('is one subscriber a subflow instance, the same at each start', async () => {
    const template = { id: 'f0e3000000000041', type: 'subflow', name: 'paid', in: [], out: [] };
    const inside = { ...paid, id: 'f0e3000000000042', z: template.id, wires: [['f0e3000000000043']] };
    const insideSink = { ...paidSink, id: 'f0e3000000000043', z: template.id };
    const instance = (id: string) => ({ ...place, id, type: `subflow:${template.id}`, wires: [] });
    const instances = ['f0e3000000000044', 'f0e3000000000045'];
    const gotInside = recorderOf(insideSink.id);
    const before = (await hub.subscribers.list()).map(({ id }) => id);
    const added = async () =>
      (await hub.subscribers.list()).map(({ id }) => id).filter((id) => !before.includes(id));
    const more = [...flows, template, inside, insideSink, ...instances.map(instance)];
    await deploy(more);
    const first = await eventually(async () => {
      const ids = await added();
      return ids.length === 2 ? ids : undefined;
    });
    assert.deepEqual(first.sort(), instances.map((id) => `event:${id}-${inside.id}`).sort());
    await deploy(more);
    await save(hub, order('G-1', { status: 'paid' }));
    await gotInside.count(2);
    assert.deepEqual((await added()).sort(), first);
    await deploy(flows);
    for (const id of first) await hub.subscribers.forget(id, 'test');
  });

  it('is red with a date that is missing', async () => {
    const wrong = { ...paid, id: 'f0e3000000000019', start: 'date', since: '' };
    await deploy([...flows, wrong]);
    const complaint = runtime.logs.findLast(({ nodeId }) => nodeId === wrong.id);
    assert.match(complaint?.message ?? '', /begins at a date, but the date is missing/);
    await deploy(flows);
  });
});
