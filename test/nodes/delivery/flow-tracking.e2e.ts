import assert from 'node:assert/strict';
import { fileURLToPath } from 'node:url';
import type { Node, NodeAPI } from 'node-red';
import type { FlowOutcome } from '../../../core/delivery/flow-tracker.ts';
import { HubError } from '../../../core/errors.ts';
import {
  acquireFlowTracking,
  type FlowTracking,
  failDelivery,
  finishDelivery,
  provideHooks,
} from '../../../nodes/shared/flow-tracking.ts';
import { type EmbeddedRuntime, type FlowNode, startRuntime } from '../../support/embedded-runtime.ts';

const tab = { id: 'tracking-tab', type: 'tab', label: 'tracking' };
const place = { z: tab.id, x: 100, y: 100 };
const source = { ...place, id: 'tracking-source', type: 'fixture-source' };
const holding = {
  ...place,
  id: 'tracking-delay',
  type: 'delay',
  pauseType: 'delay',
  timeout: '60',
  timeoutUnits: 'seconds',
  outputs: 1,
  wires: [['tracking-sink']],
};
const sink = { ...place, id: 'tracking-sink', type: 'fixture-sink', wires: [] };
const flows: FlowNode[] = [tab, { ...source, wires: [[holding.id]] }, holding, sink];

const node = { id: 'done', type: 'order-done' };

describe('flow tracking of a runtime', () => {
  let runtime: EmbeddedRuntime;
  let RED: NodeAPI;
  let held: FlowTracking[];

  before(async () => {
    runtime = await startRuntime({
      flows,
      nodesDirs: [fileURLToPath(new URL('./fixture-nodes', import.meta.url))],
    });
    // nodes are given the same hooks, events and log as those who embed Node-RED
    RED = runtime.RED as unknown as NodeAPI;
  });

  after(() => runtime.stop());

  beforeEach(() => {
    held = [];
  });

  afterEach(() => {
    for (const tracking of held) tracking.release();
    assert.equal(isWatching(), false);
  });

  function acquire(): FlowTracking {
    const tracking = acquireFlowTracking(RED);
    held.push(tracking);
    return tracking;
  }

  function isWatching(): boolean {
    return (runtime.RED.hooks as unknown as { has(hook: string): boolean }).has('preDeliver');
  }

  /** Sends a message into the flow, where it is held. */
  function run(tracking: FlowTracking, msg: { _msgid: string }): Promise<FlowOutcome> {
    return tracking.tracker.run(msg, { deadlineMs: 10_000, quietMs: 20, mode: 'settled' }, () =>
      runtime.node<Node>(source.id).send(msg),
    );
  }

  /** Sends a message and waits until the delay node holds it; the outcome is wrapped so as not to wait for it. */
  async function runUntilHeld(
    tracking: FlowTracking,
    msgid: string,
  ): Promise<{ over: Promise<FlowOutcome> }> {
    const held = new Promise<void>((resolve) => {
      runtime.RED.hooks.add('postReceive.held', (event) => {
        if (event.destination.node.id === holding.id) resolve();
      });
    });
    const over = run(tracking, { _msgid: msgid });
    await held;
    runtime.RED.hooks.remove('postReceive.held');
    return { over };
  }

  it('watches while one source needs it, and shares one tracker', () => {
    const listeners = RED.events.listenerCount('flows:stopping');
    const first = acquire();
    const second = acquire();
    assert.equal(first.tracker, second.tracker);
    assert.equal(RED.events.listenerCount('flows:stopping'), listeners + 1);
    first.release();
    first.release();
    assert.equal(isWatching(), true);
    second.release();
    assert.equal(isWatching(), false);
    assert.equal(RED.events.listenerCount('flows:stopping'), listeners);
    assert.notEqual(acquire().tracker, first.tracker);
  });

  it('cancels what is under way when the last source goes', async () => {
    const tracking = acquire();
    const { over } = await runUntilHeld(tracking, 'cancelled');
    tracking.release();
    assert.equal((await over).state, 'cancelled');
    await runtime.setFlows(flows);
  });

  it('a deploy of the node that holds the message fails the run, to be tried again', async () => {
    const tracking = acquire();
    const { over } = await runUntilHeld(tracking, 'deployed');
    const changed = flows.map((one) => (one.id === holding.id ? { ...one, name: 'hold a minute' } : one));
    await runtime.setFlows(changed, 'nodes');
    const { errors } = await over;
    assert.deepEqual(
      errors.map(({ nodeId, code, retryable }) => ({ nodeId, code, retryable })),
      [{ nodeId: holding.id, code: 'delivery.interrupted', retryable: true }],
    );
    await runtime.setFlows(flows);
  });

  it('disabling the tab fails the run, to be tried again', async () => {
    const tracking = acquire();
    const { over } = await runUntilHeld(tracking, 'disabled');
    await runtime.setFlows([{ ...tab, disabled: true }, ...flows.slice(1)], 'flows');
    assert.equal((await over).errors[0]?.code, 'delivery.interrupted');
    await runtime.setFlows(flows);
  });

  it('a full deploy fails what is under way', async () => {
    const tracking = acquire();
    const { over } = await runUntilHeld(tracking, 'full');
    await runtime.setFlows(flows, 'full');
    assert.equal((await over).errors[0]?.code, 'delivery.interrupted');
  });

  it('a deploy elsewhere leaves the run alone', async () => {
    const tracking = acquire();
    const { over } = await runUntilHeld(tracking, 'elsewhere');
    await runtime.setFlows(
      [...flows, { ...place, id: 'tracking-other', type: 'junction', wires: [[]] }],
      'nodes',
    );
    assert.equal(finishDelivery({ _msgid: 'elsewhere' }, node), true);
    const { state, errors } = await over;
    assert.deepEqual({ state, errors }, { state: 'ended', errors: [] });
    await runtime.setFlows(flows);
  });

  it('order-done finishes a delivery, well or with an error', async () => {
    const tracking = acquire();
    const done = run(tracking, { _msgid: 'done' });
    const failed = run(tracking, { _msgid: 'failed' });
    assert.equal(finishDelivery({ _msgid: 'done' }, node), true);
    assert.equal(finishDelivery({ _msgid: 'failed' }, node, 'refused'), true);
    assert.equal(finishDelivery({ _msgid: 'failed' }, node), false);
    assert.deepEqual((await done).errors, []);
    assert.deepEqual((await failed).errors, [
      { nodeId: 'done', nodeType: 'order-done', message: 'refused', declared: true },
    ]);
    await runtime.setFlows(flows);
  });

  it('a declared failure is in the outcome, with what it says about trying again', async () => {
    const tracking = acquire();
    const outcome = run(tracking, { _msgid: 'declared' });
    const error = new HubError('test.no-order');
    assert.equal(failDelivery({ _msgid: 'declared' }, error), true);
    finishDelivery({ _msgid: 'declared' }, node);
    assert.deepEqual((await outcome).errors, [
      {
        nodeId: '',
        nodeType: '',
        message: error.message,
        code: 'test.no-order',
        params: {},
        retryable: false,
        declared: true,
      },
    ]);
    await runtime.setFlows(flows);
  });

  it('there is nothing to finish or fail when no source is at work', () => {
    assert.equal(finishDelivery({ _msgid: 'x' }, node), false);
    assert.equal(failDelivery({ _msgid: 'x' }, new Error('x')), false);
  });

  it('takes hooks from the test when the host keeps them from nodes', async () => {
    const hidden = { ...RED, events: RED.events, log: RED.log, hooks: undefined } as unknown as NodeAPI;
    provideHooks(runtime.RED.hooks as never);
    try {
      held.push(acquireFlowTracking(hidden));
      assert.equal(isWatching(), true);
    } finally {
      provideHooks(undefined);
    }
  });

  it('works without hooks, by order-done', async () => {
    const hidden = { ...RED, events: RED.events, log: RED.log, hooks: undefined } as unknown as NodeAPI;
    const tracking = acquireFlowTracking(hidden);
    held.push(tracking);
    assert.equal(isWatching(), false);
    const outcome = run(tracking, { _msgid: 'blind' });
    finishDelivery({ _msgid: 'blind' }, node);
    assert.equal((await outcome).state, 'ended');
  });
});
