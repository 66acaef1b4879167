import assert from 'node:assert/strict';
import type { DeliveryInfo } from '../../../core/delivery/queue.ts';
import type { Hub } from '../../../core/hub.ts';
import type { FlowNode } from '../../support/embedded-runtime.ts';
import { eventually } from '../channel-webhook/support/eventually.ts';
import { recorderOf } from '../channel-webhook/support/recorder.ts';
import { type SourceRuntime, startSources } from '../channel-webhook/support/source-runtime.ts';
import { order, save } from '../order-event/orders.ts';

const tab = { id: 'f0e4000000000001', type: 'tab', label: 'done' };
const store = { id: 'f0e4000000000002', type: 'hub-store', path: '', version: 1 };
const place = { z: tab.id, x: 100, y: 100 };
const source: FlowNode = {
  ...place,
  id: 'f0e4000000000011',
  type: 'order-event',
  store: store.id,
  types: ['paid'],
  doneWhen: 'order-done',
  deadlineSeconds: '1',
  attempts: '3',
  wires: [['f0e4000000000021']],
  version: 1,
};
/** Keeps each message, as a node that collects does; the test sends it on when it wants to. */
const holds = { ...place, id: 'f0e4000000000021', type: 'test-recorder', wires: [[]] };
const done: FlowNode = {
  ...place,
  id: 'f0e4000000000031',
  type: 'order-done',
  outcome: 'done',
  reason: 'error.message',
  reasonType: 'msg',
  wires: [['f0e4000000000041']],
  version: 1,
};
const failed = { ...done, id: 'f0e4000000000032', outcome: 'failed' };
const aside = {
  ...done,
  id: 'f0e4000000000033',
  outcome: 'aside',
  reason: 'the sample is broken',
  reasonType: 'str',
};
const next = { ...place, id: 'f0e4000000000041', type: 'test-recorder', wires: [[]] };
const flows: FlowNode[] = [tab, store, source, holds, done, failed, aside, next];

interface Status {
  fill?: string;
  shape?: string;
  text?: string;
}

describe('order-done', function () {
  this.timeout(30_000);
  let runtime: SourceRuntime;
  let hub: Hub;
  const held = recorderOf(holds.id);
  const passed = recorderOf(next.id);
  const statuses = new Map<string, Status>();
  const subscriber = `event:${source.id}`;

  before(async () => {
    runtime = await startSources(['hub-store', 'order-event', 'order-done'], flows);
    hub = await runtime.hub(store.id);
    await eventually(async () => ((await hub.subscribers.list()).length > 0 ? true : undefined));
    runtime.RED.events.on('node-status', keepStatus);
  });

  after(async () => {
    runtime.RED.events.off('node-status', keepStatus);
    await runtime.stop();
  });

  beforeEach(() => {
    held.clear();
    passed.clear();
  });

  function keepStatus({ id, status }: { id: string; status: Status }): void {
    statuses.set(id, status);
  }

  /** The newest delivery, once it is in one of the states. */
  function delivery(...states: DeliveryInfo['state'][]): Promise<DeliveryInfo> {
    return eventually(async () => {
      const [newest] = await hub.deliveries.list({ subscriber }, 1);
      return newest && states.includes(newest.state) ? newest : undefined;
    });
  }

  it('ends the delivery of a message that the flow held, and passes it on', async () => {
    await save(hub, order('A-1', { status: 'paid' }));
    const [message] = await held.count(1);
    assert.equal((await delivery('leased')).attempts, 1);
    runtime.receive(done.id, message!);
    assert.equal((await delivery('done')).attempts, 1);
    const [out] = await passed.count(1);
    assert.deepEqual(out!.order, message!.order);
    assert.deepEqual(statuses.get(done.id), { fill: 'green', shape: 'dot', text: '1' });
  });

  it('is waited for until the deadline, and then the message comes again', async () => {
    await save(hub, order('A-2', { status: 'paid' }));
    const [first, second] = await held.count(2);
    assert.deepEqual(second!.event, first!.event);
    assert.notEqual(second!._msgid, first!._msgid);
    runtime.receive(done.id, second!);
    assert.equal((await delivery('done')).attempts, 2);
  });

  it('lets the message be tried again with the reason from a message', async () => {
    await save(hub, order('A-3', { status: 'paid' }));
    const [message] = await held.count(1);
    runtime.receive(failed.id, { ...message!, error: { message: 'the scale did not answer' } });
    const [, again] = await held.count(2);
    const retried = await delivery('leased', 'done');
    assert.equal(retried.attempts, 2);
    assert.match(retried.lastError?.sentence ?? '', /the scale did not answer/);
    assert.deepEqual(statuses.get(failed.id), { fill: 'red', shape: 'dot', text: '1' });
    runtime.receive(done.id, again!);
    await delivery('done');
  });

  it('keeps the message aside at once when told to', async () => {
    await save(hub, order('A-4', { status: 'paid' }));
    const [message] = await held.count(1);
    runtime.receive(aside.id, message!);
    const dead = await delivery('dead');
    assert.equal(dead.attempts, 1);
    assert.match(dead.lastError?.sentence ?? '', /the sample is broken/);
    assert.equal(await hub.deadLetters.count({ subscriber }), 1);
  });

  it('shows, and passes on, a message that no delivery began', async () => {
    runtime.receive(done.id, { payload: 'from an inject node' });
    const [out] = await passed.count(1);
    assert.equal(out!.payload, 'from an inject node');
    assert.deepEqual(statuses.get(done.id), {
      fill: 'yellow',
      shape: 'dot',
      text: 'order-done.status.no-delivery',
    });
    assert.equal(runtime.logs.filter(({ level, nodeId }) => level <= 30 && nodeId === done.id).length, 0);
  });

  it('does not count a message twice', async () => {
    await save(hub, order('A-5', { status: 'paid' }));
    const [message] = await held.count(1);
    runtime.receive(done.id, message!);
    await passed.count(1);
    const { text } = statuses.get(done.id) ?? {};
    assert.match(text ?? '', /^\d+$/);
    runtime.receive(done.id, message!);
    await passed.count(2);
    assert.equal(statuses.get(done.id)?.text, 'order-done.status.no-delivery');
    await delivery('done');
  });

  it('is red with an outcome it does not know', async () => {
    const wrong = { ...done, id: 'f0e4000000000039', outcome: 'perhaps' };
    await runtime.setFlows([...flows, wrong]);
    const complaint = runtime.logs.findLast(({ nodeId }) => nodeId === wrong.id);
    assert.match(complaint?.message ?? '', /"perhaps" is no way to finish/);
  });
});
