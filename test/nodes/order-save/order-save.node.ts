import assert from 'node:assert/strict';
import { EventEmitter } from 'node:events';
import type { NodeAPI } from 'node-red';
import orderSave from '../../../nodes/order-save/order-save.ts';
import { acquireFlowTracking, finishDelivery } from '../../../nodes/shared/flow-tracking.ts';
import { order } from '../order-event/orders.ts';
import { helper } from '../shared/helper.ts';
import { type HubCase, startHubCase } from '../shared/hub-case.ts';

interface Saved {
  outcome: string;
  events: string[];
  reason: { code: string; sentence: string } | null;
  replayed: boolean;
  problems?: unknown[];
}

describe('order-save', () => {
  let hub: HubCase;
  before(() => helper.startServer());
  after(() => helper.stopServer());
  beforeEach(async () => {
    hub = await startHubCase(orderSave, { type: 'order-save', ports: 3, order: 'payload', orderType: 'msg' });
  });
  afterEach(() => hub.stop());

  const at = (minute: number) => {
    const text = `2026-09-01T00:${String(minute).padStart(2, '0')}:00.000Z`;
    return { modified: { at: text, text } };
  };
  const save = async (payload: unknown) => {
    const { port, message } = await hub.send({ payload });
    return { port, message, saved: message.saved as Saved };
  };

  it('saves a new order, says what happened and names the order for the nodes behind it', async () => {
    const { port, message, saved } = await save(order('S-1', { status: 'paid', times: at(5) }));
    assert.equal(port, 0);
    assert.deepEqual(saved.events, ['created', 'paid']);
    const { key, version } = message.order as { key: string; version: number };
    assert.match(key, /^[^/]+\/[^/]+\/[^/]+$/);
    assert.equal(version, 1);
  });

  it('does nothing the second time', async () => {
    await save(order('S-1', { status: 'paid', times: at(5) }));
    const { port, saved } = await save(order('S-1', { status: 'paid', times: at(5) }));
    assert.equal(port, 1);
    assert.equal(saved.outcome, 'unchanged');
    assert.deepEqual(saved.events, []);
  });

  it('files an older version and does not apply it', async () => {
    await save(order('S-1', { status: 'shipped', times: at(30) }));
    const { port, saved } = await save(order('S-1', { status: 'paid', times: at(5) }));
    assert.equal(port, 1);
    assert.equal(saved.outcome, 'stale');
    assert.match(saved.reason?.sentence ?? '', /older/);
  });

  it('refuses what an order may not become, with the reason', async () => {
    await save(order('S-1', { status: 'cancelled', times: at(5) }));
    const { port, saved } = await save(order('S-1', { status: 'paid', times: at(9) }));
    assert.equal(port, 2);
    assert.equal(saved.reason?.code, 'order.illegal-transition');
    assert.match(saved.reason?.sentence ?? '', /cancelled.*paid/);
  });

  for (const [what, payload] of [
    ['nothing', undefined],
    ['text', 'an order'],
    ['an order without lines', { ...order('S-1'), lines: [] }],
    ['money as a fraction', { ...order('S-1'), money: { total: 19.99 } }],
  ] as const) {
    it(`refuses ${what} with every problem`, async () => {
      const { port, saved } = await save(payload);
      assert.equal(port, 2);
      assert.equal(saved.reason?.code, 'order.not-valid');
      assert.ok((saved.problems ?? []).length > 0);
    });
  }

  it('sends a delivery that comes again where it went the first time', async () => {
    const inbox = { id: 7, receivedAt: Date.UTC(2026, 8, 1) };
    const deliver = () => hub.send({ payload: order('S-1', { status: 'paid', times: at(5) }), inbox });
    const first = await deliver();
    await save(order('S-1', { status: 'shipped', times: at(9) }));
    const second = await deliver();
    assert.deepEqual([first.port, second.port], [0, 0]);
    assert.deepEqual(second.message.saved, { ...(first.message.saved as Saved), replayed: true });
  });

  describe('in a delivery', () => {
    const done = { id: 'done', type: 'order-done' };
    /** What a source hears of a delivery whose message goes through the node. */
    const deliver = async (payload: unknown) => {
      const log = { error: assert.fail };
      const tracking = acquireFlowTracking({ events: new EventEmitter(), log } as unknown as NodeAPI);
      try {
        const message = { _msgid: 'delivery', payload };
        const options = { mode: 'order-done', quietMs: 10, deadlineMs: 10_000 } as const;
        const over = tracking.tracker.run(message, options, () => undefined);
        await hub.send(message);
        finishDelivery(message, done);
        return (await over).errors;
      } finally {
        tracking.release();
      }
    };

    it('fails it for what is no order, without quoting the customer', async () => {
      const receiver = { name: 'Ms. Example', phone: 55501234567 };
      const [error, ...more] = await deliver({ ...order('S-1'), receiver });
      assert.equal(error?.code, 'order.not-valid');
      assert.equal(error.retryable, false);
      assert.match(error.message, /receiver\.phone/);
      assert.doesNotMatch(error.message, /55501234567/);
      assert.deepEqual(more, []);
    });

    it('is content with an order that may not become what it is said to be', async () => {
      await save(order('S-1', { status: 'cancelled', times: at(5) }));
      assert.deepEqual(await deliver(order('S-1', { status: 'paid', times: at(9) })), []);
    });
  });

  it('saves one order once though it comes many times at one moment', async () => {
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => save(order('S-1', { status: 'paid', times: at(5) }))),
    );
    assert.equal(answers.filter(({ port }) => port === 0).length, 1);
  });
});
