import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { signStandardWebhook } from '../../../core/channel/standard-webhooks/standard-webhooks.ts';
import type { DeliveryInfo } from '../../../core/delivery/queue.ts';
import { HubError } from '../../../core/errors.ts';
import type { Hub } from '../../../core/hub.ts';
import type { MessageDelivery } from '../../../nodes/shared/message-order.ts';
import type { FlowNode } from '../../support/embedded-runtime.ts';
import { eventually } from './support/eventually.ts';
import { recorderOf } from './support/recorder.ts';
import { type SourceRuntime, startSources } from './support/source-runtime.ts';

const secret = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;
const tab = { id: 'f0e6000000000001', type: 'tab', label: 'attempts' };
const store = { id: 'f0e6000000000002', type: 'hub-store', path: '', version: 1 };
const place = { z: tab.id, x: 100, y: 100 };
const account: FlowNode = {
  id: 'f0e6000000000011',
  type: 'channel-account',
  platform: 'standard-webhooks',
  path: 'wms',
  channel: 'wms',
  shop: 'main',
  currency: 'CNY',
  zone: 'Asia/Shanghai',
  credentials: { secret },
  version: 1,
};
const sink = { ...place, id: 'f0e6000000000031', type: 'test-recorder', wires: [[]] };
const hook: FlowNode = {
  ...place,
  id: 'f0e6000000000021',
  type: 'channel-webhook',
  store: store.id,
  account: account.id,
  attempts: '2',
  wires: [[sink.id]],
  version: 1,
};

describe('the attempts of a delivery', function () {
  this.timeout(30_000);
  let runtime: SourceRuntime;
  let hub: Hub;
  const received = recorderOf(sink.id);

  before(async () => {
    runtime = await startSources(
      ['hub-store', 'channel-account', 'channel-webhook'],
      [tab, store, account, hook, sink],
    );
    hub = await runtime.hub(store.id);
  });
  after(() => runtime.stop());
  beforeEach(() => received.clear());

  async function post(): Promise<void> {
    const body = JSON.stringify({ id: randomBytes(8).toString('hex') });
    const id = randomBytes(8).toString('hex');
    const headers = signStandardWebhook(secret, id, Math.floor(Date.now() / 1_000), body);
    const { status } = await fetch(`${runtime.url}/order-hub/hook/wms`, { method: 'POST', body, headers });
    assert.equal(status, 200);
  }

  /** The newest delivery, once it is in a state. */
  function newest(state: DeliveryInfo['state']): Promise<DeliveryInfo> {
    return eventually(async () => {
      const [delivery] = await hub.deliveries.list({ subscriber: 'webhook:wms' }, 1);
      return delivery?.state === state ? delivery : undefined;
    });
  }

  it('carry one name, also when a person retries it after the last one', async () => {
    received.behaviour = () => {
      throw new Error('ERP is down');
    };
    await post();
    const { id, ref } = await newest('dead');
    received.behaviour = () => undefined;
    const retriedAs = await hub.deadLetters.retryOne(id, { actor: 'lin' });
    assert.notEqual(retriedAs, id);
    await newest('done');
    assert.deepEqual(
      received.messages.map(({ delivery }) => delivery as MessageDelivery),
      [
        { id: `inbox:${ref}`, attempt: 1 },
        { id: `inbox:${ref}`, attempt: 2 },
        { id: `inbox:${ref}`, attempt: 1 },
      ],
    );
    assert.equal(new Set(received.messages.map(({ _msgid }) => _msgid)).size, 3);
  });

  it('follow each other after an error of ours, which may be a setting that a person mends meanwhile', async () => {
    received.behaviour = () => {
      received.behaviour = () => undefined;
      throw new HubError('node.config-missing', { type: 'hub-store' });
    };
    await post();
    const done = await newest('done');
    assert.equal(done.attempts, 2);
    assert.equal(done.lastError?.code, 'node.config-missing');
  });

  it('are known to have nobody who makes them once the node is gone', async () => {
    const all = [tab, store, account, hook, sink];
    assert.equal(hub.attendance.has('webhook:wms'), true);
    await runtime.setFlows(all.filter((node) => node !== hook));
    hub = await runtime.hub(store.id);
    assert.equal(hub.attendance.has('webhook:wms'), false);
    await runtime.setFlows(all);
    hub = await runtime.hub(store.id);
    await eventually(async () => hub.attendance.has('webhook:wms') || undefined);
  });
});
