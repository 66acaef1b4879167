import assert from 'node:assert/strict';
import { deliveryError } from '../../../core/delivery/failure.ts';
import type { Hub } from '../../../core/hub.ts';
import type { FlowNode } from '../../support/embedded-runtime.ts';
import { eventually } from '../channel-webhook/support/eventually.ts';
import { type Recorded, recorderOf } from '../channel-webhook/support/recorder.ts';
import { type SourceRuntime, startSources } from '../channel-webhook/support/source-runtime.ts';
import { order, save } from '../order-event/orders.ts';

const tab = { id: 'f0e5000000000001', type: 'tab', label: 'dead' };
const store = { id: 'f0e5000000000002', type: 'hub-store', path: '', version: 1 };
const place = { z: tab.id, x: 100, y: 100 };
const source: FlowNode = {
  ...place,
  id: 'f0e5000000000011',
  type: 'order-event',
  store: store.id,
  types: ['paid'],
  attempts: '2',
  wires: [['f0e5000000000021']],
  version: 1,
};
const work = { ...place, id: 'f0e5000000000021', type: 'test-recorder', wires: [[]] };
const dead: FlowNode = {
  ...place,
  id: 'f0e5000000000031',
  type: 'dead-letter',
  store: store.id,
  tells: true,
  action: 'message',
  cap: '100',
  wires: [['f0e5000000000041'], ['f0e5000000000042']],
  version: 1,
};
const died = { ...place, id: 'f0e5000000000041', type: 'test-recorder', wires: [[]] };
const answer = { ...place, id: 'f0e5000000000042', type: 'test-recorder', wires: [[]] };
const errors = {
  ...place,
  id: 'f0e5000000000051',
  type: 'catch',
  scope: [dead.id],
  wires: [['f0e5000000000052']],
};
const caught = { ...place, id: 'f0e5000000000052', type: 'test-recorder', wires: [[]] };
const flows: FlowNode[] = [tab, store, source, work, dead, died, answer, errors, caught];

/** What the first output says. */
interface Death {
  deliveryId: number;
  topic: string;
  subscriber: string;
  key: string;
  reason: { code: string; sentence: string };
  rawInput: string;
  attempts: number;
  at: number;
}

describe('dead-letter', function () {
  this.timeout(30_000);
  let runtime: SourceRuntime;
  let hub: Hub;
  const working = recorderOf(work.id);
  const deaths = recorderOf(died.id);
  const answers = recorderOf(answer.id);
  const failures = recorderOf(caught.id);

  before(async () => {
    runtime = await startSources(['hub-store', 'order-event', 'dead-letter'], flows);
    hub = await runtime.hub(store.id);
    await eventually(async () => ((await hub.subscribers.list()).length === 2 ? true : undefined));
  });

  after(() => runtime.stop());

  beforeEach(async () => {
    hub = await runtime.hub(store.id);
    for (const recorder of [working, deaths, answers, failures]) recorder.clear();
  });

  const deathOf = (message: Recorded | undefined) => message?.payload as Death;

  /** Sends a command in and answers what comes out of the second output. */
  async function command(payload: unknown): Promise<unknown> {
    answers.clear();
    runtime.receive(dead.id, { payload });
    return (await answers.count(1))[0]!.payload;
  }

  async function refusal(payload: unknown): Promise<{ code?: string; message: string }> {
    failures.clear();
    runtime.receive(dead.id, { payload });
    return (await failures.count(1))[0]!.error as { code?: string; message: string };
  }

  /** An order's payment that fails for good. */
  async function die(id: string): Promise<Death> {
    const told = deaths.messages.length;
    working.behaviour = () => {
      throw new Error(`the scale does not answer for ${id}`);
    };
    await save(hub, order(id, { status: 'paid' }));
    const death = deathOf((await deaths.count(told + 1)).at(-1));
    assert.equal(death.key, `web/main/${id}`);
    return death;
  }

  it('tells of a message that fails each time, with the reason and the raw input, and retries it', async () => {
    const death = await die('A-1');
    assert.equal(working.messages.length, 2);
    assert.equal(death.topic, 'order');
    assert.equal(death.subscriber, `event:${source.id}`);
    assert.equal(death.key, 'web/main/A-1');
    assert.equal(death.attempts, 2);
    assert.match(death.reason.sentence, /the scale does not answer for A-1/);
    assert.equal((JSON.parse(death.rawInput) as { status: string }).status, 'paid');
    assert.ok(Math.abs(death.at - Date.now()) < 60_000);
    assert.deepEqual(deaths.messages[0]!.order, { key: 'web/main/A-1' });

    working.clear();
    const retried = (await command({ action: 'retry', id: death.deliveryId })) as { retriedAs: number };
    await working.count(1);
    const state = () => hub.deliveries.find(retried.retriedAs).then((found) => found?.state);
    await eventually(async () => ((await state()) === 'done' ? true : undefined));
    assert.equal(await command({ action: 'count', filter: { key: 'web/main/A-1' } }), 0);
    const again = await refusal({ action: 'retry', id: death.deliveryId });
    assert.equal(again.code, 'delivery.already-retried');
  });

  it('lists and counts what waits, newest first', async () => {
    const first = await die('B-1');
    const second = await die('B-2');
    assert.equal(await command({ action: 'count' }), 2);
    const list = (await command({ action: 'list' })) as (Death & { trail: unknown })[];
    assert.deepEqual(
      list.map(({ deliveryId, trail }) => [deliveryId, trail]),
      [
        [second.deliveryId, null],
        [first.deliveryId, null],
      ],
    );
    assert.deepEqual({ ...list[1], trail: undefined }, { ...first, trail: undefined });
    const page = (await command({ action: 'list', before: second.deliveryId, limit: 1 })) as Death[];
    assert.deepEqual(
      page.map(({ deliveryId }) => deliveryId),
      [first.deliveryId],
    );
    assert.deepEqual(await command({ action: 'list', filter: { topic: 'inbox' } }), []);
    await command({ action: 'dismiss', id: first.deliveryId, reason: 'told the buyer' });
    assert.equal(await command({ action: 'count' }), 1);
    assert.equal(await command({ action: 'count', filter: { trail: 'closed', key: 'web/main/B-1' } }), 1);
    await command({ action: 'dismiss', id: second.deliveryId, reason: 'told the buyer' });
  });

  it('retries many that fit a filter, up to a cap', async () => {
    for (const id of ['C-1', 'C-2', 'C-3']) await die(id);
    working.clear();
    const some = await command({ action: 'retry-many', filter: { topic: 'order' }, cap: 2 });
    assert.deepEqual(some, { found: 3, retried: 2 });
    const rest = await command({ action: 'retry-many', filter: { topic: 'order' }, cap: 2 });
    assert.deepEqual(rest, { found: 1, retried: 1 });
    const keys = (await working.count(3)).map(({ order }) => (order as { key: string }).key);
    assert.deepEqual(keys.sort(), ['web/main/C-1', 'web/main/C-2', 'web/main/C-3']);
    assert.equal(await command({ action: 'count' }), 0);
  });

  it('retries one with a mended message', async () => {
    const death = await die('D-1');
    working.clear();
    const mended = { status: 'paid', note: 'mended by hand' };
    await command({ action: 'retry-edited', deliveryId: death.deliveryId, payload: mended });
    const [message] = await working.count(1);
    assert.deepEqual((message!.event as { data: unknown }).data, mended);
    const other = await die('D-2');
    const broken = await refusal({ action: 'retry-edited', id: other.deliveryId, payload: '{"a":' });
    assert.equal(broken.code, 'delivery.payload-not-json');
    await command({ action: 'dismiss', id: other.deliveryId, reason: 'test' });
  });

  it('shows at most 10 kB of the raw input, cut between characters', async () => {
    const body = Buffer.from(`{"title":"${'龙'.repeat(5_000)}"}`);
    await hub.inbox.receive({
      account: 'shop',
      topic: 'orders/paid',
      deliveryKey: null,
      contentKey: null,
      headers: {},
      body,
      receivedAt: hub.store.now(),
      subscriber: 'webhook:shop',
    });
    const { deliveries } = await hub.deliveries.claim({
      subscriber: 'webhook:shop',
      limit: 1,
      leaseMs: 60_000,
    });
    await hub.deliveries.finish(deliveries[0]!, {
      dead: deliveryError('delivery.failed', { reason: 'test' }),
    });
    const death = deathOf((await deaths.count(1))[0]);
    assert.equal(death.topic, 'inbox');
    assert.equal(death.rawInput, `{"title":"${'龙'.repeat(Math.floor((10_000 - 10) / 3))}…`);
    await command({ action: 'dismiss', id: death.deliveryId, reason: 'test' });
  });

  it('refuses what it does not understand, and does nothing', async () => {
    assert.equal((await refusal({ action: 'delete-all' })).code, 'dead-letter.bad-action');
    assert.equal((await refusal({ action: 'retry', id: 4_711 })).code, 'delivery.unknown');
    assert.equal(
      (await refusal({ action: 'retry-many', filter: { topik: 'order' } })).code,
      'dead-letter.bad-filter',
    );
    assert.deepEqual(answers.messages, []);
  });

  it('leaves nothing waiting when it is no longer to tell', async () => {
    const silent = flows.map((node) => (node.id === dead.id ? { ...node, tells: false } : node));
    await runtime.setFlows(silent);
    hub = await runtime.hub(store.id);
    await eventually(async () => {
      const known = (await hub.subscribers.list()).map(({ id }) => id);
      return known.includes(`dead:${dead.id}`) ? undefined : true;
    });
    assert.equal(await command({ action: 'count' }), 0);
    await runtime.setFlows(flows);
    hub = await runtime.hub(store.id);
  });
});
